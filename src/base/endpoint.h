// Where a server listens: an address and a port, as a person writes them.
#pragma once

#include <cstdint>
#include <string>

#include "base/error.h"

namespace dimout {

struct Endpoint {
    std::string host;  ///< A numeric address, without brackets.
    std::uint16_t port = 0;

    /// Only this machine can reach it.
    [[nodiscard]] bool is_loopback() const;
};

/// `127.0.0.1:11019` or `[::1]:11019`. No names: what they mean may change.
[[nodiscard]] Result<Endpoint> parse_endpoint(const std::string& text);

}  // namespace dimout
