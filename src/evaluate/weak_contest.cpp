#include "evaluate/weak_contest.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace dimout::evaluate {
namespace {

constexpr std::int64_t kApart = 6;
constexpr std::uint32_t kRounds = 2000;
constexpr double kMinutes = static_cast<double>(kBinWidth.count()) / 60;

/// A missed one counts as found when it was over.
double waited(const std::optional<double>& delay, const WeakDrop& drop) {
    return delay.value_or(static_cast<double>(drop.until.index - drop.from.index));
}

double mean_wait(const Setting& setting, const std::vector<WeakDrop>& drops) {
    double sum = 0;
    for (std::size_t i = 0; i < drops.size(); ++i) sum += waited(setting.delays[i], drops[i]);
    return drops.empty() ? 0 : sum / static_cast<double>(drops.size());
}

std::vector<std::string> row(const Contender& contender, const Setting& setting,
                             const std::vector<WeakDrop>& drops, double null_days) {
    return {contender.name, setting.name,
            fmt::format("{} ({:.2f} a week)", setting.false_alarms,
                        static_cast<double>(setting.false_alarms) * 7 / null_days),
            fmt::format("{:.1f} %", 100 * static_cast<double>(setting.found()) /
                                        static_cast<double>(drops.size())),
            fmt::format("{:.0f} min", kMinutes * mean_wait(setting, drops))};
}

}  // namespace

void AlarmLine::see(Bin bin, bool alarm) {
    if (!alarm) {
        ++quiet_;
        return;
    }
    const bool begins = !ever_ || quiet_ >= kApart;
    ever_ = true;
    quiet_ = 0;
    if (!begins || bin >= drop_->until) return;
    if (bin >= drop_->from) {
        if (!delay_) delay_ = static_cast<double>(bin.index - drop_->from.index + 1);
    } else if (bin >= null_from_) {
        ++false_alarms_;
    }
}

void Setting::add(const AlarmLine& line) {
    false_alarms += line.false_alarms();
    delays.push_back(line.delay());
}

std::uint64_t Setting::found() const {
    return static_cast<std::uint64_t>(
        std::ranges::count_if(delays, [](const auto& delay) { return delay.has_value(); }));
}

const Setting& Contender::best_within(std::uint64_t false_alarms) const {
    const Setting* best = nullptr;
    for (const Setting& setting : settings) {
        if (setting.false_alarms > false_alarms) continue;
        if (best == nullptr || setting.found() > best->found()) best = &setting;
    }
    return best != nullptr ? *best
                           : *std::ranges::min_element(settings, {}, &Setting::false_alarms);
}

Lead lead(const Setting& ours, const Setting& theirs, const std::vector<WeakDrop>& drops,
          std::uint64_t seed) {
    std::vector<double> found;
    std::vector<double> sooner;
    for (std::size_t i = 0; i < drops.size(); ++i) {
        found.push_back(double(ours.delays[i].has_value()) - double(theirs.delays[i].has_value()));
        sooner.push_back(waited(theirs.delays[i], drops[i]) - waited(ours.delays[i], drops[i]));
    }
    const auto mean = [](const std::vector<double>& values) {
        double sum = 0;
        for (const double value : values) sum += value;
        return values.empty() ? 0 : sum / static_cast<double>(values.size());
    };
    return {.found = mean(found),
            .found_range = bootstrap_mean(found, 0.95, kRounds, seed),
            .sooner = mean(sooner),
            .sooner_range = bootstrap_mean(sooner, 0.95, kRounds, seed + 1)};
}

Section weak_section(const std::vector<Contender>& contenders, const std::vector<WeakDrop>& drops,
                     double null_days, std::uint64_t seed) {
    Section section;
    const Setting& ours = contenders.front().settings.front();
    Table table{.columns = {"who", "setting", "false alarms", "found", "mean delay",
                            "found by us more often", "by us sooner"},
                .rows = {}};
    double worst_found = 1;
    double worst_sooner = std::numeric_limits<double>::max();
    for (const Contender& contender : contenders) {
        const Setting& theirs = contender.best_within(ours.false_alarms);
        auto cells = row(contender, theirs, drops, null_days);
        if (&contender == &contenders.front()) {
            cells.insert(cells.end(), {"", ""});
        } else {
            const Lead by = lead(ours, theirs, drops, seed);
            worst_found = std::min(worst_found, by.found_range.low);
            worst_sooner = std::min(worst_sooner, by.sooner_range.low);
            cells.push_back(fmt::format("{:+.1f} % ({:+.1f} to {:+.1f})", 100 * by.found,
                                        100 * by.found_range.low, 100 * by.found_range.high));
            cells.push_back(fmt::format("{:+.0f} min ({:+.0f} to {:+.0f})", kMinutes * by.sooner,
                                        kMinutes * by.sooner_range.low,
                                        kMinutes * by.sooner_range.high));
        }
        table.rows.push_back(std::move(cells));
    }
    section.verdicts = {
        {"weak drops: found more often fused than by any other, lower end of the paired interval",
         "> 0", fmt::format("{:+.1f} % (n = {})", 100 * worst_found, drops.size()),
         worst_found > 0},
        {"weak drops: found sooner fused than by any other, lower end of the paired interval",
         "> 0", fmt::format("{:+.0f} min", kMinutes * worst_sooner), worst_sooner > 0}};
    section.tables = {std::move(table)};
    return section;
}

}  // namespace dimout::evaluate
