// Any text is a scenario or an error with a sentence in it; a scenario prints to itself.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "scenario/scenario.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace dimout;
    const auto scenario = scenario::parse({reinterpret_cast<const char*>(data), size}, "fuzz");
    if (!scenario) {
        DIMOUT_CHECK(!scenario.error().message.empty());
        return 0;
    }
    const auto again = scenario::parse(scenario::print(*scenario), "printed");
    DIMOUT_CHECK(again && *again == *scenario);
    return 0;
}
