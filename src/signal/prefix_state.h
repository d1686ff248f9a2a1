// What is remembered of one prefix, and the three judgements that decide who owns an address.
//
// Moments are event seconds; 0 is never, and kAlways stands for "since before our first table".
// A *majority* is at least half of the ASNs that vote.
#pragma once

#include <chrono>
#include <cstdint>

#include "base/time.h"
#include "signal/entity_sets.h"
#include "signal/origins.h"

namespace dimout::signal {

using Stamp = std::uint32_t;
inline constexpr Stamp kNever = 0;
inline constexpr Stamp kAlways = 1;

[[nodiscard]] constexpr Stamp stamp(EventTime time) {
    return static_cast<Stamp>(unix_seconds(time));
}

/// How long a lost prefix keeps its addresses.
inline constexpr Stamp kMemory = 7 * 86'400;
/// A prefix that lived shorter than this returns its addresses to the prefix around it.
inline constexpr Stamp kVisit = 86'400;
/// A prefix that appears so soon before or after another's loss replaced it. Absences shorter than
/// this do not make a return an appearance.
inline constexpr Stamp kReplacement = 1'800;

struct PrefixState {
    Stamp first_major = kNever;  ///< First majority in memory.
    Stamp appeared = kNever;     ///< Start of the majority that lasts, or lasted, to `last_major`.
    Stamp last_major = kNever;   ///< End of the last majority.
    Stamp last_seen = kNever;    ///< When the last voter lost it.
    OriginsId origins{};         ///< Of the voters that have it, or of the last that had it.
    SetId piece_set =
        kNoSet;  ///< Entities of each of its addresses, but for countries when `split`.
    SetId whole_set = kNoSet;  ///< Entities that any of its addresses belongs to.
    std::uint16_t votes = 0;
    std::uint16_t falls = 0;  ///< From majority to minority by UPDATE, in this bin.
    bool in_use : 1 = false;
    bool counted : 1 = false;
    bool major : 1 = false;
    bool dirty : 1 = false;
    bool replaced : 1 = false;   ///< Another prefix took its place; until it has a majority again.
    bool expiring : 1 = false;   ///< A moment at which its memory ends is noted.
    bool contested : 1 = false;  ///< A few voters name an origin that does not count.
    bool split : 1 = false;      ///< Lies in several countries, or partly in none.

    /// Notes that `now_votes` ASNs have it, of which `majority` are half. Returns whether it fell.
    bool count(std::uint16_t now_votes, std::uint32_t majority, Stamp now);

    /// The claim to own was that of a few early voters: many more came, and they do not have it.
    void disclaim() { first_major = appeared = last_major = kNever; }

    /// When the next of its memories ends, after `now`; kNever when none does.
    [[nodiscard]] Stamp next_expiry(Stamp now) const;

    /// A voter had it within the memory.
    [[nodiscard]] bool is_known(Stamp now) const { return votes > 0 || remembers(last_seen, now); }
    /// It had a majority within the memory, and neither was replaced nor came for a visit.
    [[nodiscard]] bool is_owner(Stamp now) const {
        if (major) return true;
        return remembers(last_major, now) && !replaced && last_major - first_major >= kVisit;
    }
    /// Whether it, which is lost, was replaced by `other`, which covers it and has another origin.
    [[nodiscard]] bool is_replaced_by(const PrefixState& other) const {
        if (major || last_major == kNever || !other.major || other.appeared == kAlways)
            return false;
        const Stamp between =
            other.appeared > last_major ? other.appeared - last_major : last_major - other.appeared;
        return between <= kReplacement;
    }

private:
    [[nodiscard]] static bool remembers(Stamp moment, Stamp now) {
        return moment != kNever && now < moment + kMemory;
    }
};

}  // namespace dimout::signal
