// A scenario: a synthetic Internet and what happens in it, as a value.
//
// The text form is the reference (docs/reference/scenario.md); `parse` and `print` are inverse. A
// scenario says what exists (collectors, peers, networks, background), what happens (events, churn)
// and what an honest observer must find (expectations). `simulate` turns it into an archive.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/time.h"
#include "model/asn.h"
#include "model/entity.h"
#include "model/outage.h"
#include "model/prefix.h"

namespace dimout::scenario {

using std::chrono::seconds;

enum class Layout : std::uint8_t { RouteViews, Ris };
enum class Compression : std::uint8_t { Bz2, Gz, None };

/// Where files come from.
struct Collector {
    std::string name;
    Layout layout = Layout::RouteViews;
    Compression compression = Compression::Bz2;
    bool states = false;  ///< Writes BGP4MP_STATE_CHANGE, as RIS does and RouteViews does not.
    bool microseconds = false;  ///< Writes BGP4MP_ET (RFC 6396 §3).
    seconds rib_every{7200};
    seconds updates_every{900};

    bool operator==(const Collector&) const = default;
};

/// One line of peers of one collector. An ASN that is named again has a second session.
struct Peers {
    std::string collector;
    unsigned percent = 100;  ///< 100: a full feed. Else the share of the table that the peer tells.
    bool v4 = true;
    bool v6 = true;
    bool two_octet = false;  ///< A session that never learnt four-octet numbers (RFC 6793 §4.2.2).
    std::vector<Asn> asns;

    bool operator==(const Peers&) const = default;
};

/// The rest of the Internet, invented from the seed.
struct Background {
    unsigned prefixes = 0;  ///< IPv4.
    unsigned prefixes_v6 = 0;

    bool operator==(const Background&) const = default;
};

/// `count` equal parts of a block, from its start.
struct Pieces {
    unsigned count = 1;
    unsigned length = 24;

    bool operator==(const Pieces&) const = default;
};

/// A block of addresses with an owner, announced in pieces.
struct Block {
    CountryCode country;
    Prefix prefix;
    std::vector<Pieces> pieces;  ///< Empty: the block as it is.
    Asn origin;
    std::vector<Asn> upstreams;
    bool reserved = false;  ///< Delegated, but not announced until an event does.
    unsigned line = 0;

    bool operator==(const Block&) const;
};

/// How often ordinary things happen.
struct Churn {
    unsigned path_changes_per_hour = 0;  ///< A network is seen over another path by some peers.
    unsigned local_losses_per_hour = 0;  ///< One peer loses one network for some minutes.
    unsigned flaps_per_hour = 0;         ///< A single prefix of many is gone for 30 to 100 seconds.
    unsigned resets_per_day = 0;         ///< A session goes and comes back.

    bool operator==(const Churn&) const = default;
};

/// Requests that a service hears from an entity, counted every five minutes.
struct Traffic {
    Entity entity;
    unsigned per_hour = 0;        ///< On average, while nothing happens.
    unsigned daily = 1;           ///< At noon so many times as many as at midnight.
    unsigned clump = 1;           ///< So many come together, on average.
    unsigned back_percent = 100;  ///< So many are back after each `dark` of the entity,
    seconds back_for{0};          ///< for so long.
    unsigned line = 0;

    bool operator==(const Traffic&) const;
};

enum class EventKind : std::uint8_t {
    Dark,         ///< All of an entity is withdrawn until `until`.
    Flap,         ///< The same, said of a short one, so that the truth calls it instability.
    Lose,         ///< `count` of the entity's `of` prefixes are withdrawn.
    Explore,      ///< Peers hunt through longer paths and come back; nothing is lost.
    Reupstream,   ///< The entity's origins change their upstream to `asn`.
    Renumber,     ///< The entity moves to `prefix`, which is announced before the old goes.
    Deaggregate,  ///< `prefix` is announced as `pieces`, then withdrawn itself.
    Aggregate,    ///< `prefix` is announced, then what it covers is withdrawn.
    Hijack,       ///< `asn` announces the entity's prefixes too, to a share of the peers.
    Forge,    ///< Paths to the entity pass through `asn` at a share of the peers; the origin stays.
    Reset,    ///< Sessions of `source` go and come back.
    Forget,   ///< Peer `source` loses a share of its own table.
    Missing,  ///< Update files of collector `source` are lost.
    Silent,   ///< Collector `source` hears and writes nothing.
};

/// Something that happens. Fields that a kind does not use keep their defaults.
struct Event {
    EventKind kind = EventKind::Dark;
    EventTime at;
    std::optional<EventTime> until;  ///< Empty: for good.
    std::optional<Entity> entity;
    std::string source;  ///< `rv-a` or `rv-a/500101`.
    std::optional<Prefix> prefix;
    std::optional<Pieces> pieces;
    Asn asn;
    unsigned count = 0;
    unsigned of = 0;
    unsigned percent = 100;  ///< Share of peers (Hijack, Forge, Explore) or of a table (Forget).
    unsigned stuck = 0;      ///< Peer ASNs that keep each withdrawn route.
    unsigned steps = 2;      ///< Longer paths tried before a route is given up, at most.
    seconds overlap{600};    ///< Renumber, Deaggregate, Aggregate: old and new live together.
    std::optional<Family> family;  ///< Dark: only this family.
    unsigned line = 0;

    bool operator==(const Event&) const;
};

/// What must be found. Without phases: nothing must be.
struct Expectation {
    std::optional<Entity> entity;   ///< Empty: `expect nothing`.
    std::vector<PhaseSpan> phases;  ///< Each has its end.
    unsigned line = 0;

    bool operator==(const Expectation&) const;
};

struct Scenario {
    std::string name;
    std::string title;
    std::string kind = "synthetic";  ///< `reconstruction` when something like it took place.
    std::uint64_t seed = 1;
    TimeRange time;
    std::vector<Collector> collectors;
    std::vector<Peers> peers;
    Background background;
    Churn churn;
    std::vector<Block> blocks;
    std::vector<Traffic> traffic;
    std::vector<Event> events;
    std::vector<Expectation> expectations;

    bool operator==(const Scenario&) const = default;
};

/// Reads a scenario. `name` stands in the messages and names the scenario when the text does not;
/// the error holds one sentence a line, for every line that is wrong.
[[nodiscard]] Result<Scenario> parse(std::string_view text, std::string_view name);

/// The canonical text: `parse(print(s)) == s`.
[[nodiscard]] std::string print(const Scenario& scenario);

}  // namespace dimout::scenario
