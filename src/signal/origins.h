// Origins of prefixes, each distinct set stored once.
//
// Nearly every prefix has one origin and so have its paths; several (MOAS, or an AS_SET) are a set.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <span>
#include <vector>

#include "model/as_path.h"

namespace dimout::signal {

/// Handle of a set of origins. 0 is the empty set.
enum class OriginsId : std::uint32_t {};

class OriginPool {
public:
    OriginPool() { sets_.push_back({}); }

    /// The set that a path ends in.
    [[nodiscard]] OriginsId of(AsPath path);
    /// `origins` in any order, with doubles.
    [[nodiscard]] OriginsId intern(std::vector<Asn>& origins);
    [[nodiscard]] std::span<const Asn> origins(OriginsId id) const {
        return sets_[static_cast<std::uint32_t>(id)];
    }
    [[nodiscard]] bool is_single(OriginsId id) const { return origins(id).size() == 1; }
    /// Whether two sets have an origin in common.
    [[nodiscard]] bool share_origin(OriginsId left, OriginsId right) const;

private:
    struct Hash {
        std::size_t operator()(const std::vector<Asn>& origins) const;
    };

    std::vector<std::vector<Asn>> sets_;  ///< Each ascending.
    boost::unordered_flat_map<std::uint32_t, OriginsId> singles_;
    boost::unordered_flat_map<std::vector<Asn>, OriginsId, Hash> several_;
    std::vector<Asn> scratch_;
};

}  // namespace dimout::signal
