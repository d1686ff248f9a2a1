#include "app/cause_labels.h"

#include <algorithm>
#include <map>
#include <optional>

#include "app/local_time.h"
#include "catalogue/csv.h"
#include "catalogue/moment.h"
#include "registry/names.h"

namespace dimout::app {
namespace {

using cause::OutageFacts;

constexpr std::string_view kScope =
    "Scope (based on granularity at which the outage appears in IODA)";

struct ListRow {
    std::string country;
    std::string where;  ///< Country, scope, region and network: what recurs.
    std::string cause;
    std::optional<UncertainTime> start;
    std::optional<UncertainTime> end;
    std::optional<bool> all_agree;
    std::optional<std::chrono::seconds> zone;
};

std::optional<bool> seen_in(std::string_view field) {
    if (field.starts_with('T') || field.starts_with('t')) return true;
    if (field.starts_with('F') || field.starts_with('f')) return false;
    return std::nullopt;
}

/// One signal that did not see it is enough for "no"; all three must be known for "yes".
std::optional<bool> agree(std::initializer_list<std::optional<bool>> signals) {
    const auto is = [](bool wanted) {
        return [wanted](const std::optional<bool>& one) { return one == wanted; };
    };
    if (std::ranges::any_of(signals, is(false))) return false;
    if (std::ranges::all_of(signals, is(true))) return true;
    return std::nullopt;
}

std::vector<ListRow> read_rows(std::string_view csv) {
    catalogue::CsvReader reader(csv);
    std::vector<std::string> head;
    std::vector<std::string> fields;
    reader.next(head);
    std::vector<ListRow> rows;
    while (reader.next(fields)) {
        const auto field = [&](std::string_view name) {
            const auto place = std::ranges::find(head, name) - head.begin();
            return static_cast<std::size_t>(place) < fields.size()
                       ? fields[static_cast<std::size_t>(place)]
                       : std::string();
        };
        ListRow row;
        row.country = field("Country");
        row.cause = field("Cause");
        for (const std::string_view part : {std::string_view("Country"), kScope,
                                            std::string_view("Region"), std::string_view("AS")})
            row.where += field(part) + '\n';
        row.start = catalogue::parse_moment(field("Begin time"));
        row.end = catalogue::parse_moment(field("End time"));
        row.all_agree = agree({seen_in(field("IODA BGP visible by human")),
                               seen_in(field("IODA AP visible by human")),
                               seen_in(field("IODA IBR visible by human"))});
        if (const auto code = registry::country_by_name(row.country); code && row.start)
            row.zone = zone_offset(*code, row.start->best);
        rows.push_back(std::move(row));
    }
    return rows;
}

OutageFacts facts_of(const ListRow& row, const std::vector<EventTime>& of_same) {
    OutageFacts facts{.start = *row.start, .zone_at_start = row.zone};
    facts.all_signals_agree = row.all_agree;
    if (row.end && row.end->best >= row.start->best) {
        facts.end = row.end;
        if (const auto code = registry::country_by_name(row.country))
            facts.zone_at_end = zone_offset(*code, row.end->best);
    }
    // A day later by the clock is a day later in UTC too, but for two days a year.
    facts.days_at_same_time =
        cause::days_at_same_time(row.start->best, of_same, std::chrono::seconds(0));
    return facts;
}

std::size_t class_of(std::string_view label) {
    if (label == "Exams" || label == "Government-Ordered") return 0;
    if (label == "Cable-Cut") return 1;
    if (label == "Power-Outage" || label == "Weather" || label == "Earthquake") return 2;
    return 3;
}

}  // namespace

const std::vector<std::string>& cause_classes() {
    static const std::vector<std::string> classes{"SELF", "CUT", "POWER", "TECH"};
    return classes;
}

CauseLabels read_cause_labels(std::string_view csv) {
    const std::vector<ListRow> rows = read_rows(csv);
    std::map<std::string, std::vector<EventTime>> starts;
    for (const ListRow& row : rows) {
        if (row.start) starts[row.where].push_back(row.start->best);
    }
    CauseLabels labels;
    for (const ListRow& row : rows) {
        cause::Observations seen;
        if (row.start) seen = cause::observe(facts_of(row, starts[row.where]));
        if (row.cause.empty() || row.cause == "Unknown") {
            labels.unnamed.push_back(seen);
            continue;
        }
        labels.labelled.push_back(
            {.group = row.country, .label = class_of(row.cause), .seen = seen});
        labels.without_zone += !row.zone;
        labels.bad_end += row.end && row.start && row.end->best < row.start->best;
    }
    return labels;
}

}  // namespace dimout::app
