#include "scenario/sessions.h"

#include <algorithm>

#include <fmt/format.h>

namespace dimout::scenario {
namespace {

/// Addresses for tests of networks, which nobody routes (RFC 2544, RFC 3849).
constexpr std::uint32_t kBenchmarkNet = 198U << 24 | 18U << 16;
constexpr std::uint64_t kDocumentationNet = 0x20010DB800000000ULL;

/// Of a thousand routes, how many even a full feed does not have.
constexpr std::uint32_t kMissedPerMille = 7;

Session make_session(const Peers& peers, Asn asn, std::uint16_t collector, std::uint16_t number,
                     const Internet& internet) {
    const Address v4 = Address::v4(kBenchmarkNet | (collector + 1U) << 8 | (number + 1U));
    const Address v6 = Address::v6(kDocumentationNet | (collector + 1U), number + 1U);
    return {.collector = collector,
            .number = number,
            .address = peers.v4 ? v4 : v6,
            .next_hop_v6 = v6,
            .asn = asn,
            .network = internet.network(asn),
            .percent = peers.percent,
            .v4 = peers.v4,
            .v6 = peers.v6,
            .two_octet = peers.two_octet};
}

}  // namespace

bool Session::carries(const Route& route, Asn origin) const {
    if (!(route.prefix.family == Family::v4 ? v4 : v6)) return false;
    if (percent < 100) return chance(mix(asn.value, origin.value, 1), percent);
    if (route.from_scenario) return true;
    return scaled(mix(asn.value, route.prefix.hi, route.prefix.length), 1000) >= kMissedPerMille;
}

std::vector<Session> make_sessions(const Scenario& scenario, const Internet& internet) {
    std::vector<Session> sessions;
    for (std::uint16_t collector = 0; collector < scenario.collectors.size(); ++collector) {
        std::uint16_t number = 0;
        for (const Peers& peers : scenario.peers) {
            if (peers.collector != scenario.collectors[collector].name) continue;
            for (const Asn asn : peers.asns) {
                sessions.push_back(make_session(peers, asn, collector, number++, internet));
            }
        }
    }
    return sessions;
}

std::vector<std::uint16_t> sessions_of(const Scenario& scenario,
                                       const std::vector<Session>& sessions,
                                       std::string_view source) {
    const std::string_view collector = source.substr(0, source.find('/'));
    std::vector<std::uint16_t> found;
    for (std::uint16_t i = 0; i < sessions.size(); ++i) {
        if (scenario.collectors[sessions[i].collector].name != collector) continue;
        const bool whole = source == collector;
        if (whole ||
            source.substr(collector.size() + 1) == fmt::format_int(sessions[i].asn.value).str()) {
            found.push_back(i);
        }
    }
    return found;
}

}  // namespace dimout::scenario
