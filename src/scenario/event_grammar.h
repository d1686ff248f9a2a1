// The grammar of `at` lines as one table: a verb, what it is said of, and which options it takes.
//
// The parser and the printer read the same table, so they cannot disagree.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "scenario/scenario.h"

namespace dimout::scenario {

enum class Target : std::uint8_t { Entity, Prefix, Source };

enum Option : unsigned {
    kUntil = 1U << 0,     ///< `until T` or `for D`.
    kStuck = 1U << 1,     ///< `stuck N`.
    kSteps = 1U << 2,     ///< `steps N`.
    kShare = 1U << 3,     ///< `share P%`.
    kToAsn = 1U << 4,     ///< `to ASN`.
    kToPrefix = 1U << 5,  ///< `to PREFIX`.
    kInto = 1U << 6,      ///< `into NxL`.
    kBy = 1U << 7,        ///< `by ASN`.
    kThrough = 1U << 8,   ///< `through ASN`.
    kOverlap = 1U << 9,   ///< `overlap D`.
    kFamily = 1U << 10,   ///< `ipv4` or `ipv6`.
    kCount = 1U << 11,    ///< `N of M`, before the entity.
};

struct EventRule {
    EventKind kind;
    std::string_view verb;
    Target target;
    unsigned allowed;
    unsigned required;
};

inline constexpr std::array<EventRule, 14> kEventRules{{
    {EventKind::Dark, "dark", Target::Entity, kUntil | kStuck | kSteps | kFamily, 0},
    {EventKind::Flap, "flap", Target::Entity, kUntil | kStuck | kSteps | kFamily, kUntil},
    {EventKind::Lose, "lose", Target::Entity, kCount | kUntil | kStuck | kSteps, kCount},
    {EventKind::Explore, "explore", Target::Entity, kSteps | kShare, kSteps},
    {EventKind::Reupstream, "reupstream", Target::Entity, kToAsn, kToAsn},
    {EventKind::Renumber, "renumber", Target::Entity, kToPrefix | kOverlap | kStuck, kToPrefix},
    {EventKind::Deaggregate, "deaggregate", Target::Prefix, kInto | kOverlap | kStuck, kInto},
    {EventKind::Aggregate, "aggregate", Target::Prefix, kOverlap | kStuck, 0},
    {EventKind::Hijack, "hijack", Target::Entity, kBy | kShare | kUntil, kBy | kUntil},
    {EventKind::Forge, "forge", Target::Entity, kThrough | kShare | kUntil, kThrough | kUntil},
    {EventKind::Reset, "reset", Target::Source, kUntil, kUntil},
    {EventKind::Forget, "forget", Target::Source, kShare | kUntil, kUntil},
    {EventKind::Missing, "missing", Target::Source, kUntil, kUntil},
    {EventKind::Silent, "silent", Target::Source, kUntil, kUntil},
}};

[[nodiscard]] constexpr const EventRule& rule_of(EventKind kind) {
    return kEventRules[static_cast<std::size_t>(kind)];
}

}  // namespace dimout::scenario
