#include "detect/joint_drop.h"

#include <algorithm>
#include <cmath>

#include "base/probability.h"
#include "detect/fusion.h"

namespace dimout::detect {
namespace {

constexpr std::array kLeft{0.5, 0.7, 0.85};
/// By so many nats the sum must fall below the threshold to end an alarm; as many beyond it are
/// kept.
constexpr double kSlack = 3;
/// Half the width of the central 90 % of a normal distribution, in spreads.
constexpr double kNinety = 1.6448536269514722;

double score(double p) { return normal_quantile(std::clamp(p, 1e-15, 1 - 1e-15)); }

bool tells(const Evidence& evidence) {
    return !evidence.learning && evidence.expected > 0 && evidence.high > evidence.low;
}

}  // namespace

JointDrop::JointDrop(double tests)
    : threshold_(std::log(std::max(tests, 1.0)) + std::log(static_cast<double>(kLeft.size()))) {}

void JointDrop::add(TimeRange tick, std::span<const Evidence> seen) {
    if (std::ranges::none_of(seen, tells)) return;
    const EventTime from = std::min(tick.from, last_.value_or(tick.from));
    bool still = false;
    for (std::size_t i = 0; i < kLeft.size(); ++i) {
        Sum& sum = sums_[i];
        if (sum.value <= 0) sum.since = TimeRange{from, tick.until};
        for (const Evidence& evidence : seen) {
            if (!tells(evidence)) continue;
            const double spread = (evidence.high - evidence.low) / (2 * kNinety);
            const double shift = (1 - kLeft[i]) * evidence.expected / spread;
            const double nats = -shift * score(evidence.p) - shift * shift / 2;
            sum.value += std::min(kTemper * nats, kClip);
        }
        sum.value = std::clamp(sum.value, 0.0, threshold_ + kSlack);
        if (sum.value >= threshold_ && !alarm_since_) alarm_since_ = sum.since;
        still = still || sum.value > threshold_ - kSlack;
    }
    if (!still) alarm_since_.reset();
    last_ = tick.until;
}

}  // namespace dimout::detect
