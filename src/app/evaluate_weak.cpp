#include "app/evaluate_weak.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "app/stop.h"
#include "detect/count_detector.h"
#include "detect/median_rule.h"
#include "evaluate/seasonal_reference.h"
#include "evaluate/weak_contest.h"

namespace dimout::app {
namespace {

using evaluate::AlarmLine;
using evaluate::Contender;
using evaluate::WeakDrop;

constexpr std::int64_t kDay = 288;
constexpr std::int64_t kNullFrom = 8 * kDay;
constexpr std::int64_t kWarm = 15 * kDay;
constexpr std::array<std::string_view, 4> kSignals{"probe.first", "probe.second", "traffic.first",
                                                   "traffic.second"};
constexpr std::array kBudgets{1e2, 1e3, 1e4, 105'192.0, 1e6};
constexpr std::array kRatios{0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.25};
constexpr std::array kBands{3.0, 4.0, 5.0, 6.0, 8.0, 10.0};

/// All signals, as the installation fuses them.
class FusedLine {
public:
    bool add(Bin bin, const std::array<double, kSignals.size()>& values) {
        std::vector<Sample> samples;
        for (std::size_t i = 0; i < kSignals.size(); ++i) {
            samples.push_back({.entity = entity_,
                               .signal = std::string(kSignals[i]),
                               .from = bin.start(),
                               .width = kBinWidth,
                               .value = values[i]});
        }
        BinAlerts alerts{
            .bin = bin, .known_at = bin.end(), .v4 = {}, .v6 = {}, .alerts = {}, .health = {}};
        detector_.add(samples, nullptr, alerts);
        return std::ranges::any_of(alerts.alerts, &Alert::in_loss);
    }

private:
    Entity entity_ = Entity::of_country(CountryCode::of('Z', 'Z'));
    detect::CountDetector detector_;
};

struct Lines {
    std::vector<std::vector<AlarmLine>> of;  ///< By contender and setting.

    Lines(const std::vector<Contender>& contenders, const WeakDrop& drop) {
        for (const Contender& contender : contenders)
            of.emplace_back(contender.settings.size(),
                            AlarmLine(drop, {drop.first.index + kNullFrom}));
    }
};

std::vector<Contender> make_contenders() {
    std::vector<Contender> all{{.name = "all four fused", .settings = {{.name = "as installed"}}}};
    for (const std::string_view signal : kSignals) {
        Contender one{.name = fmt::format("{} alone", signal)};
        for (const double budget : kBudgets)
            one.settings.push_back({.name = fmt::format("budget {:.0f}", budget)});
        all.push_back(std::move(one));
    }
    Contender median{.name = "median rule, any signal"};
    for (const double ratio : kRatios)
        median.settings.push_back({.name = fmt::format("below {:.0f} %", ratio * 100)});
    Contender seasonal{.name = "seasonal ARIMA, any signal"};
    for (const double band : kBands)
        seasonal.settings.push_back({.name = fmt::format("{:.0f} median errors", band)});
    all.push_back(std::move(median));
    all.push_back({.name = "median rule as published", .settings = {{.name = "25 %, 80 %"}}});
    all.push_back(std::move(seasonal));
    return all;
}

/// One case, from its first bin to the end of the drop.
class WeakCase {
public:
    WeakCase(const WeakDrop& drop, Lines& lines) : drop_(drop), lines_(lines) {
        for (std::size_t i = 0; i < kSignals.size(); ++i) {
            const SignalKind kind = kind_of_signal(kSignals[i]).value_or(SignalKind::Traffic);
            counts_.emplace_back(drop.laws[i], mix(drop.seed, i));
            for (const double budget : kBudgets)
                tracks_[i].emplace_back(detect::CountOptions{.kind = kind, .budget = budget});
            median_.emplace_back(detect::MedianRuleOptions::of(kind));
            seasonal_.emplace_back(evaluate::SeasonalReferenceOptions{});
        }
    }

    void run() {
        for (Bin bin = drop_.first; bin < drop_.until; bin = bin.next()) {
            std::array<double, kSignals.size()> values{};
            for (std::size_t i = 0; i < values.size(); ++i)
                values[i] = counts_[i].draw(bin, drop_.left(i, bin));
            lines_.of[0][0].see(bin, fused_.add(bin, values));
            alone(bin, values);
            by_references(bin, values);
        }
    }

private:
    using Values = std::array<double, kSignals.size()>;

    void alone(Bin bin, const Values& values) {
        for (std::size_t i = 0; i < values.size(); ++i) {
            for (std::size_t j = 0; j < kBudgets.size(); ++j) {
                tracks_[i][j].judge(bin.start(), kBinWidth, values[i], evidence_);
                lines_.of[1 + i][j].see(bin, evidence_.alarm != Evidence::Alarm::None);
            }
        }
    }

    void by_references(Bin bin, const Values& values) {
        double least_ratio = 1;
        double most_distance = 0;
        bool published = false;
        for (std::size_t i = 0; i < values.size(); ++i) {
            const auto median = median_[i].judge(bin.start(), kBinWidth, values[i]);
            const auto seasonal = seasonal_[i].judge(values[i]);
            published = published || median.alarm;
            least_ratio = std::min(least_ratio, median.ratio);
            most_distance = std::max(most_distance, seasonal.distance);
        }
        auto line = lines_.of.begin() + 1 + kSignals.size();
        for (std::size_t j = 0; j < kRatios.size(); ++j)
            (*line)[j].see(bin, least_ratio < kRatios[j]);
        (*++line)[0].see(bin, published);
        ++line;
        for (std::size_t j = 0; j < kBands.size(); ++j)
            (*line)[j].see(bin, most_distance > kBands[j]);
    }

    const WeakDrop& drop_;
    Lines& lines_;
    std::vector<evaluate::MadeSeries> counts_;
    std::array<std::vector<detect::CountTrack>, kSignals.size()> tracks_;
    std::vector<detect::MedianRule> median_;
    std::vector<evaluate::SeasonalReference> seasonal_;
    FusedLine fused_;
    Evidence evidence_{};
};

}  // namespace

evaluate::Section judge_weak_drops(const EvaluateScale& scale, const CommonOptions& common) {
    tell(common, "weak drops in four signals");
    const auto drops = evaluate::plan_weak_drops(scale.seed, scale.quick ? 60 : 600, kWarm);
    std::vector<Contender> contenders = make_contenders();
    double null_bins = 0;
    for (std::size_t i = 0; i < drops.size() && !stop_requested(); ++i) {
        Lines lines(contenders, drops[i]);
        WeakCase(drops[i], lines).run();
        for (std::size_t who = 0; who < contenders.size(); ++who) {
            for (std::size_t j = 0; j < contenders[who].settings.size(); ++j)
                contenders[who].settings[j].add(lines.of[who][j]);
        }
        null_bins += static_cast<double>(drops[i].from.index - drops[i].first.index - kNullFrom);
        if (i % 100 == 99) tell(common, fmt::format("  {} of {} cases", i + 1, drops.size()));
    }
    if (stop_requested()) return {};
    auto section = evaluate::weak_section(contenders, drops, null_bins / double(kDay), scale.seed);
    section.title = "Weak drops in several signals at once (simulated)";
    section.what =
        "Two counts of traffic and two of probes lose 10 to 20 % each for 1 to 12 hours, after 15 "
        "days of history. Each scatters by 10 to 30 % from bin to bin, has a day and a week of its "
        "own, and wanders by 2 to 6 % over hours, which no detector here assumes.";
    section.notes.push_back(
        "Of each reference stands here the setting that found most among those that made no more "
        "false alarms than the fused one in the seven days and more before the drops: it is tuned "
        "with knowledge of the outcome. Where all made more, the one that made the fewest.");
    section.notes.push_back(
        "The false alarms of all lie far above the configured rate: two weeks teach no weekend "
        "well, and nobody's law knows of what wanders over hours.");
    return section;
}

}  // namespace dimout::app
