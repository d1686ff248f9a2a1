// Mails (RFC 5322): those of one outage are a thread, and each has an id of its own, by which a
// mailbox knows a repetition.

#include <date/date.h>
#include <fmt/format.h>

#include "notify/channel.h"

namespace dimout::notify {
namespace {

constexpr std::string_view kDigits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::string base64(std::string_view bytes) {
    std::string text;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        std::uint32_t word = 0;
        for (std::size_t j = 0; j < 3; ++j)
            word =
                word << 8 | (i + j < bytes.size() ? static_cast<std::uint8_t>(bytes[i + j]) : 0U);
        for (std::size_t j = 0; j < 4; ++j)
            text += i + j <= bytes.size() ? kDigits[word >> (18 - 6 * j) & 63] : '=';
    }
    return text;
}

/// In lines of 76 (RFC 2045 §6.8).
std::string folded(const std::string& text) {
    std::string lines;
    for (std::size_t i = 0; i < text.size(); i += 76) lines += text.substr(i, 76) + "\r\n";
    return lines;
}

/// RFC 2047: encoded words of at most 75 characters, each of whole letters.
std::string header_text(std::string_view text) {
    constexpr std::size_t kBytesAWord = 42;
    std::string out;
    while (!text.empty()) {
        std::size_t count = std::min(kBytesAWord, text.size());
        while (count < text.size() && count > 1 &&
               (static_cast<unsigned char>(text[count]) & 0xC0) == 0x80)
            --count;
        out += fmt::format("{}=?UTF-8?B?{}?=", out.empty() ? "" : "\r\n ",
                           base64(text.substr(0, count)));
        text.remove_prefix(count);
    }
    return out;
}

std::string date_text(EventTime time) {
    return date::format("%a, %d %b %Y %H:%M:%S +0000", date::sys_seconds{time.time_since_epoch()});
}

/// On this machine nobody listens on the way.
bool is_loopback(std::string_view url) {
    for (const std::string_view host : {"://127.0.0.1", "://[::1]", "://localhost"}) {
        if (url.find(host) != std::string_view::npos) return true;
    }
    return false;
}

class MailChannel final : public Channel {
public:
    MailChannel(const Address& address, MailClient& mail, std::string password)
        : Channel(address),
          mail_(mail),
          server_{.url = address.url,
                  .user = address.user,
                  .password = std::move(password),
                  .encrypted = !is_loopback(address.url)},
          from_(address.from),
          to_(address.to),
          domain_(address.from.substr(address.from.find('@') + 1)) {}

    Outcome send(const Message& message, const Moment& moment) override {
        const auto reply =
            mail_.send(server_, {.from = from_, .to = to_, .text = text_of(message, moment.now)});
        if (!reply) return {.kind = Outcome::Kind::Retry, .trouble = reply.error().message};
        if (reply->code < 400) return {};
        // 535 is a wrong password, which somebody may put right.
        const bool never = reply->code >= 550 && reply->code <= 554;
        return {.kind = never ? Outcome::Kind::Refused : Outcome::Kind::Retry,
                .trouble = fmt::format("{} answers {}: {}.", place(), reply->code, reply->reason)};
    }

private:
    [[nodiscard]] std::string text_of(const Message& message, EventTime now) const {
        std::string receivers;
        for (const std::string& one : to_) receivers += (receivers.empty() ? "" : ",\r\n ") + one;
        std::string thread;
        if (message.kind != Kind::Digest && message.kind != Kind::Test) {
            const std::string root = fmt::format("<{}.{}@{}>", message.thread, name(), domain_);
            thread = fmt::format("In-Reply-To: {}\r\nReferences: {}\r\n", root, root);
        }
        return fmt::format(
            "From: dimout <{}>\r\nTo: {}\r\nSubject: {}\r\nDate: {}\r\nMessage-ID: <{}@{}>\r\n{}"
            "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
            "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: "
            "base64\r\n\r\n{}",
            from_, receivers, header_text(message.subject), date_text(now), id_of(message), domain_,
            thread, folded(base64(message.subject + "\n\n" + message.body)));
    }

    MailClient& mail_;
    const MailServer server_;
    const std::string from_;
    const std::vector<std::string> to_;
    const std::string domain_;
};

}  // namespace

std::unique_ptr<Channel> make_mail_channel(const Address& address, MailClient& mail,
                                           std::string password) {
    return std::make_unique<MailChannel>(address, mail, std::move(password));
}

}  // namespace dimout::notify
