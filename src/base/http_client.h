// HTTP requests, behind an interface so that a test can answer them. The network's side is libcurl.
//
// Of http and https only, certificates verified, proxies as the environment says (http_proxy,
// no_proxy). Redirections are followed as often as is allowed, never from https to http.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/error.h"

namespace dimout {

struct HttpRequest {
    std::string url;
    std::string method = "GET";
    std::vector<std::string> headers{};  ///< `Range: bytes=100-`.
    std::string body{};                  ///< Sent when not empty.
    std::string name{};                  ///< What errors call it, when the URL is a secret.
};

struct HttpReply {
    int status = 0;
    std::map<std::string, std::string>
        headers;  ///< Names in lower case. Of repeated ones the last.

    [[nodiscard]] bool succeeded() const { return status >= 200 && status < 300; }
    /// Empty when it is not there.
    [[nodiscard]] std::string header(const std::string& lower_case_name) const {
        const auto found = headers.find(lower_case_name);
        return found == headers.end() ? std::string() : found->second;
    }
};

class HttpClient {
public:
    /// Takes the body as it comes; status and headers are known by then. False ends the transfer.
    using Sink = std::function<bool(const HttpReply& reply, Bytes piece)>;

    virtual ~HttpClient() = default;
    /// A status of 400 and more is an answer, not an error; an error is no answer, or half of one.
    [[nodiscard]] virtual Result<HttpReply> send(const HttpRequest& request, const Sink& sink) = 0;
};

struct HttpOptions {
    std::string user_agent = "dimout";
    std::chrono::seconds connect_within{20};
    /// Fewer than a hundred bytes a second for so long is no connection.
    std::chrono::seconds stalled_after{60};
    std::chrono::seconds within{0};  ///< From the beginning to the end; 0: as long as it takes.
    int redirects = 5;
    std::function<bool()> stop{};  ///< Asked about once a second: true ends the transfer.
};

/// Keeps its connections for the next request. For one thread at a time.
[[nodiscard]] std::unique_ptr<HttpClient> make_http_client(const HttpOptions& options = {});

}  // namespace dimout
