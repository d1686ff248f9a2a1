// Claims against truth, over any number of archives: what was found, what was missed, what was
// invented.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "evaluate/measure.h"
#include "evaluate/truth.h"

namespace dimout::evaluate {

struct Outcome {
    Injected outage;
    std::optional<Claim> claim{};
};

struct FalseClaim {
    Claim claim;
    bool fragment = false;  ///< Of an outage that another claim, or a better one, tells of.
};

struct Score {
    std::vector<Outcome> outcomes{};
    std::vector<FalseClaim> false_claims{};
    std::vector<Harmless> harmless{};
    std::uint64_t explained = 0;  ///< Claims on real losses that were not asked for.

    /// Adds one archive. A claim that is paired is right; one at a real loss of an entity that was
    /// nobody's target is neither right nor wrong; any other is false.
    void add(const Truth& truth, std::span<const Claim> claims);

    [[nodiscard]] std::uint64_t found() const;
    /// Harmless happenings during which, or up to two hours after which, something was invented.
    [[nodiscard]] std::vector<Harmless> harmful() const;
};

/// What a card asks of outcomes.
using Choice = bool (*)(const Outcome&);

[[nodiscard]] bool is_full_and_10_minutes(const Outcome& outcome);
[[nodiscard]] bool is_partial_and_30_minutes(const Outcome& outcome);

[[nodiscard]] Estimate recall(const Score& score, Choice choice, std::uint64_t seed);
/// Of the claims: paired ones over paired and false ones; only those whose entity is chosen when
/// `real` is given.
[[nodiscard]] Estimate precision(const Score& score, std::uint64_t seed);
[[nodiscard]] double f1(double precision, double recall);

/// "1", "2–3", "4–9", "10–29", … "10,000 and more".
inline constexpr std::size_t kSizeClasses = 10;
[[nodiscard]] std::size_t size_class(std::uint32_t prefixes);
[[nodiscard]] std::string_view size_class_name(std::size_t size_class);

/// "< 10 min", "10–60 min", "1–6 h", "> 6 h".
inline constexpr std::size_t kDurationClasses = 4;
[[nodiscard]] std::size_t duration_class(std::chrono::seconds lasts);
[[nodiscard]] std::string_view duration_class_name(std::size_t duration_class);

}  // namespace dimout::evaluate
