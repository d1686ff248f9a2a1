// Carries what waits in an outbox through one channel, a message at a time.
#pragma once

#include <string>

#include "notify/channel.h"
#include "notify/outbox.h"

namespace dimout::notify {

/// How often a channel that forgets is reminded.
inline constexpr std::chrono::seconds kRepeatEvery{60};

/// For one thread; several couriers share the outbox.
class Courier {
public:
    Courier(Outbox& outbox, Channel& channel) : outbox_(outbox), channel_(channel) {}

    struct Step {
        bool tried = false;   ///< There was something to send.
        bool failed = false;  ///< And it did not go.
        std::string trouble;  ///< Why it did not go; told once until something goes again.
        bool well_again = false;
        Result<void> kept{};  ///< Whether the outbox could note it.
    };
    [[nodiscard]] Step step(EventTime wall);

private:
    void remind(EventTime wall, Step& step);
    void note(const Outcome& outcome, Step& step);

    Outbox& outbox_;
    Channel& channel_;
    EventTime reminded_{};
    bool troubled_ = false;
};

}  // namespace dimout::notify
