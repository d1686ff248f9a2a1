// Texts and bytes that a registry can be made of, read as each of the forms: no crash, no endless
// loop.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "registry/as_names.h"
#include "registry/delegated.h"
#include "registry/groups.h"
#include "registry/packed.h"
#include "registry/range_list.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    using namespace dimout::registry;
    const std::string_view text(reinterpret_cast<const char*>(bytes), size);
    static_cast<void>(parse_delegated(text, "fuzz"));
    static_cast<void>(parse_range_list(text, "fuzz"));
    static_cast<void>(Groups::parse(text, "fuzz"));
    static_cast<void>(unpack(text));
    AsNames names;
    names.add_ranges(text);
    static_cast<void>(names.add_json(std::string(text), "fuzz"));
    names.finish();
    return 0;
}
