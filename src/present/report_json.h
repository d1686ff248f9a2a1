// The facts of a report as JSON (docs/reference/report.md).
#pragma once

#include <string>

#include "present/report_facts.h"

namespace dimout::present {

/// One object. Every number that a report shows in any language is in it.
[[nodiscard]] std::string report_json(const ReportFacts& facts);

}  // namespace dimout::present
