// What the world does wrong, as a value.
//
// Functions that can fail because of files, networks or users return Result<T>. Malformed input on
// the route path is counted instead (decode/errors.h); our own mistakes abort through DIMOUT_CHECK.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <expected>
#include <string>
#include <utility>

namespace dimout {

/// One sentence that says where, what, and what to do next. Ends with a full stop.
struct Error {
    std::string message;
};

template <typename T>
using Result = std::expected<T, Error>;

/// Shorthand for returning a failure: `return fail("manifest.json: no such file.");`
[[nodiscard]] inline std::unexpected<Error> fail(std::string message) {
    return std::unexpected(Error{std::move(message)});
}

[[noreturn]] inline void abort_because(const char* condition, const char* file, int line) {
    std::fprintf(stderr, "dimout: internal error: %s does not hold at %s:%d\n", condition, file,
                 line);
    std::abort();
}

}  // namespace dimout

/// Aborts in every build when we broke our own invariant. Never for input.
#define DIMOUT_CHECK(condition) \
    ((condition) ? static_cast<void>(0) : ::dimout::abort_because(#condition, __FILE__, __LINE__))
