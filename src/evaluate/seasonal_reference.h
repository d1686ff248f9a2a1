// A seasonal ARIMA forecast with a robust band, as Chocolatine has it: the reference that our
// counts are held against (study methods §2.1).
//
// The value a week ago is taken away (a day ago while there is no week), what remains follows
// ARMA(1,1), fitted by conditional least squares once a day on what came before, and a value is
// abnormal when it lies further below the forecast than 3 x 1.4826 x the median error. An abnormal
// value is kept as the forecast instead, so that an outage does not teach. A reference, not a
// detector of ours. Cost: a hundred passes over the last week, once a
// day.
#pragma once

#include <chrono>
#include <deque>
#include <optional>
#include <vector>

#include "base/time.h"

namespace dimout::evaluate {

struct SeasonalReferenceOptions {
    std::chrono::seconds width{300};
    double band = 3;  ///< Median errors, times 1.4826, below the forecast.
    std::size_t least_errors = 72;
};

class SeasonalReference {
public:
    explicit SeasonalReference(const SeasonalReferenceOptions& options);

    struct Verdict {
        std::optional<double> forecast{};  ///< Empty: less than a day and some hours of history.
        double distance = 0;               ///< Below the forecast, in median errors x 1.4826.
        bool alarm = false;
    };

    /// Every interval in order; a missing one has no value, and changes nothing but the time.
    Verdict judge(std::optional<double> value);

    struct Coefficients {
        double ar = 0;
        double ma = 0;
    };
    [[nodiscard]] Coefficients coefficients() const { return coefficients_; }

private:
    [[nodiscard]] std::optional<double> season_ago() const;
    [[nodiscard]] double error_scale();
    void fit();
    void keep(double kept, double difference, double error);

    SeasonalReferenceOptions options_;
    std::size_t day_;
    std::size_t week_;
    std::deque<std::optional<double>> values_;  ///< Of two weeks, cleaned.
    std::deque<double> errors_;                 ///< Of a week of forecasts.
    Coefficients coefficients_{0.5, 0};
    double difference_ = 0;  ///< The newest, from a season before.
    double error_ = 0;       ///< Of its forecast.
    double scale_ = 0;
    std::size_t seen_ = 0;
};

}  // namespace dimout::evaluate
