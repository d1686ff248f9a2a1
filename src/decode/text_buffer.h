// Text made without streams, locales or allocations: a growing buffer and appenders for what we
// print.
#pragma once

#include <charconv>
#include <concepts>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>

#include "model/prefix.h"

namespace dimout::decode {

class TextBuffer {
public:
    TextBuffer() : text_(new char[kFirst]), capacity_(kFirst) {}

    [[nodiscard]] std::string_view view() const { return {text_.get(), size_}; }
    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] bool empty() const { return size_ == 0; }
    void clear() { size_ = 0; }
    /// Forgets all but the first `size` characters.
    void cut(std::size_t size) { size_ = size; }

    TextBuffer& append(char letter) {
        *room(1) = letter;
        ++size_;
        return *this;
    }
    TextBuffer& append(std::string_view text) {
        std::memcpy(room(text.size()), text.data(), text.size());
        size_ += text.size();
        return *this;
    }
    TextBuffer& append(const char* text) { return append(std::string_view(text)); }
    /// Most numbers are AS numbers and halves of communities.
    TextBuffer& append(std::uint32_t number) {
        char* const begin = room(kNumberMax);
        size_ += static_cast<std::size_t>(put_number(begin, number) - begin);
        return *this;
    }
    template <std::integral Number>
        requires(!std::same_as<Number, char> && !std::same_as<Number, bool>)
    TextBuffer& append(Number number) {
        char* at = room(kNumberMax);
        size_ += static_cast<std::size_t>(std::to_chars(at, at + kNumberMax, number).ptr - at);
        return *this;
    }
    /// At least `width` digits, zeros in front.
    TextBuffer& append_padded(unsigned number, unsigned width);
    TextBuffer& append_hex(std::uint8_t octet);
    /// As inet_ntop has printed addresses since BIND 4.9: `::` also for a single group of zeros,
    /// which RFC 5952 §4.2.2 forbids, and ::1.2.3.4. bgpdump has its own copy of it.
    TextBuffer& append(const Address& address);
    TextBuffer& append_v4(std::uint32_t word);

private:
    static constexpr std::size_t kFirst = 512;
    static constexpr std::size_t kNumberMax = 24;

    /// Returns where the digits end.
    static char* put_number(char* at, std::uint32_t number);

    char* room(std::size_t wanted) {
        if (capacity_ - size_ < wanted) grow(wanted);
        return text_.get() + size_;
    }
    void grow(std::size_t wanted);
    TextBuffer& append_v6(const Address& address);

    std::unique_ptr<char[]> text_;
    std::size_t capacity_;
    std::size_t size_ = 0;
};

}  // namespace dimout::decode
