// The five regional registries that hand out addresses, and sets of them.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace dimout::registry {

enum class Rir : std::uint8_t { Afrinic, Apnic, Arin, Lacnic, Ripencc };

inline constexpr std::array<Rir, 5> kAllRirs{Rir::Afrinic, Rir::Apnic, Rir::Arin, Rir::Lacnic,
                                             Rir::Ripencc};

/// As the registry writes itself in its files: `ripencc`.
[[nodiscard]] std::string_view file_name_of(Rir rir);
/// As people write it: `RIPE NCC`.
[[nodiscard]] std::string_view display_name(Rir rir);
/// From the name in files; empty for `iana`, `nro` and strangers.
[[nodiscard]] std::optional<Rir> parse_rir(std::string_view file_name);

/// A set of registries; small enough to pass by value.
class RirSet {
public:
    constexpr RirSet() = default;
    [[nodiscard]] static constexpr RirSet all() {
        RirSet set;
        for (const Rir rir : kAllRirs) set.add(rir);
        return set;
    }
    constexpr void add(Rir rir) { bits_ = static_cast<std::uint8_t>(bits_ | bit(rir)); }
    [[nodiscard]] constexpr bool holds(Rir rir) const { return (bits_ & bit(rir)) != 0; }
    [[nodiscard]] constexpr bool empty() const { return bits_ == 0; }

    bool operator==(const RirSet&) const = default;

private:
    static constexpr std::uint8_t bit(Rir rir) {
        return static_cast<std::uint8_t>(1U << static_cast<unsigned>(rir));
    }

    std::uint8_t bits_ = 0;
};

}  // namespace dimout::registry
