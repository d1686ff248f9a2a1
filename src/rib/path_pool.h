// A pool of AS paths, each stored once for the length of a run.
//
// A full table from 30 peers repeats each path several times (DESIGN: a route costs a handle, not a
// path), so tables hold a four-byte PathId and the pool holds the bytes. An id is the place of the
// path in 4-byte words: a chunk of one MiB and an offset in it, so that no second table is needed
// to find it.
//
// One thread interns; any thread may look up ids that reached it through a queue. Nothing moves and
// nothing is freed, so a view stays valid as long as the pool. Costs 2 bytes and up to 3 of padding
// a distinct path beside its own bytes, and about 5 in the hash set.
#pragma once

#include <array>
#include <boost/unordered/unordered_flat_set.hpp>
#include <cstdint>
#include <memory>

#include "model/as_path.h"
#include "model/route_event.h"
#include "model/visibility_change.h"

namespace dimout::rib {

class PathPool final : public PathLookup {
public:
    PathPool();

    /// The handle of `path`; the same bytes give the same handle.
    [[nodiscard]] PathId intern(AsPath path);

    [[nodiscard]] AsPath path(PathId id) const override;

    [[nodiscard]] std::size_t size() const { return ids_.size(); }
    /// Memory held, hash set included.
    [[nodiscard]] std::size_t bytes() const;

private:
    static constexpr std::size_t kWord = 4;
    static constexpr std::size_t kChunkWords = 1U << 18;
    static constexpr std::size_t kChunksMax = 1U << 14;
    using Chunk = std::array<std::uint8_t, kChunkWords * kWord>;

    struct Hash {
        using is_transparent = void;
        const PathPool* pool;
        std::size_t operator()(Bytes wire) const;
        std::size_t operator()(PathId id) const { return (*this)(pool->path(id).wire()); }
    };
    struct Equal {
        using is_transparent = void;
        const PathPool* pool;
        bool operator()(PathId left, PathId right) const { return left == right; }
        bool operator()(Bytes wire, PathId id) const;
        bool operator()(PathId id, Bytes wire) const { return (*this)(wire, id); }
    };

    PathId append(Bytes wire);

    std::array<std::unique_ptr<Chunk>, kChunksMax> chunks_;
    std::size_t next_word_ = 0;
    boost::unordered_flat_set<PathId, Hash, Equal> ids_;
};

}  // namespace dimout::rib
