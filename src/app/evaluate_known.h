// What is known without an injection: the reconstructed blackout of 2014, and the RIS beacons of
// real update files.
#pragma once

#include <filesystem>

#include "app/evaluate_run.h"
#include "evaluate/sections.h"

namespace dimout::app {

/// kp-2014 simulated with `seed`, replayed, and held against its own text.
[[nodiscard]] Result<evaluate::Section> judge_kp_2014(std::uint64_t seed, const WorkFolder& work,
                                                      const CommonOptions& common);

/// When each beacon's announcement, due on the even hour, is said to have come. Update files
/// without a table have no votes to count, so this is the estimator of times alone.
[[nodiscard]] Result<std::vector<evaluate::Timed>> time_real_beacons(
    const std::filesystem::path& data, const CommonOptions& common);

}  // namespace dimout::app
