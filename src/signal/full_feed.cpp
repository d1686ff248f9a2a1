#include "signal/full_feed.h"

#include <algorithm>

namespace dimout::signal {
namespace {

/// After how long a smaller Internet is the new normal.
constexpr std::int64_t kAcceptFall = 86'400 / kBinWidth.count();
constexpr std::uint8_t kSealsBelow = 2;

bool has_voice(const PeerTable& table) {
    return table.status == PeerStatus::Live || table.status == PeerStatus::Held;
}

/// Of those with at least half of the largest table; 0 when nobody has a table.
std::uint64_t median_table(std::span<const PeerTable> tables, Family family) {
    std::vector<std::uint64_t> sizes;
    for (const PeerTable& table : tables) {
        if (has_voice(table)) sizes.push_back(family == Family::v4 ? table.v4 : table.v6);
    }
    if (sizes.empty()) return 0;
    const std::uint64_t largest = std::ranges::max(sizes);
    std::erase_if(sizes, [&](std::uint64_t size) { return 2 * size < largest; });
    std::ranges::sort(sizes);
    return (sizes[(sizes.size() - 1) / 2] + sizes[sizes.size() / 2]) / 2;
}

std::uint64_t least_table(Family family, Bin bin, const FullFeedOptions& options) {
    const auto floor = options.no_floor ? std::nullopt : table_size_at(bin.start());
    if (!floor) return 0;
    return (family == Family::v4 ? floor->v4 : floor->v6) / 2;
}

}  // namespace

VoterSet FullFeed::decide(Bin bin, std::span<const PeerTable> tables,
                          const FullFeedOptions& options) {
    return {.decided = bin,
            .v4 = decide_family(Family::v4, bin, tables, options),
            .v6 = decide_family(Family::v6, bin, tables, options)};
}

std::vector<Voter> FullFeed::decide_family(Family family, Bin bin,
                                           std::span<const PeerTable> tables,
                                           const FullFeedOptions& options) {
    FamilyState& state = families_[place_of(family)];
    const std::uint64_t median = median_table(tables, family);
    const bool fell = 10 * median < 9 * state.reference && ++state.fallen_bins < kAcceptFall;
    if (!fell) {
        state.reference = median;
        state.fallen_bins = 0;
    }
    const std::uint64_t least = std::max<std::uint64_t>(1, least_table(family, bin, options));
    std::vector<Voter> voters;
    for (const PeerTable& table : tables) {
        if (state.members.size() <= index(table.peer))
            state.members.resize(index(table.peer) + std::size_t{1});
        Member& member = state.members[index(table.peer)];
        if (!has_voice(table)) {
            member = {};
            continue;
        }
        const std::uint64_t size = family == Family::v4 ? table.v4 : table.v6;
        const bool is_small = size < least || 10 * size < 7 * median;
        member.below = is_small && !fell
                           ? static_cast<std::uint8_t>(std::min(member.below + 1, 255))
                           : std::uint8_t{0};
        if (size >= least && 10 * size >= 8 * median) member.full = true;
        if (member.below >= kSealsBelow) member.full = false;
        if (member.full) voters.push_back({.peer = table.peer, .asn = table.asn});
    }
    return voters;
}

}  // namespace dimout::signal
