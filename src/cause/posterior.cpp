#include "cause/posterior.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

namespace dimout::cause {
namespace {

void against_mean(std::vector<double>& decibans) {
    const double mean =
        std::accumulate(decibans.begin(), decibans.end(), 0.0) / double(decibans.size());
    for (double& value : decibans) value -= mean;
}

}  // namespace

std::vector<double> weights(const Table& table, const Observations& seen) {
    std::map<std::string_view, unsigned> in_group;
    for (const FeatureRow& row : table.rows) in_group[row.group] += seen[row.feature].has_value();
    std::vector<double> weights;
    for (const FeatureRow& row : table.rows) {
        weights.push_back(seen[row.feature] ? row.tempering / std::sqrt(in_group[row.group]) : 0);
    }
    return weights;
}

Evidence weigh(const Table& table, const Observations& seen) {
    Evidence evidence;
    for (const Hypothesis& cause : table.hypotheses)
        evidence.prior.push_back(10 * std::log10(cause.prior));
    against_mean(evidence.prior);
    const std::vector<double> weight = weights(table, seen);
    for (std::size_t i = 0; i < table.rows.size(); ++i) {
        const auto level = seen[table.rows[i].feature];
        if (!level) continue;
        Line line{.row = i, .level = *level};
        for (const Cell& cell : table.rows[i].cells)
            line.decibans.push_back(weight[i] * 10 * std::log10(cell.expected(*level)));
        against_mean(line.decibans);
        evidence.lines.push_back(std::move(line));
    }
    return evidence;
}

std::vector<double> shares_of(std::vector<double> decibans) {
    const double most = *std::ranges::max_element(decibans);
    double sum = 0;
    for (double& value : decibans) sum += value = std::pow(10, (value - most) / 10);
    for (double& value : decibans) value /= sum;
    return decibans;
}

std::vector<double> posterior(const Table& table, const Evidence& evidence,
                              std::string_view without_kind) {
    std::vector<double> score = evidence.prior;
    for (const Line& line : evidence.lines) {
        if (!without_kind.empty() && table.rows[line.row].kind() == without_kind) continue;
        for (std::size_t i = 0; i < score.size(); ++i) score[i] += line.decibans[i];
    }
    return shares_of(std::move(score));
}

std::vector<std::string_view> kinds_of(const Table& table, const Evidence& evidence) {
    std::vector<std::string_view> kinds;
    for (const Line& line : evidence.lines) {
        const std::string_view kind = table.rows[line.row].kind();
        if (std::ranges::find(kinds, kind) == kinds.end()) kinds.push_back(kind);
    }
    return kinds;
}

}  // namespace dimout::cause
