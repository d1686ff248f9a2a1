// Tables that the build put into the program (see embed/).
#pragma once

#include <string_view>

namespace dimout::registry {

/// Lines `code|name|continent|zone,zone|registry`, by code.
[[nodiscard]] std::string_view embedded_names();
/// A packed country map (packed.h); empty when the build had none.
[[nodiscard]] std::string_view embedded_ranges();

}  // namespace dimout::registry
