#include "detect/drop_cusum.h"

#include <algorithm>
#include <cmath>

namespace dimout::detect {
namespace {

/// ln 20.
constexpr double kLikely = 3;
constexpr double kHint = 0.05;
/// Four fifths cannot be told from all in useful time: after a deeper alarm it is enough that the
/// newest samples do not speak for it.
constexpr std::size_t kShallow = DropCusum::kTests - 1;

/// The mean of the log-likelihood ratio when `residual` is left.
double information(const NegativeBinomial& law, double residual) {
    return law.log_ratio(residual * law.mean, residual);
}

}  // namespace

double DropCusum::threshold(double budget, double expected_per_sample) {
    const double excursions = budget * std::min(expected_per_sample, 1.0);
    return std::log(std::max(excursions, 1.0)) + std::log(double(kTests));
}

double DropCusum::mean_delay(double count, double residual, double threshold) {
    const double left = residual <= 0 ? 0 : residual * std::log(residual);
    return threshold / (count * (left + 1 - residual));
}

void DropCusum::add(const Sample& sample, const Dispersion& dispersion, double threshold) {
    for (std::size_t i = 0; i < kTests; ++i) {
        const NegativeBinomial law = expect(i, sample);
        const double ratio = law.log_ratio(sample.count, kResiduals[i]);
        const double information_each = information(law, kResiduals[i]);
        const double needed = std::max(1.0, threshold / std::max(information_each, 1e-9));
        const double stretch =
            dispersion.stretch(law.mean, sample.until - sample.from, needed, sample.doubt);
        step(tests_[i], ratio / stretch, sample, threshold);
    }
    if (since_) {
        if (is_back()) reset();
        return;
    }
    const auto strongest = std::max_element(
        tests_.begin(), tests_.end(), [](const Test& a, const Test& b) { return a.drop < b.drop; });
    if (strongest->drop < threshold) return;
    since_ = strongest->began;
    level_ = strongest->level;
    for (Test& test : tests_) test.level = level_;
    // By chance the excursion may have begun anew after the drop: as far back as takes ln 20.
    const double residual = kResiduals[static_cast<std::size_t>(strongest - tests_.begin())];
    const double samples = kLikely / std::max(information(sample.law, residual), 0.01);
    since_->from -= static_cast<std::int64_t>(samples) * (sample.until - sample.from);
}

NegativeBinomial DropCusum::expect(std::size_t test, const Sample& sample) {
    Test& held = tests_[test];
    if (!since_ && (held.drop <= 0 || test == kShallow))
        held.level = static_cast<float>(sample.level);
    return {sample.law.mean * double(held.level) / sample.level, sample.law.shape};
}

/// The statistic stops at twice the threshold, so that single samples cannot hide what follows.
void DropCusum::step(Test& test, double ratio, const Sample& sample, double threshold) {
    const double before = test.drop;
    const double after = std::clamp(before + ratio, 0.0, 2 * threshold);
    if (before <= 0 && after > 0) test.began = {sample.after, sample.until};
    if (before < kLikely && after > 0) test.began.until = sample.until;
    test.drop = static_cast<float>(after);
    test.back = static_cast<float>(std::clamp(test.back - ratio, 0.0, 2 * threshold));
    if (after >= threshold && !test.established) {
        test.established = true;
        test.back = 0;
    }
}

bool DropCusum::is_back() const {
    bool deep = false;
    for (std::size_t i = 0; i < kShallow; ++i) {
        if (!tests_[i].established) continue;
        deep = true;
        if (tests_[i].back < kLikely) return false;
    }
    return tests_[kShallow].back >= (deep ? kHint : kLikely);
}

bool DropCusum::suspicious(double threshold) const {
    return std::any_of(tests_.begin(), tests_.end(),
                       [&](const Test& test) { return test.drop > threshold / 2; });
}

}  // namespace dimout::detect
