// A report as one page that stands alone: nothing is fetched, nothing needs a script, and what a
// script adds is the reader's own clock. Light and dark, phone and paper, either direction.
#pragma once

#include <string>

#include "present/report_text.h"

namespace dimout::present {

[[nodiscard]] std::string report_html(const Document& document, const ReportFacts& facts);

}  // namespace dimout::present
