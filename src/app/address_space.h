// The addresses that an outage is about: which records of an archive can have to do with it.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/time.h"
#include "model/entity.h"
#include "model/entity_map.h"
#include "signal/counted.h"

namespace dimout::app {

/// Runs of IPv4 addresses and of IPv6 /48s, widened to whole /24s, in which entities are counted.
class AddressSpace {
public:
    void add(Family family, const signal::Units& units);
    /// After the last `add`, before the first question.
    void settle();

    /// Whether an address of `prefix`, which must be one that counts, is of them.
    [[nodiscard]] bool meets(const Prefix& prefix) const;
    /// Ascending, apart.
    [[nodiscard]] const std::vector<signal::Units>& runs(Family family) const;

private:
    std::array<std::vector<signal::Units>, 2> runs_;  ///< By family's place.
};

/// Where to look for what a network or a group ever had: records of an archive up to `until`.
struct SpaceQuestion {
    Entity entity;
    std::vector<std::string> archive;
    std::string collector;
    std::optional<EventTime> from;
    EventTime until;
};

/// A country's or a prefix's by itself; a network's or a group's by all that it ever originated,
/// for which the archive is read once. Empty when nothing is known of it.
[[nodiscard]] Result<AddressSpace> space_of(const SpaceQuestion& question, const EntityMap& map);

/// The countries of all of it, as a range list (`start,end,CC`) that `--registry` takes.
[[nodiscard]] std::string range_list(const AddressSpace& space, const EntityMap& map);

}  // namespace dimout::app
