#include "signal/partial_bin.h"

#include <algorithm>
#include <bit>

namespace dimout::signal {
namespace {

/// The first second at or after `from` in the set; -1 when there is none.
std::int32_t first_from(const std::array<std::uint64_t, 5>& seconds, std::int32_t from) {
    for (auto word = static_cast<std::size_t>(from) / 64; word < seconds.size(); ++word) {
        const bool is_start = word == static_cast<std::size_t>(from) / 64;
        const std::uint64_t left =
            is_start ? seconds[word] & ~std::uint64_t{0} << from % 64 : seconds[word];
        if (left != 0) return static_cast<std::int32_t>(word * 64) + std::countr_zero(left);
    }
    return -1;
}

}  // namespace

void Moments::lost(unsigned second) {
    const auto moment = static_cast<std::int32_t>(second);
    if (first_loss_ == kNone || moment < first_loss_) first_loss_ = moment;
    last_loss_ = std::max(last_loss_, moment);
}

Moments& Moments::operator+=(const Moments& other) {
    for (std::size_t i = 0; i < gains_.size(); ++i) gains_[i] |= other.gains_[i];
    if (other.first_loss_ == kNone) return *this;
    lost(static_cast<unsigned>(other.first_loss_));
    lost(static_cast<unsigned>(other.last_loss_));
    return *this;
}

TransitionTimes Moments::times(Asn peer, EventTime start) const {
    TransitionTimes times{.peer_asn = peer};
    const std::int32_t gain = first_from(gains_, std::max(last_loss_, 0));
    if (gain >= 0) times.first_gain = start + std::chrono::seconds{gain};
    if (last_loss_ == kNone) return times;
    times.last_loss = start + std::chrono::seconds{last_loss_};
    times.first_loss = start + std::chrono::seconds{first_loss_};
    return times;
}

PeerTally& PeerTally::operator+=(const PeerTally& other) {
    table += other.table;
    announcements += other.announcements;
    repeated += other.repeated;
    losses += other.losses;
    gains += other.gains;
    first_repeat = std::min(first_repeat, other.first_repeat);
    return *this;
}

}  // namespace dimout::signal
