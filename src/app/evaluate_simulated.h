// Injections into simulated archives: small worlds, each with many networks and countries that go
// out many times, spread over time; worlds in which nothing goes out but everything else happens.
#pragma once

#include <cstdint>
#include <vector>

#include "app/evaluate_run.h"
#include "evaluate/plan.h"
#include "evaluate/sections.h"
#include "scenario/scenario.h"

namespace dimout::app {

/// A world and the networks in it that injections are about.
struct SimulatedWorld {
    struct Subject {
        Entity entity;
        std::uint32_t prefixes = 0;
    };

    scenario::Scenario scenario;
    std::vector<Subject> subjects;
};

struct WorldSize {
    unsigned prefixes = 12'000;
    unsigned prefixes_v6 = 600;
    unsigned days = 14;
    std::vector<std::uint32_t> sizes;  ///< Prefixes of each subject.
};

/// Twenty full-feed ASNs at three collectors, one of which writes STATE; a fourth of the subjects
/// are countries, the others networks within larger countries.
[[nodiscard]] SimulatedWorld make_world(const std::string& name, const WorldSize& size,
                                        std::uint64_t seed);

/// Puts the plan into the world's scenario, and says what it does to whom.
[[nodiscard]] evaluate::Truth inject(SimulatedWorld& world,
                                     const std::vector<evaluate::PlannedOutage>& plan);
[[nodiscard]] evaluate::Truth inject(SimulatedWorld& world,
                                     const std::vector<evaluate::PlannedHarmless>& plan);
/// All countries of a registry's region at once, for some hours.
[[nodiscard]] evaluate::Truth inject_continent(SimulatedWorld& world, std::uint64_t seed);

struct Scores {
    evaluate::Score ours;
    evaluate::Score reference;

    void add(const evaluate::Truth& truth, const ReplayedArchive& replayed) {
        ours.add(truth, replayed.claims);
        reference.add(truth, replayed.reference);
    }
};

struct EvaluateScale {
    bool quick = false;
    std::uint64_t seed = 1;
};

[[nodiscard]] Result<Scores> score_simulated_outages(const EvaluateScale& scale,
                                                     const WorkFolder& work,
                                                     const CommonOptions& common);
[[nodiscard]] Result<Scores> score_simulated_harmless(const EvaluateScale& scale,
                                                      const WorkFolder& work,
                                                      const CommonOptions& common);
/// Prefixes that go every four hours for two, on the hour.
[[nodiscard]] Result<std::vector<evaluate::Timed>> time_simulated_beacons(
    const EvaluateScale& scale, const WorkFolder& work, const CommonOptions& common);

struct NullRun {
    evaluate::NullDays ours;
    evaluate::Score reference;
};
[[nodiscard]] Result<NullRun> run_null_days(const EvaluateScale& scale, const WorkFolder& work,
                                            const CommonOptions& common);

}  // namespace dimout::app
