// Outages, gaps and facts as JSON text: lines of outages.ndjson, payloads of the log, parts of the
// manifest.
//
// Every field of the value is written and read back exactly; what this program does not know is
// skipped.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "base/json.h"
#include "store/rows.h"

namespace dimout {
class JsonValue;
}

namespace dimout::store {

/// One line, without its end.
[[nodiscard]] std::string outage_text(const Outage& outage);
[[nodiscard]] Result<Outage> parse_outage(std::string_view text);

[[nodiscard]] std::string gap_text(const GapRow& gap);
[[nodiscard]] Result<GapRow> parse_gap(std::string_view text);

void write_facts(JsonWriter& json, const RunFacts& facts);
[[nodiscard]] std::string facts_text(const RunFacts& facts);
[[nodiscard]] Result<RunFacts> parse_facts(std::string_view text);
/// Out of a larger document (base/json_value.h).
[[nodiscard]] RunFacts read_facts(const JsonValue& value);

/// The sorted union; a peer's marks are true when either says so.
[[nodiscard]] RunFacts merge(const RunFacts& one, const RunFacts& other);

}  // namespace dimout::store
