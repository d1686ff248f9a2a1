// All outages that are known, and where among them a new one stands (study methods §7).
//
// Outages are compared by lost share times time, so that small entities are not always last, and
// own ones also by how long they lasted; routes with routes only. Own outages: those of the entity.
// Peers: those of all entities of its kind whose size is in the same tenth, sizes being those of
// entities that ever had an outage.
//
// What may be said: a rank needs a year of history, half of it well observed (0.7 of the usual
// observers live). "Worst since DATE" names the last outage as bad, or the beginning, and needs a
// year since then, of which 95 % was well observed; "one of the worst" is among the first
// max(3, a tenth) of at least ten. Otherwise `why_not` says why there is nothing to say.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/outage.h"

namespace dimout::assess {

struct Ranking {
    Standing standing;
    std::string why_not;  ///< Empty when there is a rank.
};

class KnownOutages {
public:
    /// The newest revision of an outage, of this run or kept from earlier ones.
    void add(const Outage& outage);
    /// `range` was watched; `well`: by enough observers. Ranges may come in any order, not overlap.
    void observed(TimeRange range, bool well);

    /// Where the outage stands at `now` among those added before, itself left out by its id.
    [[nodiscard]] Ranking rank(const Outage& outage, EventTime now);
    [[nodiscard]] std::optional<EventTime> begins() const { return begins_; }

private:
    struct Entry {
        std::string id;
        EventTime start{};
        bool closed = false;
        std::uint64_t area = 0;
        std::chrono::seconds length{0};  ///< So far, while it lasts.
    };
    struct Known {
        std::uint64_t size = 0;
        std::vector<Entry> outages;  ///< In order of arrival.
    };
    /// Areas by tenth of size, of all entities of a kind; renewed once a day of event time.
    struct Peers {
        std::int64_t day = INT64_MIN;
        std::vector<std::uint64_t> bounds;  ///< Sizes that begin the second to the tenth tenth.
        std::array<std::vector<std::uint64_t>, 10> areas;  ///< Each ascending.

        [[nodiscard]] std::size_t tenth_of(std::uint64_t size) const;
    };

    [[nodiscard]] double observed_share(TimeRange range) const;
    void rank_own(const Outage& outage, EventTime now, Standing& standing);
    void rank_peers(const Outage& outage, EventTime now, Standing& standing);
    void renew(Entity::Kind kind, std::int64_t day, Peers& peers) const;

    std::map<Entity, Known> known_;
    std::map<Entity::Kind, Peers> peers_;
    std::vector<TimeRange> well_;  ///< Ascending, apart.
    std::optional<EventTime> begins_;
};

}  // namespace dimout::assess
