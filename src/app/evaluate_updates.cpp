#include "app/evaluate_updates.h"

#include <algorithm>
#include <cmath>
#include <fstream>

namespace dimout::app {
namespace {

constexpr std::size_t kPrefixesPerMessage = 150;
constexpr std::uint32_t kDelayMax = 26;
constexpr std::chrono::seconds kPause{20};
constexpr unsigned kEstablished = 6;

SessionEnds ends_of(const RealPeer& peer) {
    const Prefix net = Prefix::make(peer.address, max_length(peer.address.family) - 8);
    return {
        .peer_asn = peer.asn, .local_asn = {6447}, .peer = peer.address, .local = net.address()};
}

Address next_hop(const RealPeer& peer, Family family) {
    if (peer.address.family == family) return peer.address;
    return family == Family::v4 ? Address::v4(198U << 24 | 18U << 16 | 1U)
                                : Address::v6(0x20010DB800000000ULL, 1);
}

void append(std::vector<std::uint8_t>& records, const Wire& wire) {
    records.insert(records.end(), wire.bytes().begin(), wire.bytes().end());
}

}  // namespace

UpdateWriter::Seconds UpdateWriter::delay(std::uint32_t peer) {
    return Seconds(scaled(mix(peer, 5), kDelayMax / 2) + random_.below(kDelayMax / 2 + 1));
}

bool UpdateWriter::is_silent(std::uint32_t peer, EventTime at) const {
    const auto found = away_.find(peer);
    return found != away_.end() && std::ranges::any_of(found->second, [&](const TimeRange& away) {
               return at >= away.from && at < away.until;
           });
}

void UpdateWriter::say(EventTime at, std::uint32_t peer, std::span<const Prefix> prefixes,
                       scenario::Attributes attributes) {
    if (is_silent(peer, at)) return;
    attributes.next_hop = next_hop(table_.peers()[peer], prefixes.front().family);
    for (std::size_t i = 0; i < prefixes.size(); i += kPrefixesPerMessage) {
        const auto some = prefixes.subspan(i, std::min(kPrefixesPerMessage, prefixes.size() - i));
        Wire message;
        Wire record;
        append_announcement(message, some, attributes, false);
        append_message_record(record, {.time = at}, ends_of(table_.peers()[peer]), message.bytes());
        append(records_[at], record);
    }
}

void UpdateWriter::say_withdrawn(EventTime at, std::uint32_t peer,
                                 std::span<const Prefix> prefixes) {
    if (is_silent(peer, at)) return;
    for (std::size_t i = 0; i < prefixes.size(); i += kPrefixesPerMessage) {
        const auto some = prefixes.subspan(i, std::min(kPrefixesPerMessage, prefixes.size() - i));
        Wire message;
        Wire record;
        scenario::append_withdrawal(message, some, some.front().family);
        append_message_record(record, {.time = at}, ends_of(table_.peers()[peer]), message.bytes());
        append(records_[at], record);
    }
}

std::map<std::uint32_t, std::map<std::uint32_t, std::vector<Prefix>>> UpdateWriter::by_peer(
    std::span<const RealRouteIndex> routes) const {
    std::map<std::uint32_t, std::map<std::uint32_t, std::vector<Prefix>>> found;
    for (const RealRouteIndex index : routes) {
        const RealRoute& route = table_.routes()[index];
        for (const RealWay& way : route.ways) found[way.peer][way.path].push_back(route.prefix);
    }
    return found;
}

void UpdateWriter::withdraw(EventTime at, std::span<const RealRouteIndex> routes, unsigned steps,
                            unsigned stuck) {
    // A route that is stuck is stuck at peers of its own choice.
    std::map<Prefix, std::vector<std::uint32_t>> keepers;
    for (const RealRouteIndex index : routes) {
        const RealRoute& route = table_.routes()[index];
        for (unsigned i = 0; i < stuck && route.ways.size() > 4; ++i)
            keepers[route.prefix].push_back(random_.pick(route.ways).peer);
    }
    for (auto& [peer, paths] : by_peer(routes)) {
        EventTime when = at + delay(peer);
        for (auto& [path, prefixes] : paths) {
            std::erase_if(prefixes, [&](const Prefix& prefix) {
                const auto kept = keepers.find(prefix);
                return kept != keepers.end() &&
                       std::ranges::find(kept->second, peer) != kept->second.end();
            });
        }
        const unsigned tried = random_.below(steps + 1);
        for (unsigned step = 0; step < tried; ++step, when += Seconds(random_.between(4, 10))) {
            for (const auto& [path, prefixes] : paths) {
                std::vector<std::uint32_t> longer(table_.path(path).begin(),
                                                  table_.path(path).end());
                if (longer.empty() || prefixes.empty()) continue;
                longer.insert(longer.begin() + 1, step + 1, longer.front());
                say(when, peer, prefixes, {.path = longer});
            }
        }
        for (const auto& [path, prefixes] : paths) {
            if (!prefixes.empty()) say_withdrawn(when, peer, prefixes);
        }
    }
}

void UpdateWriter::announce(EventTime at, std::span<const RealRouteIndex> routes) {
    for (const auto& [peer, paths] : by_peer(routes)) {
        const EventTime when = at + delay(peer);
        for (const auto& [path, prefixes] : paths) say_again(when, peer, prefixes, path);
    }
}

void UpdateWriter::announce_like(EventTime at, RealRouteIndex route,
                                 std::span<const Prefix> prefixes) {
    for (const RealWay& way : table_.routes()[route].ways)
        say_again(at + delay(way.peer), way.peer, prefixes, way.path);
}

void UpdateWriter::withdraw_like(EventTime at, RealRouteIndex route,
                                 std::span<const Prefix> prefixes) {
    for (const RealWay& way : table_.routes()[route].ways)
        say_withdrawn(at + delay(way.peer), way.peer, prefixes);
}

void UpdateWriter::reset(std::uint32_t peer, EventTime at, Seconds lasts, bool states,
                         const std::vector<bool>& without,
                         const std::vector<std::pair<RealRouteIndex, Prefix>>& with) {
    const auto say_state = [&](EventTime when, unsigned from, unsigned to) {
        Wire record;
        append_state_record(record, {.time = when}, ends_of(table_.peers()[peer]), from, to);
        append(records_[when], record);
    };
    if (states) say_state(at, kEstablished, 1);
    const EventTime back = at + lasts;
    if (states) say_state(back, 1, kEstablished);
    std::map<std::uint32_t, std::vector<Prefix>> by_path;
    const auto collect = [&](const RealRoute& route, const Prefix& prefix) {
        for (const RealWay& way : route.ways) {
            if (way.peer == peer) by_path[way.path].push_back(prefix);
        }
    };
    for (RealRouteIndex i = 0; i < table_.routes().size(); ++i) {
        if (!without[i]) collect(table_.routes()[i], table_.routes()[i].prefix);
    }
    for (const auto& [route, prefix] : with) collect(table_.routes()[route], prefix);
    std::uint32_t number = 0;
    for (const auto& [path, prefixes] : by_path) {
        // The whole table within 40 seconds.
        const auto later = Seconds(1 + 40 * std::uint64_t{number++} / by_path.size());
        for (const Family family : {Family::v4, Family::v6}) {
            std::vector<Prefix> some;
            std::ranges::copy_if(prefixes, std::back_inserter(some),
                                 [&](const Prefix& prefix) { return prefix.family == family; });
            if (!some.empty()) say_again(back + later, peer, some, path);
        }
    }
    away_[peer].push_back({at, back});
}

void UpdateWriter::keep_busy(EventTime from, EventTime until,
                             std::span<const RealRouteIndex> routes) {
    std::map<std::pair<std::uint32_t, RealRouteIndex>, bool> longer;
    for (EventTime at = from; at < until; at += kPause) {
        const RealRouteIndex index =
            routes[random_.below(static_cast<std::uint32_t>(routes.size()))];
        const RealRoute& route = table_.routes()[index];
        const RealWay& way = random_.pick(route.ways);
        const auto path = table_.path(way.path);
        if (path.empty()) continue;
        bool& is_longer = longer[{way.peer, index}];
        is_longer = !is_longer;
        std::vector<std::uint32_t> told(path.begin(), path.end());
        if (is_longer) told.insert(told.begin(), told.front());
        const Prefix prefix = route.prefix;
        say(at, way.peer, {&prefix, 1}, {.path = told});
    }
}

Result<void> UpdateWriter::write(const std::filesystem::path& folder,
                                 const std::optional<TimeRange>& spared) const {
    std::ofstream file;
    std::int64_t open = -1;
    for (const auto& [time, records] : records_) {
        if (spared && time >= spared->from && time < spared->until) continue;
        const bool after = spared && time >= spared->until;
        const std::int64_t part = unix_seconds(time) / 86'400 * 2 + (after ? 1 : 0);
        if (part != open) {
            file.close();
            const std::string stamp = to_compact(time);
            file.open(folder / ("updates." + stamp.substr(0, 8) + "." + stamp.substr(9, 4)),
                      std::ios::binary);
            open = part;
        }
        file.write(reinterpret_cast<const char*>(records.data()),
                   static_cast<std::streamsize>(records.size()));
    }
    file.close();
    if (!file) return fail(folder.string() + ": updates cannot be written.");
    return {};
}

}  // namespace dimout::app
