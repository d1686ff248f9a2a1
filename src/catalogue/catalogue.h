// A list of outages that somebody else made.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "model/outage.h"

namespace dimout::catalogue {

struct Row {
    std::size_t line = 0;
    Entity entity;
    UncertainTime start;
    std::optional<UncertainTime> end;  ///< Empty: it went on when the list was made.
    bool whole = true;                 ///< All of the entity, as far as the list says.
    std::string scope;                 ///< In the list's words: "Region (Zulia)".
    std::string cause;                 ///< In the list's words, quoted and never taken for ours.
    std::string title;
};

struct Refused {
    std::size_t line = 0;
    std::string reason;
};

struct Catalogue {
    std::string format;  ///< `ioda`, `keepiton` or `plain`.
    std::vector<Row> rows;
    std::vector<Refused> refused;
};

/// The code of a country by any of its names; `registry` knows them.
using CountryByName = std::function<std::optional<CountryCode>(std::string_view)>;

/// Reads any of the three forms, told apart by their heads. Fails only when the head is none.
[[nodiscard]] Result<Catalogue> read(std::string_view text, const CountryByName& country);

}  // namespace dimout::catalogue
