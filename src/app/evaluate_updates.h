// Updates that we write after a real table: BGP4MP messages of its real peers, in files of a day.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "app/evaluate_table.h"
#include "base/error.h"
#include "base/random.h"
#include "model/bin.h"
#include "scenario/encode.h"

namespace dimout::app {

class UpdateWriter {
public:
    UpdateWriter(const RealTable& table, std::uint64_t seed) : table_(table), random_(seed) {}

    /// Each peer loses the routes in its own time after `at`, having tried up to `steps` longer
    /// paths; up to `stuck` peers per route keep it.
    void withdraw(EventTime at, std::span<const RealRouteIndex> routes, unsigned steps,
                  unsigned stuck);
    /// Each peer tells the routes again, over the paths of the table.
    void announce(EventTime at, std::span<const RealRouteIndex> routes);
    /// The same for prefixes that are not in the table, along the ways of `route`.
    void announce_like(EventTime at, RealRouteIndex route, std::span<const Prefix> prefixes);
    void withdraw_like(EventTime at, RealRouteIndex route, std::span<const Prefix> prefixes);
    /// One peer goes for `lasts` and tells its table anew, but for `without`, and `with`.
    void reset(std::uint32_t peer, EventTime at, std::chrono::seconds lasts, bool states,
               const std::vector<bool>& without,
               const std::vector<std::pair<RealRouteIndex, Prefix>>& with);
    /// Every 20 seconds until `until` some peer has some of `routes` over a longer path, or back.
    void keep_busy(EventTime from, EventTime until, std::span<const RealRouteIndex> routes);

    /// `updates.YYYYMMDD.HHMM` in `folder`; nothing in `spared`, which a real file fills.
    [[nodiscard]] Result<void> write(const std::filesystem::path& folder,
                                     const std::optional<TimeRange>& spared) const;

private:
    using Seconds = std::chrono::seconds;

    [[nodiscard]] Seconds delay(std::uint32_t peer);
    void say(EventTime at, std::uint32_t peer, std::span<const Prefix> prefixes,
             scenario::Attributes attributes);
    /// Over a path of the table.
    void say_again(EventTime at, std::uint32_t peer, std::span<const Prefix> prefixes,
                   std::uint32_t path) {
        say(at, peer, prefixes, {.segments = table_.segments(path)});
    }
    void say_withdrawn(EventTime at, std::uint32_t peer, std::span<const Prefix> prefixes);
    [[nodiscard]] bool is_silent(std::uint32_t peer, EventTime at) const;
    /// The routes that each peer has, by peer and path.
    [[nodiscard]] std::map<std::uint32_t, std::map<std::uint32_t, std::vector<Prefix>>> by_peer(
        std::span<const RealRouteIndex> routes) const;

    const RealTable& table_;
    Random random_;
    std::map<EventTime, std::vector<std::uint8_t>> records_;
    std::map<std::uint32_t, std::vector<TimeRange>> away_;
};

}  // namespace dimout::app
