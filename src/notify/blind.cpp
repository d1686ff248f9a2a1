#include "notify/blind.h"

namespace dimout::notify {

std::optional<Message> BlindWatch::look(EventTime now, bool alive) {
    if (alive) life_ = now;
    if (alive && since_) {
        const EventTime since = *since_;
        since_.reset();
        return blind_message(since, now, now);
    }
    if (alive || since_ || now - life_ <= kBlindAfter) return std::nullopt;
    since_ = life_;
    return blind_message(life_, std::nullopt, now);
}

}  // namespace dimout::notify
