// The numbers of collectors and sessions that rows name by text. Who is known keeps his number when
// others are learnt.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <string>
#include <string_view>

#include "store/rows.h"

namespace dimout::store {

class SessionNumbers {
public:
    /// Behind those that are known already.
    void learn(const RunFacts& facts);

    [[nodiscard]] const RunFacts& facts() const { return facts_; }
    /// 0 for one that was never learnt.
    [[nodiscard]] PeerId find(std::string_view collector, std::string_view address,
                              std::uint64_t asn) const;
    [[nodiscard]] Asn asn(PeerId session) const { return facts_.peers.at(index(session)).asn; }
    [[nodiscard]] CollectorId collector(PeerId session) const {
        return collectors_.at(index(session));
    }

private:
    /// Into `key_`, which saves a million rows as many allocations.
    void spell(std::string_view collector, std::string_view address, std::uint64_t asn) const;

    RunFacts facts_;
    std::vector<CollectorId> collectors_;  ///< By session.
    boost::unordered_flat_map<std::string, PeerId> numbers_;
    mutable std::string key_;
};

}  // namespace dimout::store
