// The assessment of one outage: every cause with its posterior and its lines for and against, what
// may be named, what may be excluded, and what would settle it (study methods §5.2).
//
// It says what is likely, given a table that is partly judgement. It never says why anybody did it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cause/draws.h"
#include "cause/posterior.h"
#include "cause/settle.h"

namespace dimout::cause {

/// A cause is named only when all of these hold.
struct Guard {
    double posterior = 0.60;
    double lower_bound = 0.35;  ///< The posterior's 5 %.
    double ratio = 3;           ///< To the second.
    std::size_t kinds = 4;      ///< Of evidence; and no one kind without which another cause leads.
};

/// A cause is excluded only when all of these hold.
struct ExclusionRule {
    double posterior = 0.10;
    double upper_bound = 0.33;  ///< The posterior's 95 %.
    double line = -3;  ///< Decibans before tempering: one line at least makes it half as likely.
};

struct AssessOptions {
    Guard guard{};
    ExclusionRule exclusion{};
    DrawOptions draws{};
};

enum class Verdict : std::uint8_t {
    Named,
    Insufficient,  ///< "insufficient evidence"
    Unobservable,  ///< Our own sight was bad and nobody else's bears it out: no cause, no
                   ///< exclusion.
};
[[nodiscard]] std::string_view to_string(Verdict verdict);

/// One cause. Lines are places in `evidence.lines`; empty for "none".
struct Standing {
    std::size_t cause = 0;  ///< In the table.
    double prior = 0;
    double posterior = 0;
    Interval interval{};
    std::optional<std::size_t> strongest_for{};
    std::optional<std::size_t> strongest_against{};
};

/// A cause that is unlikely, and the line that makes it so.
struct Exclusion {
    std::size_t cause = 0;
    std::size_t line = 0;
};

struct Assessment {
    Verdict verdict = Verdict::Insufficient;
    std::optional<std::size_t> named{};  ///< With `Named` only.
    std::vector<std::string> unmet{};    ///< What of the guard does not hold, in words.
    Evidence evidence{};
    std::vector<Standing> standings{};  ///< Likeliest first; every cause.
    std::vector<Exclusion> exclusions{};
    std::vector<Settling> settling{};  ///< Most first; every feature that is missing.
};

[[nodiscard]] Assessment assess(const Table& table, const Observations& seen,
                                const AssessOptions& options = {});

}  // namespace dimout::cause
