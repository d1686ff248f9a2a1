#include "app/evaluate_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>

#include "decode/decoder.h"
#include "source/archive.h"

namespace dimout::app {
namespace {

/// Lengths that are counted (study methods §1.2).
bool is_counted(const Prefix& prefix) {
    const bool v4 = prefix.family == Family::v4;
    return prefix.length >= (v4 ? 8 : 16) && prefix.length <= (v4 ? 24 : 48);
}

/// A peer with half as many routes as the largest is one of those that most routes should have.
constexpr std::size_t kLargeShare = 2;
constexpr double kUsualShare = 0.8;

/// First and last unit of a prefix: IPv4 addresses, or IPv6 /48s.
std::pair<std::uint64_t, std::uint64_t> units_of(const Prefix& prefix) {
    const bool v4 = prefix.family == Family::v4;
    const std::uint64_t first = v4 ? prefix.hi >> 32 : prefix.hi >> 16;
    const unsigned bits = (v4 ? 32U : 48U) - prefix.length;
    return {first, first + (std::uint64_t{1} << bits) - 1};
}

}  // namespace

class RealTable::Reader final : public decode::RouteSink {
public:
    Reader(RealTable& table, const decode::PeerTable& peers) : table_(table), peers_(peers) {}

    void on_update(const decode::Update&) override {}
    void on_dump_begin(const decode::DumpBegin& begin) override { table_.time_ = begin.time; }
    void on_dump_row(const decode::DumpRow& row) override {
        if (row.prefix.length == 0 || row.path_identifier != 0) return;
        if (table_.routes_.empty() || table_.routes_.back().prefix != row.prefix)
            table_.routes_.push_back({.prefix = row.prefix});
        const auto peer = static_cast<std::uint32_t>(index(row.peer));
        if (table_.peers_.size() <= peer) table_.peers_.resize(peer + 1);
        const dimout::Peer& who = peers_.peer(row.peer);
        RealPeer& known = table_.peers_[peer];
        known.address = who.address;
        known.asn = who.asn;
        ++known.routes;
        table_.routes_.back().ways.push_back({.peer = peer, .path = intern(row.path())});
    }
    void on_dump_end(const decode::DumpEnd&) override {}
    void on_state(const decode::StateChange&) override {}

private:
    std::uint32_t intern(AsPath path) {
        const auto [place, added] =
            known_.try_emplace(std::string(path.wire().begin(), path.wire().end()),
                               static_cast<std::uint32_t>(table_.paths_.size()));
        if (!added) return place->second;
        std::vector<std::uint32_t> asns;
        bool plain = true;
        path.for_each_segment([&](SegmentType type, unsigned, Bytes) {
            plain = plain && type == SegmentType::AsSequence;
        });
        if (plain) path.for_each_asn([&](Asn asn) { asns.push_back(asn.value); });
        table_.paths_.push_back(std::move(asns));
        table_.segments_.emplace_back(path.wire().begin(), path.wire().end());
        return place->second;
    }

    RealTable& table_;
    const decode::PeerTable& peers_;
    std::map<std::string, std::uint32_t> known_;
};

Result<RealTable> RealTable::read(const std::filesystem::path& file, const EntityMap& map) {
    auto archive = source::Archive::open({file.string()}, {.collector = "real"});
    if (!archive) return std::unexpected(archive.error());
    RealTable table;
    decode::PeerTable peers;
    decode::Decoder decoder(peers);
    Reader reader(table, peers);
    Frame frame;
    while (archive->next(frame)) decoder.decode(frame, reader);
    if (table.routes_.empty()) return fail(file.string() + ": holds no routes.");
    table.settle(map);
    table.find_neighbours();
    return table;
}

/// What can be said of each route by itself.
void RealTable::settle(const EntityMap& map) {
    std::ranges::stable_sort(routes_, {}, &RealRoute::prefix);
    std::size_t largest = 0;
    for (const RealPeer& peer : peers_) largest = std::max(largest, peer.routes);
    std::set<Asn> large;
    for (const RealPeer& peer : peers_) {
        if (peer.routes * kLargeShare >= largest) large.insert(peer.asn);
    }
    std::vector<CountryRun> runs;
    for (RealRoute& route : routes_) {
        std::set<Asn> seen;
        std::set<std::uint32_t> origins;
        for (const RealWay& way : route.ways) {
            const auto& path = paths_[way.path];
            origins.insert(path.empty() ? 0 : path.back());
            if (large.contains(peers_[way.peer].asn)) seen.insert(peers_[way.peer].asn);
        }
        if (origins.size() == 1) route.origin = {*origins.begin()};
        route.usual =
            is_counted(route.prefix) &&
            static_cast<double>(seen.size()) >= kUsualShare * static_cast<double>(large.size());
        runs.clear();
        map.countries_of(route.prefix, runs);
        if (runs.size() == 1) route.country = runs.front().country;
        for (const CountryRun& run : runs) {
            if (!run.country.none()) route.countries.push_back(run.country);
        }
    }
}

/// Who lies in whom: prefixes in order stand right behind what covers them.
void RealTable::find_neighbours() {
    mixed_inside_.assign(routes_.size(), false);
    for (RealRoute& route : routes_) route.alone = true;
    std::vector<RealRouteIndex> around;
    for (RealRouteIndex i = 0; i < routes_.size(); ++i) {
        while (!around.empty() && !routes_[around.back()].prefix.covers(routes_[i].prefix))
            around.pop_back();
        for (const RealRouteIndex outer : around) {
            routes_[outer].alone = false;
            routes_[i].alone = false;
            if (routes_[outer].origin != routes_[i].origin) mixed_inside_[outer] = true;
        }
        around.push_back(i);
    }
}

std::map<Asn, std::vector<RealRouteIndex>> RealTable::clean_networks() const {
    std::map<Asn, std::vector<RealRouteIndex>> networks;
    std::set<Asn> unclean;
    for (RealRouteIndex i = 0; i < routes_.size(); ++i) {
        const RealRoute& route = routes_[i];
        for (const RealWay& way : route.ways) {
            const auto& path = paths_[way.path];
            if (route.origin.value == 0 && !path.empty()) unclean.insert({path.back()});
        }
        if (route.origin.value == 0) continue;
        if (!route.usual || mixed_inside_[i] || route.country.none()) unclean.insert(route.origin);
        networks[route.origin].push_back(i);
    }
    std::erase_if(networks, [&](const auto& network) { return unclean.contains(network.first); });
    return networks;
}

std::map<CountryCode, std::vector<RealRouteIndex>> RealTable::clean_countries() const {
    std::map<CountryCode, std::vector<RealRouteIndex>> countries;
    std::set<CountryCode> unclean;
    for (RealRouteIndex i = 0; i < routes_.size(); ++i) {
        const RealRoute& route = routes_[i];
        if (route.country.none()) continue;
        const bool plain = std::ranges::none_of(
            route.ways, [&](const RealWay& way) { return paths_[way.path].empty(); });
        if (!plain) unclean.insert(route.country);
        countries[route.country].push_back(i);
    }
    std::erase_if(countries, [&](const auto& country) { return unclean.contains(country.first); });
    return countries;
}

std::uint64_t RealTable::units_under(std::vector<RealRouteIndex> routes) const {
    std::ranges::sort(routes);
    std::uint64_t sum = 0;
    std::uint64_t next = 0;
    for (const RealRouteIndex route : routes) {
        const auto [first, last] = units_of(routes_[route].prefix);
        if (last < next) continue;
        sum += last - std::max(first, next) + 1;
        next = last + 1;
    }
    return sum;
}

double RealTable::lost_share(std::span<const RealRouteIndex> all,
                             std::span<const RealRouteIndex> gone) const {
    std::vector<RealRouteIndex> stay;
    for (const RealRouteIndex route : all) {
        if (std::ranges::find(gone, route) == gone.end()) stay.push_back(route);
    }
    const std::uint64_t before = units_under({all.begin(), all.end()});
    if (before == 0) return 0;
    return 1 - static_cast<double>(units_under(stay)) / static_cast<double>(before);
}

}  // namespace dimout::app
