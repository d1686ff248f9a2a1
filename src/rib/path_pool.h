// A pool of AS paths, each stored once for the length of a run.
//
// A full table from 30 peers repeats each path several times (DESIGN: a route costs a handle, not a
// path), so tables hold a four-byte PathId and the pool holds the path, packed into half-words:
//
//   size, then each ASN of its one AS_SEQUENCE: a half-word below 0xE000, else two of them, or
//   three 0x8000, length in two half-words, then wire bytes: any other path (sets, confederations)
//
// An id is the place of the size, in half-words, so that no second table is needed to find it. A
// path of 4.5 hops, the mean of real tables, takes 13 bytes instead of 20, and 6 to 9 in the hash
// table (handle_table.h).
//
// One thread interns; any thread may look up ids that reached it through a queue. Nothing moves and
// nothing is freed. Interning a new path misses the cache twice, so the rows of a dump are asked
// for together: `ask` for each path fetches ahead, `answer` finds them.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "model/as_path.h"
#include "model/route_event.h"
#include "model/visibility_change.h"
#include "rib/handle_table.h"

namespace dimout::rib {

class PathPool final : public PathLookup {
public:
    PathPool();

    /// Notes a path whose handle `answer` will give. The path may go before.
    void ask(AsPath path);
    /// The handles of all that was asked for since the last call, in order. The same bytes give the
    /// same handle. Valid until the next `ask`.
    [[nodiscard]] std::span<const PathId> answer();
    /// Both for one path; nothing else may be asked for and not answered.
    [[nodiscard]] PathId intern(AsPath path);

    [[nodiscard]] AsPath path(PathId id, std::vector<std::uint8_t>& wire) const override;

    [[nodiscard]] std::size_t size() const { return table_.size(); }
    /// Memory held, hash table included.
    [[nodiscard]] std::size_t bytes() const;

private:
    using Half = std::uint16_t;
    static constexpr std::size_t kChunk = std::size_t{1} << 19;
    static constexpr std::size_t kChunksMax = std::size_t{1} << 13;

    /// A path asked for a short while ago.
    struct Recent {
        static constexpr std::size_t kLongest = 14;
        std::array<Half, kLongest> packed{};
        PathId id{};
    };
    static constexpr std::size_t kRecents = std::size_t{1} << 12;

    struct Question {
        std::uint32_t begin = 0;  ///< In `packed_`.
        std::uint32_t size = 0;
        std::uint64_t hash = 0;
    };

    [[nodiscard]] std::span<const Half> packed_of(const Question& question) const {
        return std::span(packed_).subspan(question.begin, question.size);
    }
    [[nodiscard]] const Half* at(HandleTable::Handle id) const {
        return chunks_[id / kChunk].get() + id % kChunk;
    }
    /// The packed path that begins at `first`, its size included.
    [[nodiscard]] static std::span<const Half> packed_at(const Half* first);
    void pack(AsPath path);
    [[nodiscard]] Recent& recent(std::uint64_t hash) {
        return recents_[hash >> 8 & (kRecents - 1)];
    }
    [[nodiscard]] static bool is(const Recent& recent, std::span<const Half> packed);
    [[nodiscard]] PathId find_or_add(std::span<const Half> packed, std::uint64_t hash);
    HandleTable::Handle append(std::span<const Half> packed);
    void rebuild();

    std::array<std::unique_ptr<Half[]>, kChunksMax> chunks_;
    std::array<std::uint32_t, kChunksMax> filled_{};  ///< By chunk: half-words in use.
    std::size_t last_chunk_ = 0;
    HandleTable table_;
    std::vector<Recent> recents_;
    std::vector<Half> packed_;
    std::vector<Question> questions_;
    std::vector<PathId> answers_;
    std::vector<std::uint32_t> unknown_;  ///< Places of questions that the recent paths left open.
};

}  // namespace dimout::rib
