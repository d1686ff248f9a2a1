#include "cause/assess.h"

#include <fmt/format.h>

#include <algorithm>

namespace dimout::cause {
namespace {

std::size_t leader(const std::vector<double>& shares) {
    return static_cast<std::size_t>(std::ranges::max_element(shares) - shares.begin());
}

Standing standing_of(std::size_t cause, const Table& table, const Evidence& evidence,
                     double posterior, Interval interval) {
    Standing standing{.cause = cause,
                      .prior = table.hypotheses[cause].prior,
                      .posterior = posterior,
                      .interval = interval};
    double most = 0;
    double least = 0;
    for (std::size_t i = 0; i < evidence.lines.size(); ++i) {
        const double decibans = evidence.lines[i].decibans[cause];
        if (decibans > most) most = decibans, standing.strongest_for = i;
        if (decibans < least) least = decibans, standing.strongest_against = i;
    }
    return standing;
}

/// The guard's conditions that fail, in words.
std::vector<std::string> unmet_of(const Guard& guard, const Table& table, const Assessment& found) {
    std::vector<std::string> unmet;
    const Standing& first = found.standings[0];
    const Standing& second = found.standings[1];
    if (first.posterior < guard.posterior)
        unmet.push_back(fmt::format("the likeliest has {:.2f}, less than {:.2f}", first.posterior,
                                    guard.posterior));
    if (first.interval.low < guard.lower_bound)
        unmet.push_back(fmt::format("its lower bound is {:.2f}, less than {:.2f}",
                                    first.interval.low, guard.lower_bound));
    if (first.posterior < guard.ratio * second.posterior)
        unmet.push_back(fmt::format("it is not {:.0f} times as likely as the second", guard.ratio));
    const auto kinds = kinds_of(table, found.evidence);
    if (kinds.size() < guard.kinds)
        unmet.push_back(
            fmt::format("{} kinds of evidence, fewer than {}", kinds.size(), guard.kinds));
    for (const std::string_view kind : kinds) {
        if (leader(posterior(table, found.evidence, kind)) != first.cause)
            unmet.push_back(fmt::format("without the evidence of '{}' another cause leads", kind));
    }
    return unmet;
}

std::vector<Exclusion> exclusions_of(const ExclusionRule& rule, const Table& table,
                                     const Assessment& found) {
    std::vector<Exclusion> excluded;
    for (const Standing& standing : found.standings) {
        if (standing.posterior > rule.posterior || standing.interval.high > rule.upper_bound ||
            !standing.strongest_against)
            continue;
        const Line& line = found.evidence.lines[*standing.strongest_against];
        if (line.decibans[standing.cause] <= rule.line * table.rows[line.row].tempering)
            excluded.push_back({.cause = standing.cause, .line = *standing.strongest_against});
    }
    return excluded;
}

}  // namespace

std::string_view to_string(Verdict verdict) {
    switch (verdict) {
        case Verdict::Named: return "named";
        case Verdict::Insufficient: return "insufficient evidence";
        case Verdict::Unobservable: return "not observable";
    }
    return {};
}

Assessment assess(const Table& table, const Observations& seen, const AssessOptions& options) {
    Assessment found{.evidence = weigh(table, seen)};
    const std::vector<double> shares = posterior(table, found.evidence);
    const std::vector<Interval> intervals = posterior_intervals(table, seen, options.draws);
    for (std::size_t i = 0; i < shares.size(); ++i)
        found.standings.push_back(standing_of(i, table, found.evidence, shares[i], intervals[i]));
    std::ranges::stable_sort(found.standings, std::greater(), &Standing::posterior);
    found.settling = what_would_settle(table, seen);
    if (seen[Feature::ObserverBad] == 1 && seen[Feature::AllSignalsAgree] != 1) {
        found.verdict = Verdict::Unobservable;
        found.unmet = {"our observers were ill and no second kind of measurement agrees"};
        return found;
    }
    found.exclusions = exclusions_of(options.exclusion, table, found);
    found.unmet = unmet_of(options.guard, table, found);
    if (found.unmet.empty()) {
        found.verdict = Verdict::Named;
        found.named = found.standings.front().cause;
    }
    return found;
}

}  // namespace dimout::cause
