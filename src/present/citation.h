// How to cite a report: which outage, in which revision, as known when, by which version, from
// whose data. In English, as citations are.
#pragma once

#include <string>

#include "present/report_facts.h"

namespace dimout::present {

struct Citation {
    std::string text;
    std::string bibtex;
    std::string csl;  ///< An array of one item, as CSL-JSON has it.
};

[[nodiscard]] Citation cite(const ReportFacts& facts);

}  // namespace dimout::present
