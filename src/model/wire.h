// Bytes in network order, appended.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "model/prefix.h"

namespace dimout {

class Wire {
public:
    [[nodiscard]] Bytes bytes() const { return bytes_; }
    [[nodiscard]] std::size_t size() const { return bytes_.size(); }
    void clear() { bytes_.clear(); }

    void u8(std::uint64_t value) { bytes_.push_back(static_cast<std::uint8_t>(value)); }
    void u16(std::uint64_t value) { number(value, 2); }
    void u32(std::uint64_t value) { number(value, 4); }
    void u64(std::uint64_t value) { number(value, 8); }
    void append(Bytes bytes) { bytes_.insert(bytes_.end(), bytes.begin(), bytes.end()); }
    void text(std::string_view text) { bytes_.insert(bytes_.end(), text.begin(), text.end()); }
    void fill(std::size_t count, std::uint8_t value) { bytes_.insert(bytes_.end(), count, value); }

    /// 4 or 16 octets.
    void address(const Address& address) {
        number(address.hi >> 32, 4);
        if (address.family == Family::v4) return;
        number(address.hi & UINT32_MAX, 4);
        number(address.lo >> 32, 4);
        number(address.lo & UINT32_MAX, 4);
    }

    /// Length in bits and as many octets as it takes (RFC 4271 §4.3).
    void prefix(const Prefix& prefix) {
        u8(prefix.length);
        for (unsigned bit = 0; bit < prefix.length; bit += 8) {
            u8((bit < 64 ? prefix.hi >> (56 - bit) : prefix.lo >> (120 - bit)) & 0xFF);
        }
    }

    /// Leaves room for a length of two octets and returns its place, for `close`.
    [[nodiscard]] std::size_t open() {
        u16(0);
        return size();
    }
    /// Writes into the room how many bytes have followed it, and `more`.
    void close(std::size_t begin, std::size_t more = 0) {
        const std::size_t length = size() - begin + more;
        bytes_[begin - 2] = static_cast<std::uint8_t>(length >> 8);
        bytes_[begin - 1] = static_cast<std::uint8_t>(length);
    }

private:
    void number(std::uint64_t value, unsigned octets) {
        while (octets-- > 0) u8(value >> (8 * octets) & 0xFF);
    }

    std::vector<std::uint8_t> bytes_;
};

}  // namespace dimout
