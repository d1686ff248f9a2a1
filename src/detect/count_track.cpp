#include "detect/count_track.h"

#include <algorithm>
#include <cmath>
#include <span>

namespace dimout::detect {
namespace {

/// So that squares of a day's sum stay finite in a float.
constexpr double kMostCounted = 1e15;
constexpr double kFewRequests = 10;
/// What is further away teaches only as much as this many standard deviations would.
constexpr double kClip = 4;
constexpr double kClipRequests = 3;
constexpr double kAboveHalfLife = 6 * 3600;
constexpr std::chrono::seconds kLongestSilence = std::chrono::days{3};

/// What is left of the usual count in each condition; several: each as likely as the others.
struct Residuals {
    double unstable = 0.9;
    double dark = 0.01;
};

/// Spoofed and scanning packets leave more of a dark network's traffic than of its replies.
Residuals residuals_of(SignalKind kind) {
    return {.unstable = 0.9, .dark = kind == SignalKind::Probes ? 0.002 : 0.01};
}

/// ln of the mean likelihood over residuals first/10 … last/10.
double log_mean(std::span<const double> by_tenth, std::size_t first, std::size_t last) {
    return log_sum(by_tenth.subspan(first, last - first + 1)) -
           std::log(static_cast<double>(last - first + 1));
}

/// methods.md §2.4, relative to Normal.
LogLikelihoods emissions(const NegativeBinomial& law, double count, SignalKind kind) {
    const Residuals residuals = residuals_of(kind);
    std::array<double, 10> by_tenth{};
    for (std::size_t tenth = 1; tenth < by_tenth.size(); ++tenth)
        by_tenth[tenth] = law.log_ratio(count, static_cast<double>(tenth) / 10);
    return {0, law.log_ratio(count, residuals.unstable), log_mean(by_tenth, 1, 8),
            law.log_ratio(count, residuals.dark), log_mean(by_tenth, 2, 9)};
}

/// Squared: 17 % for what people do, 7 % for what hosts answer, 2 % for routes.
double days_differ(SignalKind kind) {
    switch (kind) {
        case SignalKind::Traffic: return 0.03;
        case SignalKind::Probes: return 0.005;
        case SignalKind::Routes: break;
    }
    return 0.0005;
}

bool usable(std::chrono::seconds width, const std::optional<double>& value) {
    return width.count() > 0 && value && std::isfinite(*value) && *value >= 0;
}

}  // namespace

CountTrack::CountTrack(const CountOptions& options)
    : options_(options), dispersion_(days_differ(options.kind)) {}

Evidence CountTrack::judge(const Sample& sample) {
    Evidence evidence;
    evidence.entity = sample.entity;
    evidence.signal = sample.signal;
    judge(sample.from, sample.width, sample.value, evidence);
    return evidence;
}

void CountTrack::judge(EventTime from, std::chrono::seconds width, std::optional<double> value,
                       Evidence& evidence) {
    const CountLaw law = predict(from, width);
    evidence.kind = options_.kind;
    evidence.from = from;
    evidence.until = from + width;
    evidence.learning = sight() == Sight::Learning;
    evidence.observed = 0;
    evidence.expected = law.mean;
    evidence.p = 1;
    evidence.log_likelihoods = {};
    if (!usable(width, value) || from < seen_until_) {
        evidence.low = evidence.high = law.mean;
        return report_alarm(evidence);
    }
    const Seen seen{.from = from, .until = from + width, .value = std::min(*value, kMostCounted)};
    describe(law, seen.value, evidence);
    if (sight() == Sight::Clear) test(law, seen);
    report_alarm(evidence);
    learn(law, seen);
    seen_until_ = seen.until;
    previous_ = static_cast<float>(seen.value);
    width_ = static_cast<std::uint32_t>(width.count());
}

CountLaw CountTrack::predict(EventTime from, std::chrono::seconds width) const {
    return {.mean = level_.expected(from, width),
            .scale = dispersion_.scale(),
            .shape = 1 / dispersion_.excess(),
            .careful_shape = 1 / dispersion_.careful_excess()};
}

Sight CountTrack::sight() const {
    const double requests = level_.weight() / dispersion_.scale();
    if (!level_.knows_a_day() || requests < kFewRequests) return Sight::Learning;
    return hourly_ / dispersion_.scale() < kLeastHourly ? Sight::TooQuiet : Sight::Clear;
}

/// The level's own uncertainty as an excess scatter that all samples share: learnt from n requests,
/// fewer where they come in bursts.
double CountTrack::doubt(const CountLaw& law) const {
    const NegativeBinomial usual = law.usual();
    return (1 + usual.mean / usual.shape) * law.scale / std::max(level_.weight(), law.scale);
}

std::optional<std::chrono::seconds> CountTrack::time_to_silence() const {
    if (sight() != Sight::Clear) return std::nullopt;
    const std::chrono::seconds width{width_};
    const CountLaw law = predict(seen_until_, width);
    const double each = hourly_ / law.scale * static_cast<double>(width_) / 3600;
    const double needed = Silence::threshold(options_.budget, each);
    for (std::chrono::seconds length = width; length <= kLongestSilence; length += width) {
        const double expected = each * static_cast<double>(length / width);
        if (Silence::surprise(expected, length, width, dispersion_, 1 / doubt(law)) >= needed)
            return length;
    }
    return std::nullopt;
}

void CountTrack::describe(const CountLaw& law, double value, Evidence& evidence) const {
    evidence.observed = value;
    const NegativeBinomial usual = law.usual();
    evidence.low = usual.quantile(0.05) * law.scale;
    evidence.high = usual.quantile(0.95) * law.scale;
    if (evidence.learning || law.mean <= 0) return;
    evidence.p = usual.cdf(law.count(value));
    evidence.log_likelihoods = emissions(law.careful(), law.count(value), options_.kind);
}

void CountTrack::test(const CountLaw& law, const Seen& seen) {
    const std::chrono::seconds width = seen.until - seen.from;
    const double doubted = doubt(law);
    const double each = hourly_ / law.scale * static_cast<double>(width.count()) / 3600;
    const bool told = drop_.alarmed();
    drop_.add({.law = law.careful(),
               .count = law.count(seen.value),
               .after = seen_until_,
               .from = seen.from,
               .until = seen.until,
               .doubt = doubted,
               .level = level_.rate()},
              dispersion_, DropCusum::threshold(options_.budget, each));
    if (!told && drop_.alarmed()) level_.return_to(drop_.level());
    if (seen.value > 0) {
        silence_.heard();
    } else {
        silence_.silent(seen_until_, seen.from, seen.until, law.mean / law.scale);
        silence_.decide(Silence::surprise(silence_.expected(), silence_.length(), width,
                                          dispersion_, 1 / doubted),
                        Silence::threshold(options_.budget, each));
    }
    note_alarm();
}

void CountTrack::note_alarm() {
    if (!alarmed()) {
        alarm_since_.reset();
    } else if (!alarm_since_) {
        alarm_since_ = silence_.called() ? silence_.since() : drop_.since();
    }
}

void CountTrack::report_alarm(Evidence& evidence) const {
    evidence.alarm = silence_.called() ? Evidence::Alarm::Silence
                     : drop_.alarmed() ? Evidence::Alarm::Drop
                                       : Evidence::Alarm::None;
    evidence.since_lo.reset();
    evidence.since_hi.reset();
    if (!alarm_since_) return;
    evidence.since_lo = alarm_since_->from;
    evidence.since_hi = alarm_since_->until;
}

bool CountTrack::may_learn(const Seen& seen) {
    const double threshold = DropCusum::threshold(options_.budget);
    const bool suspicious = drop_.suspicious(threshold) || silence_.suspicious(threshold);
    if (!alarmed() && !held_ && !suspicious) {
        frozen_since_.reset();
        return true;
    }
    if (!frozen_since_) frozen_since_ = seen.from;
    return seen.until - *frozen_since_ > options_.patience && !alarmed();
}

void CountTrack::learn(const CountLaw& law, const Seen& seen) {
    if (!level_.knows_a_day()) return learn_first_day(seen);
    const double reach =
        kClip * std::sqrt(law.mean * law.scale + law.mean * law.mean / law.careful_shape);
    const double highest = law.mean + reach + kClipRequests * law.scale;
    follow_shift(law, seen, seen.value > highest);
    if (!may_learn(seen)) return level_.skip(seen.until);
    const double value = std::clamp(seen.value, std::max(0.0, law.mean - reach), highest);
    dispersion_.learn(seen.from, value, law.mean);
    level_.learn(seen.from, seen.until - seen.from, value, law.scale);
    if (unix_seconds(seen.from) / 3600 != unix_seconds(seen.until) / 3600)
        hourly_ = static_cast<float>(level_.hourly());
}

void CountTrack::learn_first_day(const Seen& seen) {
    if (held_) return level_.skip(seen.until);
    if (previous_ >= 0) dispersion_.learn_neighbours(seen.from, seen.value, previous_);
    level_.learn(seen.from, seen.until - seen.from, seen.value, dispersion_.scale());
    hourly_ = static_cast<float>(level_.hourly());
}

void CountTrack::follow_shift(const CountLaw& law, const Seen& seen, bool above) {
    const auto passed = static_cast<double>((seen.until - seen.from).count());
    const auto kept = static_cast<float>(std::exp2(-passed / kAboveHalfLife));
    above_ = above_ * kept + (above ? 1 - kept : 0);
    if (!alarmed() && above_ <= 0.5F) return shift_.reset();
    shift_.add(seen.from, seen.until, seen.value, law.mean);
    const std::optional<double> ratio = shift_.verdict(seen.until, options_.patience);
    if (!ratio) return;
    const double before = hourly_;
    level_.rescale(*ratio);
    hourly_ = static_cast<float>(before * *ratio);
    change_ = LevelChange{
        .since = shift_.since(), .known_at = seen.until, .before = before, .after = hourly_};
    clear_alarm();
}

void CountTrack::clear_alarm() {
    drop_.reset();
    silence_.heard();
    shift_.reset();
    alarm_since_.reset();
    frozen_since_.reset();
    above_ = 0;
}

}  // namespace dimout::detect
