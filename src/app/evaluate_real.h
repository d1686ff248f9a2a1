// Injections into real tables: a real RIB first, then updates that we write, in which real routes
// of real networks go and come back. The tables are real; the outages are not, and are called so.
#pragma once

#include <filesystem>

#include "app/evaluate_simulated.h"

namespace dimout::app {

struct RealScores {
    Scores outages;
    Scores harmless;
};

/// Tables that are not below `data` are left out.
[[nodiscard]] Result<RealScores> score_real_tables(const EvaluateScale& scale,
                                                   const std::filesystem::path& data,
                                                   const WorkFolder& work,
                                                   const CommonOptions& common);

}  // namespace dimout::app
