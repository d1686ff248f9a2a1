// What a source other than routes counted for one entity in one interval: requests, probe replies,
// or a published series of somebody else.
//
// The signal's name says what it is: `traffic.requests`, `probe.replies`, `bgp.visible_slash24`.
// What stands before the first dot is its kind. An interval without a sample is missing, not zero.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "model/bin.h"
#include "model/entity.h"

namespace dimout {

enum class SignalKind : std::uint8_t { Routes, Traffic, Probes };

/// `bgp.…`, `traffic.…`, `probe.…`; empty for anything else.
[[nodiscard]] std::optional<SignalKind> kind_of_signal(std::string_view signal);

struct Sample {
    Entity entity;
    std::string signal;
    EventTime from;                          ///< It covers [from, from + width).
    std::chrono::seconds width = kBinWidth;  ///< More than 0.
    std::optional<double> value;             ///< Not negative. Empty: the source did not look.

    [[nodiscard]] EventTime until() const { return from + width; }
    bool operator==(const Sample&) const = default;
};

}  // namespace dimout
