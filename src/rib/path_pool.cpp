#include "rib/path_pool.h"

#include <xxhash.h>

#include <algorithm>
#include <cstring>

#include "base/error.h"

namespace dimout::rib {

std::size_t PathPool::Hash::operator()(Bytes wire) const {
    return XXH3_64bits(wire.data(), wire.size());
}

bool PathPool::Equal::operator()(Bytes wire, PathId id) const {
    return std::ranges::equal(wire, pool->path(id).wire());
}

PathPool::PathPool() : ids_(0, Hash{this}, Equal{this}) {
    // The empty path takes word 0, so that PathId{} means it.
    ids_.insert(append({}));
}

PathId PathPool::intern(AsPath path) {
    if (const auto known = ids_.find(path.wire()); known != ids_.end()) return *known;
    const PathId id = append(path.wire());
    ids_.insert(id);
    return id;
}

PathId PathPool::append(Bytes wire) {
    DIMOUT_CHECK(wire.size() <= UINT16_MAX);
    const std::size_t words = (sizeof(std::uint16_t) + wire.size() + kWord - 1) / kWord;
    if (next_word_ % kChunkWords + words > kChunkWords) {
        next_word_ = (next_word_ / kChunkWords + 1) * kChunkWords;
    }
    const std::size_t chunk = next_word_ / kChunkWords;
    DIMOUT_CHECK(chunk < kChunksMax);
    if (!chunks_[chunk]) chunks_[chunk] = std::make_unique<Chunk>();
    std::uint8_t* place = chunks_[chunk]->data() + next_word_ % kChunkWords * kWord;
    const auto length = static_cast<std::uint16_t>(wire.size());
    std::memcpy(place, &length, sizeof length);
    std::ranges::copy(wire, place + sizeof length);
    const PathId id{static_cast<std::uint32_t>(next_word_)};
    next_word_ += words;
    return id;
}

AsPath PathPool::path(PathId id) const {
    const auto word = static_cast<std::uint32_t>(id);
    const std::uint8_t* place = chunks_[word / kChunkWords]->data() + word % kChunkWords * kWord;
    std::uint16_t length = 0;
    std::memcpy(&length, place, sizeof length);
    return AsPath(Bytes(place + sizeof length, length));
}

std::size_t PathPool::bytes() const {
    const std::size_t chunks = (next_word_ + kChunkWords - 1) / kChunkWords;
    return chunks * sizeof(Chunk) + ids_.bucket_count() * (sizeof(PathId) + 1);
}

}  // namespace dimout::rib
