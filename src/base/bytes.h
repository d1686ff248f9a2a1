// A cursor over borrowed bytes in network order.
//
// Reading past the end never happens: the cursor turns `ok() == false`, yields zeros from then on,
// and the caller checks once at the end of a structure instead of before each field. `need` and
// `have` of the first failure are kept for the error message.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace dimout {

using Bytes = std::span<const std::uint8_t>;

class Cursor {
public:
    explicit constexpr Cursor(Bytes bytes) : bytes_(bytes) {}

    [[nodiscard]] constexpr bool ok() const { return !failed_; }
    [[nodiscard]] constexpr bool empty() const { return position_ == bytes_.size(); }
    [[nodiscard]] constexpr std::size_t left() const { return bytes_.size() - position_; }
    [[nodiscard]] constexpr std::size_t position() const { return position_; }
    [[nodiscard]] constexpr std::size_t need() const { return need_; }
    [[nodiscard]] constexpr std::size_t have() const { return have_; }

    constexpr std::uint8_t u8() { return static_cast<std::uint8_t>(number<1>()); }
    constexpr std::uint16_t u16() { return static_cast<std::uint16_t>(number<2>()); }
    constexpr std::uint32_t u32() { return static_cast<std::uint32_t>(number<4>()); }
    constexpr std::uint64_t u64() { return number<8>(); }

    /// The next `count` bytes as a view; empty after a failure.
    constexpr Bytes take(std::size_t count) {
        if (!reserve(count)) return {};
        const Bytes view = bytes_.subspan(position_, count);
        position_ += count;
        return view;
    }

    constexpr Bytes rest() { return take(left()); }
    constexpr void skip(std::size_t count) { static_cast<void>(take(count)); }

private:
    constexpr bool reserve(std::size_t count) {
        if (failed_ || left() < count) {
            if (!failed_) {
                need_ = count;
                have_ = left();
            }
            failed_ = true;
            return false;
        }
        return true;
    }

    template <std::size_t Width>
    constexpr std::uint64_t number() {
        if (!reserve(Width)) return 0;
        std::uint64_t value = 0;
        for (std::size_t i = 0; i < Width; ++i) value = value << 8 | bytes_[position_ + i];
        position_ += Width;
        return value;
    }

    Bytes bytes_;
    std::size_t position_ = 0;
    std::size_t need_ = 0;
    std::size_t have_ = 0;
    bool failed_ = false;
};

}  // namespace dimout
