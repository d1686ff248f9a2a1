// The parts of a report below its headline, appended block by block.
#pragma once

#include <vector>

#include "present/report_text.h"
#include "present/report_words.h"

namespace dimout::present {

void add_charts(std::vector<Block>& blocks, const ReportFacts& facts, const ReportWords& words);
void add_evidence(std::vector<Block>& blocks, const ReportFacts& facts, const ReportWords& words);
/// Tables, data sources, the commands that make it again, and how to cite it.
void add_raw(std::vector<Block>& blocks, const ReportFacts& facts, const ReportWords& words);

}  // namespace dimout::present
