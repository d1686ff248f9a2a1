#include "cause/cross_fit.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "base/random.h"

namespace dimout::cause {
namespace {

/// How the shipped table groups a feature.
std::string group_of(Feature feature) {
    const auto& rows = shipped_table().rows;
    const auto found = std::ranges::find(rows, feature, &FeatureRow::feature);
    return found == rows.end() ? std::string(to_string(feature)) : found->group;
}

Cell cell_of(const std::vector<LabelledCase>& cases, Feature feature, std::size_t label) {
    Cell cell{.shares = std::vector<double>(levels_of(feature).size()), .source = "fitted"};
    for (const LabelledCase& one : cases) {
        if (one.label != label || !one.seen[feature]) continue;
        ++cell.shares[*one.seen[feature]];
        ++cell.worth;
    }
    const double of = cell.worth + 0.5 * double(cell.shares.size());
    for (double& share : cell.shares) share = (share + 0.5) / of;
    return cell;
}

double log_loss_without_own_group(const std::vector<LabelledCase>& cases,
                                  const FitOptions& options) {
    const auto judged = leave_one_group_out(cases, options, {.rounds = 0});
    double sum = 0;
    for (std::size_t i = 0; i < cases.size(); ++i)
        sum -= std::log(std::max(judged[i].shares[cases[i].label], 1e-12));
    return sum;
}

}  // namespace

Table fit(const std::vector<LabelledCase>& cases, const FitOptions& options) {
    Table table{.version = "fitted", .tempering = options.tempering};
    double sum = 0;
    for (std::size_t i = 0; i < options.labels.size(); ++i) {
        const auto count = double(std::ranges::count(cases, i, &LabelledCase::label));
        const double prior = options.root_of_counts ? std::sqrt(count) + 2 : count + 0.5;
        table.hypotheses.push_back(
            {.id = options.labels[i], .title = options.labels[i], .prior = prior});
        sum += prior;
    }
    for (Hypothesis& cause : table.hypotheses) cause.prior /= sum;
    if (!options.root_of_counts) table.prior_worth = sum;
    for (const Feature feature : options.features) {
        FeatureRow row{
            .feature = feature,
            .group = options.grouped ? group_of(feature) : std::string(to_string(feature)),
            .tempering = options.tempering,
            .title = std::string(to_string(feature))};
        for (std::size_t i = 0; i < options.labels.size(); ++i)
            row.cells.push_back(cell_of(cases, feature, i));
        table.rows.push_back(std::move(row));
    }
    return table;
}

std::vector<LabelledCase> without_group(const std::vector<LabelledCase>& cases,
                                        const std::string& group) {
    std::vector<LabelledCase> rest;
    for (const LabelledCase& one : cases) {
        if (one.group != group) rest.push_back(one);
    }
    return rest;
}

FitOptions borne_out(const std::vector<LabelledCase>& cases, const FitOptions& options) {
    FitOptions prior = options;
    prior.features.clear();
    const bool better =
        log_loss_without_own_group(cases, options) < log_loss_without_own_group(cases, prior);
    return better ? options : prior;
}

std::vector<Judged> leave_one_group_out(const std::vector<LabelledCase>& cases,
                                        const FitOptions& fitting, const DrawOptions& draws,
                                        Belief belief) {
    std::map<std::string, Table> tables;
    std::vector<Judged> all;
    for (const LabelledCase& one : cases) {
        auto [found, is_new] = tables.try_emplace(one.group);
        if (is_new) {
            const auto others = without_group(cases, one.group);
            found->second =
                fit(others, belief == Belief::AtOnce ? fitting : borne_out(others, fitting));
        }
        const Table& table = found->second;
        Judged judged{.shares = posterior(table, weigh(table, one.seen))};
        if (draws.rounds > 0)
            judged.named = assess(table, one.seen, {.draws = draws}).verdict == Verdict::Named;
        all.push_back(std::move(judged));
    }
    return all;
}

std::vector<LabelledCase> shuffled(std::vector<LabelledCase> cases, std::uint64_t seed) {
    Random random(seed);
    for (std::size_t i = cases.size(); i > 1; --i)
        std::swap(cases[i - 1].label, cases[random.below(static_cast<std::uint32_t>(i))].label);
    return cases;
}

}  // namespace dimout::cause
