#include "notify/courier.h"

namespace dimout::notify {

Courier::Step Courier::step(EventTime wall) {
    Step step;
    const auto message = outbox_.next(channel_.name(), wall);
    if (!message) {
        remind(wall, step);
        return step;
    }
    step.tried = true;
    const auto recent = outbox_.recent();
    const Outcome outcome = channel_.send(*message, {.now = wall, .recent = recent});
    note(outcome, step);
    step.kept = outbox_.settle(channel_.name(), message->id, outcome, wall);
    return step;
}

void Courier::remind(EventTime wall, Step& step) {
    if (!channel_.wants_repeats() || wall - reminded_ < kRepeatEvery) return;
    reminded_ = wall;
    const auto open = outbox_.open_messages(channel_.name());
    if (!open.empty()) note(channel_.repeat(open, wall), step);
}

void Courier::note(const Outcome& outcome, Step& step) {
    const bool fine = outcome.kind == Outcome::Kind::Sent;
    step.failed = !fine;
    step.well_again = fine && troubled_;
    if (!fine && (!troubled_ || outcome.kind == Outcome::Kind::Refused))
        step.trouble = outcome.trouble;
    troubled_ = !fine;
}

}  // namespace dimout::notify
