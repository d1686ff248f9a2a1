#include "rib/prefix_rows.h"

namespace dimout::rib {

PrefixIndex PrefixRows::index_of(const Prefix& prefix) {
    for (const std::uint32_t near : {last_ + 1, last_}) {
        if (near < rows_.size() && rows_[near].prefix == prefix) return PrefixIndex{last_ = near};
    }
    const std::uint64_t hash = std::hash<Prefix>{}(prefix);
    const auto known = table_.find(
        hash, [&](HandleTable::Handle number) { return rows_[number].prefix == prefix; });
    const PrefixIndex id = known ? PrefixIndex{*known} : add(prefix, hash);
    last_ = index(id);
    return id;
}

void PrefixRows::prefetch_row(const Prefix& prefix) const {
    const auto number = table_.guess(std::hash<Prefix>{}(prefix));
    if (number) __builtin_prefetch(&rows_[*number]);
}

PrefixIndex PrefixRows::add(const Prefix& prefix, std::uint64_t hash) {
    PrefixIndex id{numbers()};
    if (free_.empty()) {
        rows_.emplace_back();
    } else {
        id = free_.back();
        free_.pop_back();
    }
    rows_[index(id)].prefix = prefix;
    if (table_.insert(hash, index(id))) return id;
    table_.grow();
    for (std::uint32_t number = 0; number < numbers(); ++number) {
        if (rows_[number].prefix.length == kNoPrefix) continue;
        static_cast<void>(table_.insert(std::hash<Prefix>{}(rows_[number].prefix), number));
    }
    return id;
}

void PrefixRows::erase(PrefixIndex id) {
    Row& row = rows_[index(id)];
    table_.erase(std::hash<Prefix>{}(row.prefix), index(id));
    row.prefix.length = kNoPrefix;
    free_.push_back(id);
}

}  // namespace dimout::rib
