// Weak drops in several signals at once: all signals fused against each alone, against IODA's rule
// and against a seasonal ARIMA forecast, on the same counts.
#pragma once

#include "app/evaluate_run.h"
#include "app/evaluate_simulated.h"
#include "evaluate/score_card.h"

namespace dimout::app {

[[nodiscard]] evaluate::Section judge_weak_drops(const EvaluateScale& scale,
                                                 const CommonOptions& common);

}  // namespace dimout::app
