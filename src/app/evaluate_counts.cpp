#include "app/evaluate_counts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "app/stop.h"
#include "base/probability.h"
#include "detect/count_track.h"
#include "evaluate/made_series.h"

namespace dimout::app {
namespace {

using evaluate::MadeSeries;
using evaluate::Section;
using evaluate::SeriesLaw;
using evaluate::Table;

constexpr Bin kFirst{5'668'128};  // 2023-11-20T00:00:00Z, a Monday.
constexpr std::int64_t kDay = 288;
constexpr std::int64_t kWarm = 28 * kDay;
constexpr double kHoursAYear = 8766;
constexpr std::array kHourly{2.0, 6.0, 12.0, 60.0, 600.0};
constexpr std::array kDayFactors{1.0, 3.0};

/// One false alarm a year of five-minute bins: what a track of one series has by default.
double budget() { return detect::CountOptions{}.budget; }

/// A track and the counts that feed it.
struct Fed {
    Fed(const SeriesLaw& law, std::uint64_t seed) : counts(law, seed), track({}) {}

    bool add(double left = 1) {
        value = counts.draw(bin, left);
        track.judge(bin.start(), kBinWidth, value, evidence);
        bin = bin.next();
        return evidence.alarm != Evidence::Alarm::None;
    }

    MadeSeries counts;
    detect::CountTrack track;
    Evidence evidence{};
    Bin bin = kFirst;
    double value = 0;
};

struct Delay {
    double measured = 0;  ///< Bins.
    double bound = 0;     ///< Λ*/μ or h/KL, in whole bins.
    double knowing = 0;   ///< Page's test on the same counts, with the rate known.
};

/// Whole bins from `from` on until the information in them reaches `needed`.
double bins_until(const MadeSeries& counts, Bin from, double each_request, double needed) {
    double bins = 0;
    for (double sum = 0; sum < needed; from = from.next()) {
        sum += counts.mean(from) * each_request;
        ++bins;
    }
    return bins;
}

/// Page's test for a half with all known.
class KnowingTest {
public:
    bool add(double count, double mean) {
        sum_ = std::max(0.0, sum_ + mean / 2 - count * std::numbers::ln2);
        return sum_ >= detect::DropCusum::threshold(budget());
    }

private:
    double sum_ = 0;
};

std::optional<Delay> run_into(const SeriesLaw& law, std::uint64_t seed, double left) {
    Fed fed(law, seed);
    Random random(mix(seed, 77));
    bool before = false;
    KnowingTest knowing;
    for (std::int64_t i = kWarm + random.below(kDay); i > 0; --i) {
        const double mean = fed.counts.mean(fed.bin);
        before = fed.add();
        knowing.add(fed.value, mean);
    }
    if (before) return std::nullopt;
    const double gap = std::log(law.hourly * kHoursAYear);
    const double kl = left > 0 ? left * std::log(left) + 1 - left : 1;
    Delay delay{.bound = bins_until(fed.counts, fed.bin, kl,
                                    left > 0 ? detect::DropCusum::threshold(budget()) : gap)};
    const double longest = 50 * delay.bound;
    for (double bins = 1; delay.measured == 0 || delay.knowing == 0; ++bins) {
        const double mean = fed.counts.mean(fed.bin);
        const bool called = fed.add(left) || bins >= longest;
        const bool known = knowing.add(fed.value, mean) || bins >= longest;
        if (called && delay.measured == 0) delay.measured = bins;
        if (known && delay.knowing == 0) delay.knowing = bins;
    }
    return delay;
}

struct Delays {
    double measured = 0, bound = 0, knowing = 0;
    Interval ratio{};
    unsigned runs = 0;
    [[nodiscard]] double to_bound() const { return measured / bound; }
    [[nodiscard]] double to_knowing() const { return measured / knowing; }
};

Delays run_many(const SeriesLaw& law, double left, unsigned seeds, std::uint64_t first) {
    std::vector<Delay> all;
    Delays sum;
    for (unsigned i = 0; i < seeds; ++i) {
        const auto delay = run_into(law, mix(first, i, std::llround(law.hourly)), left);
        if (!delay) continue;
        all.push_back(*delay);
        sum.measured += delay->measured;
        sum.bound += delay->bound;
        sum.knowing += delay->knowing;
    }
    sum.runs = static_cast<unsigned>(all.size());
    const auto ratio = [&](std::span<const std::uint32_t> drawn) {
        double measured = 0;
        double of = 0;
        for (const std::uint32_t i : drawn) {
            measured += all[i].measured;
            of += left > 0 ? all[i].knowing : all[i].bound;
        }
        return measured / of;
    };
    if (sum.runs > 0) sum.ratio = bootstrap_interval(all.size(), ratio, 0.95, 1000, first);
    return sum;
}

std::string minutes(double bins, unsigned runs) {
    return fmt::format("{:.0f} min", bins * 5 / std::max(1U, runs));
}

std::string law_text(const SeriesLaw& law) {
    std::string text = law.day_factor > 1 ? fmt::format("day of {:.0f} to 1", law.day_factor)
                                          : std::string("steady");
    if (law.shape > 0) text += fmt::format(", overdispersed k = {:.0f}", law.shape);
    return text;
}

/// Delays at all rates, and the worst ratio.
Table delay_table(double left, const EvaluateScale& scale, double& worst) {
    Table table{
        .columns = {"requests an hour", "rate", "runs", "mean delay", left > 0 ? "h/KL" : "Λ*/μ",
                    "ratio", left > 0 ? "test that knows the rate" : "95 %",
                    left > 0 ? "ratio (95 %)" : ""},
        .rows = {}};
    if (left <= 0) table.columns.pop_back();
    for (const double hourly : kHourly) {
        for (const double factor : kDayFactors) {
            const SeriesLaw law{.hourly = hourly, .day_factor = factor};
            const Delays found = run_many(law, left, scale.quick ? 20 : 100, scale.seed);
            const std::string interval =
                fmt::format("{:.2f}–{:.2f}", found.ratio.low, found.ratio.high);
            worst = std::max(worst, left > 0 ? found.to_knowing() : found.to_bound());
            table.rows.push_back(
                {fmt::format("{:.0f}", hourly), law_text(law), fmt::format("{}", found.runs),
                 minutes(found.measured, found.runs), minutes(found.bound, found.runs),
                 fmt::format("{:.2f}", found.to_bound())});
            if (left > 0) {
                table.rows.back().push_back(minutes(found.knowing, found.runs));
                table.rows.back().push_back(
                    fmt::format("{:.2f} ({})", found.to_knowing(), interval));
            } else {
                table.rows.back().push_back(interval);
            }
            if (stop_requested()) return table;
        }
    }
    return table;
}

/// Alarms that began.
std::uint64_t false_calls(const SeriesLaw& law, std::int64_t bins, std::uint64_t seed) {
    Fed fed(law, seed);
    std::uint64_t calls = 0;
    bool before = false;
    for (std::int64_t i = 0; i < kWarm + bins; ++i) {
        const bool now = fed.add();
        calls += i >= kWarm && now && !before;
        before = now;
    }
    return calls;
}

struct FalseCalls {
    Table table{.columns = {"requests an hour", "rate", "null bins", "false calls", "configured"},
                .rows = {}};
    std::uint64_t worst = 0;
    std::uint64_t all = 0;
    double allowed = 0;  ///< In each.
};

FalseCalls count_false_calls(const EvaluateScale& scale) {
    const std::int64_t bins = scale.quick ? 100'000 : 1'000'000;
    FalseCalls found;
    found.allowed = static_cast<double>(bins) / budget();
    for (const double hourly : kHourly) {
        for (const SeriesLaw& law :
             {SeriesLaw{.hourly = hourly}, SeriesLaw{.hourly = hourly, .day_factor = 3},
              SeriesLaw{.hourly = hourly, .day_factor = 3, .shape = 5}}) {
            // Ten installations, so that one unlucky level does not decide.
            std::uint64_t calls = 0;
            for (std::uint64_t part = 0; part < 10; ++part)
                calls += false_calls(law, bins / 10, mix(scale.seed, 99, part));
            found.worst = std::max(found.worst, calls);
            found.all += calls;
            found.table.rows.push_back({fmt::format("{:.0f}", hourly), law_text(law),
                                        fmt::format("{}", bins), fmt::format("{}", calls),
                                        fmt::format("{:.1f}", found.allowed)});
            if (stop_requested()) return found;
        }
    }
    return found;
}

bool is_uniform(const SeriesLaw& law, std::uint64_t seed) {
    Fed fed(law, seed);
    for (std::int64_t i = 0; i < 14 * kDay; ++i) fed.add();
    Random draw(mix(seed, 1000));
    std::vector<double> values;
    for (std::int64_t i = 0; i < 2 * kDay; ++i) {
        const detect::CountLaw known = fed.track.predict(fed.bin.start(), kBinWidth);
        fed.add();
        const Interval tails = known.tails(fed.value);
        values.push_back(randomised_p(tails.low, tails.high, evaluate::uniform(draw)));
    }
    return ks_p_value(ks_distance(values), values.size()) >= 0.05;
}

}  // namespace

Section judge_traffic(const EvaluateScale& scale, const CommonOptions& common) {
    double dark = 0;
    double half = 0;
    tell(common, "traffic that goes dark");
    Table darkness = delay_table(0, scale, dark);
    tell(common, "traffic that loses half");
    Table halves = delay_table(0.5, scale, half);
    tell(common, "traffic to which nothing happens");
    FalseCalls calls = count_false_calls(scale);
    Section section{
        .title = "Traffic at 2 to 600 requests an hour (simulated)",
        .what = fmt::format("One count after 28 days of history, with the default budget of one "
                            "false alarm a year ({:.0f} bins). It goes dark, or loses half, at any "
                            "time of the day; or nothing happens.",
                            budget())};
    section.verdicts = {{"delay of darkness over the bound Λ*/μ, worst rate", "≤ 1.2",
                         fmt::format("{:.2f}", dark), dark <= 1.2},
                        {"delay of a loss of half over a test that knows the rate, worst rate",
                         "≤ 1.2", fmt::format("{:.2f}", half), half <= 1.2},
                        {"false calls in the null bins of one rate, worst of 15",
                         fmt::format("≤ {:.1f}", calls.allowed),
                         fmt::format("{} ({} in all 15)", calls.worst, calls.all),
                         static_cast<double>(calls.worst) <= calls.allowed}};
    if (scale
            .quick) {  // Too few bins to tell a rate from chance: only what chance excludes misses.
        section.verdicts.back().must_be += " (99 %)";
        section.verdicts.back().met =
            poisson_interval(static_cast<double>(calls.worst), 0.99).low <= calls.allowed;
    }
    section.tables = {std::move(darkness), std::move(halves), std::move(calls.table)};
    section.notes = {
        "Λ* = ln(requests a year / false alarms a year); h = ln(bins between false alarms) + ln 4 "
        "for four tests; both bounds in whole bins, for nobody counts before a bin ends.",
        "h/KL leaves out by how much the last bin overshoots, and that the test restarts at 0; so "
        "the loss of half is held against the same test with the rate known, on the same counts.",
        "Below 12 requests an hour our h is lower than that of both: an excursion of the test ends "
        "only with a request, so there are fewer of them than bins. The false calls pay for it."};
    return section;
}

Section judge_p_values(const EvaluateScale& scale, const CommonOptions& common) {
    tell(common, "p-values under the null");
    Section section{.title = "P-values when all is well (simulated)",
                    .what =
                        "Seeds 1 to 100 of each law: 14 days of history, then the randomised "
                        "p-values of two days against the uniform law (Kolmogorov, Smirnov)."};
    const std::uint64_t seeds = scale.quick ? 20 : 100;
    Table table{.columns = {"requests an hour", "rate", "seeds", "KS below 0.05"}, .rows = {}};
    std::uint64_t worst = 0;
    for (const SeriesLaw& law : {SeriesLaw{.hourly = 12}, SeriesLaw{.hourly = 60, .day_factor = 3},
                                 SeriesLaw{.hourly = 600, .day_factor = 3},
                                 SeriesLaw{.hourly = 600, .day_factor = 3, .shape = 5}}) {
        std::uint64_t rejected = 0;
        for (std::uint64_t seed = 1; seed <= seeds; ++seed)
            rejected += is_uniform(law, mix(seed, scale.seed)) ? 0 : 1;
        worst = std::max(worst, rejected);
        table.rows.push_back({fmt::format("{:.0f}", law.hourly), law_text(law),
                              fmt::format("{}", seeds), fmt::format("{}", rejected)});
    }
    section.verdicts = {{fmt::format("p-values: KS below 0.05 in {} seeds, worst of 4 laws", seeds),
                         fmt::format("≤ {}", seeds / 10), fmt::format("{}", worst),
                         worst <= seeds / 10}};
    section.tables = {std::move(table)};
    return section;
}

}  // namespace dimout::app
