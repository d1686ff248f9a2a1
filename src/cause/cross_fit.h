// A table made of labelled outages, and its honest score: each outage is judged by a table that saw
// nothing of its own country.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cause/assess.h"

namespace dimout::cause {

struct LabelledCase {
    std::string group{};  ///< Left out together: a country.
    std::size_t label = 0;
    Observations seen{};
};

struct FitOptions {
    std::vector<std::string> labels{};  ///< Ids of the hypotheses.
    std::vector<Feature> features{};    ///< None: the prior alone.
    double tempering = 0.7;
    bool grouped = true;          ///< As the shipped table groups them; else each for itself.
    bool root_of_counts = false;  ///< The shipped table's prior; else the labels' own shares.
};

/// Cells are shares of the cases in which the feature is known, with half a case added to each
/// level, and worth as many as there are.
[[nodiscard]] Table fit(const std::vector<LabelledCase>& cases, const FitOptions& options);

/// What is left of `cases`.
[[nodiscard]] std::vector<LabelledCase> without_group(const std::vector<LabelledCase>& cases,
                                                      const std::string& group);

/// `options`, without its features where these forecast `cases` no better (log loss) than the prior
/// does, each country in turn left out: what is not borne out elsewhere is not believed here.
[[nodiscard]] FitOptions borne_out(const std::vector<LabelledCase>& cases,
                                   const FitOptions& options);

struct Judged {
    std::vector<double> shares{};  ///< One a label.
    bool named = false;            ///< The guard let the likeliest pass.
};

/// Whether the features are believed at once, or for each country only when `borne_out` by the
/// others.
enum class Belief : std::uint8_t { AtOnce, WhenBorneOut };

/// In the order of `cases`. Without rounds of draws (0) nothing is named, and it is fast.
[[nodiscard]] std::vector<Judged> leave_one_group_out(const std::vector<LabelledCase>& cases,
                                                      const FitOptions& fitting,
                                                      const DrawOptions& draws,
                                                      Belief belief = Belief::AtOnce);

/// The same cases, their labels dealt out anew.
[[nodiscard]] std::vector<LabelledCase> shuffled(std::vector<LabelledCase> cases,
                                                 std::uint64_t seed);

}  // namespace dimout::cause
