// "Who withdrew?" against invented Internets in which one link is cut.
#pragma once

#include "app/commands.h"
#include "app/evaluate_simulated.h"
#include "evaluate/score_card.h"

namespace dimout::app {

/// 500 cuts, 50 when quick; then as many among ten times the noise.
[[nodiscard]] evaluate::Section judge_withdrawals(const EvaluateScale& scale,
                                                  const CommonOptions& common);

}  // namespace dimout::app
