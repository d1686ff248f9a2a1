// What other people know of an outage, as dated rows with a source: an operator's note, telemetry
// of an attack, data on power, an archive of RPKI, and what somebody said about the cause.
//
// CSV with a head: `time,kind,source,text` and, where they apply,
// `entity,who,stance,feature,level`. A statement weighs nothing: it is quoted. Other kinds set one
// feature: `attack` that an attack was seen, `power` that power was lost, `rpki` that a route was
// invalid, `note` the one that it names.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "cause/features.h"

namespace dimout::app {

struct CauseRecord {
    enum class Kind : std::uint8_t { Note, Attack, Power, Rpki, Statement };

    Kind kind = Kind::Note;
    UncertainTime when;
    std::optional<Entity> entity;  ///< Empty: whatever is asked about.
    std::string source;            ///< Who published it, and where.
    std::string text;              ///< The claim, or the quoted words.
    std::string who;               ///< Of a statement: whose.
    std::string stance;            ///< Of a statement: `claim`, `denial`, `no comment`.
    std::optional<cause::Feature> feature;
    std::uint8_t level = 0;  ///< Of `feature`.
};

struct RefusedRecord {
    std::size_t line = 0;
    std::string reason;
};

struct CauseRecords {
    std::vector<CauseRecord> rows;
    std::vector<RefusedRecord> refused;
};

/// More rows, or more bytes in a field, are refused.
inline constexpr std::size_t kRecordsMax = 10'000;
inline constexpr std::size_t kRecordTextMax = 4'000;

/// Fails when the head lacks one of the four columns.
[[nodiscard]] Result<CauseRecords> read_cause_records(std::string_view csv);

[[nodiscard]] std::string_view to_string(CauseRecord::Kind kind);

}  // namespace dimout::app
