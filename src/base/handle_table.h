// A hash table of 32-bit handles to things that lie elsewhere.
//
// A bucket is one line of cache: twelve handles, and of each a byte of its hash, so that finding
// one costs one miss here and one at the thing itself. The table keeps no hashes: to grow, its
// owner walks over what it stores, in order, and inserts it again. Growing is by half and there is
// never a second table. 5.3 bytes a place, 6.3 to 9.4 a handle.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>

#include "base/large_block.h"

namespace dimout {

class HandleTable {
public:
    using Handle = std::uint32_t;

    HandleTable() { make_buckets(kFirstBuckets); }

    /// The handle under `hash` for which `same(handle)` holds.
    template <typename Same>
    [[nodiscard]] std::optional<Handle> find(std::uint64_t hash, Same&& same) const {
        for (std::size_t at = bucket_of(hash);; at = after(at)) {
            const Bucket& bucket = buckets_[at];
            const std::optional<std::size_t> place = bucket.find(hash, same);
            if (place) return bucket.handles[*place];
            if (!bucket.overflown) return std::nullopt;
        }
    }
    /// `find` of this hash is next.
    void prefetch(std::uint64_t hash) const { __builtin_prefetch(&buckets_[bucket_of(hash)]); }
    /// Of the handles under `hash` the first, for a prefetch of what it names: a guess.
    [[nodiscard]] std::optional<Handle> guess(std::uint64_t hash) const {
        const Bucket& bucket = buckets_[bucket_of(hash)];
        const std::optional<std::size_t> place = bucket.find(hash, [](Handle) { return true; });
        return place ? std::optional(bucket.handles[*place]) : std::nullopt;
    }

    /// Adds a handle that is not there, unless the table is full: then, and only then, the owner
    /// calls `grow` and inserts all that it stores.
    [[nodiscard]] bool insert(std::uint64_t hash, Handle handle) {
        if (size_ >= count_ * kPlaces * 7 / 8) return false;
        std::size_t at = bucket_of(hash);
        for (; buckets_[at].count == kPlaces; at = after(at)) buckets_[at].overflown = true;
        buckets_[at].add(hash, handle);
        ++size_;
        return true;
    }
    /// Empties the table and makes it larger.
    void grow() {
        buckets_.reset();
        make_buckets(count_ + (count_ + 1) / 2);
        size_ = 0;
    }
    /// Removes a handle that is there.
    void erase(std::uint64_t hash, Handle handle) {
        for (std::size_t at = bucket_of(hash);; at = after(at)) {
            if (!buckets_[at].erase(handle)) continue;
            --size_;
            return;
        }
    }

    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] std::size_t bytes() const { return count_ * sizeof(Bucket); }

private:
    static constexpr std::size_t kPlaces = 12;
    static constexpr std::size_t kFirstBuckets = 64;

    struct alignas(64) Bucket {
        std::array<std::uint8_t, kPlaces> tags{};
        std::uint8_t count = 0;
        bool overflown = false;  ///< One that belongs here went to a bucket after it.
        std::array<Handle, kPlaces> handles{};

        template <typename Same>
        [[nodiscard]] std::optional<std::size_t> find(std::uint64_t hash, Same&& same) const {
            constexpr std::uint64_t kOnes = 0x0101010101010101;
            static_assert(std::endian::native == std::endian::little);
            for (std::size_t first = 0; first < count; first += sizeof(std::uint64_t)) {
                // The bytes that equal the tag, and seldom one right after such a byte.
                std::uint64_t differ = 0;
                std::memcpy(&differ, reinterpret_cast<const char*>(this) + first, sizeof differ);
                differ ^= kOnes * static_cast<std::uint8_t>(hash);
                std::uint64_t equal = (differ - kOnes) & ~differ & kOnes << 7;
                for (; equal != 0; equal &= equal - 1) {
                    const std::size_t place =
                        first + static_cast<std::size_t>(std::countr_zero(equal)) / 8;
                    if (place < count && same(handles[place])) return place;
                }
            }
            return std::nullopt;
        }
        void add(std::uint64_t hash, Handle handle) {
            tags[count] = static_cast<std::uint8_t>(hash);
            handles[count++] = handle;
        }
        bool erase(Handle handle) {
            const auto place = static_cast<std::size_t>(
                std::find(handles.begin(), handles.begin() + count, handle) - handles.begin());
            if (place == count) return false;
            --count;
            tags[place] = tags[count];
            handles[place] = handles[count];
            return true;
        }
    };
    static_assert(sizeof(Bucket) == 64);

    [[nodiscard]] std::size_t bucket_of(std::uint64_t hash) const {
        return static_cast<std::size_t>((hash >> 32) * count_ >> 32);
    }
    [[nodiscard]] std::size_t after(std::size_t at) const { return at + 1 == count_ ? 0 : at + 1; }

    void make_buckets(std::size_t count) {
        constexpr std::size_t kMany = std::size_t{1} << 16;
        count_ = count;
        buckets_ = make_large_block<Bucket>(count, count < kMany ? Pages::Ordinary : Pages::Large);
        std::uninitialized_fill_n(buckets_.get(), count, Bucket{});
    }

    LargeBlock<Bucket> buckets_;
    std::size_t count_ = 0;
    std::size_t size_ = 0;
};

}  // namespace dimout
