// What this binary is made of, for --version and for nothing else.
#pragma once

#include <string>

namespace dimout::app {

/// Version, store format and the libraries, a line each.
[[nodiscard]] std::string version_text();

}  // namespace dimout::app
