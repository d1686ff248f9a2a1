// The text of attributes that were printed before.
//
// In a table dump two rows of three carry attributes that one of the last few thousand rows carried
// too, and finding the text again costs a third of making it. Each block of attributes has one slot
// where its text may lie; a newer block with the same slot takes its place. 2.3 MB, touched as far
// as used.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>

#include "base/bytes.h"

namespace dimout::decode {

class TailCache {
public:
    /// Empty when it is not there.
    [[nodiscard]] std::string_view find(Bytes block) {
        slot_ = &slots_[hash(block) >> (64 - kSlotBits)];
        if (slot_->block_size != block.size() || slot_->text_size == 0 ||
            std::memcmp(slot_->bytes.data(), block.data(), block.size()) != 0)
            return {};
        return {slot_->bytes.data() + block.size(), slot_->text_size};
    }

    /// Keeps the text of the block that `find` was asked for last, if it is not too long.
    void keep(Bytes block, std::string_view text) {
        if (block.size() + text.size() > kSlotBytes) return;
        slot_->block_size = static_cast<std::uint16_t>(block.size());
        slot_->text_size = static_cast<std::uint16_t>(text.size());
        if (!block.empty()) std::memcpy(slot_->bytes.data(), block.data(), block.size());
        std::memcpy(slot_->bytes.data() + block.size(), text.data(), text.size());
    }

private:
    static constexpr unsigned kSlotBits = 12;
    /// Makes slots of a length that is no power of two: caches have such strides.
    static constexpr std::size_t kSlotBytes = 572;

    struct Slot {
        std::uint16_t block_size = 0;
        std::uint16_t text_size = 0;
        std::array<char, kSlotBytes> bytes;  ///< The block, then its text.
    };

    static std::uint64_t word_at(const std::uint8_t* at) {
        std::uint64_t word = 0;
        std::memcpy(&word, at, sizeof(word));
        return word;
    }

    /// Any function does, as it decides only what is found again; the top bits are used.
    static std::uint64_t hash(Bytes block) {
        constexpr std::uint64_t kOdd = 0x9E3779B97F4A7C15;
        std::uint64_t sum = block.size();
        const auto add = [&](std::uint64_t word) {
            sum = (sum ^ word) * kOdd;
            sum ^= sum >> 29;
        };
        if (block.size() < sizeof(std::uint64_t)) {
            for (const std::uint8_t octet : block) add(octet);
            return sum * kOdd;
        }
        std::size_t at = 0;
        for (; at + sizeof(std::uint64_t) < block.size(); at += sizeof(std::uint64_t))
            add(word_at(block.data() + at));
        add(word_at(block.data() + block.size() - sizeof(std::uint64_t)));
        return sum * kOdd;
    }

    std::unique_ptr<Slot[]> slots_{new Slot[std::size_t{1} << kSlotBits]};
    Slot* slot_ = nullptr;
};

}  // namespace dimout::decode
