#include "depend/withdrawn_world.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

namespace dimout::depend {
namespace {

constexpr std::int64_t kMinute = 60'000;
constexpr std::int64_t kWindow = 40 * kMinute;
constexpr std::int64_t kHoldTimeMost = 3 * kMinute;
constexpr std::uint16_t kCollectors = 3;
constexpr std::int64_t kEpoch = 1'400'000'000;  ///< Seconds at which windows begin.

std::int64_t draw_interval(Random& random) {
    const unsigned kind = random.below(10);
    if (kind < 4) return 0;
    return kind < 6 ? 5'000 : 30'000;
}

Prefix made_prefix(std::uint32_t number) {
    return Prefix::make(Address::v4((10U << 24) + (number << 8)), 24);
}

}  // namespace

Asn made_asn(std::uint32_t node) {
    return Asn{4'200'000'000U + node};  // RFC 6996: private use.
}

/// What goes wrong in one window, and when.
struct MadeInternet::Happening {
    std::uint32_t link = 0;
    std::optional<std::uint32_t> other_link{};
    std::vector<std::size_t> withdrawn{};  ///< Groups whose origins take them back.
    std::int64_t time = 0;
    std::int64_t seen[2] = {};
    std::int64_t other_time = 0;
    std::vector<std::int64_t> withdrawn_times{};
};

/// A fate, with what made it.
struct MadeInternet::Seen {
    RouteFate fate;
    std::uint32_t origin = 0;
    bool by_cut = false;  ///< It crossed the link before, and not after.
};

MadeInternet::MadeInternet(const MadeInternetSize& size, std::uint64_t seed) {
    noise_ = size.noise;
    Random random(mix(seed, 0x3a7));
    link_up(size, random);
    announce(random);
    look(size, random);
    crossed_ = crossed_links();
}

void MadeInternet::link_up(const MadeInternetSize& size, Random& random) {
    const std::uint32_t all = size.core + size.middle + size.stubs;
    topology_.edges_of.resize(all);
    std::set<std::pair<std::uint32_t, std::uint32_t>> linked;
    const auto link = [&](std::uint32_t low, std::uint32_t high, Relation relation) {
        if (low == high || !linked.insert(std::minmax(low, high)).second) return;
        topology_.add_link(low, high, relation, draw_interval(random));
    };
    for (std::uint32_t a = 0; a < size.core; ++a) {
        for (std::uint32_t b = a + 1; b < size.core; ++b) link(a, b, Relation::Peer);
    }
    for (std::uint32_t node = size.core; node < all; ++node) {
        const bool stub = node >= size.core + size.middle;
        const std::uint32_t above = stub ? size.core + size.middle : node;
        const unsigned draw = random.below(10);
        const unsigned providers = draw < (stub ? 5U : 3U) ? 1 : draw < 9 ? 2 : 3;
        for (unsigned i = 0; i < providers; ++i) {
            // The lower of two draws: some networks have many customers, most have few.
            const auto first = random.below(above);
            link(node, std::min(first, random.below(above)), Relation::Provider);
        }
    }
    const unsigned peerings = size.middle * random.between(5, 20) / 10;
    for (unsigned i = 0; i < peerings; ++i)
        link(size.core + random.below(size.middle + size.stubs / 5),
             size.core + random.below(size.middle), Relation::Peer);
}

void MadeInternet::announce(Random& random) {
    std::uint32_t number = 0;
    for (std::uint32_t node = 0; node < topology_.edges_of.size(); ++node) {
        const bool customers = std::ranges::any_of(topology_.edges_of[node], [&](auto edge) {
            return topology_.edges[edge].relation == Relation::Customer;
        });
        if (customers && random.percent(15)) continue;  // Carries others' traffic only.
        const std::size_t edges = topology_.edges_of[node].size();
        const unsigned ways = edges > 1 && random.percent(30) ? 2 : 1;
        for (unsigned way = 0; way < ways; ++way) {
            Group group{.origin = {.node = node, .prepends = std::vector<int>(edges, 0)},
                        .prefixes = {},
                        .routes = {}};
            if (way == 1 || random.percent(15)) {
                for (int& prepends : group.origin.prepends)
                    prepends = random.percent(35) ? -1 : static_cast<int>(random.below(4));
            }
            const unsigned count = random.percent(60) ? 1 : random.between(1, 4);
            for (unsigned i = 0; i < count; ++i) group.prefixes.push_back(made_prefix(number++));
            groups_.push_back(std::move(group));
        }
    }
    for (Group& group : groups_) {
        MadeRun run(topology_, paths_, group.origin, group.routes, random.next());
        run.originate(0);
        (void)run.run();
    }
}

void MadeInternet::look(const MadeInternetSize& size, Random& random) {
    const auto nodes = static_cast<std::uint32_t>(topology_.edges_of.size());
    const unsigned peers = random.between(size.peers / 2, size.peers);
    for (unsigned i = 0; i < peers; ++i) {
        const bool large = random.percent(70);
        vantages_.push_back({.node = random.below(large ? size.core + size.middle : nodes),
                             .collector = static_cast<std::uint16_t>(random.below(kCollectors)),
                             .full = random.percent(75)});
    }
    const auto place = [](const Vantage& vantage) {
        return std::pair(vantage.collector, vantage.node);
    };
    std::ranges::sort(vantages_, {}, place);
    vantages_.erase(std::ranges::unique(vantages_, {}, place).begin(), vantages_.end());
    for (std::uint16_t i = 0; i < kCollectors; ++i)
        skew_.push_back(std::int64_t{random.below(10'000)} - 5'000);
}

Hops MadeInternet::hops(const Vantage& vantage, const MadeRoutes& routes) {
    const MadePaths::Id path = routes.path_of(vantage.node);
    if (path == MadePaths::kNone) return {};
    if (!vantage.full && !MadeRun::from_below(topology_, routes, vantage.node)) return {};
    Hops hops;
    for (const std::uint32_t node : paths_.nodes(paths_.longer(vantage.node, path)))
        hops.push_back(made_asn(node));
    return hops;
}

std::vector<std::uint32_t> MadeInternet::crossed_links() {
    std::set<std::pair<Asn, Asn>> crossed;
    for (const Group& group : groups_) {
        for (const Vantage& vantage : vantages_) {
            const Hops path = hops(vantage, group.routes);
            for (std::size_t i = 1; i < path.size(); ++i)
                crossed.insert(std::minmax(path[i - 1], path[i]));
        }
    }
    std::vector<std::uint32_t> links;
    for (std::uint32_t link = 0; link < topology_.edges.size() / 2; ++link) {
        const MadeEdge& edge = topology_.edges[link * 2];
        const Asn from = made_asn(edge.from);
        const Asn to = made_asn(edge.to);
        if (crossed.contains(std::minmax(from, to))) links.push_back(link);
    }
    return links;
}

MadeInternet::Happening MadeInternet::draw(Random& random) {
    Happening happening{.link = random.pick(crossed_), .time = random.between(5, 20) * kMinute};
    for (std::int64_t& seen : happening.seen) {
        const auto late =
            random.percent(25) ? random.between(1'000, kHoldTimeMost) : random.below(1'000);
        seen = happening.time + late;
    }
    if (random.percent(20)) {
        happening.other_link = random.pick(crossed_);
        if (*happening.other_link == happening.link) happening.other_link.reset();
        happening.other_time = random.between(0, 30) * kMinute;
    }
    for (unsigned i = random.below(3 * noise_ + 1); i > 0; --i) {
        happening.withdrawn.push_back(random.below(static_cast<std::uint32_t>(groups_.size())));
        happening.withdrawn_times.push_back(random.between(0, 35) * kMinute);
    }
    return happening;
}

bool MadeInternet::uses(const Group& group, std::uint32_t link) const {
    return std::ranges::any_of(std::array{link * 2, link * 2 + 1}, [&](std::uint32_t edge) {
        return group.routes.best[topology_.edges[edge].from] == static_cast<std::int32_t>(edge);
    });
}

void MadeInternet::live(const Group& group, std::size_t index, const Happening& happening,
                        Random& random, std::vector<Seen>& seen) {
    MadeRoutes routes = group.routes;
    std::map<std::uint32_t, std::int64_t> first_change;
    const auto own = std::ranges::find(happening.withdrawn, index);
    const bool cut = uses(group, happening.link);
    const bool other = happening.other_link && uses(group, *happening.other_link);
    if (cut || other || own != happening.withdrawn.end()) {
        MadeRun run(topology_, paths_, group.origin, routes, random.next());
        run.cut(happening.link, happening.time, happening.seen[0], happening.seen[1]);
        if (other)
            run.cut(*happening.other_link, happening.other_time, happening.other_time,
                    happening.other_time);
        if (own != happening.withdrawn.end())
            run.withdraw(
                happening
                    .withdrawn_times[static_cast<std::size_t>(own - happening.withdrawn.begin())]);
        for (const MadeChange& change : run.run(kWindow))
            first_change.try_emplace(change.node, change.time);
    }
    const MadeEdge& gone = topology_.edges[happening.link * 2];
    const auto crosses = [&](const Hops& path) {
        for (std::size_t i = 1; i < path.size(); ++i) {
            if (std::minmax(path[i - 1], path[i]) ==
                std::minmax(made_asn(gone.from), made_asn(gone.to)))
                return true;
        }
        return false;
    };
    for (const Vantage& vantage : vantages_) {
        const Hops before = hops(vantage, group.routes);
        const Hops after = hops(vantage, routes);
        if (before.empty() && after.empty()) continue;
        const auto at = first_change.find(vantage.node);
        const std::int64_t heard = (at == first_change.end() ? 0 : at->second) +
                                   random.below(2'000) + skew_[vantage.collector];
        for (const Prefix& prefix : group.prefixes) {
            const std::int64_t stamp = heard + random.below(1'500);
            seen.push_back({.fate = {.peer = made_asn(vantage.node),
                                     .collector = CollectorId{vantage.collector},
                                     .prefix = prefix,
                                     .before = before,
                                     .after = after,
                                     .changed = event_time(kEpoch + stamp / 1000)},
                            .origin = group.origin.node,
                            .by_cut = crosses(before)});
        }
    }
}

/// What single peers do on their own: they lose a route, take another's, or keep a dead one.
void MadeInternet::disturb(std::vector<Seen>& seen, Random& random) const {
    for (std::size_t i = 0; i < seen.size(); ++i) {
        RouteFate& fate = seen[i].fate;
        const std::uint32_t draw = random.below(10'000);
        if (!fate.kept()) {
            if (draw < 30 * noise_) fate.after = fate.before;
            continue;
        }
        if (draw >= 40 * noise_) continue;
        fate.changed = event_time(kEpoch + random.below(kWindow / 1000));
        if (draw < 10 * noise_) {
            fate.after.clear();
        } else if (fate.before.size() > 2) {
            // Over somebody else's path: the tail of another peer's route to the same prefix.
            const Seen& other = seen[(i + random.below(40)) % seen.size()];
            if (other.origin != seen[i].origin || other.fate.after.empty()) continue;
            fate.after = other.fate.after;
            std::erase(fate.after, fate.peer);
            fate.after.insert(fate.after.begin(), fate.peer);
        }
    }
}

std::optional<LinkRemoval> MadeInternet::remove_link(std::uint64_t seed) {
    Random random(mix(seed, 0x11f));
    const Happening happening = draw(random);
    std::vector<Seen> seen;
    for (std::size_t i = 0; i < groups_.size(); ++i) live(groups_[i], i, happening, random, seen);
    disturb(seen, random);
    return ask(std::move(seen), happening, random);
}

std::optional<LinkRemoval> MadeInternet::ask(std::vector<Seen> seen, const Happening& happening,
                                             Random& random) const {
    const MadeEdge& gone = topology_.edges[happening.link * 2];
    LinkRemoval removal{.first = made_asn(gone.from), .second = made_asn(gone.to)};
    std::map<std::uint32_t, std::array<int, 2>> by_origin;  ///< Lost, moved: by the cut or not.
    for (const Seen& one : seen) {
        if (one.fate.kept()) continue;
        const int sign = one.by_cut ? 1 : -1;
        by_origin[one.origin][0] += one.fate.lost() ? sign : 0;
        by_origin[one.origin][1] += sign;
        removal.unrelated += !one.by_cut;
        removal.lost += one.by_cut && one.fate.lost();
        removal.moved += one.by_cut && one.fate.moved();
    }
    std::vector<std::uint32_t> silenced;
    std::vector<std::uint32_t> touched;
    for (const auto& [origin, balance] : by_origin) {
        if (balance[1] > 0) (balance[0] > 0 ? silenced : touched).push_back(origin);
    }
    const auto& askable = silenced.empty() ? touched : silenced;
    if (askable.empty()) return std::nullopt;
    const std::uint32_t subject = random.pick(askable);
    removal.subject = made_asn(subject);
    for (Seen& one : seen)
        (one.origin == subject ? removal.asked : removal.others).push_back(std::move(one.fate));
    judge_separability(removal);
    return removal;
}

}  // namespace dimout::depend
