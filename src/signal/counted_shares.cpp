#include "signal/counted_shares.h"

namespace dimout::signal {

std::uint32_t CountedShares::take_node() {
    if (free_ != kNone) {
        const std::uint32_t place = free_;
        free_ = pool_[place].next;
        return place;
    }
    if (pool_.size() == 0) pool_.emplace_back();
    pool_.emplace_back();
    return static_cast<std::uint32_t>(pool_.size() - 1);
}

void CountedShares::replace(PrefixIndex number, std::span<const Share> shares) {
    std::uint32_t& first = first_[index(number)];
    while (first != kNone) {
        const std::uint32_t place = first;
        first = pool_[place].next;
        pool_[place].next = free_;
        free_ = place;
    }
    // From the back, so that the chain is in order.
    for (std::size_t i = shares.size(); i-- > 0;) {
        const Share& share = shares[i];
        const std::uint32_t place = take_node();
        Node& node = pool_[place];
        node.set = share.set;
        node.units = share.units & 0xFFFF'FFFF'FFFF;
        node.strict = share.strict;
        node.blocks = share.blocks & 0xFFFF'FFFF'FFFF;
        node.any_cover = share.any_cover;
        node.next = first;
        first = place;
    }
}

}  // namespace dimout::signal
