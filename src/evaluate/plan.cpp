#include "evaluate/plan.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace dimout::evaluate {
namespace {

using std::chrono::seconds;

constexpr seconds kShortest{300};
constexpr seconds kQuietMin{8 * 3600};
constexpr seconds kQuietMax{20 * 3600};
constexpr seconds kFirstQuiet{6 * 3600};
constexpr seconds kTail{3600};
constexpr double kZombies = 0.018;

double unit(Random& random) { return static_cast<double>(random.below(1'000'000)) / 1e6; }

seconds between(Random& random, seconds low, seconds high) {
    return low + seconds(random.below(static_cast<std::uint32_t>((high - low).count() + 1)));
}

seconds log_uniform(Random& random, seconds low, seconds high) {
    const double ratio = static_cast<double>(high.count()) / static_cast<double>(low.count());
    const double drawn = static_cast<double>(low.count()) * std::pow(ratio, unit(random));
    return seconds(static_cast<std::int64_t>(drawn));
}

/// So that on average 1.8 % of the observers keep a route.
unsigned draw_stuck(Random& random, unsigned observers) {
    unsigned stuck = 0;
    for (unsigned i = 0; i < observers; ++i) stuck += unit(random) < kZombies ? 1 : 0;
    return stuck;
}

PlannedOutage draw(Random& random, const OutagePlan& plan, std::size_t subject, EventTime at) {
    const std::uint32_t size = plan.sizes[subject];
    PlannedOutage outage{.subject = subject, .at = at};
    outage.lasts = log_uniform(random, kShortest, plan.longest);
    outage.withdrawn = size;
    if (size > 1 && random.percent(50)) {
        const double depth = 0.2 + 0.8 * unit(random);
        const auto some = static_cast<std::uint32_t>(std::ceil(depth * size));
        outage.withdrawn = std::clamp(some, 1U, size - 1);
    }
    outage.stuck = draw_stuck(random, plan.observers);
    const unsigned style = random.below(100);
    if (style < 50) {
        outage.steps = random.between(0, 3);
    } else if (style < 75 && outage.withdrawn > 1) {
        outage.onset = Onset::Ramp;
        outage.steps = random.between(0, 3);
        outage.ramp = std::min(between(random, seconds(60), seconds(600)), outage.lasts / 4);
    } else {
        outage.onset = Onset::Staggered;
        outage.steps = random.between(6, 14);
    }
    return outage;
}

/// Drops, in order of time, what would take more than `at_once` prefixes with what is gone already.
void thin(std::vector<PlannedOutage>& outages, std::uint32_t at_once) {
    std::vector<PlannedOutage> kept;
    for (const PlannedOutage& outage : outages) {
        std::uint64_t gone = outage.withdrawn;
        for (const PlannedOutage& other : kept) {
            if (other.at + other.lasts + seconds(1800) > outage.at) gone += other.withdrawn;
        }
        if (gone <= at_once) kept.push_back(outage);
    }
    outages = std::move(kept);
}

struct HarmlessStyle {
    std::string_view name;
    seconds low;
    seconds high;
};

/// By HarmlessKind.
constexpr std::array<HarmlessStyle, kHarmlessKinds> kStyles{{
    {"session reset, said by STATE", seconds(10), seconds(1200)},
    {"session reset, not said", seconds(10), seconds(1200)},
    {"all sessions of a collector reset", seconds(20), seconds(300)},
    {"update files missing", seconds(900), seconds(5400)},
    {"collector silent", seconds(900), seconds(7200)},
    {"renumbering", seconds(10), seconds(1800)},
    {"de-aggregation", seconds(10), seconds(1800)},
    {"aggregation", seconds(10), seconds(1800)},
}};

}  // namespace

seconds draw_held(Random& random) {
    constexpr unsigned kRouters = 2;
    std::uint32_t milliseconds = 0;
    for (unsigned i = 0; i < kRouters; ++i) {
        const std::uint32_t timer = random.between(22'500, 30'000);
        const std::uint32_t left = random.below(timer);
        if (random.percent(50)) milliseconds += left;
    }
    return seconds(milliseconds / 1000);
}

std::vector<PlannedOutage> plan_outages(const OutagePlan& plan) {
    std::vector<PlannedOutage> outages;
    for (std::size_t subject = 0; subject < plan.sizes.size(); ++subject) {
        Random random(mix(plan.seed, subject, 71));
        Random ways(mix(plan.seed, subject, 73));
        EventTime at = plan.time.from + between(random, kFirstQuiet, kFirstQuiet + kQuietMax);
        while (true) {
            PlannedOutage outage = draw(random, plan, subject, at);
            outage.start_held = draw_held(ways);
            outage.end_held = draw_held(ways);
            if (at + outage.lasts + kTail > plan.time.until) break;
            outages.push_back(outage);
            at += outage.lasts + between(random, kQuietMin, kQuietMax);
        }
    }
    std::ranges::sort(outages, {},
                      [](const PlannedOutage& o) { return std::pair(o.at, o.subject); });
    thin(outages, plan.at_once);
    return outages;
}

std::vector<PlannedHarmless> plan_harmless(std::uint64_t seed, const TimeRange& time,
                                           unsigned count) {
    Random random(mix(seed, 72));
    const EventTime from = time.from + seconds(2 * 3600);
    const EventTime until = time.until - seconds(4 * 3600);
    std::vector<PlannedHarmless> all;
    for (unsigned i = 0; i < count; ++i) {
        const auto kind = static_cast<HarmlessKind>(i % kHarmlessKinds);
        const HarmlessStyle& style = kStyles[i % kHarmlessKinds];
        all.push_back({.kind = kind,
                       .at = between(random, seconds(0), until - from) + from,
                       .lasts = log_uniform(random, style.low, style.high),
                       .target = random.below(UINT32_MAX)});
    }
    std::ranges::sort(all, {}, &PlannedHarmless::at);
    return all;
}

std::string_view to_string(HarmlessKind kind) {
    return kStyles[static_cast<std::size_t>(kind)].name;
}

std::string_view to_string(Onset onset) {
    switch (onset) {
        case Onset::Step: return "step";
        case Onset::Ramp: return "ramp";
        case Onset::Staggered: return "explored";
    }
    return "";
}

}  // namespace dimout::evaluate
