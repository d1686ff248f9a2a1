// What a count usually is at this hour of the week, learnt from the past only.
//
// A level (mean over the last days, half-life 3 days, or of a trickle as long as 1,500 requests
// take, 28 days at most) times a profile of 24 hours (half-life a
// week) times, once a week is known, 168 hours of the week shrunk towards that day (half-life four
// weeks, the weight of n weeks being n/(n + 4)). Cells start from "no difference" with the weight
// of ten requests, so that a trickle's noise makes no profile. Between the middles of two hours the
// daily profile is a line. Nothing is learnt from gaps; they only let the past count for less.
//
// 240 bytes, and 1,344 more from the eighth day.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>

#include "base/time.h"

namespace dimout::detect {

class SeasonalLevel {
public:
    /// What the level expects in [from, from + width).
    [[nodiscard]] double expected(EventTime from, std::chrono::seconds width) const;
    /// Learns a value, already freed of outliers. `scale`: how much of a value weighs as much as
    /// one request.
    void learn(EventTime from, std::chrono::seconds width, double value, double scale);
    /// From now on there is `ratio` of what was.
    void rescale(double ratio);
    /// Forgets how the level moved since it was `rate`.
    void return_to(double rate) { sum_ = static_cast<float>(rate * double(exposure_)); }
    /// Time that passed without anything learnt and does not age the past.
    void skip(EventTime until) { learnt_until_ = until; }

    /// A day has passed and 18 of its hours were seen.
    [[nodiscard]] bool knows_a_day() const;
    /// The level: what is expected is in proportion to it.
    [[nodiscard]] double rate() const { return exposure_ > 0 ? double(sum_) / exposure_ : 0; }
    /// The usual value of one hour, over the whole day.
    [[nodiscard]] double hourly() const;
    /// The sum of values that the level rests on.
    [[nodiscard]] double weight() const { return sum_; }
    [[nodiscard]] std::size_t allocated() const { return week_ ? sizeof(Week) : 0; }

private:
    struct Cell {
        float seen = 0;
        float exposure = 0;  ///< Day: hours. Week: what day and level expected.
    };
    using Week = std::array<Cell, 168>;

    [[nodiscard]] double season(EventTime from, std::chrono::seconds width) const;
    [[nodiscard]] double season_at(std::int64_t second) const;
    [[nodiscard]] double day_factor(std::int64_t hour) const;
    [[nodiscard]] double week_factor(std::int64_t second) const;
    [[nodiscard]] double week_cell(std::size_t hour) const;
    [[nodiscard]] double half_life() const;
    void forget(EventTime until);
    void learn_hour(std::int64_t second, double value, double hours);
    void average_day();
    void begin_level();

    std::array<Cell, 24> day_{};
    std::unique_ptr<Week> week_;
    EventTime first_{EventTime::max()};
    EventTime learnt_until_{EventTime::min()};
    float sum_ = 0;
    float exposure_ = 0;  ///< Hours × season.
    float day_rate_ = 0;  ///< Mean of the hours seen, values an hour.
    float week_mean_ = 1;
    float prior_ = 10;  ///< What a cell's "no difference" weighs, in the unit of the values.
    std::uint32_t hours_seen_ = 0;
    std::int32_t forgot_day_ = 0;
    bool knows_a_day_ = false;
};

}  // namespace dimout::detect
