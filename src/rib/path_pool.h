// A pool of AS paths, each stored once for the length of a run.
//
// A full table from 30 peers repeats each path several times (DESIGN: a route costs a handle, not a
// path), so tables hold a four-byte PathId and the pool holds the path, packed (packed_path.h). An
// id is the place of the path, in half-words, so that no second table is needed to find it. A path
// costs its 12 bytes, and 6 to 9 in the hash table (handle_table.h).
//
// One thread interns; any thread may look up ids that reached it through a queue. Nothing moves and
// nothing is freed. Interning a new path misses the cache twice, so the rows of a dump are asked
// for together: `ask` for each path fetches ahead, `answer` finds them.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "base/large_block.h"
#include "model/as_path.h"
#include "model/route_event.h"
#include "model/visibility_change.h"
#include "base/handle_table.h"
#include "rib/packed_path.h"

namespace dimout::rib {

class PathPool final : public PathLookup {
public:
    PathPool();

    /// Notes a path whose handle `answer` will give. The path may go before.
    void ask(AsPath path);
    /// The handles of all that was asked for since the last call, in order. The same bytes give the
    /// same handle. Valid until the next `ask`.
    [[nodiscard]] std::span<const PathId> answer();
    /// Both at once, for one path.
    [[nodiscard]] PathId intern(AsPath path);

    [[nodiscard]] AsPath path(PathId id, std::vector<std::uint8_t>& wire) const override;

    [[nodiscard]] std::size_t size() const { return table_.size(); }
    /// Memory held, hash table included.
    [[nodiscard]] std::size_t bytes() const;

private:
    static constexpr std::size_t kChunk = (std::size_t{1} << 20) - ShortPath::kHalves;
    static constexpr std::size_t kChunksMax = std::size_t{1} << 12;
    /// From this chunk on in large pages.
    static constexpr std::size_t kSmallChunks = 2;

    struct Question {
        ShortPath path;
        std::uint64_t hash = 0;
        PathId id{};
        bool is_answered = false;
    };
    /// A path asked for a short while ago; the empty one where none is.
    struct alignas(64) Recent {
        ShortPath path;
        PathId id{};
    };
    static constexpr std::size_t kRecents = std::size_t{1} << 11;

    [[nodiscard]] const Half* at(HandleTable::Handle id) const {
        return chunks_[id / kChunk].get() + id % kChunk;
    }
    [[nodiscard]] Recent& recent(std::uint64_t hash) {
        return recents_[hash >> 8 & (kRecents - 1)];
    }
    [[nodiscard]] PathId intern_long(AsPath path);
    [[nodiscard]] PathId find_or_add(const ShortPath& path, std::uint64_t hash);
    [[nodiscard]] PathId find_or_add(std::span<const Half> packed, std::uint64_t hash);
    [[nodiscard]] PathId add(std::span<const Half> packed, std::uint64_t hash);
    HandleTable::Handle append(std::span<const Half> packed);
    void rebuild();

    std::array<LargeBlock<Half>, kChunksMax> chunks_;
    std::array<std::uint32_t, kChunksMax> filled_{};  ///< By chunk: half-words in use.
    std::size_t last_chunk_ = 0;
    HandleTable table_;
    std::vector<Recent> recents_;
    std::vector<Question> questions_;
    std::vector<PathId> answers_;
    std::vector<std::uint32_t> unknown_;  ///< Places of questions that the recent paths left open.
    std::vector<Half> packed_;
};

}  // namespace dimout::rib
