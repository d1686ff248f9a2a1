// What one signal of one entity says in one interval, for and against each condition that the
// entity could be in. Fusion adds the evidence of several signals; nothing here decides.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "base/time.h"
#include "model/entity.h"
#include "model/sample.h"

namespace dimout {

enum class Condition : std::uint8_t { Normal, Unstable, Degraded, Dark, Partial };
inline constexpr std::size_t kConditions = 5;

/// log P(seen | condition), by Condition, up to a constant; nats, neither tempered nor clipped.
using LogLikelihoods = std::array<double, kConditions>;

struct Evidence {
    enum class Alarm : std::uint8_t {
        None,
        Drop,     ///< Less than the sequential test lets pass.
        Silence,  ///< Nothing for longer than chance explains.
    };

    Entity entity;
    std::string signal;
    SignalKind kind = SignalKind::Traffic;
    EventTime from;
    EventTime until;
    bool learning = true;  ///< Too little history to judge: all below says nothing.
    double observed = 0;
    double expected = 0;
    double low = 0;  ///< The central 90 % of what is usual.
    double high = 0;
    double p = 1;  ///< Probability of as little or less when all is well; discrete, so not uniform.
    LogLikelihoods log_likelihoods{};
    Alarm alarm = Alarm::None;
    /// When the present alarm began, as an interval: after the last usual sample, before the end of
    /// the first unusual one.
    std::optional<EventTime> since_lo;
    std::optional<EventTime> since_hi;
};

}  // namespace dimout
