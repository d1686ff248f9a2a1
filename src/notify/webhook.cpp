// A webhook of nobody's form but ours: docs/reference/notify.md. Signed, when there is a secret.

#include <fmt/format.h>

#include "base/json.h"
#include "notify/channel.h"
#include "notify/hmac.h"
#include "notify/web_post.h"

namespace dimout::notify {
namespace {

class Webhook final : public Channel {
public:
    Webhook(const Address& address, HttpClient& http, std::string secret)
        : Channel(address),
          post_(http, address.place, {address.path, secret}),
          url_(address.url + address.path),
          secret_(std::move(secret)) {}

    [[nodiscard]] bool for_people() const override { return false; }

    Outcome send(const Message& message, const Moment& moment) override {
        const std::string body = text_of(message);
        const std::string stamp = std::to_string(unix_seconds(moment.now));
        std::vector<std::string> headers{"Idempotency-Key: " + id_of(message),
                                         "X-Dimout-Timestamp: " + stamp};
        if (!secret_.empty()) {
            headers.push_back("X-Dimout-Signature: sha256=" +
                              hmac_sha256(secret_, stamp + "." + body));
        }
        return post_.send(url_, std::move(headers), body);
    }

private:
    [[nodiscard]] std::string text_of(const Message& message) const {
        JsonWriter json;
        json.begin_object().field("id", id_of(message)).field("thread", message.thread);
        json.field("kind", to_string(message.kind)).field("severity", to_string(message.level));
        json.field("subject", message.subject).field("text", message.body);
        json.field("at", to_rfc3339(message.at)).field("start", to_rfc3339(message.start));
        json.field("end", message.end ? std::optional(to_rfc3339(*message.end)) : std::nullopt);
        std::string text = json.text();
        // The outage is JSON already.
        return fmt::format("{},\"outage\":{}}}", text,
                           message.outage.empty() ? "null" : message.outage);
    }

    WebPost post_;
    const std::string url_;
    const std::string secret_;
};

}  // namespace

std::unique_ptr<Channel> make_webhook(const Address& address, HttpClient& http,
                                      std::string secret) {
    return std::make_unique<Webhook>(address, http, std::move(secret));
}

}  // namespace dimout::notify
