// Scores as sections of the card: recall, precision, times, false alarms.
#pragma once

#include <cstdint>
#include <string>

#include "evaluate/score.h"
#include "evaluate/score_card.h"

namespace dimout::evaluate {

struct SectionOptions {
    std::string title{};
    std::string what{};
    std::uint64_t seed = 1;
    std::chrono::seconds lateness{};  ///< Of the archives: subtracted from delays.
};

/// Injected outages: recall and precision by size and duration, times, intervals, delay, and the
/// first misses and false claims by name. `reference` is the median rule on the same archives.
[[nodiscard]] Section outage_section(const SectionOptions& options, const Score& score,
                                     const Score* reference);

/// Happenings that take nothing from anybody.
[[nodiscard]] Section harmless_section(const SectionOptions& options, const Score& score,
                                       const Score* reference);

/// Days on which nothing happens.
struct NullDays {
    double days = 0;
    std::uint64_t entities = 0;
    Score score{};
};
[[nodiscard]] Section null_section(const SectionOptions& options, const NullDays& null,
                                   const Score* reference);

/// One scheduled moment and what was published of it.
struct Timed {
    Entity entity{};
    EventTime due{};
    std::optional<UncertainTime> told{};
};
/// `at_least`: fewer measured moments make no verdict.
[[nodiscard]] Section schedule_section(const SectionOptions& options,
                                       const std::vector<Timed>& moments);

}  // namespace dimout::evaluate
