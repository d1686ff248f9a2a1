#include "app/notify_channels.h"

#include <fmt/format.h>

#include <algorithm>

#include "app/output.h"
#include "app/wall_clock.h"

namespace dimout::app {
namespace {

/// One try may not hold up what comes behind it for longer.
constexpr std::chrono::seconds kTryWithin{20};

Result<notify::Address> address_of(const std::string& text) {
    if (!notify::is_secrets_place(text)) return notify::parse_address(text);
    const auto secret = notify::read_secret(text);
    if (!secret) return std::unexpected(secret.error());
    return notify::parse_address(*secret);
}

bool is_open(const std::vector<OpenChannel>& channels, const std::string& name) {
    return std::ranges::any_of(channels,
                               [&](const OpenChannel& one) { return one.channel->name() == name; });
}

}  // namespace

Result<OpenChannel> open_channel(const std::string& text, const std::function<bool()>& stop) {
    const auto address = address_of(text);
    if (!address) return std::unexpected(address.error());
    OpenChannel open;
    // A redirection would carry what we tell to somebody who was not named.
    open.http = make_http_client({.user_agent = "dimout/" DIMOUT_VERSION,
                                  .connect_within = kTryWithin,
                                  .within = kTryWithin,
                                  .redirects = 0,
                                  .stop = stop});
    open.mail =
        make_mail_client({.connect_within = kTryWithin, .within = 2 * kTryWithin, .stop = stop});
    auto channel = notify::make_channel(
        *address, {.http = *open.http, .mail = *open.mail, .disk = real_disk()});
    if (!channel) return std::unexpected(channel.error());
    open.channel = std::move(*channel);
    return open;
}

Result<std::vector<OpenChannel>> open_channels(const std::vector<std::string>& texts,
                                               const std::function<bool()>& stop) {
    std::vector<OpenChannel> channels;
    std::string faults;
    for (std::size_t i = 0; i < texts.size(); ++i) {
        auto open = open_channel(texts[i], stop);
        if (!open) {
            faults += fmt::format("{}notify address {}: {}", faults.empty() ? "" : "\n", i + 1,
                                  open.error().message);
        } else if (!is_open(channels, open->channel->name())) {
            channels.push_back(std::move(*open));
        }
    }
    if (!faults.empty()) return fail(std::move(faults));
    return channels;
}

bool try_channels(std::vector<OpenChannel>& channels) {
    bool all = true;
    for (OpenChannel& open : channels) {
        const EventTime now = WallClock().second();
        const notify::Outcome outcome = open.channel->send(notify::test_message(now), {.now = now});
        const bool fine = outcome.kind == notify::Outcome::Kind::Sent;
        write_out(fmt::format("{} ({}): {}\n", open.channel->place(), open.channel->name(),
                              fine ? "took a test message" : outcome.trouble));
        all = all && fine;
    }
    return all;
}

}  // namespace dimout::app
