// What a store says about where it comes from, in the words that every answer repeats.
#pragma once

#include <string>
#include <vector>

#include "model/entity.h"

namespace dimout::app {

/// The lines that `replay` writes into a store; `note_lines` makes them, the others read them
/// again.
struct StoreNotes {
    std::string country_map;           ///< "RIR files of 2014-02-14 to 2014-06-30".
    std::vector<std::string> sources;  ///< A line each: registry, date, age.
    std::vector<CountryCode> unknown;  ///< Countries of which the map knows nothing: null, not 0.
    std::string synthetic;             ///< What a synthetic archive says of itself; else empty.

    [[nodiscard]] std::vector<std::string> lines() const;
    [[nodiscard]] static StoreNotes from_lines(const std::vector<std::string>& lines);
    [[nodiscard]] bool is_unknown(CountryCode country) const;
};

}  // namespace dimout::app
