// Counts against what theory allows: how soon a trickle's end is called, how often it is called for
// nothing, whether p is uniform when all is well.
#pragma once

#include "app/evaluate_run.h"
#include "app/evaluate_simulated.h"
#include "evaluate/score_card.h"

namespace dimout::app {

/// 2 to 600 requests an hour, steady and with a day of 3 to 1, going dark or losing half; and a
/// million bins of each in which nothing happens.
[[nodiscard]] evaluate::Section judge_traffic(const EvaluateScale& scale,
                                              const CommonOptions& common);

/// Randomised p-values of a hundred seeds under the null.
[[nodiscard]] evaluate::Section judge_p_values(const EvaluateScale& scale,
                                               const CommonOptions& common);

}  // namespace dimout::app
