// Any bytes as a log, a bin of it, a manifest or a line of outages: read or refused, never believed
// in part.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/error.h"
#include "store/log_file.h"
#include "store/manifest.h"
#include "store/text.h"
#include "store/wire.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    using namespace dimout::store;
    const std::string_view text(reinterpret_cast<const char*>(bytes), size);
    if (const auto scan = scan_log(text, 1, "fuzz")) DIMOUT_CHECK(scan->whole_bytes <= size);
    BinRecord record;
    if (read_bin(text, record)) DIMOUT_CHECK(record.rows.size() <= size);
    static_cast<void>(fingerprint_holds(text));
    static_cast<void>(parse_gap(text));
    static_cast<void>(parse_manifest(text, "fuzz"));
    if (const auto outage = parse_outage(text)) DIMOUT_CHECK(!outage_text(*outage).empty());
    return 0;
}
