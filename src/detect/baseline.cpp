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
    if (!runs_.empty() && alike(runs_.back().level, level)) {
        runs_.back().bins += bins;
    } else {
        runs_.push_back({.level = level, .bins = bins});
    }
    bins_ += bins;
    stale_ += bins;
    forget_oldest();
}

void Baseline::restart(const Seen& level) {
    runs_.assign(1, {.level = level, .bins = 1});
    bins_ = 1;
    stale_ = kBaselineBins;
}

const Seen& Baseline::usual() {
    if (stale_ == 0 || stale_ < std::min(kDayOfBins / 24, bins_ / 16)) return usual_;
    std::vector<std::pair<std::uint64_t, std::uint32_t>> weighted;
    weighted.reserve(runs_.size());
    for (const Run& run : runs_) weighted.emplace_back(run.level.share, run.bins);
    usual_.share = upper_median(weighted, bins_);
    weighted.clear();
    for (const Run& run : runs_) weighted.emplace_back(run.level.addresses, run.bins);
    usual_.addresses = upper_median(weighted, bins_);
    stale_ = 0;
    return usual_;
}

void Baseline::forget_oldest() {
    auto oldest = runs_.begin();
    while (bins_ > kBaselineBins) {
        const std::uint32_t gone = std::min(oldest->bins, bins_ - kBaselineBins);
        oldest->bins -= gone;
        bins_ -= gone;
        if (oldest->bins == 0) ++oldest;
    }
    runs_.erase(runs_.begin(), oldest);
}

}  // namespace dimout::detect
