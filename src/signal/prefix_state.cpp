#include "signal/prefix_state.h"

namespace dimout::signal {

bool PrefixState::count(std::uint16_t now_votes, std::uint32_t majority, Stamp now) {
    if (votes > 0 && now_votes == 0) last_seen = now;
    votes = now_votes;
    const bool had_majority = major;
    major = votes >= majority;
    if (major && !had_majority) {
        if (last_major == kNever || now >= last_major + kMemory) first_major = now;
        if (last_major == kNever || now > last_major + kReplacement) appeared = now;
        replaced = false;
    } else if (had_majority && !major) {
        last_major = now;
        return true;
    }
    return false;
}

Stamp PrefixState::next_expiry(Stamp now) const {
    Stamp next = kNever;
    if (votes == 0 && remembers(last_seen, now)) next = last_seen + kMemory;
    if (!major && remembers(last_major, now)) {
        const Stamp end = last_major + kMemory;
        if (next == kNever || end < next) next = end;
    }
    return next;
}

}  // namespace dimout::signal
