#include "registry/embedded.h"

// Defined in embed/embed.S around the files that embed/make_tables.cpp wrote.
extern "C" {
extern const char dimout_names_begin[];   // NOLINT(modernize-avoid-c-arrays)
extern const char dimout_names_end[];     // NOLINT(modernize-avoid-c-arrays)
extern const char dimout_ranges_begin[];  // NOLINT(modernize-avoid-c-arrays)
extern const char dimout_ranges_end[];    // NOLINT(modernize-avoid-c-arrays)
}

namespace dimout::registry {

std::string_view embedded_names() { return {dimout_names_begin, dimout_names_end}; }

std::string_view embedded_ranges() { return {dimout_ranges_begin, dimout_ranges_end}; }

}  // namespace dimout::registry
