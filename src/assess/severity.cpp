#include "assess/severity.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace dimout::assess {
namespace {

std::uint64_t whole_seconds(std::chrono::seconds lasted) {
    return static_cast<std::uint64_t>(std::max<std::int64_t>(0, lasted.count()));
}

/// P(K <= k) of a beta-binomial of n, by the ratio of neighbouring terms: no gamma function, the
/// same digits on every machine.
double at_most(std::uint32_t k, std::uint32_t n, double a, double b) {
    double term = 1;  // P(K = 0) = product of (b + i) / (a + b + i).
    for (std::uint32_t i = 0; i < n; ++i) term *= (b + i) / (a + b + i);
    double sum = term;
    for (std::uint32_t i = 0; i < k; ++i) {
        term *= (n - i) / (i + 1.0) * (a + i) / (b + n - i - 1.0);
        sum += term;
    }
    return std::min(1.0, sum);
}

double at_least(std::uint32_t k, std::uint32_t n, double a, double b) {
    return k == 0 ? 1.0 : 1.0 - at_most(k - 1, n, a, b);
}

}  // namespace

double confidence(std::uint32_t holders, std::uint32_t observers, std::uint32_t collectors) {
    if (observers == 0) return 0;
    holders = std::min(holders, observers);
    constexpr double kPriorOdds = 1.0 / 9.0;
    constexpr std::array kWrongTogether{0.05, 0.0025, 0.000125};
    const double together = kWrongTogether[std::clamp(collectors, 1U, 3U) - 1];
    const double if_up = at_most(holders, observers, 60, 1) + together;
    const double if_down =
        (at_least(holders, observers, 0.5, 20) + at_least(holders, observers, 3, 3)) / 2;
    const double odds = kPriorOdds * if_down / std::min(1.0, if_up);
    return std::round(odds / (1 + odds) * 1000) / 1000;
}

void Tally::add(const Alert& alert, const Coverage& coverage, std::chrono::seconds lasted) {
    deepen(alert.loss, alert.lost, alert.of, alert.still_seen, coverage);
    of_counts_ = alert.of_counts;
    sure_ = std::max(sure_, alert.sure);
    last_loss_ = alert.loss;
    last_lost_ = alert.lost;
    prolong(lasted);
}

void Tally::prolong(std::chrono::seconds lasted) {
    millionth_seconds_ += last_loss_ * whole_seconds(lasted);
    address_seconds_ += last_lost_ * whole_seconds(lasted);
}

void Tally::fell(const Alert& alert, const Coverage& coverage) {
    if (alert.fallen == 0 || alert.of == 0) return;
    // It fell below half of the ASNs; how far below was not recorded.
    const auto depth = static_cast<std::uint32_t>(alert.fallen * kMillion / alert.of);
    deepen(depth, alert.fallen, alert.of, kMillion / 2, coverage);
}

void Tally::deepen(std::uint32_t loss, std::uint64_t lost, std::uint64_t of,
                   std::uint32_t still_seen, const Coverage& coverage) {
    if (seen_ && std::pair(loss, lost) <= std::pair(loss_, lost_)) return;
    seen_ = true;
    loss_ = loss;
    lost_ = lost;
    of_ = of;
    still_seen_ = still_seen;
    coverage_ = coverage;
}

Tally& Tally::operator+=(const Tally& other) {
    if (!other.empty())
        deepen(other.loss_, other.lost_, other.of_, other.still_seen_, other.coverage_);
    of_counts_ = of_counts_ || other.of_counts_;
    sure_ = std::max(sure_, other.sure_);
    millionth_seconds_ += other.millionth_seconds_;
    address_seconds_ += other.address_seconds_;
    return *this;
}

Severity Tally::severity() const {
    return {.depth = loss_ / 1e6,
            .area_percent_minutes = (millionth_seconds_ + 300'000) / 600'000,
            .address_hours = (address_seconds_ + 1800) / 3600,
            .lost = lost_,
            .of = of_};
}

/// After a day with few observers the usual number is theirs: "14 of the usual 5" is no sentence.
Observers Tally::observers() const {
    return {.live_full_feed_asns = coverage_.live,
            .usual = std::max(coverage_.usual, coverage_.live),
            .collectors = coverage_.collectors};
}

double Tally::confidence() const {
    if (of_counts_) return std::round(sure_ / 1e3) / 1e3;
    const std::uint64_t holders =
        (std::uint64_t{still_seen_} * coverage_.live + kMillion / 2) / kMillion;
    return assess::confidence(static_cast<std::uint32_t>(holders), coverage_.live,
                              coverage_.collectors);
}

std::string Tally::label() const {
    const bool few = coverage_.live < 10 || coverage_.collectors < 3 || !coverage_.near_usual();
    return few ? "unconfirmed" : "confirmed";
}

}  // namespace dimout::assess
