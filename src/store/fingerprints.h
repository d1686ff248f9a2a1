// What was appended as which bin: asked when a rerun brings a bin that is there already.
//
// Bins of the log and of this process are held (16 bytes each); those of a segment are read when a
// rerun first comes to it.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <optional>

#include "store/compactor.h"

namespace dimout::store {

class Fingerprints {
public:
    void add(const BinRow& bin) { held_[bin.bin.index] = bin.fingerprint; }
    /// Empty when the store has no such bin.
    [[nodiscard]] Result<std::optional<std::uint64_t>> of(Bin bin, Compactor& compactor,
                                                          const std::string& folder);

private:
    [[nodiscard]] Result<void> load(const Segment& segment, Compactor& compactor,
                                    const std::string& folder);

    boost::unordered_flat_map<std::int64_t, std::uint64_t> held_;
    boost::unordered_flat_map<std::int64_t, std::uint64_t> segment_;
    std::string segment_name_;
};

}  // namespace dimout::store
