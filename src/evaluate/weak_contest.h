// Who notices weak drops: several contenders on the same cases, each as sensitive as equal false
// alarms let it be.
//
// A contender may have several settings. Of them that one counts which found most among those with
// no more false alarms than the first contender; so the others are tuned with knowledge of the
// outcome, which the first one is not.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/probability.h"
#include "evaluate/made_series.h"
#include "evaluate/score_card.h"

namespace dimout::evaluate {

/// One alarm line along one case. Alarms less than half an hour apart are one.
class AlarmLine {
public:
    /// Nothing before `null_from` counts.
    AlarmLine(const WeakDrop& drop, Bin null_from) : drop_(&drop), null_from_(null_from) {}

    void see(Bin bin, bool alarm);
    [[nodiscard]] std::uint32_t false_alarms() const { return false_alarms_; }
    /// Bins from the drop to the end of the one in which an alarm began; empty: missed.
    [[nodiscard]] std::optional<double> delay() const { return delay_; }

private:
    const WeakDrop* drop_;
    Bin null_from_;
    std::int64_t quiet_ = 0;
    std::uint32_t false_alarms_ = 0;
    std::optional<double> delay_;
    bool ever_ = false;
};

struct Setting {
    std::string name{};
    std::uint64_t false_alarms = 0;
    std::vector<std::optional<double>> delays{};  ///< By case.

    void add(const AlarmLine& line);
    [[nodiscard]] std::uint64_t found() const;
};

struct Contender {
    std::string name{};
    std::vector<Setting> settings{};

    /// Of those with at most so many false alarms the one that found most; else the one with the
    /// fewest false alarms.
    [[nodiscard]] const Setting& best_within(std::uint64_t false_alarms) const;
};

/// By how much `ours` is better, with 95 % intervals over cases.
struct Lead {
    double found = 0;  ///< Share of cases.
    Interval found_range{};
    double sooner = 0;  ///< Bins; a missed drop counts as found at its end.
    Interval sooner_range{};
};
[[nodiscard]] Lead lead(const Setting& ours, const Setting& theirs,
                        const std::vector<WeakDrop>& drops, std::uint64_t seed);

/// `contenders.front()` is held against the others. `null_days`: all cases together.
[[nodiscard]] Section weak_section(const std::vector<Contender>& contenders,
                                   const std::vector<WeakDrop>& drops, double null_days,
                                   std::uint64_t seed);

}  // namespace dimout::evaluate
