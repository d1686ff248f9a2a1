#include "store/session_numbers.h"

#include <fmt/format.h>

#include <algorithm>

namespace dimout::store {

void SessionNumbers::learn(const RunFacts& facts) {
    for (const std::string& collector : facts.collectors) {
        if (std::ranges::find(facts_.collectors, collector) == facts_.collectors.end())
            facts_.collectors.push_back(collector);
    }
    for (const PeerRow& peer : facts.peers) {
        const auto next = static_cast<std::uint16_t>(facts_.peers.size());
        spell(peer.collector, to_string(peer.address), peer.asn.value);
        if (!numbers_.try_emplace(key_, PeerId{next}).second) continue;
        facts_.peers.push_back(peer);
        const auto found = std::ranges::find(facts_.collectors, peer.collector);
        collectors_.push_back(
            CollectorId{static_cast<std::uint16_t>(found - facts_.collectors.begin())});
    }
}

PeerId SessionNumbers::find(std::string_view collector, std::string_view address,
                            std::uint64_t asn) const {
    spell(collector, address, asn);
    const auto found = numbers_.find(key_);
    return found == numbers_.end() ? PeerId{} : found->second;
}

void SessionNumbers::spell(std::string_view collector, std::string_view address,
                           std::uint64_t asn) const {
    key_.assign(collector);
    key_ += ' ';
    key_ += address;
    fmt::format_to(std::back_inserter(key_), " {}", asn);
}

}  // namespace dimout::store
