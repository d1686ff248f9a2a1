// One line that fits a lock screen: who, how much of how much, since when here and in UTC, and
// whether it is sure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "model/outage.h"
#include "notify/message.h"
#include "present/naming.h"

namespace dimout::notify {

inline constexpr std::size_t kLongestSubject = 120;

[[nodiscard]] std::string headline(Kind kind, const Outage& outage, const present::Naming& naming);

/// `who`, then the first of `rests` with which the line is short enough; with the last one `who` is
/// cut. Control characters become blanks.
[[nodiscard]] std::string fitted(const std::string& who, const std::vector<std::string>& rests);

/// The first `count` letters of UTF-8 text, with an ellipsis for the rest.
[[nodiscard]] std::string shortened(std::string_view text, std::size_t count);

/// Nothing is out at the moment.
[[nodiscard]] bool is_back(const Outage& outage);
/// The last phase that is not over; null when there is none.
[[nodiscard]] const PhaseSpan* present_phase(const Outage& outage);

}  // namespace dimout::notify
