// Causes against labels that people gave: the evidence model fitted without the country that it
// judges, beside the prior and simpler models.
#pragma once

#include <filesystem>
#include <optional>

#include "app/commands.h"
#include "app/evaluate_simulated.h"
#include "base/error.h"
#include "evaluate/score_card.h"

namespace dimout::app {

/// What a run of it adds to the log.
struct CauseRun {
    std::string commit{};
    std::optional<std::filesystem::path> log{};  ///< One line of JSON is appended.
};

/// Empty when the curated list of IODA is not under `data`.
[[nodiscard]] Result<std::optional<evaluate::Section>> judge_causes(
    const EvaluateScale& scale, const std::filesystem::path& data, const CauseRun& run,
    const CommonOptions& common);

}  // namespace dimout::app
