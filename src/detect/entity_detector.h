// One entity's routes of one family: from levels to alerts.
//
//              firm loss                again, or dark            dark
//   Normal ───────────────▶ Suspected ───────────────▶ Degraded ───────▶ Dark
//      ▲ ▲                      │ not again               │ less than       │ some is back
//      │ └──────────────────────┘                         │ `leave`         ▼
//      └──────────────────────────────────────────────────┴───────────── Partial
//
// To get worse takes a *firm* loss: what our own trouble could explain is taken off first. To stay
// takes the plain loss, so that a peer's reset in the middle of an outage does not lighten it. Dark
// is entered at once when it had lasted two minutes at the end of the bin. From the first alarm
// until six quiet hours are over, the baseline stands still.
//
// 104 bytes while nothing is wrong and its level stays.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>

#include "detect/baseline.h"
#include "detect/flaps.h"
#include "model/alert.h"

namespace dimout::detect {

/// What is the same for all entities in a bin.
struct BinView {
    Bin bin;
    Family family = Family::v4;
    Coverage coverage;
    std::int64_t reach = 1;         ///< Bins it speaks for: all since the last, when nobody looked.
    std::int64_t known_before = 0;  ///< Bins before this one in which somebody was live.
};

/// What one entity showed in this bin; `news` is empty when nothing changed.
struct EntityNews {
    VisibilityLevel level;
    std::uint64_t fallen = 0;
    const std::vector<TransitionTimes>* transitions = nullptr;
};

class SignalTrack {
public:
    /// Judges the bin. The alert lacks the entity's name and transitions; empty when there is
    /// nothing to say. An active track must be judged in every bin, another when its level or
    /// `live` changed.
    std::optional<Alert> judge(const BinView& view, const EntityNews* news);

    [[nodiscard]] bool active() const {
        return level_ != Alert::Level::Normal || open_ || excused_ > 0;
    }

private:
    using Level = Alert::Level;

    /// The loss as it is, and what is left of it after our own trouble.
    struct Losses {
        LossShares plain;
        LossShares firm;
        Thresholds thresholds;
        bool begins = false;  ///< The firm loss reaches `enter`.
        bool over = false;    ///< The plain loss does not reach `leave`.
    };

    void remember(const EntityNews& news);
    void learn(const BinView& view);
    [[nodiscard]] bool trusted(Family family);
    [[nodiscard]] Losses losses(const BinView& view);
    [[nodiscard]] Level next_level(const Losses& losses, const BinView& view,
                                   const EntityNews* news) const;
    void excuse(const Losses& losses, const BinView& view);
    [[nodiscard]] std::uint64_t count_flaps(const BinView& view, const EntityNews* news);
    [[nodiscard]] Alert::Step step_on();
    [[nodiscard]] Alert alert(const BinView& view, const Losses& losses);

    /// Counts of bins are asked only whether they reach a week; so many is any that is more.
    using Bins = std::uint16_t;
    [[nodiscard]] static Bins more(Bins bins, std::int64_t passed) {
        return static_cast<Bins>(std::min<std::int64_t>(bins + passed, UINT16_MAX));
    }

    Baseline baseline_;
    std::unique_ptr<FlapChain> chain_;  ///< While there is one.
    Seen now_;
    std::uint64_t votes_ = 0;
    std::uint64_t half_ = 0;
    std::uint64_t carried_ = 0;
    std::uint64_t known_ = 0;
    std::uint32_t learnt_until_ = 0;  ///< In known bins.
    Bins quiet_ = 0;                  ///< Known bins since the last loss or flap.
    Bins lost_for_ = 0;               ///< Known bins of the present loss.
    Bins excused_ = 0;                ///< Known bins of a loss that our own trouble explains.
    Level level_ = Level::Normal;
    bool open_ = false;
    bool founder_ = false;  ///< Was there in the first hour: needs no day of acquaintance.
};

}  // namespace dimout::detect
