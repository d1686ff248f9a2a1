// An outage in the words of those who keep lists by hand: KeepItOn's columns and Radar's cause.
//
// What others must judge stays empty: who ordered it, what the law says, and why. The official
// justification is a column of its own and is never filled from an assessed cause.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "present/report_facts.h"

namespace dimout::present {

/// Column and value, in KeepItOn's order; `radar_cause` is the last and is ours.
using KeepItOnRow = std::vector<std::pair<std::string, std::string>>;
[[nodiscard]] KeepItOnRow keepiton(const ReportFacts& facts);

/// CSV (RFC 4180) of one row with its head.
[[nodiscard]] std::string keepiton_csv(const ReportFacts& facts);

}  // namespace dimout::present
