// The table of likelihoods: how often each level of each feature is seen under each cause, how much
// each of these numbers is worth, and where it comes from.
//
// A cell is a Dirichlet law, so that "4 of 5" and "400 of 500" differ. The shipped table is a text
// file that anybody may edit (data/causes.toml); a fitted one (cross_fit.h) is made of labelled
// outages. Both are judged by the same code.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "cause/features.h"

namespace dimout::cause {

inline constexpr double kLeastShare = 0.005;

/// P(level | cause), and for how many observations it stands.
struct Cell {
    std::vector<double> shares{};  ///< One a level; they add up to 1.
    double worth = 0;
    std::string source{};

    /// Dirichlet parameter of a level: share × worth + ½ (Jeffreys).
    [[nodiscard]] double weight(std::size_t level) const { return shares[level] * worth + 0.5; }
    [[nodiscard]] double total() const { return worth + 0.5 * double(shares.size()); }
    /// The share itself, but never surer than 1 in 200: no single line may decide for ever.
    [[nodiscard]] double expected(std::size_t level) const {
        return std::clamp(shares[level], kLeastShare, 1 - kLeastShare);
    }
};

struct Hypothesis {
    std::string id{};           ///< `cable_cut`.
    std::string title{};        ///< "a cut cable".
    std::string radar{};        ///< What Cloudflare Radar calls it.
    std::string keepiton{};     ///< What KeepItOn calls it; empty when it has no word.
    std::string inseparable{};  ///< What looks the same from outside; empty for nothing known.
    std::string source{};       ///< Of the prior.
    double prior = 0;           ///< They add up to 1.
};

struct FeatureRow {
    Feature feature{};
    std::string group{};        ///< Features of one group are not independent: each counts less.
    double tempering = 0.7;     ///< The table's, unless the row has its own.
    std::string title{};        ///< "it began on the hour or half hour".
    std::string holder{};       ///< Who has this observation when we do not.
    std::vector<Cell> cells{};  ///< In the order of the hypotheses.

    /// `clock` of the groups `clock` and `clock.end`: what the guard takes as one.
    [[nodiscard]] std::string_view kind() const {
        return std::string_view(group).substr(0, group.find('.'));
    }
};

struct Table {
    std::string version{};
    double tempering = 0.7;   ///< W of §5.2: evidence counts less than if independent.
    double prior_worth = 20;  ///< Of the Dirichlet law of the prior.
    std::vector<Hypothesis> hypotheses{};
    std::vector<FeatureRow> rows{};
};

/// Reads the text form. Every feature and cause that is named must be known, every cell there once,
/// with shares that add up to 1 and a source that the file lists.
[[nodiscard]] Result<Table> read_table(std::string_view text);

/// The one that is embedded.
[[nodiscard]] const Table& shipped_table();

}  // namespace dimout::cause
