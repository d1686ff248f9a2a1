#include "detect/baseline.h"

#include <algorithm>
#include <utility>

namespace dimout::detect {
namespace {

bool alike(std::uint64_t a, std::uint64_t b) { return std::max(a, b) - std::min(a, b) <= a / 256; }

bool alike(const Seen& a, const Seen& b) {
    return alike(a.share, b.share) && alike(a.addresses, b.addresses);
}

/// The smallest value at or below which more than half of the bins lie.
std::uint64_t upper_median(std::vector<std::pair<std::uint64_t, std::uint32_t>>& weighted,
                           std::uint32_t bins) {
    std::ranges::sort(weighted);
    std::uint32_t below = 0;
    for (const auto& [value, weight] : weighted) {
        below += weight;
        if (below > bins / 2) return value;
    }
    return 0;
}

}  // namespace

void Baseline::add(const Seen& level, std::uint32_t bins) {
    if (bins == 0) return;
    bins = std::min(bins, kBaselineBins);
    if (bins_ == 0) single_ = level;
    if (!several_ && !alike(single_, level)) {
        several_ = std::make_unique<Several>();
        several_->runs.push_back({.level = single_, .bins = bins_});
        several_->usual = single_;
    }
    if (several_) {
        std::vector<Run>& runs = several_->runs;
        if (alike(runs.back().level, level)) {
            runs.back().bins += bins;
        } else {
            runs.push_back({.level = level, .bins = bins});
        }
    }
    bins_ += bins;
    stale_ += bins;
    forget_oldest();
}

void Baseline::restart(const Seen& level) {
    several_.reset();
    single_ = level;
    bins_ = 1;
    stale_ = kBaselineBins;
}

const Seen& Baseline::usual() {
    const bool is_stale = stale_ != 0 && stale_ >= std::min(kDayOfBins / 24, bins_ / 16);
    if (is_stale) stale_ = 0;
    if (!several_) return single_;
    if (!is_stale) return several_->usual;
    const std::vector<Run>& runs = several_->runs;
    std::vector<std::pair<std::uint64_t, std::uint32_t>> weighted;
    weighted.reserve(runs.size());
    for (const Run& run : runs) weighted.emplace_back(run.level.share, run.bins);
    several_->usual.share = upper_median(weighted, bins_);
    weighted.clear();
    for (const Run& run : runs) weighted.emplace_back(run.level.addresses, run.bins);
    several_->usual.addresses = upper_median(weighted, bins_);
    return several_->usual;
}

void Baseline::forget_oldest() {
    if (!several_) {
        bins_ = std::min(bins_, kBaselineBins);
        return;
    }
    std::vector<Run>& runs = several_->runs;
    auto oldest = runs.begin();
    while (bins_ > kBaselineBins) {
        const std::uint32_t gone = std::min(oldest->bins, bins_ - kBaselineBins);
        oldest->bins -= gone;
        bins_ -= gone;
        if (oldest->bins == 0) ++oldest;
    }
    runs.erase(runs.begin(), oldest);
}

}  // namespace dimout::detect
