// An outage as JSON: the contract of DESIGN §3, the same for the command line and the API.
#pragma once

#include "base/json.h"
#include "model/outage.h"
#include "present/naming.h"

namespace dimout::present {

/// Appends one object. What is not known, and what this version does not assess
/// yet (causes), is null or empty.
void write_outage(JsonWriter& json, const Outage& outage, const Naming& naming);

}  // namespace dimout::present
