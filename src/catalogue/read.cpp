#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>

#include "catalogue/catalogue.h"
#include "catalogue/csv.h"
#include "catalogue/moment.h"

namespace dimout::catalogue {
namespace {

/// One record, by the names in the head.
class Record {
public:
    explicit Record(const std::vector<std::string>& head) {
        for (std::size_t i = 0; i < head.size(); ++i) places_.try_emplace(head[i], i);
    }

    [[nodiscard]] bool has(std::string_view column) const { return places_.contains(column); }
    [[nodiscard]] bool has_all(std::initializer_list<std::string_view> columns) const {
        return std::ranges::all_of(columns, [&](std::string_view name) { return has(name); });
    }
    /// Empty when the column or the field is missing, and for the words that mean so.
    [[nodiscard]] std::string_view operator[](std::string_view column) const {
        const auto place = places_.find(column);
        if (place == places_.end() || place->second >= fields.size()) return {};
        const std::string& field = fields[place->second];
        return field == "N/A" || field == "Unknown" ? std::string_view() : std::string_view(field);
    }

    std::vector<std::string> fields;

private:
    std::map<std::string, std::size_t, std::less<>> places_;
};

/// Which columns of a form hold what.
struct Form {
    std::string_view name;
    std::string_view who;
    std::string_view start;
    std::string_view end;
    std::string_view scope;
    std::string_view cause;
    std::string_view title;
    bool (*whole)(const Record& record);
};

constexpr std::string_view kIodaScope =
    "Scope (based on granularity at which the outage appears in IODA)";

constexpr std::array kForms{
    Form{"ioda", "Country", "Begin time", "End time", kIodaScope, "Cause", "Notes",
         [](const Record& record) { return record[kIodaScope] == "Country"; }},
    Form{"keepiton", "country", "start_date", "end_date", "area_name", "actual_cause", "event",
         [](const Record& record) {
             return record["shutdown_extent"] == "Full network" &&
                    record["area_name"] == "Nationwide";
         }},
    Form{"plain", "entity", "start", "end", "scope", "cause", "title",
         [](const Record&) { return true; }},
};

const Form* form_of(const Record& head) {
    const auto fits = [&](const Form& form) {
        return head.has_all({form.who, form.start, form.end});
    };
    const auto found = std::ranges::find_if(kForms, fits);
    return found == kForms.end() ? nullptr : &*found;
}

std::string_view trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(' ');
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

class Reader {
public:
    Reader(const Form& form, const CountryByName& country) : form_(form), country_(country) {
        catalogue_.format = form.name;
    }

    void add(const Record& record, std::size_t line) {
        Row row;
        row.line = line;
        row.whole = form_.whole(record);
        row.scope = record[form_.scope];
        row.cause = record[form_.cause];
        row.title = record[form_.title];
        if (!read_times(record, row)) return;
        // KeepItOn joins the countries of one event with semicolons.
        std::string_view names = record[form_.who];
        if (trimmed(names).empty()) return refuse(line, "it names no country");
        while (!names.empty()) {
            const std::size_t end = std::min(names.find(';'), names.size());
            add_entity(trimmed(names.substr(0, end)), row);
            names.remove_prefix(std::min(end + 1, names.size()));
        }
    }

    Catalogue finish() && { return std::move(catalogue_); }

private:
    bool read_times(const Record& record, Row& row) {
        const auto start = parse_moment(record[form_.start]);
        if (!start) return refuse(row.line, unread("start", record[form_.start])), false;
        row.start = *start;
        if (record[form_.end].empty()) return true;
        row.end = parse_moment(record[form_.end]);
        if (!row.end) return refuse(row.line, unread("end", record[form_.end])), false;
        if (row.end->hi <= row.start.lo)
            return refuse(row.line, "it ends before it begins; one of the two is mistyped"), false;
        return true;
    }

    static std::string unread(std::string_view what, std::string_view text) {
        return text.empty() ? fmt::format("it has no {}", what)
                            : fmt::format("its {} '{}' is no time that we can read", what, text);
    }

    void add_entity(std::string_view name, Row row) {
        if (const auto entity = parse_entity(name)) {
            row.entity = *entity;
        } else if (const auto code = country_(name)) {
            row.entity = Entity::of_country(*code);
        } else {
            return refuse(row.line, fmt::format("'{}' is no country that we know", name));
        }
        catalogue_.rows.push_back(std::move(row));
    }

    void refuse(std::size_t line, std::string reason) {
        catalogue_.refused.push_back({.line = line, .reason = std::move(reason)});
    }

    const Form& form_;
    const CountryByName& country_;
    Catalogue catalogue_;
};

}  // namespace

Result<Catalogue> read(std::string_view text, const CountryByName& country) {
    CsvReader csv(text);
    std::vector<std::string> head;
    if (!csv.next(head)) return fail("the catalogue is empty.");
    Record record(head);
    const Form* form = form_of(record);
    if (form == nullptr) {
        return fail(
            "its first line names no columns that we know: `entity,start,end` (with `cause`, "
            "`scope`, `title` if you like), those of IODA's curated list (`Country`, `Begin "
            "time`, `End time`) or of KeepItOn's (`country`, `start_date`, `end_date`).");
    }
    Reader reader(*form, country);
    while (csv.next(record.fields)) reader.add(record, csv.line());
    return std::move(reader).finish();
}

}  // namespace dimout::catalogue
