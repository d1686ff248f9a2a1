#include "detect/fusion.h"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <utility>

#include "base/probability.h"

namespace dimout::detect {
namespace {

using Row = std::array<double, kConditions>;

/// Moves an hour, study methods §2.4; the row of Degraded is ours: a loss lasts for hours, and one
/// in four gets worse. To be fitted on labelled cases.
constexpr std::array<Row, kConditions> kMoves{{
    // Normal, Unstable, Degraded, Dark, Partial
    {0, 0.01, 0.003, 0.002, 0},
    {0.1, 0, 0.1, 0.05, 0},
    {0.2, 0.1, 0, 0.1, 0},
    {0.05, 0, 0, 0, 0.15},
    {0.3, 0.2, 0, 0.15, 0},
}};

/// What is long ago is forgotten anyway.
constexpr std::chrono::seconds kLongest = std::chrono::hours{24};
constexpr double kNever = 1e-9;

constexpr double kSure = 0.95;
constexpr double kDoubt = 0.5;
constexpr int kTicks = 2;

constexpr std::string_view kRoutes = "bgp";
constexpr double kLean = 6;
/// A source that said nothing for so long has no voice: three of its samples, an hour at least.
constexpr int kPatience = 3;

struct BetaShape {
    double a;
    double b;
};

/// Share of observers that see an entity, by condition.
constexpr std::array<BetaShape, kConditions> kRouteShapes{
    {{60, 1}, {12, 2}, {3, 3}, {0.5, 20}, {4, 3}}};

double tempered(double nats) { return std::clamp(kTemper * nats, -kClip, kClip); }

void move(Row& posterior, double hours) {
    Row next = posterior;
    for (std::size_t from = 0; from < kConditions; ++from) {
        for (std::size_t to = 0; to < kConditions; ++to) {
            const double moved = posterior[from] * kMoves[from][to] * hours;
            next[to] += moved;
            next[from] -= moved;
        }
    }
    posterior = next;
}

void normalise(Row& posterior) {
    double sum = 0;
    for (double& share : posterior) sum += share = std::max(share, kNever);
    for (double& share : posterior) share /= sum;
}

constexpr std::size_t at(Condition condition) { return static_cast<std::size_t>(condition); }

}  // namespace

Evidence route_evidence(const Entity& entity, Bin bin, const RouteSight& sight) {
    Evidence evidence;
    evidence.entity = entity;
    evidence.signal = kRoutes;
    evidence.kind = SignalKind::Routes;
    evidence.from = bin.start();
    evidence.until = bin.end();
    evidence.learning = sight.observers == 0;
    evidence.observed = sight.share;
    evidence.expected = 1;
    if (evidence.learning) return evidence;
    const double share = std::clamp(sight.share, 0.005, 0.995);
    for (std::size_t i = 0; i < kConditions; ++i) {
        const auto [a, b] = kRouteShapes[i];
        evidence.log_likelihoods[i] =
            beta_binomial_log_pmf(std::min(sight.visible, sight.observers), sight.observers, a, b) +
            beta_log_pdf(share, a, b) / 2;
    }
    return evidence;
}

double nats_for_out(const Evidence& evidence) {
    if (evidence.learning) return 0;
    const LogLikelihoods& logs = evidence.log_likelihoods;
    const std::array out{logs[at(Condition::Degraded)], logs[at(Condition::Dark)],
                         logs[at(Condition::Partial)]};
    return tempered(log_sum(out) - std::log(3.0) - logs[at(Condition::Normal)]);
}

double reach_of(const Evidence& evidence) {
    if (evidence.learning || evidence.expected <= 0) return 1;
    return std::clamp(evidence.observed / evidence.expected, 0.0, 1.0);
}

void ConditionFilter::update(std::chrono::seconds elapsed, std::span<const Evidence> seen) {
    for (auto left = std::clamp(elapsed, std::chrono::seconds(0), kLongest); left.count() > 0;) {
        const auto step = std::min<std::chrono::seconds>(left, kBinWidth);
        move(posterior_, static_cast<double>(step.count()) / 3600);
        left -= step;
    }
    Row nats{};
    for (const Evidence& evidence : seen) {
        if (evidence.learning) continue;
        const double best = *std::ranges::max_element(evidence.log_likelihoods);
        for (std::size_t i = 0; i < kConditions; ++i)
            nats[i] += tempered(evidence.log_likelihoods[i] - best);
    }
    const double most = *std::ranges::max_element(nats);
    for (std::size_t i = 0; i < kConditions; ++i) posterior_[i] *= std::exp(nats[i] - most);
    normalise(posterior_);
}

void Held::see(TimeRange tick, double sure, bool agreed, const std::optional<TimeRange>& alarm) {
    const TimeRange here{std::min(tick.from, last_.value_or(tick.from)), tick.until};
    last_ = tick.until;
    const bool turning = on_ ? !alarm && sure <= kDoubt : alarm || sure > kDoubt;
    if (!turning) turning_.reset();
    if (turning && !turning_) turning_ = here;
    sure_ticks_ = sure >= kSure ? sure_ticks_ + 1 : 0;
    doubt_ticks_ = on_ && turning ? doubt_ticks_ + 1 : 0;
    const bool enters = !on_ && (alarm || (agreed && sure_ticks_ >= kTicks));
    const bool leaves = on_ && doubt_ticks_ >= kTicks;
    if (!enters && !leaves) return;
    on_ = enters;
    since_ = enters && alarm ? *alarm : turning_.value_or(here);
    turning_.reset();
    sure_ticks_ = doubt_ticks_ = 0;
}

Fusion::Verdict Fusion::judge(TimeRange tick, std::span<const Evidence> seen) {
    if (std::ranges::all_of(seen, &Evidence::learning)) return verdict();
    filter_.update(last_ ? tick.until - *last_ : std::chrono::seconds(0), seen);
    last_ = tick.until;
    for (const Evidence& evidence : seen) hear(evidence);
    forget_the_silent(tick.until);
    joint_.add(tick, of_the_living(seen));
    const auto low = alarm_since(false);
    const bool may = low.has_value() || agreed(seen);
    dark_.see(tick, filter_.of(Condition::Dark), may, alarm_since(true));
    low_.see(tick, filter_.out(), may, low);
    return verdict();
}

/// A count that died says most that can be said of a drop, tick after tick, and would outshout all
/// the others. (One that is only low may be the first to see what all will.)
std::vector<Evidence> Fusion::of_the_living(std::span<const Evidence> seen) const {
    std::vector<Evidence> living(seen.begin(), seen.end());
    std::erase_if(living, [&](const Evidence& evidence) {
        const auto voice = std::ranges::find(voices_, evidence.signal, &Voice::signal);
        return voice != voices_.end() && voice->alarm == Evidence::Alarm::Silence &&
               outvoted(*voice);
    });
    return living;
}

bool Fusion::agreed(std::span<const Evidence> seen) const {
    auto sources = std::ranges::count_if(voices_, &Voice::speaks);
    for (const Evidence& evidence : seen) {
        if (evidence.signal == kRoutes && nats_for_out(evidence) >= kSpeaks) ++sources;
    }
    return sources >= 2;
}

void Fusion::hear(const Evidence& evidence) {
    if (evidence.learning || evidence.signal == kRoutes) return;
    auto place = std::ranges::lower_bound(voices_, evidence.signal, {}, &Voice::signal);
    if (place == voices_.end() || place->signal != evidence.signal)
        place = voices_.insert(place, Voice{.signal = evidence.signal});
    Voice& voice = *place;
    voice.good_until = evidence.until + kPatience * (evidence.until - evidence.from);
    voice.good_until = std::max(voice.good_until, evidence.until + std::chrono::hours{1});
    voice.lean = std::clamp(voice.lean + nats_for_out(evidence), -kLean, kLean);
    voice.reach = reach_of(evidence);
    voice.alarm = evidence.alarm;
    // A twentieth of fourteen due: below one in a million by chance alone.
    voice.nothing_left = voice.reach <= 0.05 && evidence.expected >= 14;
    const LogLikelihoods& logs = evidence.log_likelihoods;
    if (logs[at(Condition::Normal)] - logs[at(Condition::Dark)] >= kSpeaks)
        voice.alive_from = evidence.from;
    voice.since = std::nullopt;
    if (evidence.alarm != Evidence::Alarm::None)
        voice.since = TimeRange{evidence.since_lo.value_or(evidence.from),
                                evidence.since_hi.value_or(evidence.until)};
}

void Fusion::forget_the_silent(EventTime now) {
    std::erase_if(voices_, [&](const Voice& voice) { return voice.good_until < now; });
}

/// Traffic and probes see the same hosts, so they can contradict each other; routes and hosts
/// cannot. A silence claims more than a drop, that nobody is there, so one who heard somebody is
/// enough against one.
bool Fusion::outvoted(const Voice& voice) const {
    const auto of_hosts = [](const Voice& any) {
        return kind_of_signal(any.signal) != SignalKind::Routes;
    };
    if (!voice.since || !of_hosts(voice)) return false;
    const bool silent = voice.alarm == Evidence::Alarm::Silence;
    const auto calm = std::ranges::count_if(voices_, [&](const Voice& other) {
        return of_hosts(other) && (silent ? other.calm_since(voice.since->from) : other.calm());
    });
    const auto speaking = std::ranges::count_if(
        voices_, [&](const Voice& other) { return of_hosts(other) && other.speaks(); });
    return silent ? calm >= speaking : calm > speaking;
}

/// When the first of the present alarms began, narrowed by those that agree with it; empty when
/// there is none. `dark`: only of alarms that say that nothing is left.
std::optional<TimeRange> Fusion::alarm_since(bool dark) const {
    std::vector<TimeRange> all;
    for (const Voice& voice : voices_) {
        if (voice.since && (!dark || voice.dark()) && !outvoted(voice)) all.push_back(*voice.since);
    }
    if (!dark && joint_.alarm()) all.push_back(*joint_.since());
    if (all.empty()) return std::nullopt;
    TimeRange since = *std::ranges::min_element(all, {}, &TimeRange::until);
    for (const TimeRange& other : all) {
        if (other.from >= since.until || other.until <= since.from) continue;
        since = {std::max(since.from, other.from), std::min(since.until, other.until)};
    }
    return since;
}

Fusion::Verdict Fusion::verdict() const {
    Verdict told;
    told.level = dark_.on() ? Level::Dark : low_.on() ? Level::Low : Level::Well;
    told.since =
        dark_.on() || dark_.since().from > low_.since().from ? dark_.since() : low_.since();
    told.out = filter_.out();
    std::vector<double> reaches;
    for (const Voice& voice : voices_) {
        const bool weak = joint_.alarm() && voice.lean > 0;
        if (!voice.speaks() && !weak) continue;
        told.signals.push_back(voice.signal);
        reaches.push_back(voice.reach);
    }
    if (!reaches.empty()) {
        const auto middle = reaches.begin() + std::ssize(reaches) / 2;
        std::ranges::nth_element(reaches, middle);
        told.reach = *middle;
    }
    if (alarm_since(false)) told.out = std::max(told.out, 0.99);
    return told;
}

}  // namespace dimout::detect
