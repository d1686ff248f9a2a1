// How large an entity is, in addresses: registered, routed and geolocated, each with its date and
// its source, where it stands among others of its kind, and one sentence that compares.
//
// IPv4 addresses are ranked and compared; IPv6 is told in /48s beside them. What is not known is
// empty and says why. No number stands in the sentence that is not in the JSON.
#pragma once

#include <optional>
#include <string>

#include "base/json.h"
#include "base/time.h"
#include "model/entity.h"
#include "present/naming.h"

namespace dimout::present {

/// One way of counting an entity's addresses.
struct SizeCount {
    std::optional<std::uint64_t> addresses{};  ///< IPv4.
    std::optional<std::uint64_t> slash48s{};   ///< IPv6.
    std::optional<EventTime> date{};           ///< Of the source.
    std::string source{};                      ///< "APNIC", "mmdb", "routes".
    std::string why_not{};                     ///< Why there is no number; else empty.
    std::optional<std::uint32_t> rank{};       ///< By IPv4 addresses; 1 is the largest.
    std::optional<std::uint32_t> rank_of{};    ///< So many have any.
    std::optional<std::uint64_t> median{};     ///< Of those; the lower of two.
    std::string among{};                       ///< "countries", and which of them are unknown.
};

struct SizeCard {
    Entity entity;
    EventTime at;  ///< What it is asked for.
    SizeCount registered{};
    SizeCount routed{};  ///< Announced by a full feed within the seven days before.
    SizeCount geolocated{};
};

/// The shortest prefix length whose addresses hold all of `addresses`: 22 for 1,024 and for 513.
[[nodiscard]] unsigned smallest_prefix(std::uint64_t addresses);

/// "North Korea's 1,024 registered addresses are as many as one /22; the typical country (median of
/// 190) has 215,040, 210 times as many." Of what is registered, else routed, else geolocated; empty
/// when nothing is known.
[[nodiscard]] std::string size_sentence(const SizeCard& card, const Naming& naming);

/// A line for each count, then the sentence; for the terminal.
[[nodiscard]] std::string size_text(const SizeCard& card, const Naming& naming);

/// An object.
void write_size(JsonWriter& json, const SizeCard& card, const Naming& naming);

}  // namespace dimout::present
