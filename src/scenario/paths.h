// Which path a peer sees to a network: a pure function, so that no path is ever stored.
//
// From the origin it climbs provider by provider to the top, or to where the peer is connected;
// from the peer one step up to the top; the two meet. Usual length: three to six hops. A cell's
// salt picks among the possible providers, and its option is what an event changed.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "scenario/internet.h"
#include "scenario/sessions.h"

namespace dimout::scenario {

/// How a peer has a route: salt in the low byte, option in the high byte.
using Cell = std::uint16_t;
inline constexpr Cell kAbsent = 0xFFFF;
inline constexpr unsigned kFirstDetour =
    200;  ///< Salts from here on are longer paths, tried in distress.

[[nodiscard]] constexpr Cell cell_of(unsigned option, unsigned salt) {
    return static_cast<Cell>(option << 8 | salt);
}

/// What an event made of a route. Option 0 is the world as it began.
struct PathOption {
    enum class Kind : std::uint8_t { AsBefore, Upstream, Origin };

    Kind kind = Kind::AsBefore;
    NetworkIndex network = 0;
};

class Paths {
public:
    Paths(const Internet& internet, std::vector<PathOption> options)
        : internet_(internet), options_(std::move(options)) {}

    /// AS numbers from the peer to the origin. Valid until the next call.
    std::span<const std::uint32_t> path(const Session& session, NetworkIndex network, Cell cell);

private:
    void climb(const Session& session, NetworkIndex network, Cell cell);
    void descend(const Session& session, NetworkIndex network, unsigned salt);
    [[nodiscard]] NetworkIndex choose(NetworkIndex from, std::uint64_t word) const;
    [[nodiscard]] std::uint32_t asn(NetworkIndex network) const {
        return internet_.networks()[network].asn.value;
    }

    const Internet& internet_;
    std::vector<PathOption> options_;
    std::vector<NetworkIndex> chain_;  ///< From the origin upward.
    bool meets_peer_ = false;
    std::vector<std::uint32_t> path_;
};

}  // namespace dimout::scenario
