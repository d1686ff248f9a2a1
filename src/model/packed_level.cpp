#include "model/packed_level.h"

#include <array>
#include <bit>

namespace dimout {
namespace {

constexpr std::size_t kNumbers = 23;
static_assert(sizeof(VisibilityLevel) == kNumbers * sizeof(std::uint64_t));
using Numbers = std::array<std::uint64_t, kNumbers>;
/// With a zero after them, for those that follow from nothing.
using Guessed = std::array<std::uint64_t, kNumbers + 1>;
constexpr std::uint8_t kZero = kNumbers;

/// A number is guessed as base + to - from.
struct Guess {
    std::uint8_t base = kZero;
    std::uint8_t to = kZero;
    std::uint8_t from = kZero;
};

/// In the order of the members of VisibilityLevel.
constexpr std::array<Guess, kNumbers> kGuesses = [] {
    constexpr std::uint8_t kList = 5;
    std::array<Guess, kNumbers> guesses{};
    for (std::uint8_t i = 0; i < 4 * kList; ++i) {
        const bool any_cover = i >= 2 * kList;
        const auto strict = static_cast<std::uint8_t>(i - 2 * kList);
        if (i % kList == 0) {
            if (any_cover) guesses[i].base = strict;
            continue;
        }
        guesses[i].base = static_cast<std::uint8_t>(i - 1);
        if (!any_cover) continue;
        guesses[i].to = strict;
        guesses[i].from = static_cast<std::uint8_t>(strict - 1);
    }
    // Votes follow from nothing; carried and known from the addresses.
    guesses[21].base = 0;
    guesses[22].base = 0;
    return guesses;
}();

std::uint64_t guess(const Guessed& numbers, std::size_t i) {
    const Guess& from = kGuesses[i];
    return numbers[from.base] + numbers[from.to] - numbers[from.from];
}

/// Small numbers of either sign become small ones.
std::uint64_t folded(std::uint64_t number) { return number << 1 ^ (0 - (number >> 63)); }
std::uint64_t unfolded(std::uint64_t number) { return number >> 1 ^ (0 - (number & 1)); }

}  // namespace

std::uint8_t* pack_number(std::uint64_t number, std::uint8_t* to) {
    for (; number >= 0x80; number >>= 7) *to++ = static_cast<std::uint8_t>(number | 0x80);
    *to++ = static_cast<std::uint8_t>(number);
    return to;
}

const std::uint8_t* unpack_number(const std::uint8_t* from, std::uint64_t& number) {
    number = *from & 0x7F;
    for (unsigned shift = 7; (*from++ & 0x80) != 0; shift += 7)
        number |= std::uint64_t{*from & 0x7FU} << shift;
    return from;
}

std::uint8_t* pack(const VisibilityLevel& level, std::uint8_t* to) {
    const auto own = std::bit_cast<Numbers>(level);
    Guessed numbers{};
    for (std::size_t i = 0; i < kNumbers; ++i) numbers[i] = own[i];
    std::uint8_t* const mask_place = to;
    to += 3;
    std::uint32_t mask = 0;
    for (std::size_t i = 0; i < kNumbers; ++i) {
        const std::uint64_t more = numbers[i] - guess(numbers, i);
        if (more == 0) continue;
        mask |= 1U << i;
        to = pack_number(folded(more), to);
    }
    for (unsigned i = 0; i < 3; ++i) mask_place[i] = static_cast<std::uint8_t>(mask >> 8 * i);
    return to;
}

const std::uint8_t* unpack(const std::uint8_t* from, VisibilityLevel& level) {
    const std::uint32_t mask =
        std::uint32_t{from[0]} | std::uint32_t{from[1]} << 8 | std::uint32_t{from[2]} << 16;
    from += 3;
    Guessed numbers{};
    for (std::size_t i = 0; i < kNumbers; ++i) {
        std::uint64_t more = 0;
        if ((mask >> i & 1) != 0) from = unpack_number(from, more);
        numbers[i] = guess(numbers, i) + unfolded(more);
    }
    Numbers own{};
    for (std::size_t i = 0; i < kNumbers; ++i) own[i] = numbers[i];
    level = std::bit_cast<VisibilityLevel>(own);
    return from;
}

}  // namespace dimout
