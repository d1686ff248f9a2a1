// The words of a recording for what became of sessions and how they are.
#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "model/route_event.h"
#include "signal/full_feed.h"

namespace dimout::app {

template <typename Value, std::size_t Count>
using WordList = std::array<std::pair<std::string_view, Value>, Count>;

inline constexpr WordList<RouteEvent::Kind, 4> kSessionWords{
    {{"drop", RouteEvent::Kind::PeerDrop},
     {"suspend", RouteEvent::Kind::PeerSuspend},
     {"sweep", RouteEvent::Kind::PeerSweep},
     {"listed", RouteEvent::Kind::DumpEnd}}};

inline constexpr WordList<signal::PeerStatus, 5> kStatusWords{
    {{"unknown", signal::PeerStatus::Unknown},
     {"live", signal::PeerStatus::Live},
     {"held", signal::PeerStatus::Held},
     {"silent", signal::PeerStatus::Silent},
     {"down", signal::PeerStatus::Down}}};

template <typename Value, std::size_t Count>
[[nodiscard]] std::optional<std::string_view> word_of(const WordList<Value, Count>& words,
                                                      Value value) {
    const auto found = std::ranges::find(words, value, [](const auto& one) { return one.second; });
    return found == words.end() ? std::nullopt : std::optional(found->first);
}

template <typename Value, std::size_t Count>
[[nodiscard]] std::optional<Value> value_of(const WordList<Value, Count>& words,
                                            std::string_view word) {
    const auto found = std::ranges::find(words, word, [](const auto& one) { return one.first; });
    return found == words.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace dimout::app
