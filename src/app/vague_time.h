// When an event was, in the words in which people give it.
//
//   2014-12-19T18:53Z             a moment
//   2014-12-19                    that day, in `zone`
//   2014-12-19 evening            night 0-6, morning 6-12, afternoon 12-18, evening 18-24, in
//   `zone` Friday, Friday evening        the last one that began before `before` A..B any time from
//   A to the end of B
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model/outage.h"

namespace dimout::app {

/// `zone` as `Asia/Pyongyang` or `UTC`. Empty when the words, or the zone, are not understood.
[[nodiscard]] std::optional<UncertainTime> parse_vague_time(std::string_view words,
                                                            const std::string& zone,
                                                            EventTime before);

}  // namespace dimout::app
