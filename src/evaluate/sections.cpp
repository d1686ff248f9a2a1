#include "evaluate/sections.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "model/entity.h"

namespace dimout::evaluate {
namespace {

using std::chrono::seconds;

constexpr std::size_t kNamedMax = 8;
constexpr double kRecallFull = 0.995;
constexpr double kPrecision = 0.99;
constexpr double kRecallPartial = 0.90;
constexpr double kOnsetMedian = 60;
constexpr double kOnsetTail = 180;
constexpr double kCoverLow = 0.85;
constexpr double kCoverHigh = 0.95;

double number(seconds duration) { return static_cast<double>(duration.count()); }

std::string name_of(const Injected& outage) {
    return fmt::format("{} ({} prefixes, {:.0f} %, {:.1f} h, {}{}) at {}", to_string(outage.entity),
                       outage.prefixes, outage.depth * 100, number(outage.lasts()) / 3600,
                       outage.real ? "real table" : "simulated",
                       outage.wave.empty() ? "" : ", " + outage.wave, to_rfc3339(outage.span.from));
}

std::string share_text(std::uint32_t hits, std::uint32_t of) {
    return of == 0 ? "–" : fmt::format("{} of {} ({:.1f} %)", hits, of, 100.0 * hits / of);
}

/// Hits and number of the outcomes that are chosen.
struct Count {
    std::uint32_t hits = 0;
    std::uint32_t of = 0;

    void add(const Outcome& outcome) {
        hits += outcome.claim ? 1 : 0;
        ++of;
    }
    [[nodiscard]] std::string text() const { return share_text(hits, of); }
};

Table by_size(const Score& score, const Score* reference) {
    struct Row {
        Count full, partial, reference_full, reference_partial;
    };
    std::array<Row, kSizeClasses> rows;
    const auto fill = [&](const Score& from, Count Row::* full, Count Row::* partial) {
        for (const Outcome& outcome : from.outcomes) {
            Row& row = rows[size_class(outcome.outage.prefixes)];
            if (is_full_and_10_minutes(outcome)) (row.*full).add(outcome);
            if (is_partial_and_30_minutes(outcome)) (row.*partial).add(outcome);
        }
    };
    fill(score, &Row::full, &Row::partial);
    if (reference != nullptr) fill(*reference, &Row::reference_full, &Row::reference_partial);
    Table table{.columns = {"prefixes of the entity", "full, ≥ 10 min", "partial ≥ 20 %, ≥ 30 min",
                            "full: median rule", "partial: median rule"},
                .rows = {}};
    for (std::size_t i = 0; i < kSizeClasses; ++i) {
        const Row& row = rows[i];
        if (row.full.of + row.partial.of == 0) continue;
        table.rows.push_back({std::string(size_class_name(i)), row.full.text(), row.partial.text(),
                              row.reference_full.text(), row.reference_partial.text()});
    }
    return table;
}

Table by_duration(const Score& score) {
    std::array<std::array<Count, 2>, kDurationClasses> counts;
    for (const Outcome& outcome : score.outcomes)
        counts[duration_class(outcome.outage.lasts())][outcome.outage.full() ? 0 : 1].add(outcome);
    Table table{.columns = {"duration", "full", "partial"}, .rows = {}};
    for (std::size_t i = 0; i < kDurationClasses; ++i)
        table.rows.push_back(
            {std::string(duration_class_name(i)), counts[i][0].text(), counts[i][1].text()});
    return table;
}

/// Absolute errors and the like, of outcomes that were found.
template <typename Value>
std::vector<Reading> readings(const Score& score, Value value) {
    std::vector<Reading> all;
    for (const Outcome& outcome : score.outcomes) {
        if (!outcome.claim) continue;
        if (const std::optional<double> read = value(outcome))
            all.push_back({.entity = outcome.outage.entity, .value = *read});
    }
    return all;
}

std::optional<double> onset_error(const Outcome& outcome) {
    return number(std::chrono::abs(outcome.claim->start.best - outcome.outage.span.from));
}

std::optional<double> end_error(const Outcome& outcome) {
    if (!outcome.claim->end) return std::nullopt;
    return number(std::chrono::abs(outcome.claim->end->best - outcome.outage.span.until));
}

std::optional<double> duration_error(const Outcome& outcome) {
    if (!outcome.claim->end) return std::nullopt;
    const seconds told = outcome.claim->end->best - outcome.claim->start.best;
    return number(std::chrono::abs(told - outcome.outage.lasts()));
}

std::vector<std::string> quantile_row(std::string name, const std::vector<Reading>& values,
                                      std::uint64_t seed) {
    return {std::move(name),
            std::to_string(values.size()),
            seconds_text(quantile(values, 0.5, seed)),
            seconds_text(quantile(values, 0.9, seed)),
            seconds_text(quantile(values, 0.95, seed)),
            seconds_text(quantile(values, 0.99, seed))};
}

template <Onset kind>
std::optional<double> onset_error_of(const Outcome& outcome) {
    return outcome.outage.onset == kind ? onset_error(outcome) : std::nullopt;
}

Table times(const SectionOptions& options, const Score& score) {
    const auto delay = [&](const Outcome& outcome) -> std::optional<double> {
        return number(outcome.claim->told - options.lateness - outcome.outage.span.from);
    };
    const auto delay_of = [&](bool full) {
        return readings(score, [&](const Outcome& outcome) {
            return outcome.outage.full() == full ? delay(outcome) : std::nullopt;
        });
    };
    Table table{.columns = {"time", "n", "p50", "p90", "p95", "p99"}, .rows = {}};
    const auto add = [&](std::string name, const std::vector<Reading>& values) {
        table.rows.push_back(quantile_row(std::move(name), values, options.seed));
    };
    add("onset error, step", readings(score, onset_error_of<Onset::Step>));
    add("onset error, explored", readings(score, onset_error_of<Onset::Staggered>));
    add("onset error, ramp (from its first prefix)", readings(score, onset_error_of<Onset::Ramp>));
    add("end error", readings(score, end_error));
    add("duration error", readings(score, duration_error));
    add("delay until public, full", delay_of(true));
    add("delay until public, partial", delay_of(false));
    return table;
}

bool covers(const UncertainTime& told, EventTime moment) {
    return told.lo <= moment && moment <= told.hi;
}

Estimate coverage(const Score& score, std::uint64_t seed) {
    std::vector<Share> shares;
    for (const Outcome& outcome : score.outcomes) {
        if (outcome.claim && outcome.outage.onset != Onset::Ramp)
            shares.push_back(
                {.entity = outcome.outage.entity,
                 .hits = covers(outcome.claim->start, outcome.outage.span.from) ? 1U : 0U,
                 .of = 1});
    }
    return rate(std::move(shares), seed);
}

void note_misses(Section& section, const Score& score) {
    std::size_t named = 0;
    for (const Outcome& outcome : score.outcomes) {
        const bool asked = is_full_and_10_minutes(outcome) || is_partial_and_30_minutes(outcome);
        if (outcome.claim || !asked || named++ >= kNamedMax) continue;
        section.notes.push_back("missed: " + name_of(outcome.outage));
    }
    if (named > kNamedMax) section.notes.push_back(fmt::format("… {} missed in all", named));
}

void note_false(Section& section, const Score& score) {
    std::size_t named = 0;
    for (const FalseClaim& wrong : score.false_claims) {
        if (named++ >= kNamedMax) continue;
        section.notes.push_back(fmt::format(
            "{}: {} ({}) from {}", wrong.fragment ? "told twice, or at the wrong time" : "invented",
            wrong.claim.id, wrong.claim.phases, to_rfc3339(wrong.claim.start.best)));
    }
    if (named > kNamedMax) section.notes.push_back(fmt::format("… {} false in all", named));
}

void add_partial_verdicts(Section& section, const Score& score, std::uint64_t seed) {
    std::map<std::size_t, std::vector<Share>> by_class;
    for (const Outcome& outcome : score.outcomes) {
        if (!is_partial_and_30_minutes(outcome)) continue;
        by_class[size_class(outcome.outage.prefixes)].push_back(
            {.entity = outcome.outage.entity, .hits = outcome.claim ? 1U : 0U, .of = 1});
    }
    std::string worst;
    bool all = true;
    for (const auto& [size, shares] : by_class) {
        const Estimate estimate = rate(shares, seed);
        if (estimate.value >= kRecallPartial) continue;
        all = false;
        worst += fmt::format("{}{}: {}", worst.empty() ? "" : "; ", size_class_name(size),
                             percent_text(estimate));
    }
    section.verdicts.push_back(
        {.measure =
             section.title + ": recall of partial losses ≥ 20 % of ≥ 30 min, each size class",
         .must_be = "≥ 90 %",
         .measured =
             all ? "all " + percent_text(recall(score, is_partial_and_30_minutes, seed)) : worst,
         .met = by_class.empty() ? std::optional<bool>() : all});
}

void add_time_verdicts(Section& section, const std::vector<Reading>& errors,
                       const Estimate& covered, std::uint64_t seed) {
    const Estimate median = quantile(errors, 0.5, seed);
    const Estimate tail = quantile(errors, 0.95, seed);
    const auto known = [&](bool met) {
        return errors.empty() ? std::optional<bool>() : std::optional(met);
    };
    section.verdicts.push_back(
        {.measure = section.title + ": onset error",
         .must_be = "median ≤ 60 s, p95 ≤ 180 s",
         .measured = seconds_text(median) + ", " + seconds_text(tail),
         .met = known(median.value <= kOnsetMedian && tail.value <= kOnsetTail)});
    section.verdicts.push_back(
        {.measure = section.title + ": 90 % intervals cover the onset",
         .must_be = "85–95 %",
         .measured = percent_text(covered),
         .met = known(covered.value >= kCoverLow && covered.value <= kCoverHigh)});
}

/// Outages that one of two detectors found and the other did not, by kind; the same archives in the
/// same order.
std::string only_found_by(const Score& one, const Score& other) {
    std::map<std::string, unsigned> kinds;
    for (std::size_t i = 0; i < one.outcomes.size() && i < other.outcomes.size(); ++i) {
        if (!one.outcomes[i].claim || other.outcomes[i].claim) continue;
        const Injected& outage = one.outcomes[i].outage;
        const std::string_view depth = outage.full()         ? "full"
                                       : outage.depth >= 0.2 ? "partial, 20 % and more"
                                                             : "partial, less than 20 %";
        ++kinds[fmt::format("{}, {}", depth, duration_class_name(duration_class(outage.lasts())))];
    }
    std::string text;
    for (const auto& [kind, count] : kinds)
        text += fmt::format("{}{}: {}", text.empty() ? "" : "; ", kind, count);
    return text.empty() ? "none" : text;
}

void note_differences(Section& section, const Score& score, const Score& reference) {
    section.notes.push_back(
        "worse than the median rule, found by it alone: " + only_found_by(reference, score) +
        ". Why: the rule calls 1 % of /24s for one bin; dimout asks for 5 % or one whole unit for "
        "two bins, or for darkness that had lasted two minutes at a bin's end.");
    section.notes.push_back("better, found by dimout alone: " + only_found_by(score, reference) +
                            ".");
}

std::string head_to_head(const Score& score, const Score& reference, std::uint64_t seed) {
    const Estimate ours = precision(score, seed);
    const Estimate theirs = precision(reference, seed);
    const auto all = [](const Outcome&) { return true; };
    const Estimate our_recall = recall(score, all, seed);
    const Estimate their_recall = recall(reference, all, seed);
    return fmt::format(
        "all outages: dimout precision {}, recall {}, F1 {:.3f}; median rule precision {}, recall "
        "{}, F1 {:.3f}",
        percent_text(ours), percent_text(our_recall), f1(ours.value, our_recall.value),
        percent_text(theirs), percent_text(their_recall), f1(theirs.value, their_recall.value));
}

}  // namespace

Section outage_section(const SectionOptions& options, const Score& score, const Score* reference) {
    Section section{.title = options.title, .what = options.what};
    const Estimate full = recall(score, is_full_and_10_minutes, options.seed);
    const Estimate right = precision(score, options.seed);
    section.verdicts.push_back(
        {.measure = section.title + ": recall of full outages of ≥ 10 min",
         .must_be = "≥ 99.5 %",
         .measured = percent_text(full),
         .met = full.n == 0 ? std::optional<bool>() : full.value >= kRecallFull});
    section.verdicts.push_back(
        {.measure = section.title + ": precision",
         .must_be = "≥ 99 %",
         .measured = percent_text(right),
         .met = right.n == 0 ? std::optional<bool>() : right.value >= kPrecision});
    add_partial_verdicts(section, score, options.seed);
    std::vector<Reading> steps = readings(score, onset_error_of<Onset::Step>);
    const std::vector<Reading> explored = readings(score, onset_error_of<Onset::Staggered>);
    steps.insert(steps.end(), explored.begin(), explored.end());
    add_time_verdicts(section, steps, coverage(score, options.seed), options.seed);
    section.tables = {by_size(score, reference), by_duration(score), times(options, score)};
    if (reference != nullptr) {
        section.notes.push_back(head_to_head(score, *reference, options.seed));
        note_differences(section, score, *reference);
    }
    section.notes.push_back(fmt::format(
        "{} claims lie at real losses that nobody was asked about (the country of a network, a "
        "neighbour in it); they count for nothing.",
        score.explained));
    note_misses(section, score);
    note_false(section, score);
    return section;
}

Section harmless_section(const SectionOptions& options, const Score& score,
                         const Score* reference) {
    Section section{.title = options.title, .what = options.what};
    const auto blamed = score.harmful();
    const auto n = score.harmless.size();
    const std::string measured =
        score.false_claims.empty()
            ? fmt::format("0 of {}, < {:.2f} % (95 %)", n, none_seen_bound(n) * 100)
            : fmt::format("{} claims at {} of {}", score.false_claims.size(), blamed.size(), n);
    section.verdicts.push_back(
        {.measure = section.title + ": public outages of any phase",
         .must_be = "none",
         .measured = measured,
         .met = n == 0 ? std::optional<bool>() : score.false_claims.empty()});
    std::map<std::string, std::array<std::size_t, 3>> kinds;
    for (const Harmless& happening : score.harmless) ++kinds[happening.kind][0];
    for (const Harmless& happening : blamed) ++kinds[happening.kind][1];
    if (reference != nullptr) {
        for (const Harmless& happening : reference->harmful()) ++kinds[happening.kind][2];
    }
    Table table{.columns = {"kind", "injected", "with a false outage near it", "median rule"},
                .rows = {}};
    for (const auto& [kind, counts] : kinds)
        table.rows.push_back({kind, std::to_string(counts[0]), std::to_string(counts[1]),
                              reference == nullptr ? "–" : std::to_string(counts[2])});
    section.tables.push_back(std::move(table));
    note_false(section, score);
    return section;
}

Section null_section(const SectionOptions& options, const NullDays& null, const Score* reference) {
    Section section{.title = options.title, .what = options.what};
    const auto count = [](const Score& score, bool countries) {
        return std::ranges::count_if(score.false_claims, [&](const FalseClaim& wrong) {
            return !countries || wrong.claim.entity.kind == Entity::Kind::Country;
        });
    };
    const auto rate_of = [&](const Score& score, bool countries, double per) {
        const auto found = count(score, countries);
        if (found == 0)
            return fmt::format("0 in {:.0f} days, < {:.2f} (95 %)", null.days,
                               -std::log(0.05) / null.days * per);
        return fmt::format("{} in {:.0f} days: {:.2f}", found, null.days,
                           static_cast<double>(found) / null.days * per);
    };
    const auto met = [&](bool countries, double per) {
        return static_cast<double>(count(null.score, countries)) / null.days * per <= 1;
    };
    section.verdicts.push_back(
        {.measure = fmt::format("{}: false public outages a day over {} entities", section.title,
                                null.entities),
         .must_be = "≤ 1",
         .measured = rate_of(null.score, false, 1),
         .met = met(false, 1)});
    section.verdicts.push_back({.measure = section.title + ": and a month over all countries",
                                .must_be = "≤ 1",
                                .measured = rate_of(null.score, true, 30),
                                .met = met(true, 30)});
    Table table{.columns = {"detector", "a day, all entities", "a month, countries"}, .rows = {}};
    table.rows.push_back({"dimout", rate_of(null.score, false, 1), rate_of(null.score, true, 30)});
    if (reference != nullptr)
        table.rows.push_back(
            {"median rule", rate_of(*reference, false, 1), rate_of(*reference, true, 30)});
    section.tables.push_back(std::move(table));
    note_false(section, null.score);
    return section;
}

Section schedule_section(const SectionOptions& options, const std::vector<Timed>& moments) {
    Section section{.title = options.title, .what = options.what};
    std::vector<Reading> errors;
    std::vector<Share> covered;
    std::vector<Share> seen;
    for (const Timed& moment : moments) {
        seen.push_back({.entity = moment.entity, .hits = moment.told ? 1U : 0U, .of = 1});
        if (!moment.told) continue;
        const double error = number(std::chrono::abs(moment.told->best - moment.due));
        errors.push_back({.entity = moment.entity, .value = error});
        covered.push_back(
            {.entity = moment.entity, .hits = covers(*moment.told, moment.due) ? 1U : 0U, .of = 1});
    }
    add_time_verdicts(section, errors, rate(covered, options.seed), options.seed);
    Table table{.columns = {"time", "n", "p50", "p90", "p95", "p99"}, .rows = {}};
    table.rows.push_back(quantile_row("error", errors, options.seed));
    section.tables.push_back(std::move(table));
    section.notes.push_back("scheduled moments that were seen: " +
                            percent_text(rate(seen, options.seed)));
    return section;
}

}  // namespace dimout::evaluate
