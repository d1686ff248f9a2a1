// Whether we hear anything at all. A watchman who sleeps must say so, once, and once that he is
// awake again.
#pragma once

#include <chrono>
#include <optional>

#include "notify/message.h"

namespace dimout::notify {

inline constexpr std::chrono::minutes kBlindAfter{10};

class BlindWatch {
public:
    /// `open`: what was told before a restart, when it was not taken back.
    BlindWatch(EventTime start, const std::optional<Message>& open) : life_(start) {
        if (open) since_ = open->start;
    }

    /// What is to be told. `alive`: somebody said something since the last look.
    [[nodiscard]] std::optional<Message> look(EventTime now, bool alive);
    [[nodiscard]] bool is_blind() const { return since_.has_value(); }

private:
    EventTime life_;                  ///< The last sign of it.
    std::optional<EventTime> since_;  ///< While it was told that we are blind.
};

}  // namespace dimout::notify
