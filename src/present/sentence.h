// One outage in one correct, hedged sentence that a person can quote.
#pragma once

#include <string>

#include "model/outage.h"
#include "present/naming.h"

namespace dimout::present {

/// Says who, how much of how much, when (UTC and local), for how long, seen by how many of how
/// many; and, when it was not confirmed, that it was not. Never a cause, never a motive.
[[nodiscard]] std::string sentence(const Outage& outage, const Naming& naming);

}  // namespace dimout::present
