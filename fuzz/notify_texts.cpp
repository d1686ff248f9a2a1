// What a person types to be told of outages, and what an outbox finds on its disk: no crash, and
// what was read once is read again from what is written of it.
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/error.h"
#include "notify/address.h"
#include "notify/ledger.h"
#include "notify/quiet.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    using namespace dimout::notify;
    const std::string text(reinterpret_cast<const char*>(bytes), size);
    const auto address = parse_address(text);
    DIMOUT_CHECK(!address || (!address->name.empty() && !address->url.empty()));
    if (const auto quiet = parse_quiet_hours(text, "UTC"))
        static_cast<void>(quiet->holds(dimout::event_time(1'419'264'940)));
    static_cast<void>(parse_silence(text));
    if (const auto ledger = read_ledger(text)) {
        const auto again = read_ledger(ledger_text(*ledger));
        DIMOUT_CHECK(!again || again->entries.size() == ledger->entries.size());
    }
    return 0;
}
