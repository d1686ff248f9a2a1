// An Atom feed (RFC 4287): a file with the newest messages, replaced as a whole, for any web server
// to give out.

#include <fmt/format.h>

#include <algorithm>
#include <ranges>

#include "notify/channel.h"

namespace dimout::notify {
namespace {

/// XML 1.0 knows no other control characters than tab and line end.
std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
            case '&': out += "&amp;"; break;
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            case '"': out += "&quot;"; break;
            default:
                out += static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t' ? ' ' : c;
        }
    }
    return out;
}

std::string entry(const Message& message) {
    return fmt::format(
        "  <entry>\n    <id>urn:dimout:{}</id>\n    <title>{}</title>\n    <updated>{}</updated>\n"
        "    <category term=\"{}\"/>\n    <content type=\"text\">{}</content>\n  </entry>\n",
        escaped(message.id), escaped(message.subject), to_rfc3339(message.at),
        to_string(message.kind), escaped(message.body));
}

std::string feed(std::span<const Message> messages, EventTime now) {
    std::string text = fmt::format(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n"
        "  <id>urn:dimout:outages</id>\n  <title>Internet outages, by dimout</title>\n"
        "  <author><name>dimout</name></author>\n  <updated>{}</updated>\n",
        to_rfc3339(messages.empty() ? now : messages.back().at));
    for (const Message& message : std::views::reverse(messages)) text += entry(message);
    return text + "</feed>\n";
}

class Feed final : public Channel {
public:
    Feed(const Address& address, Disk& disk) : Channel(address), disk_(disk), path_(address.url) {}

    [[nodiscard]] bool for_people() const override { return false; }

    /// A test is no news: the file is only written anew.
    Outcome send(const Message& message, const Moment& moment) override {
        std::vector<Message> all(moment.recent.begin(), moment.recent.end());
        const bool new_one = std::ranges::find(all, message.id, &Message::id) == all.end();
        if (new_one && message.kind != Kind::Test) all.push_back(message);
        std::erase_if(all, [](const Message& one) { return one.kind == Kind::Test; });
        const auto done = publish(disk_, path_, feed(all, moment.now));
        if (done) return {};
        return {.kind = Outcome::Kind::Retry, .trouble = done.error().message};
    }

private:
    Disk& disk_;
    const std::string path_;
};

}  // namespace

std::unique_ptr<Channel> make_feed(const Address& address, Disk& disk) {
    return std::make_unique<Feed>(address, disk);
}

}  // namespace dimout::notify
