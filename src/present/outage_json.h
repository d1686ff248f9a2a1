// An outage as JSON: the contract of DESIGN §3, the same for the command line and the API.
#pragma once

#include "base/json.h"
#include "model/outage.h"
#include "present/explanation.h"
#include "present/naming.h"

namespace dimout::present {

/// Appends one object. What is not known is null or empty; the causes are null without `why`.
void write_outage(JsonWriter& json, const Outage& outage, const Naming& naming,
                  const Explanation* why = nullptr);

}  // namespace dimout::present
