#include "decode/text_buffer.h"

#include <algorithm>
#include <array>

namespace dimout::decode {

namespace {

/// The decimal text of an octet and how long it is.
struct OctetText {
    std::array<char, 3> text{};
    std::uint8_t size = 0;
};

constexpr std::array<OctetText, 256> kOctets = [] {
    std::array<OctetText, 256> all{};
    for (unsigned octet = 0; octet < 256; ++octet) {
        OctetText& entry = all[octet];
        if (octet >= 100) entry.text[entry.size++] = static_cast<char>('0' + octet / 100);
        if (octet >= 10) entry.text[entry.size++] = static_cast<char>('0' + octet / 10 % 10);
        entry.text[entry.size++] = static_cast<char>('0' + octet % 10);
    }
    return all;
}();

/// "00" to "99".
constexpr std::array<std::array<char, 2>, 100> kPairs = [] {
    std::array<std::array<char, 2>, 100> all{};
    for (unsigned i = 0; i < 100; ++i)
        all[i] = {static_cast<char>('0' + i / 10), static_cast<char>('0' + i % 10)};
    return all;
}();

/// The first number that has more than so many digits.
constexpr std::array<std::uint32_t, 10> kBeyond{
    10, 100, 1000, 10'000, 100'000, 1'000'000, 10'000'000, 100'000'000, 1'000'000'000, ~0U};

struct Run {
    unsigned begin = 0;
    unsigned length = 0;
};

/// The first of the longest runs of zeros.
Run longest_zeros(const std::array<std::uint16_t, 8>& words) {
    Run best;
    for (unsigned begin = 0; begin < 8;) {
        unsigned end = begin;
        while (end < 8 && words[end] == 0) ++end;
        if (end - begin > best.length) best = {.begin = begin, .length = end - begin};
        begin = end + 1;
    }
    return best;
}

}  // namespace

void TextBuffer::grow(std::size_t wanted) {
    const std::size_t capacity = std::max(capacity_ * 2, size_ + wanted);
    std::unique_ptr<char[]> larger(new char[capacity]);
    std::memcpy(larger.get(), text_.get(), size_);
    text_ = std::move(larger);
    capacity_ = capacity;
}

char* TextBuffer::put_number(char* at, std::uint32_t number) {
    std::size_t digits = 1;
    while (digits < kBeyond.size() && number >= kBeyond[digits - 1]) ++digits;
    char* const end = at + digits;
    char* to = end;
    while (number >= 100) {
        to -= 2;
        std::memcpy(to, kPairs[number % 100].data(), 2);
        number /= 100;
    }
    if (number >= 10)
        std::memcpy(to - 2, kPairs[number].data(), 2);
    else
        *(to - 1) = static_cast<char>('0' + number);
    return end;
}

TextBuffer& TextBuffer::append_padded(unsigned number, unsigned width) {
    char digits[kNumberMax];
    const auto length =
        static_cast<std::size_t>(std::to_chars(digits, digits + kNumberMax, number).ptr - digits);
    for (std::size_t i = length; i < width; ++i) append('0');
    return append(std::string_view(digits, length));
}

TextBuffer& TextBuffer::append_hex(std::uint8_t octet) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    return append(kDigits[octet >> 4]).append(kDigits[octet & 15]);
}

TextBuffer& TextBuffer::append_v4(std::uint32_t word) {
    char* const begin = room(16);
    char* at = begin;
    for (int shift = 24; shift >= 0; shift -= 8) {
        const OctetText& octet = kOctets[word >> shift & 0xFF];
        std::memcpy(at, octet.text.data(), 3);
        at += octet.size;
        *at++ = '.';
    }
    size_ += static_cast<std::size_t>(at - 1 - begin);
    return *this;
}

TextBuffer& TextBuffer::append(const Address& address) {
    return address.family == Family::v4 ? append_v4(address.v4_word()) : append_v6(address);
}

TextBuffer& TextBuffer::append_v6(const Address& address) {
    std::array<std::uint16_t, 8> words{};
    for (unsigned i = 0; i < 8; ++i) {
        words[i] =
            static_cast<std::uint16_t>((i < 4 ? address.hi : address.lo) >> (48 - 16 * (i & 3)));
    }
    const Run zeros = longest_zeros(words);
    const bool mapped =
        zeros.begin == 0 && (zeros.length == 6 || (zeros.length == 5 && words[5] == 0xFFFF));
    const unsigned last = mapped ? 6 : 8;
    char* const begin = room(48);
    char* at = begin;
    for (unsigned i = 0; i < last;) {
        if (zeros.length > 0 && i == zeros.begin) {
            *at++ = ':';
            if (i + zeros.length >= last) *at++ = ':';
            i += zeros.length;
            continue;
        }
        if (i != 0) *at++ = ':';
        at = std::to_chars(at, at + 5, static_cast<unsigned>(words[i]), 16).ptr;
        ++i;
    }
    size_ += static_cast<std::size_t>(at - begin);
    if (!mapped) return *this;
    if (*(at - 1) != ':') append(':');
    return append_v4(static_cast<std::uint32_t>(address.lo));
}

}  // namespace dimout::decode
