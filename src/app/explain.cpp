#include "app/explain.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "app/outage_evidence.h"
#include "cause/assess.h"

namespace dimout::app {
namespace {

using cause::Feature;

constexpr std::chrono::seconds kRecordsBefore = std::chrono::days(7);

bool is_about(const CauseRecord& record, const Outage& outage) {
    if (record.entity && *record.entity != outage.entity) return false;
    const EventTime until = outage.end ? outage.end->hi : outage.known_at;
    return record.when.hi >= outage.start.lo - kRecordsBefore && record.when.lo <= until;
}

/// What others saw, over what the store shows; where they disagree nobody is believed.
void add_records(const std::vector<const CauseRecord*>& records, cause::Observations& levels,
                 std::vector<SeenFact>& seen) {
    std::map<Feature, std::vector<const CauseRecord*>> by_feature;
    for (const CauseRecord* record : records) {
        if (record->feature) by_feature[*record->feature].push_back(record);
    }
    for (const auto& [feature, told] : by_feature) {
        const bool agree = std::ranges::all_of(told, [&, first = told.front()](const auto* one) {
            return one->level == first->level;
        });
        std::erase_if(seen, [&](const SeenFact& fact) { return fact.feature == feature; });
        levels[feature] = std::nullopt;
        if (!agree) continue;
        levels[feature] = told.front()->level;
        seen.push_back(
            {.feature = feature, .value = told.front()->text, .source = told.front()->source});
    }
}

/// The words for what was seen; of a fact without words the title of its feature.
class Words {
public:
    Words(const cause::Table& table, const std::vector<SeenFact>& seen)
        : table_(table), seen_(seen) {}

    [[nodiscard]] std::string of(const cause::Line& line) const {
        const cause::FeatureRow& row = table_.rows[line.row];
        const auto fact = std::ranges::find(seen_, row.feature, &SeenFact::feature);
        return fact != seen_.end() ? fact->value : row.title;
    }

private:
    const cause::Table& table_;
    const std::vector<SeenFact>& seen_;
};

std::string level_of(Feature feature, const cause::Observations& levels) {
    return std::string(cause::levels_of(feature)[*levels[feature]]);
}

present::CauseView view_of(const cause::Standing& standing, const cause::Table& table,
                           const cause::Evidence& evidence, const Words& words,
                           const cause::Observations& levels) {
    const cause::Hypothesis& hypothesis = table.hypotheses[standing.cause];
    present::CauseView view{.code = hypothesis.id,
                            .title = hypothesis.title,
                            .radar = hypothesis.radar,
                            .keepiton = hypothesis.keepiton,
                            .inseparable = hypothesis.inseparable,
                            .prior = standing.prior,
                            .posterior = standing.posterior,
                            .lo = standing.interval.low,
                            .hi = standing.interval.high,
                            .speaks_for = {},
                            .speaks_against = {}};
    for (const cause::Line& line : evidence.lines) {
        const double decibans = line.decibans[standing.cause];
        // Less shows as 0.0.
        if (std::abs(decibans) < 0.05) continue;
        (decibans > 0 ? view.speaks_for : view.speaks_against)
            .push_back({.text = words.of(line),
                        .decibans = decibans,
                        .feature = std::string(cause::to_string(table.rows[line.row].feature)),
                        .level = level_of(table.rows[line.row].feature, levels)});
    }
    std::ranges::stable_sort(view.speaks_for, std::greater(), &present::CauseLine::decibans);
    std::ranges::stable_sort(view.speaks_against, {}, &present::CauseLine::decibans);
    return view;
}

present::Explanation describe(const cause::Assessment& found, const cause::Table& table,
                              const cause::Observations& levels,
                              const std::vector<SeenFact>& seen) {
    const Words words(table, seen);
    present::Explanation why{.verdict = std::string(cause::to_string(found.verdict)),
                             .named = {},
                             .unmet = found.unmet,
                             .causes = {},
                             .excluded = {},
                             .seen = {},
                             .missing = {},
                             .records = {},
                             .withdrawal = {},
                             .table = table.version,
                             .size = {}};
    if (found.named) why.named = table.hypotheses[*found.named].id;
    for (const cause::Standing& standing : found.standings)
        why.causes.push_back(view_of(standing, table, found.evidence, words, levels));
    for (const cause::Exclusion& one : found.exclusions) {
        const cause::Hypothesis& hypothesis = table.hypotheses[one.cause];
        const cause::Line& line = found.evidence.lines[one.line];
        const Feature feature = table.rows[line.row].feature;
        why.excluded.push_back({.code = hypothesis.id,
                                .title = hypothesis.title,
                                .because = words.of(line),
                                .feature = std::string(cause::to_string(feature)),
                                .level = level_of(feature, levels)});
    }
    for (const SeenFact& fact : seen) {
        why.seen.push_back({.feature = std::string(cause::to_string(fact.feature)),
                            .level = level_of(fact.feature, levels),
                            .value = fact.value,
                            .source = fact.source});
    }
    for (const cause::Settling& one : found.settling) {
        const cause::FeatureRow& row = table.rows[one.row];
        why.missing.push_back({.feature = std::string(cause::to_string(row.feature)),
                               .title = row.title,
                               .holder = row.holder,
                               .bits = one.bits});
    }
    return why;
}

}  // namespace

Result<present::Explanation> explain(store::Reader& reader, const Outage& outage,
                                     const cause::Table& table,
                                     const std::vector<CauseRecord>& records,
                                     std::optional<EventTime> as_of, const present::Naming& naming,
                                     const WithdrawalEvidence* withdrawal) {
    auto evidence = gather_evidence(reader, outage, as_of, naming, withdrawal);
    if (!evidence) return std::unexpected(evidence.error());
    cause::Observations levels = cause::observe(evidence->facts);
    std::vector<const CauseRecord*> about;
    for (const CauseRecord& record : records) {
        if (is_about(record, outage) && (!as_of || record.when.lo <= *as_of))
            about.push_back(&record);
    }
    std::ranges::stable_sort(about, {}, [](const CauseRecord* one) { return one->when.lo; });
    add_records(about, levels, evidence->seen);
    std::ranges::stable_sort(evidence->seen, {}, &SeenFact::feature);
    present::Explanation why =
        describe(cause::assess(table, levels), table, levels, evidence->seen);
    if (withdrawal != nullptr) {
        why.withdrawal = withdrawal->lines();
        why.withdrawal.insert(why.withdrawal.begin(), withdrawal->headline());
    }
    for (const CauseRecord* record : about) {
        why.records.push_back({.when = record->when,
                               .kind = std::string(to_string(record->kind)),
                               .who = record->who,
                               .stance = record->stance,
                               .text = record->text,
                               .source = record->source,
                               .weighed = record->feature && levels[*record->feature]});
    }
    return why;
}

}  // namespace dimout::app
