// Outages as a table for the terminal.
#pragma once

#include <span>
#include <string>

#include "model/outage.h"
#include "present/naming.h"

namespace dimout::present {

/// A header, one line an outage, and under it its phases. Empty input gives a line that says so.
[[nodiscard]] std::string outage_table(std::span<const Outage> outages, const Naming& naming);

}  // namespace dimout::present
