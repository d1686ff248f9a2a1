// A report as CommonMark with tables: for notes, issues and mail.
#pragma once

#include <string>

#include "present/report_text.h"

namespace dimout::present {

[[nodiscard]] std::string report_markdown(const Document& document);

}  // namespace dimout::present
