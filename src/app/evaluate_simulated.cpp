#include "app/evaluate_simulated.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/random.h"

namespace dimout::app {
namespace {

using evaluate::Truth;

/// Full-feed ASNs of every simulated world.
constexpr unsigned kObservers = 20;

/// As many subjects of each size.
std::vector<std::uint32_t> repeat(const std::vector<std::uint32_t>& sizes, unsigned times) {
    std::vector<std::uint32_t> all;
    for (unsigned i = 0; i < times; ++i) all.insert(all.end(), sizes.begin(), sizes.end());
    return all;
}

struct OutageWorld {
    std::string name;
    WorldSize size;
    std::uint32_t at_once;  ///< A twentieth of the table: more is rarely gone at once in reality.
    std::chrono::seconds longest{259'200};
};

/// In a table of a few thousand prefixes the going of a thousand looks like the end of every peer,
/// as it never does in a table of a million: large subjects need a large world.
std::vector<OutageWorld> outage_worlds(bool quick) {
    if (quick) {
        return {{.name = "small",
                 .size = {.prefixes = 2500,
                          .prefixes_v6 = 100,
                          .days = 5,
                          .sizes = repeat({1, 2, 4, 10, 30}, 3)},
                 .at_once = 200}};
    }
    std::vector<OutageWorld> worlds;
    for (int i = 0; i < 3; ++i) {
        worlds.push_back(
            {.name = fmt::format("small-{}", i),
             .size = {.prefixes = 12'000, .sizes = repeat({1, 2, 4, 10, 30, 100, 300}, 4)},
             .at_once = 700});
    }
    worlds.push_back({.name = "large",
                      .size = {.prefixes = 100'000,
                               .days = 21,
                               .sizes = {300, 1000, 3000, 1000, 10'000, 300, 3000, 1000}},
                      .at_once = 10'500,
                      .longest = std::chrono::hours(12)});
    return worlds;
}

Result<void> score_world(const OutageWorld& planned, std::uint64_t seed, const WorkFolder& work,
                         const CommonOptions& common, Scores& scores) {
    SimulatedWorld world = make_world(planned.name, planned.size, seed);
    const Truth truth = inject(world, evaluate::plan_outages({.seed = seed,
                                                              .time = world.scenario.time,
                                                              .sizes = planned.size.sizes,
                                                              .observers = kObservers,
                                                              .at_once = planned.at_once,
                                                              .longest = planned.longest}));
    const auto replayed = simulate_and_replay(world.scenario, work, common);
    if (!replayed) return std::unexpected(replayed.error());
    scores.add(truth, *replayed);
    return {};
}

Result<void> score_continent(std::uint64_t seed, const WorkFolder& work,
                             const CommonOptions& common, Scores& scores) {
    SimulatedWorld world =
        make_world("continent", {.prefixes = 60'000, .days = 3, .sizes = {}}, seed);
    const Truth truth = inject_continent(world, seed);
    const auto replayed = simulate_and_replay(world.scenario, work, common);
    if (!replayed) return std::unexpected(replayed.error());
    scores.add(truth, *replayed);
    return {};
}

std::optional<UncertainTime> told_near(const std::vector<evaluate::Claim>& claims,
                                       const Entity& entity, EventTime due) {
    for (const evaluate::Claim& claim : claims) {
        if (claim.entity == entity &&
            std::chrono::abs(claim.start.best - due) <= std::chrono::minutes(15))
            return claim.start;
    }
    return std::nullopt;
}

}  // namespace

Result<Scores> score_simulated_outages(const EvaluateScale& scale, const WorkFolder& work,
                                       const CommonOptions& common) {
    Scores scores;
    std::uint64_t number = 0;
    for (const OutageWorld& world : outage_worlds(scale.quick)) {
        auto done = score_world(world, mix(scale.seed, 91, number++), work, common, scores);
        if (!done) return std::unexpected(done.error());
    }
    if (scale.quick) return scores;
    if (auto done = score_continent(mix(scale.seed, 92), work, common, scores); !done)
        return std::unexpected(done.error());
    return scores;
}

Result<Scores> score_simulated_harmless(const EvaluateScale& scale, const WorkFolder& work,
                                        const CommonOptions& common) {
    Scores scores;
    const unsigned archives = scale.quick ? 1 : 10;
    const unsigned each = scale.quick ? 40 : 100;
    const WorldSize size{.prefixes = scale.quick ? 1500U : 4000U,
                         .prefixes_v6 = 150,
                         .days = scale.quick ? 4U : 10U,
                         .sizes = {}};
    for (unsigned i = 0; i < archives; ++i) {
        const std::uint64_t seed = mix(scale.seed, 93, i);
        SimulatedWorld world = make_world(fmt::format("harmless-{}", i), size, seed);
        // Tables that were lost with files are known again from the next dump on.
        for (scenario::Collector& collector : world.scenario.collectors)
            collector.rib_every = std::chrono::hours(4);
        const Truth truth = inject(world, evaluate::plan_harmless(seed, world.scenario.time, each));
        const auto replayed = simulate_and_replay(world.scenario, work, common);
        if (!replayed) return std::unexpected(replayed.error());
        scores.add(truth, *replayed);
    }
    return scores;
}

Result<std::vector<evaluate::Timed>> time_simulated_beacons(const EvaluateScale& scale,
                                                            const WorkFolder& work,
                                                            const CommonOptions& common) {
    const unsigned beacons = scale.quick ? 6 : 15;
    const WorldSize size{.prefixes = scale.quick ? 1500U : 4000U,
                         .prefixes_v6 = 100,
                         .days = scale.quick ? 3U : 10U,
                         .sizes = std::vector<std::uint32_t>(beacons, 1)};
    const std::uint64_t seed = mix(scale.seed, 94);
    SimulatedWorld world = make_world("beacons", size, seed);
    Random random(mix(seed, 1));
    Random ways(mix(seed, 2));
    std::vector<evaluate::PlannedOutage> plan;
    // A real beacon goes every four hours, which is one long instability. Half a day between two
    // makes each an outage with an onset of its own; who goes when is spread over the hours.
    for (std::size_t i = 0; i < beacons; ++i) {
        const auto first = std::chrono::hours(8 + i % 6 * 2);
        for (EventTime at = world.scenario.time.from + first;
             at + std::chrono::hours(4) < world.scenario.time.until; at += std::chrono::hours(12)) {
            plan.push_back({.subject = i,
                            .at = at,
                            .lasts = std::chrono::hours(2),
                            .withdrawn = 1,
                            .steps = random.between(0, 5),
                            .stuck = random.percent(36) ? 1U : 0U,
                            .start_held = evaluate::draw_held(ways),
                            .end_held = evaluate::draw_held(ways)});
        }
    }
    const Truth truth = inject(world, plan);
    const auto replayed = simulate_and_replay(world.scenario, work, common);
    if (!replayed) return std::unexpected(replayed.error());
    std::vector<evaluate::Timed> moments;
    for (const evaluate::Injected& outage : truth.outages)
        moments.push_back({.entity = outage.entity,
                           .due = outage.span.from,
                           .told = told_near(replayed->claims, outage.entity, outage.span.from)});
    return moments;
}

Result<NullRun> run_null_days(const EvaluateScale& scale, const WorkFolder& work,
                              const CommonOptions& common) {
    NullRun null;
    null.ours.entities = UINT64_MAX;
    const unsigned archives = scale.quick ? 1 : 6;
    const unsigned days = scale.quick ? 2 : 5;
    for (unsigned i = 0; i < archives; ++i) {
        SimulatedWorld world = make_world(fmt::format("null-{}", i),
                                          {.prefixes = scale.quick ? 3000U : 135'000U,
                                           .prefixes_v6 = scale.quick ? 500U : 112'000U,
                                           .days = days,
                                           .sizes = {}},
                                          mix(scale.seed, 95, i));
        world.scenario.churn = {.path_changes_per_hour = scale.quick ? 120U : 600U,
                                .local_losses_per_hour = scale.quick ? 30U : 120U,
                                .flaps_per_hour = scale.quick ? 3U : 12U,
                                .resets_per_day = 6};
        for (scenario::Collector& collector : world.scenario.collectors)
            collector.rib_every = std::chrono::hours(48);
        const auto replayed = simulate_and_replay(world.scenario, work, common);
        if (!replayed) return std::unexpected(replayed.error());
        null.ours.days += days;
        null.ours.entities = std::min(null.ours.entities, replayed->entities);
        null.ours.score.add({}, replayed->claims);
        null.reference.add({}, replayed->reference);
    }
    return null;
}

}  // namespace dimout::app
