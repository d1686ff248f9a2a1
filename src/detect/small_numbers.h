// Exact chances for entities of a few units: how often would as much be lost at once by chance?
//
// Units (prefixes, addresses, hosts) that hang on the same line, upstream or router fall together:
// they are one *fate*, and a network of four prefixes behind one provider has one chance to fail,
// not four. Fates fail independently, each with the rate that history showed; that rate is
// integrated out (Jeffreys' prior), because a history without any failure does not prove a rate
// of 0. Which fates fail is enumerated, so nothing is approximated, and where even the loss of
// everything is not rare enough the answer is that no count of units can raise an alarm here.
//
// O(fates² × units); more than 64 fates are merged, the smallest first, into as many: fewer fates
// fall together more easily, so the chance gets larger, never smaller.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace dimout::detect {

/// What was seen of such fates before.
struct FateHistory {
    double failures = 0;  ///< Fates that failed, summed over the samples.
    double trials = 0;    ///< Fates × samples.
};

class SmallNumbers {
public:
    /// `fates`: how many units each has; none is 0.
    SmallNumbers(std::span<const std::uint32_t> fates, const FateHistory& history);

    [[nodiscard]] std::uint32_t units() const { return units_; }
    [[nodiscard]] std::size_t fates() const { return fates_; }
    /// P(at least `lost` units are lost in one sample).
    [[nodiscard]] double chance_of_losing(std::uint32_t lost) const;
    /// The least p that this entity can ever show: all of it gone.
    [[nodiscard]] double least_chance() const { return chance_of_losing(units_); }
    /// The fewest lost units that are at most as likely as `p`; empty when not even all are.
    [[nodiscard]] std::optional<std::uint32_t> fewest_below(double p) const;

private:
    std::vector<double> at_least_;  ///< By lost units.
    std::uint32_t units_ = 0;
    std::size_t fates_ = 0;
};

}  // namespace dimout::detect
