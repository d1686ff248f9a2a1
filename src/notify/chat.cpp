// Messages for people, in the forms of Slack, Telegram and ntfy.

#include <fmt/format.h>

#include "base/json.h"
#include "notify/channel.h"
#include "notify/headline.h"
#include "notify/web_post.h"

namespace dimout::notify {
namespace {

/// Telegram takes 4,096 letters, ntfy 4,096 bytes; three bytes a letter are rare in what we write.
constexpr std::size_t kLongestBody = 3000;

/// As Slack's markup has it.
std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '&') {
            out += "&amp;";
        } else if (c == '<') {
            out += "&lt;";
        } else if (c == '>') {
            out += "&gt;";
        } else {
            out += c;
        }
    }
    return out;
}

std::string slack_text(const Message& message) {
    JsonWriter json;
    json.begin_object().field("text", fmt::format("*{}*\n{}", escaped(message.subject),
                                                  escaped(shortened(message.body, kLongestBody))));
    return json.end_object().text();
}

std::string telegram_text(const Message& message, const std::string& chat) {
    JsonWriter json;
    json.begin_object().field("chat_id", chat);
    json.field("text",
               fmt::format("{}\n\n{}", message.subject, shortened(message.body, kLongestBody)));
    return json.field("disable_web_page_preview", true).end_object().text();
}

std::string ntfy_text(const Message& message, const std::string& topic) {
    JsonWriter json;
    json.begin_object().field("topic", topic).field("title", message.subject);
    json.field("message", shortened(message.body, kLongestBody));
    json.field("priority", message.level == Level::Critical ? 5 : 3);
    json.key("tags").begin_array();
    json.value(message.kind == Kind::Close ? "white_check_mark" : "warning").end_array();
    return json.end_object().text();
}

class Chat final : public Channel {
public:
    Chat(const Address& address, HttpClient& http, std::string token)
        : Channel(address),
          kind_(address.kind),
          post_(http, address.place, {token, address.path, word_of(address)}),
          url_(address.url),
          path_(address.path),
          word_(word_of(address)),
          token_(std::move(token)) {}

    Outcome send(const Message& message, const Moment&) override {
        std::vector<std::string> headers{"Idempotency-Key: " + id_of(message)};
        if (kind_ == Address::Kind::Slack)
            return post_.send(url_ + path_, std::move(headers), slack_text(message));
        if (kind_ == Address::Kind::Telegram) {
            return post_.send(fmt::format("{}/bot{}/sendMessage", url_, token_), std::move(headers),
                              telegram_text(message, word_));
        }
        if (!token_.empty()) headers.push_back("Authorization: Bearer " + token_);
        const std::string root = path_.substr(0, path_.size() - word_.size());
        return post_.send(url_ + root, std::move(headers), ntfy_text(message, word_));
    }

private:
    /// The last word of the path: a topic, a chat.
    static std::string word_of(const Address& address) {
        return address.path.substr(address.path.rfind('/') + 1);
    }

    const Address::Kind kind_;
    WebPost post_;
    const std::string url_;
    const std::string path_;
    const std::string word_;
    const std::string token_;
};

}  // namespace

std::unique_ptr<Channel> make_chat(const Address& address, HttpClient& http, std::string token) {
    return std::make_unique<Chat>(address, http, std::move(token));
}

}  // namespace dimout::notify
