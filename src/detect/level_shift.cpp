#include "detect/level_shift.h"

#include <cmath>

namespace dimout::detect {

void LevelShift::add(EventTime from, EventTime until, double value, double expected) {
    if (!since_) since_ = until_ = from;
    const double days = static_cast<double>((until - until_).count()) / 86'400;
    const auto kept = static_cast<float>(std::exp2(-days));
    seen_ = seen_ * kept + static_cast<float>(value);
    expected_ = expected_ * kept + static_cast<float>(expected);
    until_ = until;
}

std::optional<double> LevelShift::verdict(EventTime now, std::chrono::seconds patience) const {
    if (!since_ || now - *since_ < patience || expected_ <= 0) return std::nullopt;
    return double(seen_) / expected_;
}

}  // namespace dimout::detect
