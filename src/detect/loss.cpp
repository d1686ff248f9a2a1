#include "detect/loss.h"

#include <algorithm>
#include <bit>

namespace dimout::detect {
namespace {

/// value * part / 10^6, rounded to the nearest; never overflows for part <= 10^6.
std::uint64_t part_of(std::uint64_t value, std::uint32_t part) {
    return value / kMillion * part + (value % kMillion * part + kMillion / 2) / kMillion;
}

}  // namespace

Seen seen(std::uint64_t votes, std::uint64_t addresses, std::uint32_t live) {
    const std::uint64_t whole = votes / live;
    const std::uint64_t rest = votes % live;
    return {.share = (whole << kShareBits) + (rest << kShareBits) / live, .addresses = addresses};
}

std::uint32_t millionths(std::uint64_t numerator, std::uint64_t denominator) {
    if (numerator >= denominator) return denominator == 0 ? 0 : kMillion;
    const int excess = std::max(0, static_cast<int>(std::bit_width(denominator)) - 43);
    return static_cast<std::uint32_t>((numerator >> excess) * kMillion / (denominator >> excess));
}

std::uint32_t loss(std::uint64_t usual_share, std::uint64_t share) {
    return share >= usual_share ? 0 : millionths(usual_share - share, usual_share);
}

std::uint64_t share_at_least(std::uint64_t usual_share, std::uint64_t known,
                             const Coverage& coverage) {
    if (coverage.live == 0 || coverage.live == coverage.usual) return usual_share;
    const std::uint32_t vis = millionths(usual_share, known << kShareBits);
    if (vis == 0) return usual_share;
    // In millionths of an ASN: so many usually see an average address; the absent may all be among
    // them.
    const std::uint64_t seeing = std::uint64_t{vis} * coverage.usual;
    const std::uint64_t absent = coverage.usual > coverage.live
                                     ? std::uint64_t{kMillion} * (coverage.usual - coverage.live)
                                     : 0;
    const std::uint64_t left = seeing > absent ? (seeing - absent) / coverage.live : 0;
    return std::min(usual_share, part_of(usual_share, millionths(left, vis)));
}

bool reaches(const LossShares& shares, std::uint32_t threshold, std::uint32_t live) {
    if (shares.votes < threshold) return false;
    const std::uint32_t few = std::max(kFewObservers, (live + 9) / 10);
    return shares.addresses >= threshold || shares.votes >= threshold + millionths(few, live);
}

Thresholds thresholds(Family family, std::uint64_t usual_addresses) {
    const std::uint32_t one_unit = millionths(unit(family), usual_addresses);
    Thresholds result;
    result.enter = std::max(result.enter, one_unit / 10 * 9);
    result.leave = std::max(result.leave, one_unit / 2);
    return result;
}

LostAddresses lost_addresses(const Seen& usual, const Seen& now, std::uint32_t loss) {
    const std::uint64_t below_half =
        usual.addresses > now.addresses ? usual.addresses - now.addresses : 0;
    const std::uint64_t worth = part_of(usual.addresses, loss);
    if (below_half == 0 || below_half < worth)
        return {.lost = worth, .still_seen = kMillion - loss};
    return {.lost = below_half, .still_seen = kMillion - millionths(worth, below_half)};
}

}  // namespace dimout::detect
