// From table and observations to a posterior: tempered naive Bayes (study methods §5.2), kept as
// the sum that it is.
//
//     score(cause) = prior + Σ over features of W/√k · 10 log10 P(level | cause), in decibans
//
// W is the row's tempering, k how many features of the same group were seen. Each line is told
// against the geometric mean of all causes. That shifts every cause alike, so lines add up to the
// posterior exactly, and the difference of two causes in a line is their likelihood ratio.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "cause/features.h"
#include "cause/table.h"

namespace dimout::cause {

/// What one feature says of every cause.
struct Line {
    std::size_t row = 0;  ///< In the table.
    std::uint8_t level = 0;
    std::vector<double> decibans{};  ///< For (above 0) or against; in the order of the hypotheses.
};

struct Evidence {
    std::vector<double> prior{};  ///< Decibans, against the geometric mean too.
    std::vector<Line> lines{};    ///< In the order of the table; features not seen have none.
};

[[nodiscard]] Evidence weigh(const Table& table, const Observations& seen);

/// Shares that add up to 1, from decibans.
[[nodiscard]] std::vector<double> shares_of(std::vector<double> decibans);

/// All lines, or all but those of one kind (the weights of the others stay).
[[nodiscard]] std::vector<double> posterior(const Table& table, const Evidence& evidence,
                                            std::string_view without_kind = {});

/// W/√k for each row of the table; 0 where the feature was not seen.
[[nodiscard]] std::vector<double> weights(const Table& table, const Observations& seen);

/// Kinds that were seen, each once.
[[nodiscard]] std::vector<std::string_view> kinds_of(const Table& table, const Evidence& evidence);

}  // namespace dimout::cause
