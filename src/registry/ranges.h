// Countries by address, exact to the address: sorted disjoint runs of each family.
//
// IPv4 runs are of 32-bit words, IPv6 runs of /48 numbers (the top 48 bits). A lookup is one binary
// search plus the runs that it yields; 16 and 24 bytes a run matter less than that they lie side by
// side.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "model/entity_map.h"

namespace dimout::registry {

/// Codes that files use for space that belongs to no country: EU, AP (regions) and ZZ (nobody).
[[nodiscard]] constexpr bool is_country(CountryCode code) {
    return !code.none() && code != CountryCode::of('E', 'U') && code != CountryCode::of('A', 'P') &&
           code != CountryCode::of('Z', 'Z');
}

/// Somebody says that [first, last] is `country`'s. The lower `priority` wins where claims overlap,
/// then the narrower claim, then the lower code: never the order in which claims came.
struct Claim {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    CountryCode country;
    std::uint32_t priority = 0;
};

/// Turns overlapping claims into sorted disjoint runs, neighbours of one country joined. O(n log
/// n).
[[nodiscard]] std::vector<CountryRun> settle(std::vector<Claim> claims);

/// From runs of /64 numbers to runs of /48 numbers: a shared /48 goes to who holds most of it.
[[nodiscard]] std::vector<CountryRun> widen_to_48(std::span<const CountryRun> runs);

class CountryRanges {
public:
    CountryRanges() = default;
    /// Both must be sorted and disjoint; `v6` is of /48 numbers.
    CountryRanges(std::vector<CountryRun> v4, std::vector<CountryRun> v6);

    /// Appends the runs of `prefix`, in order and without holes. Space of nobody has code none. A
    /// prefix longer than /48 yields its /48.
    void countries_of(const Prefix& prefix, std::vector<CountryRun>& runs) const;
    /// None when it is no country's.
    [[nodiscard]] CountryCode country_of(const Address& address) const;
    [[nodiscard]] std::span<const CountryRun> runs(Family family) const {
        return family == Family::v4 ? v4_ : v6_;
    }

private:
    std::vector<CountryRun> v4_;
    std::vector<CountryRun> v6_;
};

/// What one source says that a country has: IPv4 addresses and IPv6 /48s.
struct CountrySize {
    CountryCode country;
    std::uint64_t v4 = 0;
    std::uint64_t v6 = 0;

    bool operator==(const CountrySize&) const = default;
};

/// Of every country that has any, by code. Linear.
[[nodiscard]] std::vector<CountrySize> sizes_of(const CountryRanges& ranges);

/// Collects claims from several sources.
class RangeBuilder {
public:
    /// `first` and `last` are of one family, in order; otherwise nothing is added and the answer is
    /// false.
    bool add(const Address& first, const Address& last, CountryCode country,
             std::uint32_t priority);
    [[nodiscard]] CountryRanges finish() &&;

private:
    std::vector<Claim> v4_;
    std::vector<Claim> v6_;  ///< In /64 numbers.
};

}  // namespace dimout::registry
