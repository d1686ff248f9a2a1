#include "model/entity_bin.h"

#include <functional>

namespace dimout {
namespace {

template <typename Apply>
void apply_each(VisibilityLevel& to, const VisibilityLevel& from, Apply apply) {
    for (std::size_t i = 0; i < kVisibilityThresholds.size(); ++i) {
        to.addresses[i] = apply(to.addresses[i], from.addresses[i]);
        to.blocks[i] = apply(to.blocks[i], from.blocks[i]);
        to.addresses_any_cover[i] = apply(to.addresses_any_cover[i], from.addresses_any_cover[i]);
        to.blocks_any_cover[i] = apply(to.blocks_any_cover[i], from.blocks_any_cover[i]);
    }
    to.votes = apply(to.votes, from.votes);
    to.carried = apply(to.carried, from.carried);
    to.known = apply(to.known, from.known);
}

}  // namespace

VisibilityLevel& VisibilityLevel::operator+=(const VisibilityLevel& other) {
    apply_each(*this, other, std::plus<>{});
    return *this;
}

VisibilityLevel& VisibilityLevel::operator-=(const VisibilityLevel& other) {
    apply_each(*this, other, std::minus<>{});
    return *this;
}

ChurnCounts& ChurnCounts::operator+=(const ChurnCounts& other) {
    announcements += other.announcements;
    withdrawals += other.withdrawals;
    path_changes += other.path_changes;
    flaps += other.flaps;
    addresses_fallen_v4 += other.addresses_fallen_v4;
    blocks_fallen_v6 += other.blocks_fallen_v6;
    return *this;
}

}  // namespace dimout
