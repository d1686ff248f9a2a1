// The worlds of simulated injections, and what a plan does to them.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "app/evaluate_simulated.h"
#include "base/random.h"
#include "scenario/blocks.h"
#include "scenario/changes.h"
#include "scenario/internet.h"
#include "scenario/registries.h"

namespace dimout::app {
namespace {

using evaluate::PlannedHarmless;
using evaluate::PlannedOutage;
using evaluate::Truth;
using scenario::EventKind;
using scenario::seconds;

constexpr EventTime kWorldBegins = event_time(1'425'945'600);  // 2015-03-10.
constexpr std::uint32_t kFirstSubjectAsn = 520'001;
constexpr std::uint32_t kFirstUpstreamAsn = 521'001;
constexpr unsigned kRampSteps = 10;
constexpr unsigned kCountryEvery = 4;

/// Unicast /8s from which the simulated background is given nothing.
constexpr std::array<std::uint8_t, 24> kSubjectSpace{
    32, 33, 34, 35, 51, 52, 53, 54, 55, 56, 57, 64, 65, 67, 69, 70, 71, 74, 76, 80, 82, 83, 84, 86};

/// Gives out aligned blocks of the subjects' space, one after the other.
class Space {
public:
    Prefix take(unsigned length) {
        const std::uint64_t size = std::uint64_t{1} << (32 - length);
        next_ = (next_ + size - 1) / size * size;
        if (next_ / kSlash8 != (next_ + size - 1) / kSlash8)
            next_ = (next_ / kSlash8 + 1) * kSlash8;
        const std::uint64_t top = kSubjectSpace.at(next_ / kSlash8);
        const auto word = static_cast<std::uint32_t>(top << 24 | next_ % kSlash8);
        next_ += size;
        return Prefix::make(Address::v4(word), length);
    }

private:
    static constexpr std::uint64_t kSlash8 = 1U << 24;
    std::uint64_t next_ = 1U << 16;
};

unsigned bits_for(unsigned count) {
    unsigned bits = 0;
    while (1U << bits < count) ++bits;
    return bits;
}

/// Half of the prefixes as /24s, half as larger ones.
void add_blocks(SimulatedWorld& world, Space& space, Random& random, CountryCode country, Asn asn,
                unsigned prefixes) {
    const unsigned large = prefixes < 5000 ? random.between(20, 23) : 23;
    const unsigned small_count = prefixes == 1 ? random.below(2) : prefixes / 2;
    for (const auto& [count, length] :
         {std::pair(small_count, 24U), std::pair(prefixes - small_count, large)}) {
        if (count == 0) continue;
        world.scenario.blocks.push_back(
            {.country = country,
             .prefix = space.take(length - bits_for(count)),
             .pieces = {{.count = count, .length = length}},
             .origin = asn,
             .upstreams = {{kFirstUpstreamAsn + random.below(6)}, {kFirstUpstreamAsn + 6}}});
    }
}

std::vector<CountryCode> countries_with(bool background) {
    std::vector<CountryCode> codes;
    for (const scenario::Country& country : scenario::countries()) {
        if ((country.weight > 3) == background && (background || country.weight == 0))
            codes.push_back(country.code);
    }
    return codes;
}

void add_observers(scenario::Scenario& scenario) {
    using scenario::Collector;
    const auto asns = [](std::uint32_t first, std::uint32_t last) {
        std::vector<Asn> all;
        for (std::uint32_t asn = first; asn <= last; ++asn) all.push_back({asn});
        return all;
    };
    scenario.collectors = {{.name = "rv-a", .layout = scenario::Layout::RouteViews},
                           {.name = "rv-b", .layout = scenario::Layout::RouteViews},
                           {.name = "rrc-a",
                            .layout = scenario::Layout::Ris,
                            .states = true,
                            .updates_every = seconds{300}}};
    for (Collector& collector : scenario.collectors) {
        collector.compression = scenario::Compression::Gz;
        collector.rib_every = std::chrono::hours(24);
    }
    scenario.peers = {{.collector = "rv-a", .asns = asns(502'001, 502'007)},
                      {.collector = "rv-b", .asns = asns(502'007, 502'013)},
                      {.collector = "rrc-a", .asns = asns(502'014, 502'020)},
                      {.collector = "rrc-a", .percent = 40, .asns = {{502'051}}}};
}

/// Whom the going of `routes` touches: countries, networks, networks in countries.
void add_losses(const scenario::Internet& internet, const std::vector<scenario::RouteIndex>& routes,
                const TimeRange& span, Truth& truth) {
    for (Entity& entity : scenario::touched(internet, routes)) {
        if (entity.kind != Entity::Kind::Prefix) truth.losses.push_back({std::move(entity), span});
    }
}

std::uint64_t addresses_of(const scenario::Internet& internet,
                           std::span<const scenario::RouteIndex> routes) {
    std::uint64_t sum = 0;
    for (const scenario::RouteIndex route : routes)
        sum += std::uint64_t{1} << (32 - internet.routes()[route].prefix.length);
    return sum;
}

scenario::Event loss_of(const Entity& entity, const PlannedOutage& planned, std::uint32_t of) {
    scenario::Event event;
    event.kind = planned.withdrawn == of ? EventKind::Dark : EventKind::Lose;
    event.at = planned.told_from();
    event.until = planned.told_until();
    event.entity = entity;
    event.stuck = planned.stuck;
    event.steps = planned.steps;
    event.count = planned.withdrawn;
    event.of = of;
    return event;
}

/// One event, or for a ramp one after the other, each with a few prefixes more.
void add_events(scenario::Scenario& scenario, const Entity& entity, const PlannedOutage& planned,
                std::uint32_t of) {
    const scenario::Event whole = loss_of(entity, planned, of);
    const unsigned steps = std::min(kRampSteps, planned.withdrawn);
    for (unsigned i = 1; planned.onset == evaluate::Onset::Ramp && i < steps; ++i) {
        scenario::Event part = whole;
        part.kind = EventKind::Lose;
        part.count = planned.withdrawn * i / steps;
        part.at = planned.told_from() + planned.ramp * (i - 1) / (steps - 1);
        part.until.reset();
        scenario.events.push_back(part);
    }
    scenario.events.push_back(whole);
    if (planned.onset == evaluate::Onset::Ramp) scenario.events.back().at += planned.ramp;
}

}  // namespace

SimulatedWorld make_world(const std::string& name, const WorldSize& size, std::uint64_t seed) {
    SimulatedWorld world;
    scenario::Scenario& scenario = world.scenario;
    scenario.name = name;
    scenario.title = "Injections for the score card";
    scenario.seed = seed >> 1;  // TOML's integers are signed.
    scenario.time = {kWorldBegins, kWorldBegins + std::chrono::days(size.days)};
    scenario.background = {.prefixes = size.prefixes, .prefixes_v6 = size.prefixes_v6};
    scenario.churn = {.path_changes_per_hour = 60,
                      .local_losses_per_hour = 15,
                      .flaps_per_hour = 1,
                      .resets_per_day = 1};
    add_observers(scenario);
    Random random(mix(seed, 81));
    Space space;
    const auto large = countries_with(true);
    const auto small = countries_with(false);
    std::size_t next_small = 0;
    for (std::size_t i = 0; i < size.sizes.size(); ++i) {
        const Asn asn{kFirstSubjectAsn + static_cast<std::uint32_t>(i)};
        const bool is_country = i % kCountryEvery == 0 && next_small < small.size();
        const CountryCode country = is_country ? small[next_small++] : random.pick(large);
        add_blocks(world, space, random, country, asn, size.sizes[i]);
        world.subjects.push_back(
            {.entity = is_country ? Entity::of_country(country) : Entity::of_asn(asn),
             .prefixes = size.sizes[i]});
    }
    return world;
}

Truth inject(SimulatedWorld& world, const std::vector<PlannedOutage>& plan) {
    Truth truth;
    const scenario::Internet internet(world.scenario, world.scenario.seed);
    std::map<Entity, std::vector<scenario::RouteIndex>> routes_of;
    for (const PlannedOutage& planned : plan) {
        const SimulatedWorld::Subject& subject = world.subjects[planned.subject];
        auto& routes = routes_of[subject.entity];
        if (routes.empty()) routes = internet.routes_of(subject.entity);
        const TimeRange span{planned.at, planned.at + planned.lasts};
        const std::vector gone(routes.begin(), routes.begin() + planned.withdrawn);
        truth.outages.push_back({.entity = subject.entity,
                                 .span = span,
                                 .prefixes = subject.prefixes,
                                 .depth = static_cast<double>(addresses_of(internet, gone)) /
                                          static_cast<double>(addresses_of(internet, routes)),
                                 .onset = planned.onset});
        add_losses(internet, gone, span, truth);
        add_events(world.scenario, subject.entity, planned, subject.prefixes);
    }
    return truth;
}

Truth inject_continent(SimulatedWorld& world, std::uint64_t seed) {
    Truth truth;
    Random random(mix(seed, 83));
    Random ways(mix(seed, 84));
    const scenario::Internet internet(world.scenario, world.scenario.seed);
    EventTime at = world.scenario.time.from + std::chrono::hours(9);
    for (const scenario::Rir rir : {scenario::Rir::Afrinic, scenario::Rir::Lacnic}) {
        const TimeRange span{at, at + seconds(random.between(1800, 36'000))};
        PlannedOutage planned{.at = at,
                              .lasts = span.until - span.from,
                              .steps = 3,
                              .start_held = evaluate::draw_held(ways),
                              .end_held = evaluate::draw_held(ways)};
        for (const scenario::Country& country : scenario::countries()) {
            const Entity entity = Entity::of_country(country.code);
            const auto routes = internet.routes_of(entity);
            if (country.rir != rir || country.weight == 0 || routes.empty()) continue;
            const auto count = static_cast<std::uint32_t>(routes.size());
            planned.withdrawn = count;
            add_events(world.scenario, entity, planned, count);
            add_losses(internet, routes, span, truth);
            truth.outages.push_back({.entity = entity,
                                     .span = span,
                                     .prefixes = count,
                                     .wave = fmt::format("a whole continent ({})", name_of(rir))});
        }
        at = span.until + std::chrono::hours(20);
    }
    return truth;
}

namespace {

/// Adds what happens to sessions, collectors and blocks; blocks come in threes made by
/// `make_world`: the caller names those of de-aggregation and renumbering.
class HarmlessEvents {
public:
    HarmlessEvents(scenario::Scenario& scenario, Truth& truth)
        : scenario_(scenario), truth_(truth) {}

    void add(const PlannedHarmless& planned) {
        using enum evaluate::HarmlessKind;
        scenario::Event event;
        event.at = planned.at;
        event.until = planned.at + planned.lasts;
        event.overlap = planned.lasts;
        switch (planned.kind) {
            case ResetWithState: reset(event, "rrc-a", 502'014 + planned.target % 7); break;
            case ResetWithoutState:
                if (planned.target % 2 == 0)
                    reset(event, "rv-a", 502'001 + planned.target / 2 % 7);
                else
                    reset(event, "rv-b", 502'007 + planned.target / 2 % 7);
                break;
            case CollectorReset:
                event.kind = EventKind::Reset;
                event.source = collector(planned.target);
                break;
            case MissingFiles:
                event.kind = EventKind::Missing;
                event.source = collector(planned.target);
                break;
            case CollectorSilent:
                event.kind = EventKind::Silent;
                event.source = collector(planned.target);
                break;
            case Renumbering: renumber(event, planned.target); break;
            case Deaggregation: deaggregate(event, planned.target); break;
            case Aggregation: aggregate(event, planned.target); break;
        }
        truth_.harmless.push_back({.kind = std::string(to_string(planned.kind)),
                                   .span = {planned.at, planned.at + planned.lasts}});
        scenario_.events.push_back(std::move(event));
    }

private:
    std::string collector(std::uint32_t target) const {
        return scenario_.collectors[target % scenario_.collectors.size()].name;
    }

    static void reset(scenario::Event& event, std::string_view collector, std::uint32_t asn) {
        event.kind = EventKind::Reset;
        event.source = fmt::format("{}/{}", collector, asn);
    }

    /// A network or a country of its own moves from one block to another of the same size.
    void renumber(scenario::Event& event, std::uint32_t target) {
        const unsigned length = 19 + target % 5;
        const Asn asn = next_asn();
        const CountryCode country = country_for(target);
        add_block(country, asn, space_.take(length), {}, false);
        const Prefix fresh = space_.take(length);
        add_block(country, asn, fresh, {}, true);
        event.kind = EventKind::Renumber;
        event.entity = Entity::of_asn(asn);
        event.prefix = fresh;
        event.stuck = target % 3 == 0 ? 1 : 0;
    }

    void deaggregate(scenario::Event& event, std::uint32_t target) {
        const unsigned length = 19 + target % 4;
        const Prefix whole = space_.take(length);
        add_block(country_for(target), next_asn(), whole, {}, false);
        event.kind = EventKind::Deaggregate;
        event.prefix = whole;
        event.pieces = scenario::Pieces{.count = 1U << (24 - length), .length = 24};
    }

    void aggregate(scenario::Event& event, std::uint32_t target) {
        const unsigned length = 19 + target % 4;
        const Prefix whole = space_.take(length);
        add_block(country_for(target), next_asn(), whole,
                  {{.count = 1U << (24 - length), .length = 24}}, false);
        event.kind = EventKind::Aggregate;
        event.prefix = whole;
        event.stuck = target % 3 == 0 ? 1 : 0;
    }

    /// A small country of its own now and then, so that it is all that the country has.
    CountryCode country_for(std::uint32_t target) {
        if (target % 5 == 0 && next_small_ < small_.size()) return small_[next_small_++];
        return large_[target % large_.size()];
    }

    void add_block(CountryCode country, Asn asn, const Prefix& prefix,
                   std::vector<scenario::Pieces> pieces, bool reserved) {
        scenario_.blocks.push_back({.country = country,
                                    .prefix = prefix,
                                    .pieces = std::move(pieces),
                                    .origin = asn,
                                    .upstreams = {{kFirstUpstreamAsn}, {kFirstUpstreamAsn + 1}},
                                    .reserved = reserved});
    }

    Asn next_asn() { return {kFirstSubjectAsn + 5000 + made_++}; }

    scenario::Scenario& scenario_;
    Truth& truth_;
    Space space_;
    std::vector<CountryCode> large_ = countries_with(true);
    std::vector<CountryCode> small_ = countries_with(false);
    std::size_t next_small_ = 0;
    std::uint32_t made_ = 0;
};

}  // namespace

Truth inject(SimulatedWorld& world, const std::vector<PlannedHarmless>& plan) {
    Truth truth;
    HarmlessEvents events(world.scenario, truth);
    for (const PlannedHarmless& planned : plan) events.add(planned);
    return truth;
}

}  // namespace dimout::app
