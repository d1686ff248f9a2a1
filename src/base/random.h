// Numbers that look random and are the same everywhere.
//
// The standard library's distributions differ between implementations, so a seed would not name one
// archive. Everything here is integer arithmetic: SplitMix64 to mix and to step.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace dimout {

/// One scrambled word; equal inputs give equal outputs.
[[nodiscard]] constexpr std::uint64_t mix(std::uint64_t word) {
    word += 0x9E3779B97F4A7C15ULL;
    word = (word ^ (word >> 30)) * 0xBF58476D1CE4E5B9ULL;
    word = (word ^ (word >> 27)) * 0x94D049BB133111EBULL;
    return word ^ (word >> 31);
}

template <typename... More>
[[nodiscard]] constexpr std::uint64_t mix(std::uint64_t first, std::uint64_t second, More... more) {
    return mix(mix(first) ^ second, static_cast<std::uint64_t>(more)...);
}

/// `word` brought into [0, limit) without division; `limit` > 0.
[[nodiscard]] constexpr std::uint32_t scaled(std::uint64_t word, std::uint32_t limit) {
    return static_cast<std::uint32_t>(((word >> 32) * limit) >> 32);
}

/// True for `percent` of all words.
[[nodiscard]] constexpr bool chance(std::uint64_t word, unsigned percent) {
    return scaled(word, 100) < percent;
}

class Random {
public:
    explicit constexpr Random(std::uint64_t seed) : state_(mix(seed)) {}

    constexpr std::uint64_t next() { return mix(state_++); }
    /// In [0, limit).
    constexpr std::uint32_t below(std::uint32_t limit) { return scaled(next(), limit); }
    /// In [low, high].
    constexpr std::uint32_t between(std::uint32_t low, std::uint32_t high) {
        return low + below(high - low + 1);
    }
    constexpr bool percent(unsigned share) { return chance(next(), share); }

    template <typename T>
    constexpr const T& pick(const std::vector<T>& choices) {
        return choices[below(static_cast<std::uint32_t>(choices.size()))];
    }

private:
    std::uint64_t state_;
};

}  // namespace dimout
