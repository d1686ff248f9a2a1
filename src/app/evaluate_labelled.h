// Real series that somebody labelled: the exam shutdowns of Iraq in 2023, an outage of Zhytomyr in
// 2022; whole, with signals taken away, and with samples missing.
#pragma once

#include <filesystem>

#include "app/evaluate_run.h"
#include "app/evaluate_simulated.h"
#include "evaluate/score_card.h"

namespace dimout::app {

/// Empty when the series are not below `data`.
[[nodiscard]] Result<std::vector<evaluate::Section>> judge_labelled_series(
    const EvaluateScale& scale, const std::filesystem::path& data, const WorkFolder& work,
    const CommonOptions& common);

}  // namespace dimout::app
