#include "signal/peer_tallies.h"

namespace dimout::signal {

using Kind = VisibilityChange::Kind;
using Cause = VisibilityChange::Cause;

void PeerTallies::Bits::set(PrefixIndex prefix) {
    const std::size_t word = index(prefix) / 64;
    if (words_.size() <= word) words_.resize(word + word / 2 + 1);
    words_[word] |= std::uint64_t{1} << index(prefix) % 64;
    ++count_;
}

void PeerTallies::Bits::clear() {
    std::ranges::fill(words_, 0);
    count_ = 0;
}

void PeerTallies::count(const VisibilityChange& change) {
    PeerTally& tally = tally_of(change.prefix.family, change.peer);
    const bool by_update = change.cause == Cause::Update;
    if (change.kind == Kind::Gained) {
        ++tally.table;
        tally.gains += by_update;
    } else if (change.kind == Kind::Lost) {
        --tally.table;
        tally.losses += by_update;
    }
    if (!by_update || change.kind == Kind::Lost || change.kind == Kind::Unknown) return;
    ++tally.announcements;
    if (change.kind == Kind::Repeated) count_repeat(change, tally);
}

void PeerTallies::count(Family family, std::span<const DumpRoute> routes) {
    for (const DumpRoute& route : routes) ++tally_of(family, route.peer).table;
}

void PeerTallies::count_repeat(const VisibilityChange& change, PeerTally& tally) {
    if (repeats_.size() <= index(change.peer)) repeats_.resize(index(change.peer) + std::size_t{1});
    Repeats& repeats = repeats_[index(change.peer)];
    if (repeats.now.has(change.prefix_index)) return;
    repeats.now.set(change.prefix_index);
    if (repeats.before.has(change.prefix_index)) return;
    ++tally.repeated;
    tally.first_repeat = std::min(tally.first_repeat, change.time);
}

void PeerTallies::forget(PrefixIndex prefix) {
    for (Repeats& repeats : repeats_) {
        repeats.now.reset(prefix);
        repeats.before.reset(prefix);
    }
}

std::array<std::vector<PeerTally>, 2> PeerTallies::take() {
    const std::array<std::vector<PeerTally>, 2> taken = tallies_;
    for (std::vector<PeerTally>& tallies : tallies_) {
        for (PeerTally& tally : tallies) tally = {.table = tally.table};
    }
    for (Repeats& repeats : repeats_) {
        if (repeats.now.empty() && repeats.before.empty()) continue;
        std::swap(repeats.now, repeats.before);
        repeats.now.clear();
    }
    return taken;
}

TableSizes PeerTallies::table_sizes() const {
    TableSizes sizes;
    for (std::size_t family = 0; family < sizes.size(); ++family) {
        for (const PeerTally& tally : tallies_[family]) sizes[family].push_back(tally.table);
    }
    return sizes;
}

}  // namespace dimout::signal
