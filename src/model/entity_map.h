// The question that signals ask of the registry: whose is this piece of address space?
#pragma once

#include <cstdint>
#include <vector>

#include "model/entity.h"
#include "model/prefix.h"

namespace dimout {

/// A run of addresses that belong to one country (or to nobody: code none).
/// For IPv4 the run is [first, last] as 32-bit words in the low half; for IPv6, /48 numbers (top 48
/// bits).
struct CountryRun {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    CountryCode country;
};

/// Supplied by `registry`, used by `signal`; immutable while a run uses it.
class EntityMap {
public:
    virtual ~EntityMap() = default;

    /// Appends to `runs` the countries of `prefix`, in order, without holes and exact to the
    /// address.
    virtual void countries_of(const Prefix& prefix, std::vector<CountryRun>& runs) const = 0;
    /// Appends the user's groups that hold `prefix` originated by `origin` (index into `groups()`).
    virtual void groups_of(const Prefix& prefix, Asn origin,
                           std::vector<std::uint32_t>& groups) const = 0;
    [[nodiscard]] virtual const std::vector<std::string>& groups() const = 0;
    /// Prefixes followed one by one (entities `prefix/…`), sorted.
    [[nodiscard]] virtual const std::vector<Prefix>& followed() const = 0;
    /// The continent of a country; none when unknown.
    [[nodiscard]] virtual CountryCode continent_of(CountryCode country) const = 0;
};

}  // namespace dimout
