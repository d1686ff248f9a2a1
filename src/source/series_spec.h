// What `--series` says: a file, and for a table of somebody else's form, how to read it.
//
//   requests.csv.gz
//   iraq.csv.gz,entity=country/IQ,columns=gtr:traffic.google+ping-slash24:probe.slash24
//   iran.csv,entity=region/IR-23,where=name_1:Tehran,time=time_e,columns=connectivity:probe.index
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "model/entity.h"

namespace dimout::source {

struct SeriesSpec {
    /// A column of a wide table, and the signal that it is.
    struct Column {
        std::string name;
        std::string signal;

        bool operator==(const Column&) const = default;
    };
    struct Condition {
        std::string column;
        std::string value;

        bool operator==(const Condition&) const = default;
    };

    std::string path;                ///< `-` is standard input.
    std::optional<Entity> entity;    ///< Whose columns these are.
    std::vector<Column> columns;     ///< Empty: the long form, `time,entity,signal,value`.
    std::string time_column;         ///< Empty: `time`, `timestamp`, `datetime` or `date`.
    std::optional<Condition> where;  ///< Other rows of a wide table are not ours.

    [[nodiscard]] bool is_wide() const { return !columns.empty(); }
    bool operator==(const SeriesSpec&) const = default;
};

[[nodiscard]] Result<SeriesSpec> parse_series_spec(std::string_view text);

/// Whether a signal may be called so: a known kind, then words of letters, digits, `_` and `-`.
[[nodiscard]] bool is_signal_name(std::string_view signal);

}  // namespace dimout::source
