#include "assess/instability_watch.h"

#include <algorithm>

namespace dimout::assess {
namespace {

constexpr std::size_t kMostValues = 40;

/// P(inversions >= `wanted`) of a random order of `n`, by adding one element at a time.
double inversions_at_least(std::int64_t wanted, std::size_t n) {
    std::vector<double> chance{1};
    for (std::size_t size = 2; size <= n; ++size) {
        std::vector<double> next(chance.size() + size - 1, 0);
        for (std::size_t i = 0; i < chance.size(); ++i) {
            for (std::size_t more = 0; more < size; ++more)
                next[i + more] += chance[i] / static_cast<double>(size);
        }
        chance = std::move(next);
    }
    double sum = 0;
    for (std::size_t i = chance.size(); i-- > 0 && static_cast<std::int64_t>(i) >= wanted;)
        sum += chance[i];
    return std::min(1.0, sum);
}

}  // namespace

void InstabilityWatch::add(const Alert& alert, std::int64_t bins_passed) {
    if (!alert.flaps || alert.level == Alert::Level::Unknown) return;
    if (alert.flaps->first != first_) {
        first_ = alert.flaps->first;
        parts_.clear();
        pending_.clear();
    }
    if (alert.bin.start() < Bin::of(first_).start()) return;
    const auto part =
        static_cast<std::size_t>((alert.bin.start() - Bin::of(first_).start()) / kPart);
    if (parts_.size() <= part) parts_.resize(part + 1);
    if (alert.fallen > 0 && alert.of > 0)
        parts_[part].flaps += static_cast<std::uint32_t>(
            std::max<std::uint64_t>(1, (alert.fallen + alert.of / 2) / alert.of));
    pending_.push_back(
        {.part = part,
         .bins = static_cast<std::uint64_t>(bins_passed),
         .loss = std::uint64_t{alert.loss} * static_cast<std::uint64_t>(bins_passed)});
    if (alert.in_loss()) return;
    for (const Seen& seen : pending_) {
        parts_[seen.part].bins += seen.bins;
        parts_[seen.part].loss += seen.loss;
    }
    pending_.clear();
}

std::optional<Instability> InstabilityWatch::told() const {
    Instability told;
    std::vector<std::uint32_t> shares;
    for (std::size_t i = 0; i + 1 < parts_.size(); ++i) {
        const Sum& sum = parts_[i];
        if (sum.bins == 0) continue;
        const auto loss = static_cast<std::uint32_t>(sum.loss / sum.bins);
        shares.push_back(kMillion - loss);
        told.parts.push_back({.from = first_ + kPart * static_cast<std::int64_t>(i),
                              .reachable = shares.back(),
                              .flaps = sum.flaps});
    }
    if (told.parts.empty()) return std::nullopt;
    told.p = falling_trend_p(shares);
    return told;
}

double falling_trend_p(const std::vector<std::uint32_t>& values) {
    const std::size_t n = std::min(values.size(), kMostValues);
    const std::size_t from = values.size() - n;
    std::int64_t balance = 0;
    for (std::size_t i = from; i < values.size(); ++i) {
        for (std::size_t j = i + 1; j < values.size(); ++j)
            balance += values[j] < values[i] ? 1 : values[j] > values[i] ? -1 : 0;
    }
    const auto pairs = static_cast<std::int64_t>(n * (n - 1) / 2);
    if (n < 2) return 1;
    return inversions_at_least((balance + pairs + 1) / 2, n);
}

}  // namespace dimout::assess
