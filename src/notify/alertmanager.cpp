// Prometheus' Alertmanager, by its API v2: an alert for each open outage. Its labels are the same
// from the beginning to the end, for they are what makes it the same alert. It is over when the
// outage is back, and fires again when that was not for good.
//
// Alertmanager keeps no alerts over a restart and takes one that is not repeated for over, so open
// ones are repeated every minute, each time as lasting for another hour.

#include "base/json.h"
#include "notify/channel.h"
#include "notify/web_post.h"

namespace dimout::notify {
namespace {

constexpr std::chrono::hours kLastsFor{1};

std::string_view alert_name(const Message& message) {
    if (message.kind == Kind::Test) return "DimoutTest";
    return message.entity.empty() ? "DimoutBlind" : "InternetOutage";
}

/// By what it is about, not by how bad it is now: a label must not change.
std::string_view severity(const Message& message) {
    return message.entity.starts_with("group/") ? "critical" : "warning";
}

void write_alert(JsonWriter& json, const Message& message, EventTime now) {
    const bool over =
        message.kind == Kind::Close || message.kind == Kind::Test || message.end.has_value();
    const EventTime end =
        over ? std::max(message.end.value_or(now), message.start) : now + kLastsFor;
    json.begin_object().key("labels").begin_object();
    json.field("alertname", alert_name(message)).field("source", "dimout");
    json.field("outage", message.thread).field("severity", severity(message));
    if (!message.entity.empty()) json.field("entity", message.entity);
    json.end_object().key("annotations").begin_object();
    json.field("summary", message.subject).field("description", message.body).end_object();
    json.field("startsAt", to_rfc3339(message.start)).field("endsAt", to_rfc3339(end));
    json.end_object();
}

class Alertmanager final : public Channel {
public:
    Alertmanager(const Address& address, HttpClient& http, const std::string& token)
        : Channel(address),
          post_(http, address.place, {token}),
          url_(address.url + address.path + "/api/v2/alerts") {
        if (!token.empty()) headers_.push_back("Authorization: Bearer " + token);
    }

    [[nodiscard]] bool for_people() const override { return false; }
    [[nodiscard]] bool wants_repeats() const override { return true; }

    Outcome send(const Message& message, const Moment& moment) override {
        return repeat({&message, 1}, moment.now);
    }

    Outcome repeat(std::span<const Message> open, EventTime now) override {
        if (open.empty()) return {};
        JsonWriter json;
        json.begin_array();
        for (const Message& message : open) write_alert(json, message, now);
        json.end_array();
        return post_.send(url_, headers_, json.text());
    }

private:
    WebPost post_;
    const std::string url_;
    std::vector<std::string> headers_;
};

}  // namespace

std::unique_ptr<Channel> make_alertmanager(const Address& address, HttpClient& http,
                                           std::string token) {
    return std::make_unique<Alertmanager>(address, http, token);
}

}  // namespace dimout::notify
