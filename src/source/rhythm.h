// How long a collector may be silent before the silence is our outage and not calm: learnt from its
// own updates, of nothing else, so that it does not depend on how the archive was cut into files.
//
// Allowed is max(10 minutes, 20 × the median pause between seconds with updates, 12 × the mean
// pause of more than half a minute): a small collector speaks in bursts, and the median tells only
// of the seconds within them. If bursts came at random, such a silence would be chance once in e^12
// pauses. For collectors that hardly ever pause (the 99.9th percentile of pauses is P) already
// max(4 minutes, 20 × P): that finds the one missing five-minute file of a busy collector. Seconds
// without pauses do not count, or bursts would hide the pauses.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>

#include "base/time.h"

namespace dimout::source {

class Rhythm {
public:
    /// Learns that updates came at `time`.
    void hear(EventTime time);

    /// Empty until `kLearnt` pauses were heard.
    [[nodiscard]] std::optional<std::chrono::seconds> allowed_silence() const { return allowed_; }
    /// Of the newest update.
    [[nodiscard]] std::optional<EventTime> last_heard() const { return last_; }

    static constexpr std::uint32_t kLearnt = 20;

private:
    void judge();
    [[nodiscard]] std::int64_t quantile(std::uint64_t parts, std::uint64_t of) const;

    std::array<std::uint32_t, 1024>
        pauses_{};  ///< By seconds; the last cell holds the longer ones too.
    std::uint64_t heard_ = 0;
    std::int64_t calm_seconds_ = 0;  ///< Sum of the pauses between bursts.
    std::int64_t calm_pauses_ = 0;
    std::optional<EventTime> last_;
    std::optional<std::chrono::seconds> allowed_;
};

}  // namespace dimout::source
