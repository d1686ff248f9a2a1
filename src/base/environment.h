// What the shell that started us set.
#pragma once

#include <cstdlib>
#include <optional>
#include <string>

namespace dimout {

/// Empty when it is not set. Safe in any thread: nobody here changes the environment.
[[nodiscard]] inline std::optional<std::string> environment(const char* name) {
    const char* const value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe)
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

}  // namespace dimout
