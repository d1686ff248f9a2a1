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

/// The numbers of a level whose thresholds all agree, and any cover with strict: nothing else of it
/// is told. Nearly all are so, and need no walk over what follows from what.
constexpr std::array<std::uint8_t, 5> kHeads{0, 5, 20, 21, 22};
constexpr std::uint32_t kHeadBits = [] {
    std::uint32_t bits = 0;
    for (const std::uint8_t i : kHeads) bits |= 1U << i;
    return bits;
}();

bool is_plain(const Numbers& own) {
    std::uint64_t differ = 0;
    for (std::size_t i = 0; i < 5; ++i) {
        differ |= (own[i] ^ own[0]) | (own[5 + i] ^ own[5]);
        differ |= (own[10 + i] ^ own[0]) | (own[15 + i] ^ own[5]);
    }
    return differ == 0;
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
    const auto tell = [&](std::size_t i) {
        const std::uint64_t more = numbers[i] - guess(numbers, i);
        if (more == 0) return;
        mask |= 1U << i;
        to = pack_number(folded(more), to);
    };
    if (is_plain(own)) {
        for (const std::uint8_t i : kHeads) tell(i);
    } else {
        for (std::size_t i = 0; i < kNumbers; ++i) tell(i);
    }
    for (unsigned i = 0; i < 3; ++i) mask_place[i] = static_cast<std::uint8_t>(mask >> 8 * i);
    return to;
}

const std::uint8_t* unpack(const std::uint8_t* from, VisibilityLevel& level) {
    const std::uint32_t mask =
        std::uint32_t{from[0]} | std::uint32_t{from[1]} << 8 | std::uint32_t{from[2]} << 16;
    from += 3;
    const auto told = [&](std::size_t i) {
        std::uint64_t more = 0;
        if ((mask >> i & 1) != 0) from = unpack_number(from, more);
        return unfolded(more);
    };
    Numbers own{};
    if ((mask & ~kHeadBits) == 0) {
        const std::uint64_t addresses = told(0);
        const std::uint64_t blocks = told(5);
        for (std::size_t i = 0; i < 5; ++i) {
            own[i] = own[10 + i] = addresses;
            own[5 + i] = own[15 + i] = blocks;
        }
        own[20] = told(20);
        own[21] = addresses + told(21);
        own[22] = addresses + told(22);
    } else {
        Guessed numbers{};
        for (std::size_t i = 0; i < kNumbers; ++i) numbers[i] = guess(numbers, i) + told(i);
        for (std::size_t i = 0; i < kNumbers; ++i) own[i] = numbers[i];
    }
    level = std::bit_cast<VisibilityLevel>(own);
    return from;
}

}  // namespace dimout
