#include "rib/path_pool.h"

#include <algorithm>

#include "base/error.h"

namespace dimout::rib {
PathPool::PathPool() : recents_(kRecents) {
    // The empty path is the first, so that PathId{} means it.
    static_cast<void>(find_or_add(ShortPath{}, ShortPath{}.hash()));
}

void PathPool::ask(AsPath path) {
    Question& question = questions_.emplace_back();
    if (pack_short(path, question.path)) return;
    question.id = intern_long(path);
    question.is_answered = true;
}

/// In steps, each of which fetches for all paths what the next one reads.
std::span<const PathId> PathPool::answer() {
    for (Question& question : questions_) {
        question.hash = question.path.hash();
        __builtin_prefetch(&recent(question.hash));
    }
    unknown_.clear();
    for (std::uint32_t i = 0; i < questions_.size(); ++i) {
        Question& question = questions_[i];
        if (question.is_answered) continue;
        const Recent& heard = recent(question.hash);
        question.id = heard.id;
        if (heard.path == question.path) continue;
        table_.prefetch(question.hash);
        unknown_.push_back(i);
    }
    for (const std::uint32_t i : unknown_) {
        if (const auto id = table_.guess(questions_[i].hash)) __builtin_prefetch(at(*id));
    }
    for (const std::uint32_t i : unknown_) {
        Question& question = questions_[i];
        question.id = find_or_add(question.path, question.hash);
        recent(question.hash) = {.path = question.path, .id = question.id};
    }
    answers_.clear();
    for (const Question& question : questions_) answers_.push_back(question.id);
    questions_.clear();
    return answers_;
}

PathId PathPool::intern(AsPath path) {
    ShortPath packed;
    if (!pack_short(path, packed)) return intern_long(path);
    const std::uint64_t hash = packed.hash();
    Recent& heard = recent(hash);
    if (heard.path != packed) heard = {.path = packed, .id = find_or_add(packed, hash)};
    return heard.id;
}

PathId PathPool::intern_long(AsPath path) {
    pack(path, packed_);
    return find_or_add(packed_, hash_of(packed_));
}

PathId PathPool::find_or_add(const ShortPath& path, std::uint64_t hash) {
    const auto known =
        table_.find(hash, [&](HandleTable::Handle id) { return is_at(at(id), path); });
    return known ? PathId{*known} : add(std::span(path.halves).first(path.size()), hash);
}

PathId PathPool::find_or_add(std::span<const Half> packed, std::uint64_t hash) {
    const auto known = table_.find(hash, [&](HandleTable::Handle id) {
        return std::ranges::equal(packed_at(at(id)), packed);
    });
    return known ? PathId{*known} : add(packed, hash);
}

PathId PathPool::add(std::span<const Half> packed, std::uint64_t hash) {
    const HandleTable::Handle id = append(packed);
    if (!table_.insert(hash, id)) rebuild();
    return PathId{id};
}

HandleTable::Handle PathPool::append(std::span<const Half> packed) {
    if (filled_[last_chunk_] + packed.size() > kChunk) ++last_chunk_;
    DIMOUT_CHECK(last_chunk_ < kChunksMax && packed.size() <= kChunk);
    auto& chunk = chunks_[last_chunk_];
    // is_at reads beyond the last path.
    const Pages pages = last_chunk_ < kSmallChunks ? Pages::Ordinary : Pages::Large;
    if (!chunk) chunk = make_large_block<Half>(kChunk + ShortPath::kHalves, pages);
    const std::size_t place = filled_[last_chunk_];
    std::ranges::copy(packed, chunk.get() + place);
    filled_[last_chunk_] += static_cast<std::uint32_t>(packed.size());
    return static_cast<HandleTable::Handle>(last_chunk_ * kChunk + place);
}

void PathPool::rebuild() {
    struct Entry {
        std::uint64_t hash = 0;
        HandleTable::Handle id{};
    };
    // Some ahead, so that their lines of the table are there when they are inserted.
    std::array<Entry, 32> ahead;
    std::size_t count = 0;
    const auto insert_all = [&] {
        for (const Entry& entry : std::span(ahead).first(count))
            static_cast<void>(table_.insert(entry.hash, entry.id));
        count = 0;
    };
    table_.grow();
    for (std::size_t chunk = 0; chunk <= last_chunk_; ++chunk) {
        for (std::size_t place = 0; place < filled_[chunk];) {
            const Half* const first = chunks_[chunk].get() + place;
            const std::uint64_t hash = hash_of(packed_at(first));
            table_.prefetch(hash);
            ahead[count++] = {.hash = hash,
                              .id = static_cast<HandleTable::Handle>(chunk * kChunk + place)};
            if (count == ahead.size()) insert_all();
            place += packed_at(first).size();
        }
    }
    insert_all();
}

AsPath PathPool::path(PathId id, std::vector<std::uint8_t>& wire) const {
    return unpack(at(static_cast<HandleTable::Handle>(id)), wire);
}

std::size_t PathPool::bytes() const {
    std::size_t sum = table_.bytes();
    for (const std::uint32_t filled : filled_) sum += filled * sizeof(Half);
    return sum;
}

}  // namespace dimout::rib
