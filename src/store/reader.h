// A view of a store as it was at one moment, also while a writer writes and compacts it.
//
// Opening reads the manifest and the live log, at most the last hours; segments are read when asked
// for. When compaction has replaced a file under our feet, the newer manifest is read and the
// question is asked again. Any number of readers, in any number of processes; nothing is ever
// locked or written.
//
// Not thread-safe: one Reader a thread.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "store/rows.h"

namespace dimout::store {

struct OutageFilter {
    std::optional<Entity> entity;
    std::optional<TimeRange> during;  ///< Those that overlap it; an open end lasts for ever.
    std::optional<EventTime> as_of;   ///< Only what was known then (`known_at` ≤ this).
    bool all_revisions = false;       ///< Else the newest each.
};

/// Entities by how their text begins and ends: "asn-country/" and ".KP".
struct EntityNames {
    std::string begin;
    std::string end{};

    [[nodiscard]] bool hold(std::string_view entity) const {
        return entity.size() >= begin.size() + end.size() && entity.starts_with(begin) &&
               entity.ends_with(end);
    }
};

class Reader {
public:
    [[nodiscard]] static Result<Reader> open(const std::string& folder);
    Reader(Reader&&) noexcept;
    Reader& operator=(Reader&&) noexcept;
    ~Reader();

    [[nodiscard]] const std::string& folder() const;
    /// Looks at the store again, for what was appended since.
    [[nodiscard]] Result<void> refresh();

    /// The first and the last sealed bin. Empty in a new store.
    [[nodiscard]] std::optional<Bin> first_bin() const;
    [[nodiscard]] std::optional<Bin> last_bin() const;
    /// Sorted; the union over all runs.
    [[nodiscard]] const RunFacts& facts() const;

    /// Every bin that lies in [from, until), sealed or not, in order.
    [[nodiscard]] Result<std::vector<SeriesPoint>> series(const Entity& entity,
                                                          const TimeRange& range);
    /// The same, a stretch of days at a time, for ranges that do not fit in memory.
    [[nodiscard]] Result<void> series(const Entity& entity, const TimeRange& range,
                                      const std::function<void(const SeriesPoint&)>& visit);
    /// Sealed bins that start in the range.
    [[nodiscard]] Result<std::vector<BinRow>> bins(const TimeRange& range);
    /// All rows of those bins, by (bin, entity), a day's segment at a time.
    [[nodiscard]] Result<void> rows(const TimeRange& range,
                                    const std::function<void(const EntityRow&)>& visit);
    /// The same of some entities only, in order of time; those of a bin may come twice. What is not
    /// asked for is not unpacked.
    [[nodiscard]] Result<void> rows(const TimeRange& range, const EntityNames& which,
                                    const std::function<void(const EntityRow&)>& visit);
    [[nodiscard]] Result<std::vector<HealthRow>> health(const TimeRange& range);
    /// All entities with a row in the range, in entity order.
    [[nodiscard]] Result<std::vector<Entity>> entities(const TimeRange& range);

    /// What another signal said of one entity, in order of time: samples whose interval ended in a
    /// bin that starts in the range.
    [[nodiscard]] Result<std::vector<Sample>> samples(const Entity& entity, std::string_view signal,
                                                      const TimeRange& range);
    /// All samples of those bins, by (bin, entity, signal, from), a segment at a time.
    [[nodiscard]] Result<void> samples(const TimeRange& range,
                                       const std::function<void(const Sample&)>& visit);
    /// Which series of other signals there are, by (entity, signal); of one entity, or of all.
    [[nodiscard]] Result<std::vector<SampledSeries>> sampled_series(
        const std::optional<Entity>& entity);

    /// By (start of the newest revision shown, id, revision).
    [[nodiscard]] std::vector<Outage> outages(const OutageFilter& filter = {}) const;
    /// Those that overlap the range, sorted by (collector, from).
    [[nodiscard]] std::vector<GapRow> gaps(const TimeRange& range) const;

    class State;

private:
    explicit Reader(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

/// From the beginning of time to its end.
inline constexpr TimeRange kAllTime{.from = event_time(-1'000'000'000'000),
                                    .until = event_time(1'000'000'000'000)};

}  // namespace dimout::store
