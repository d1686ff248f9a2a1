// The peers of all collectors, numbered, and which part of the table each tells.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "model/prefix.h"
#include "scenario/internet.h"

namespace dimout::scenario {

struct Session {
    std::uint16_t collector = 0;  ///< Index into Scenario::collectors.
    std::uint16_t number = 0;     ///< Within its collector: its place in the peer index table.
    Address address;
    Address next_hop_v6;
    Asn asn;
    NetworkIndex network = 0;
    unsigned percent = 100;
    bool v4 = true;
    bool v6 = true;
    bool two_octet = false;

    [[nodiscard]] Address next_hop(Family family) const {
        return family == Family::v4 ? address : next_hop_v6;
    }

    /// Whether the peer tells this route at all when it is there.
    [[nodiscard]] bool carries(const Route& route, Asn origin) const;
};

/// By collector, then in the order of the scenario's lines.
[[nodiscard]] std::vector<Session> make_sessions(const Scenario& scenario,
                                                 const Internet& internet);

/// The sessions that `rv-a` or `rv-a/500101` names.
[[nodiscard]] std::vector<std::uint16_t> sessions_of(const Scenario& scenario,
                                                     const std::vector<Session>& sessions,
                                                     std::string_view source);

}  // namespace dimout::scenario
