// Mail handed to a server, behind an interface so that a test can take it. The network's side is
// libcurl (SMTP, RFC 5321).
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"

namespace dimout {

struct MailServer {
    std::string url;  ///< `smtp://mail.example.org:587` or `smtps://…`.
    std::string user{};
    std::string password{};
    bool encrypted = true;  ///< smtp: STARTTLS, and nothing goes without it.
};

struct Mail {
    std::string from;  ///< Bare addresses.
    std::vector<std::string> to;
    std::string text;  ///< Headers and body (RFC 5322), lines ended by CR LF.
};

/// What the server said last.
struct MailReply {
    int code = 250;      ///< 4xx: later; 5xx: never.
    std::string reason;  ///< In words, when it is 400 or more.
};

class MailClient {
public:
    virtual ~MailClient() = default;
    /// An error is no answer.
    [[nodiscard]] virtual Result<MailReply> send(const MailServer& server, const Mail& mail) = 0;
};

struct MailOptions {
    std::chrono::seconds connect_within{20};
    std::chrono::seconds within{60};
    std::function<bool()> stop{};  ///< As in HttpOptions.
};

/// For one thread at a time.
[[nodiscard]] std::unique_ptr<MailClient> make_mail_client(const MailOptions& options = {});

}  // namespace dimout
