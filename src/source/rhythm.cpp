#include "source/rhythm.h"

#include <algorithm>

namespace dimout::source {
namespace {

constexpr std::int64_t kFactor = 20;
constexpr std::int64_t kCalm = 600;
/// A longer pause lies between two bursts, not within one.
constexpr std::int64_t kBurst = 30;
constexpr std::int64_t kBurstFactor = 12;
constexpr std::int64_t kBusy = 240;
/// A 99.9th percentile means nothing before.
constexpr std::uint64_t kLearntBusy = 1000;
constexpr std::uint64_t kJudgeEvery = 64;

}  // namespace

void Rhythm::hear(EventTime time) {
    if (!last_) {
        last_ = time;
        return;
    }
    if (time <= *last_) return;
    const std::chrono::seconds pause = time - *last_;
    last_ = time;
    const auto cell =
        std::min<std::int64_t>(pause.count(), static_cast<std::int64_t>(pauses_.size()) - 1);
    ++pauses_[static_cast<std::size_t>(cell)];
    ++heard_;
    if (pause.count() > kBurst) {
        calm_seconds_ += pause.count();
        ++calm_pauses_;
    }
    if (heard_ == kLearnt || heard_ % kJudgeEvery == 0) judge();
}

void Rhythm::judge() {
    std::int64_t allowed = std::max(kCalm, kFactor * quantile(1, 2));
    if (calm_pauses_ > 0) allowed = std::max(allowed, kBurstFactor * calm_seconds_ / calm_pauses_);
    if (heard_ >= kLearntBusy)
        allowed = std::min(allowed, std::max(kBusy, kFactor * quantile(999, 1000)));
    allowed_ = std::chrono::seconds{allowed};
}

/// The shortest pause that at least `parts` of `of` pauses do not exceed.
std::int64_t Rhythm::quantile(std::uint64_t parts, std::uint64_t of) const {
    const std::uint64_t wanted = (heard_ * parts + of - 1) / of;
    std::uint64_t count = 0;
    for (std::size_t seconds = 0; seconds < pauses_.size(); ++seconds) {
        count += pauses_[seconds];
        if (count >= wanted) return static_cast<std::int64_t>(seconds);
    }
    return static_cast<std::int64_t>(pauses_.size());
}

}  // namespace dimout::source
