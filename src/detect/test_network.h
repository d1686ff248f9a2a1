// A hand-driven Internet for tests: some entities, some observers, one bin at a time.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "detect/detector.h"

namespace dimout::detect {

inline constexpr std::int64_t kStart = 4'730'000;  ///< The number of the first bin.

class TestNetwork {
public:
    explicit TestNetwork(std::uint32_t observers) : live(observers), usual(observers) {}

    /// From now on `seen_by` of the observers see `addresses` of the entity's.
    void show(const Entity& entity, std::uint64_t addresses, std::uint32_t seen_by) {
        EntityBin& row = rows_[entity];
        row.entity = entity;
        row.v4 = level(addresses, seen_by);
        row.v4.known = known_[entity] = std::max(known_[entity], addresses);
        changed_[entity] = true;
    }
    void show_v6(const Entity& entity, std::uint64_t blocks, std::uint32_t seen_by) {
        EntityBin& row = rows_[entity];
        row.entity = entity;
        row.v6 = level(blocks, seen_by);
        row.v6.known = std::max(row.v6.known, blocks);
        changed_[entity] = true;
    }
    void fall(const Entity& entity, std::uint64_t addresses) {
        rows_[entity].churn.addresses_fallen_v4 += addresses;
        changed_[entity] = true;
    }
    void path_changes(const Entity& entity, std::uint64_t count) {
        rows_[entity].churn.path_changes += count;
        changed_[entity] = true;
    }
    /// All observers lost the entity `seconds` into the bin.
    void lost_at(const Entity& entity, std::int64_t seconds) {
        for (std::uint32_t asn = 1; asn <= live; ++asn) {
            const EventTime time = bin.start() + std::chrono::seconds(seconds);
            rows_[entity].transitions.push_back(
                {.peer_asn = {asn}, .last_loss = time, .first_loss = time});
        }
        changed_[entity] = true;
    }

    void transitions(const Entity& entity, std::vector<TransitionTimes> times) {
        rows_[entity].transitions = std::move(times);
        changed_[entity] = true;
    }

    /// Ends the bin and judges it.
    BinAlerts seal() {
        VisibilityBin sealed{.bin = bin,
                             .keyframe = bin.index == kStart,
                             .known_at = bin.end(),
                             .v4 = coverage(),
                             .v6 = coverage(),
                             .changed = {},
                             .health = {}};
        for (auto& [entity, row] : rows_) {
            if (changed_[entity]) sealed.changed.push_back(row);
            row.churn = {};
            row.transitions.clear();
        }
        changed_.clear();
        bin = bin.next();
        return detector.add(sealed);
    }
    /// Seals `count` bins; the alerts of all of them.
    std::vector<Alert> seal(int count) {
        std::vector<Alert> all;
        for (int i = 0; i < count; ++i) {
            for (Alert& alert : seal().alerts) all.push_back(std::move(alert));
        }
        return all;
    }
    /// The entity's alert of the next bin; nullopt when there is none.
    std::optional<Alert> alert() {
        const BinAlerts sealed = seal();
        return sealed.alerts.empty() ? std::nullopt : std::optional(sealed.alerts.front());
    }

    std::uint32_t live;
    std::uint32_t usual;
    std::uint32_t unhealthy = 0;
    Bin bin{kStart};
    Detector detector;

private:
    [[nodiscard]] Coverage coverage() const {
        return {.live = live, .usual = usual, .collectors = 3, .unhealthy = unhealthy};
    }
    [[nodiscard]] VisibilityLevel level(std::uint64_t addresses, std::uint32_t seen_by) const {
        VisibilityLevel result;
        result.votes = addresses * seen_by;
        if (seen_by * 2 >= live) result.addresses[kHalfVisible] = addresses;
        if (seen_by > std::max(1U, live / 10)) result.carried = addresses;
        return result;
    }

    std::map<Entity, EntityBin> rows_;
    std::map<Entity, std::uint64_t> known_;
    std::map<Entity, bool> changed_;
};

}  // namespace dimout::detect
