// A chart of a report as SVG that needs no script: phases shaded, gaps grey and hatched.
#pragma once

#include <string>

#include "present/report_text.h"

namespace dimout::present {

/// For XML and HTML; isolates become `bdi` elements when `marks` says so, else they are dropped.
enum class Isolates { AsElements, Dropped };
[[nodiscard]] std::string escaped(std::string_view text, Isolates isolates);

/// Colours are those of the page's style sheet, so that light and dark suit it. Ids end in
/// `number`.
[[nodiscard]] std::string chart_svg(const ReportFacts& facts, const Figure& figure,
                                    std::size_t number);

}  // namespace dimout::present
