// Chances of coincidence against a real list: the outages of countries that people looked into
// (InetIntel, SIGCOMM 2023), from when the list is full. Before October 2018 it has nine of a year.
//
// An onset that had not come when the list ends says only that its chance is larger: it is drawn
// from what is left above, which is uniform where the chance is right.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>

#include "app/local_time.h"
#include "base/random.h"
#include "catalogue/catalogue.h"
#include "coincide/chance.h"
#include "registry/names.h"

namespace dimout::coincide {
namespace {

const EventTime kFrom = *parse_time("2018-10-01T00:00:00Z");
const EventTime kUntil = *parse_time("2020-10-01T00:00:00Z");
constexpr Hours kHalfYear(Years(0.5));
constexpr std::array kWindows{Hours(24), Hours(72), Hours(168)};

double unit(Random& chance) { return (static_cast<double>(chance.next() >> 11) + 0.5) * 0x1p-53; }
Hours since_begin(EventTime time) { return time - kFrom; }
EventTime at(Hours time) { return kFrom + std::chrono::round<std::chrono::seconds>(time); }

/// Of one country, in hours since kFrom; ascending and apart.
struct Outages {
    struct One {
        Hours onset{};
        Hours end{};
    };
    std::vector<One> all;

    [[nodiscard]] std::size_t before(Hours time) const {
        return static_cast<std::size_t>(
            std::ranges::count_if(all, [&](const One& one) { return one.onset < time; }));
    }
    /// The delay to the next onset; the list's end when none comes.
    [[nodiscard]] std::pair<Hours, bool> next(Hours time) const {
        const auto found =
            std::ranges::find_if(all, [&](const One& one) { return one.onset >= time; });
        if (found == all.end()) return {since_begin(kUntil) - time, false};
        return {found->onset - time, true};
    }
};

/// What a chance says for a window, beside how often an onset came.
struct Calibration {
    double stated = 0;
    double came = 0;

    [[nodiscard]] double ratio() const { return stated / came; }
};
using Calibrations = std::array<Calibration, kWindows.size()>;

template <typename Chance>
double tell(Calibrations& calibrations, const std::pair<Hours, bool>& next, Random& random,
            Chance chance_of) {
    const auto [delay, came] = next;
    for (std::size_t i = 0; i < kWindows.size(); ++i) {
        calibrations[i].stated += chance_of(kWindows[i]);
        calibrations[i].came += came && delay <= kWindows[i];
    }
    const double chance = chance_of(delay);
    return came ? chance : chance + (1 - chance) * unit(random);
}

class RealList : public testing::Test {
protected:
    void SetUp() override {
        const std::filesystem::path file =
            std::filesystem::path(DIMOUT_SOURCE_DIR) /
            "../shared/data/truth/ioda_investigated_outages_2018-2020.csv";
        if (!std::filesystem::exists(file)) GTEST_SKIP() << "real data is missing: " << file;
        std::stringstream text;
        text << std::ifstream(file).rdbuf();
        const auto list = catalogue::read(text.str(), registry::country_by_name);
        ASSERT_TRUE(list);
        std::map<CountryCode, std::vector<Outages::One>> found;
        for (const catalogue::Row& row : list->rows) {
            if (row.entity.kind != Entity::Kind::Country || !row.whole || !row.end) continue;
            if (row.start.best < kFrom || row.start.best >= kUntil) continue;
            found[row.entity.country].push_back(
                {since_begin(row.start.best), since_begin(row.end->best)});
        }
        for (const registry::CountryFacts& country : registry::countries())
            countries.push_back(merged(found[country.code]));
    }

    static Outages merged(std::vector<Outages::One> ones) {
        std::ranges::sort(ones, {}, &Outages::One::onset);
        Outages outages;
        for (const Outages::One& one : ones) {
            if (outages.all.empty() || one.onset > outages.all.back().end) {
                outages.all.push_back(one);
            } else {
                outages.all.back().end = std::max(outages.all.back().end, one.end);
            }
        }
        return outages;
    }

    /// The likeliest prior of these countries, their mean rate given.
    static RatePrior fitted(std::span<const Outages* const> known) {
        double mean = 0;
        for (const Outages* one : known) mean += static_cast<double>(one->all.size());
        mean /= static_cast<double>(known.size());
        double best = -1e300;
        double shape = 0;
        for (double a = 0.1; a < 2; a += 0.02) {
            double likelihood = 0;
            for (const Outages* one : known) {
                const auto n = static_cast<double>(one->all.size());
                likelihood += std::lgamma(a + n) - std::lgamma(a) - std::lgamma(n + 1) +
                              a * std::log(a / (a + mean)) + n * std::log(mean / (a + mean));
            }
            if (likelihood > best) best = likelihood, shape = a;
        }
        return {.shape = shape, .years = shape / mean * Years(kUntil - kFrom).count()};
    }

    /// At a random moment of each, known from what came before it.
    static std::vector<double> base_rates(std::span<const Outages* const> held_back,
                                          const RatePrior& prior, Random& random,
                                          Calibrations& calibrations) {
        std::vector<double> found;
        const Hours last = since_begin(kUntil) - kWindows.back();
        for (const Outages* one : held_back) {
            const Hours time = kHalfYear + unit(random) * (last - kHalfYear);
            const auto onsets = static_cast<double>(one->before(time));
            found.push_back(tell(calibrations, one->next(time), random, [&](Hours window) {
                return base_rate_chance(onsets, Years(time), window, prior);
            }));
        }
        return found;
    }

    static void print(int low, const Calibrations& calibrations) {
        std::cout << "below 0.05 in " << low << " of 100; within 24, 72, 168 h stated "
                  << calibrations[0].ratio() << ", " << calibrations[1].ratio() << ", "
                  << calibrations[2].ratio() << " of what came\n";
    }

    /// Every other country by its code: 0 the spell's numbers are from, 1 was kept back.
    [[nodiscard]] std::vector<const Outages*> half(std::size_t which) const {
        std::vector<const Outages*> found;
        for (std::size_t i = which; i < countries.size(); i += 2) found.push_back(&countries[i]);
        return found;
    }

    std::vector<Outages> countries;
};

TEST_F(RealList, BaseRateOfHeldBackCountriesIsUniformAtRandomTimes) {
    Calibrations calibrations{};
    int low = 0;
    for (std::uint64_t seed = 1; seed <= 100; ++seed) {
        Random random(seed);
        std::vector<const Outages*> order;
        for (const Outages& one : countries) order.push_back(&one);
        for (std::size_t i = order.size(); i > 1; --i)
            std::swap(order[i - 1], order[random.below(static_cast<std::uint32_t>(i))]);
        const std::span all(order);
        const auto left = all.first(all.size() / 2);
        const auto right = all.subspan(all.size() / 2);
        auto found = base_rates(left, fitted(right), random, calibrations);
        const auto others = base_rates(right, fitted(left), random, calibrations);
        found.insert(found.end(), others.begin(), others.end());
        low += ks_p_value(ks_distance(found), found.size()) < 0.05;
    }
    EXPECT_LE(low, 10);
    // A fifth too little for a day: outages come in bursts, which the conditional chance is for.
    EXPECT_NEAR(calibrations[0].ratio(), 1, 0.25);
    EXPECT_NEAR(calibrations[1].ratio(), 1, 0.2);
    EXPECT_NEAR(calibrations[2].ratio(), 1, 0.2);
    print(low, calibrations);
}

/// The prior that ships is of a list that under-counts: it states too little, by a fifth for a day,
/// and is uniform only just.
TEST_F(RealList, TheShippedPriorStatesALittleTooLittle) {
    Calibrations calibrations{};
    std::vector<const Outages*> all;
    for (const Outages& one : countries) all.push_back(&one);
    int low = 0;
    for (std::uint64_t seed = 1; seed <= 100; ++seed) {
        Random random(seed);
        const auto found = base_rates(all, {}, random, calibrations);
        low += ks_p_value(ks_distance(found), found.size()) < 0.05;
    }
    for (const Calibration& one : calibrations) {
        EXPECT_GT(one.ratio(), 0.75);
        EXPECT_LT(one.ratio(), 1.05);
    }
    EXPECT_LE(low, 10);
    print(low, calibrations);
}

/// What was known of a country at `now`.
History history_at(const Outages& outages, Hours now) {
    History history{.outages = {}, .observed = {{.from = kFrom, .until = at(now)}}};
    for (const Outages::One& one : outages.all) {
        if (one.onset < now)
            history.outages.push_back({.onset = at(one.onset), .end = at(one.end)});
    }
    return history;
}

/// How likely the waits of `countries` are, each foretold from what came before it.
double log_likelihood(std::span<const Outages* const> countries, const SpellPrior& prior) {
    double sum = 0;
    for (const Outages* one : countries) {
        for (std::size_t i = 0; i <= one->all.size(); ++i) {
            const Hours from = i == 0 ? Hours(0) : one->all[i - 1].end;
            const Hours until = i == one->all.size() ? since_begin(kUntil) : one->all[i].onset;
            const Spell spell(history_at(*one, from), at(from), {}, prior);
            const Hours wait = std::max(Hours(0), until - from);
            sum += std::log(1 - spell.chance(wait));
            if (i < one->all.size()) sum += std::log(spell.hazard(wait));
        }
    }
    return sum;
}

/// Asked of each outage of `countries` once, at a random moment within 72 h after its end; the
/// values are uniform where the chance is right. By country, for the bootstrap.
struct AfterEnds {
    std::vector<double> values;
    std::vector<Calibrations> stated;
    std::vector<Calibrations> base_rate;
};

void ask_after_ends(std::span<const Outages* const> countries, Random& random, AfterEnds& found) {
    found.values.clear();
    found.stated.resize(countries.size());
    found.base_rate.resize(countries.size());
    for (std::size_t i = 0; i < countries.size(); ++i) {
        for (const Outages::One& outage : countries[i]->all) {
            const Hours now = outage.end + unit(random) * Hours(kStillUnstable);
            if (now + kWindows.back() > since_begin(kUntil)) continue;
            if (outage.end + countries[i]->next(outage.end).first < now) continue;
            const auto next = countries[i]->next(now);
            const History history = history_at(*countries[i], now);
            const Spell spell(history, at(now));
            found.values.push_back(tell(found.stated[i], next, random,
                                        [&](Hours window) { return spell.chance(window); }));
            (void)tell(found.base_rate[i], next, random, [&](Hours window) {
                return base_rate_chance(static_cast<double>(history.outages.size()),
                                        history.exposure(), window);
            });
        }
    }
}

double ratio_of(const std::vector<Calibrations>& countries, std::size_t window,
                std::span<const std::uint32_t> drawn) {
    Calibration sum;
    for (const std::uint32_t i : drawn) {
        sum.stated += countries[i][window].stated;
        sum.came += countries[i][window].came;
    }
    return sum.came > 0 ? sum.ratio() : 1e9;
}

TEST_F(RealList, TheSpellsNumbersAreTheLikeliestOfTheirHalf) {
    const double best = log_likelihood(half(0), {});
    const auto worse = [&](auto&& change) {
        for (const double factor : {1 / 1.5, 1.5}) {
            SpellPrior prior;
            change(prior, factor);
            EXPECT_LT(log_likelihood(half(0), prior), best) << factor;
        }
    };
    for (std::size_t i = 0; i < SpellPrior{}.steps.size(); ++i)
        worse([&](SpellPrior& prior, double factor) { prior.steps[i].a_year *= factor; });
    worse([](SpellPrior& prior, double factor) { prior.steps.back().after *= factor; });
    worse([](SpellPrior& prior, double factor) { prior.shape *= factor; });
    worse([](SpellPrior& prior, double factor) { prior.quiet_shape *= factor; });
    worse([](SpellPrior& prior, double factor) { prior.quiet_years *= factor; });
}

/// Of the countries that were kept back.
TEST_F(RealList, TheConditionalChanceAfterAnEndIsCalibrated) {
    const auto held_back = half(1);
    AfterEnds found;
    int low = 0;
    for (std::uint64_t seed = 1; seed <= 100; ++seed) {
        Random random(seed);
        ask_after_ends(held_back, random, found);
        low += ks_p_value(ks_distance(found.values), found.values.size()) < 0.05;
    }
    std::cout << "below 0.05 in " << low << " of 100\n";
    EXPECT_LE(low, 10);
    std::vector<std::uint32_t> all;
    for (std::uint32_t i = 0; i < held_back.size(); ++i) all.push_back(i);
    for (std::size_t i = 0; i < kWindows.size(); ++i) {
        const Interval interval = bootstrap_interval(
            held_back.size(), [&](const auto& drawn) { return ratio_of(found.stated, i, drawn); },
            0.95, 1000, 1);
        const double base = ratio_of(found.base_rate, i, all);
        std::cout << "within " << kWindows[i].count() << " h stated "
                  << ratio_of(found.stated, i, all) << " (" << interval.low << " to "
                  << interval.high << ") of what came; base rate " << base << '\n';
        EXPECT_LE(interval.low, 1);
        EXPECT_GE(interval.high, 1);
        EXPECT_NEAR(ratio_of(found.stated, i, all), 1, 0.35);
        EXPECT_LT(base, 0.75) << "the base rate fails there, as it must";
    }
}

/// Each onset from a country's twentieth day on, by the week that was learned before it.
TEST_F(RealList, TheLearntWeekForetellsHours) {
    double sum = 0;
    int onsets = 0;
    for (std::size_t i = 0; i < countries.size(); ++i) {
        const CountryCode code = registry::countries()[i].code;
        for (const Outages::One& one : countries[i].all) {
            const auto offset = app::zone_offset(code, at(one.onset));
            const WeekClock clock(
                history_at(countries[i], one.onset),
                {{.since = kFrom, .offset = offset.value_or(std::chrono::seconds(0))}});
            if (clock.days() == 0) continue;
            sum += std::log(clock.pace(at(one.onset)));
            ++onsets;
        }
    }
    std::cout << onsets << " onsets, " << sum / onsets << " nats better than a flat week, each\n";
    ASSERT_GT(onsets, 0);
    EXPECT_GT(sum / onsets, -0.1);
}

}  // namespace
}  // namespace dimout::coincide
