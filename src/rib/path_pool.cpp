#include "rib/path_pool.h"

#include <algorithm>
#include <cstring>

#include "base/error.h"

namespace dimout::rib {
namespace {

using Half = std::uint16_t;

/// A half-word from here on begins a longer ASN.
constexpr std::uint32_t kLong = 0xE000;
/// An ASN that 13 and 16 bits do not hold: 32 bits follow.
constexpr std::uint32_t kLongest = 0xFFFF;
constexpr std::uint32_t kTwoHalvesEnd = (kLongest - kLong) << 16;
/// In place of a size: any path but one AS_SEQUENCE; two half-words with its length follow.
constexpr Half kOther = 0x8000;
constexpr std::size_t kOtherHead = 3;

std::size_t length_of_other(const Half* first) { return std::size_t{first[1]} << 16 | first[2]; }

/// In the machine's order, as nothing but this process reads them.
std::uint32_t load_asn(const std::uint8_t* octets) {
    return std::uint32_t{octets[0]} << 24 | std::uint32_t{octets[1]} << 16 |
           std::uint32_t{octets[2]} << 8 | octets[3];
}

std::uint64_t load_four(const Half* halves) {
    std::uint64_t word = 0;
    std::memcpy(&word, halves, sizeof word);
    return word;
}

/// Eight bytes a round; the last rounds let every bit reach every other.
std::uint64_t hash_of(std::span<const Half> packed) {
    std::uint64_t hash = 0x9E3779B97F4A7C15 ^ packed.size();
    const auto mix = [&](std::uint64_t word) {
        hash = (hash ^ word) * 0xD6E8FEB86659FD93;
        hash ^= hash >> 32;
    };
    std::size_t at = 0;
    for (; at + 4 <= packed.size(); at += 4) mix(load_four(packed.data() + at));
    std::uint64_t rest = 0;
    for (; at < packed.size(); ++at) rest = rest << 16 | packed[at];
    mix(rest);
    mix(0);
    return hash;
}

}  // namespace

PathPool::PathPool() : recents_(kRecents) {
    // The empty path is the first, so that PathId{} means it.
    constexpr std::array<Half, 1> kEmpty{0};
    static_cast<void>(find_or_add(kEmpty, hash_of(kEmpty)));
}

std::span<const PathPool::Half> PathPool::packed_at(const Half* first) {
    if (*first != kOther) return {first, *first + std::size_t{1}};
    return {first, kOtherHead + (length_of_other(first) + 1) / 2};
}

/// Appends the path to `packed_`.
void PathPool::pack(AsPath path) {
    const Bytes wire = path.wire();
    const bool is_sequence = wire.size() > 2 && wire.size() == 2 + std::size_t{wire[1]} * 4 &&
                             wire[0] == static_cast<std::uint8_t>(SegmentType::AsSequence);
    const std::size_t begin = packed_.size();
    // An ASN takes four bytes on the wire and at most six here.
    packed_.resize(begin + kOtherHead + 1 + wire.size() * 3 / 2);
    Half* next = packed_.data() + begin + 1;
    if (is_sequence) {
        for (std::size_t at = 2; at < wire.size(); at += 4) {
            const std::uint32_t asn = load_asn(wire.data() + at);
            if (asn < kLong) {
                *next++ = static_cast<Half>(asn);
                continue;
            }
            const bool fits = asn < kTwoHalvesEnd;
            *next++ = static_cast<Half>(fits ? kLong + (asn >> 16) : kLongest);
            if (!fits) *next++ = static_cast<Half>(asn >> 16);
            *next++ = static_cast<Half>(asn);
        }
        packed_[begin] = static_cast<Half>(next - packed_.data() - begin - 1);
    } else if (wire.empty()) {
        packed_[begin] = 0;
    } else {
        packed_[begin] = kOther;
        *next++ = static_cast<Half>(wire.size() >> 16);
        *next++ = static_cast<Half>(wire.size());
        next[wire.size() / 2] = 0;
        std::memcpy(next, wire.data(), wire.size());
        next += (wire.size() + 1) / 2;
    }
    packed_.resize(static_cast<std::size_t>(next - packed_.data()));
}

void PathPool::ask(AsPath path) {
    const std::size_t begin = packed_.size();
    pack(path);
    const std::size_t size = packed_.size() - begin;
    const std::uint64_t hash = hash_of(std::span(packed_).subspan(begin, size));
    __builtin_prefetch(&recent(hash));
    questions_.push_back({.begin = static_cast<std::uint32_t>(begin),
                          .size = static_cast<std::uint32_t>(size),
                          .hash = hash});
}

/// An empty place holds the empty path, whose id it has.
bool PathPool::is(const Recent& recent, std::span<const Half> packed) {
    if (packed.size() > Recent::kLongest) return false;
    std::size_t at = 0;
    for (; at + 4 <= packed.size(); at += 4) {
        if (load_four(packed.data() + at) != load_four(recent.packed.data() + at)) return false;
    }
    for (; at < packed.size(); ++at) {
        if (packed[at] != recent.packed[at]) return false;
    }
    return true;
}

std::span<const PathId> PathPool::answer() {
    answers_.resize(questions_.size());
    unknown_.clear();
    for (std::uint32_t i = 0; i < questions_.size(); ++i) {
        const Recent& heard = recent(questions_[i].hash);
        answers_[i] = heard.id;
        if (is(heard, packed_of(questions_[i]))) continue;
        table_.prefetch(questions_[i].hash);
        unknown_.push_back(i);
    }
    for (const std::uint32_t i : unknown_) {
        if (const auto id = table_.guess(questions_[i].hash)) __builtin_prefetch(at(*id));
    }
    for (const std::uint32_t i : unknown_) {
        const std::span<const Half> packed = packed_of(questions_[i]);
        answers_[i] = find_or_add(packed, questions_[i].hash);
        if (packed.size() > Recent::kLongest) continue;
        Recent& heard = recent(questions_[i].hash);
        std::ranges::copy(packed, heard.packed.begin());
        heard.id = answers_[i];
    }
    questions_.clear();
    packed_.clear();
    return answers_;
}

PathId PathPool::intern(AsPath path) {
    ask(path);
    return answer().front();
}

PathId PathPool::find_or_add(std::span<const Half> packed, std::uint64_t hash) {
    const auto known = table_.find(hash, [&](HandleTable::Handle id) {
        return std::ranges::equal(packed_at(at(id)), packed);
    });
    if (known) return PathId{*known};
    const HandleTable::Handle id = append(packed);
    if (!table_.insert(hash, id)) rebuild();
    return PathId{id};
}

HandleTable::Handle PathPool::append(std::span<const Half> packed) {
    if (filled_[last_chunk_] + packed.size() > kChunk) ++last_chunk_;
    DIMOUT_CHECK(last_chunk_ < kChunksMax && packed.size() <= kChunk);
    auto& chunk = chunks_[last_chunk_];
    if (!chunk) chunk = std::make_unique_for_overwrite<Half[]>(kChunk);
    const std::size_t place = filled_[last_chunk_];
    std::ranges::copy(packed, chunk.get() + place);
    filled_[last_chunk_] += static_cast<std::uint32_t>(packed.size());
    return static_cast<HandleTable::Handle>(last_chunk_ * kChunk + place);
}

void PathPool::rebuild() {
    table_.grow();
    for (std::size_t chunk = 0; chunk <= last_chunk_; ++chunk) {
        for (std::size_t place = 0; place < filled_[chunk];) {
            const auto packed = packed_at(chunks_[chunk].get() + place);
            static_cast<void>(table_.insert(
                hash_of(packed), static_cast<HandleTable::Handle>(chunk * kChunk + place)));
            place += packed.size();
        }
    }
}

AsPath PathPool::path(PathId id, std::vector<std::uint8_t>& wire) const {
    const Half* next = at(static_cast<HandleTable::Handle>(id));
    const Half* const end = next + packed_at(next).size();
    wire.clear();
    if (*next == kOther) {
        wire.resize(length_of_other(next));
        std::memcpy(wire.data(), next + kOtherHead, wire.size());
        return AsPath(wire);
    }
    if (++next == end) return {};
    wire.resize(2);
    while (next != end) {
        std::uint32_t asn = *next++;
        if (asn == kLongest) {
            asn = std::uint32_t{next[0]} << 16 | next[1];
            next += 2;
        } else if (asn >= kLong) {
            asn = (asn - kLong) << 16 | *next++;
        }
        for (const unsigned shift : {24U, 16U, 8U, 0U})
            wire.push_back(static_cast<std::uint8_t>(asn >> shift));
    }
    wire[0] = static_cast<std::uint8_t>(SegmentType::AsSequence);
    wire[1] = static_cast<std::uint8_t>((wire.size() - 2) / 4);
    return AsPath(wire);
}

std::size_t PathPool::bytes() const {
    std::size_t sum = table_.bytes();
    for (const std::uint32_t filled : filled_) sum += filled * sizeof(Half);
    return sum;
}

}  // namespace dimout::rib
