// The text form of the table.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "base/toml.h"
#include "cause/table.h"

namespace dimout::cause {
namespace {

class TableReader {
public:
    explicit TableReader(const toml::table& root) : root_(root) {}

    Result<Table> read() {
        table_.version = text(root_, "version");
        table_.tempering = root_["tempering"].value_or(0.0);
        table_.prior_worth = root_["prior_worth"].value_or(0.0);
        if (!(table_.tempering > 0 && table_.tempering <= 1))
            return fail("causes: `tempering` must lie above 0 and not above 1.");
        if (!(table_.prior_worth > 0)) return fail("causes: `prior_worth` must be above 0.");
        if (auto done = read_hypotheses(); !done) return std::unexpected(done.error());
        if (auto done = read_rows(); !done) return std::unexpected(done.error());
        return std::move(table_);
    }

private:
    static std::string text(const toml::table& from, std::string_view key) {
        return from[key].value_or(std::string());
    }

    /// The words behind the short name of a source; empty when the file does not list it.
    [[nodiscard]] std::string source(const toml::table& from) const {
        return root_["source"][text(from, "source")].value_or(std::string());
    }

    Result<void> read_hypotheses() {
        const toml::array* list = root_["cause"].as_array();
        if (list == nullptr || list->size() < 2) return fail("causes: two causes are the least.");
        double sum = 0;
        for (const toml::node& node : *list) {
            const toml::table* one = node.as_table();
            if (one == nullptr) return fail("causes: each [[cause]] is a table.");
            Hypothesis cause{.id = text(*one, "id"),
                             .title = text(*one, "title"),
                             .radar = text(*one, "radar"),
                             .keepiton = text(*one, "keepiton"),
                             .inseparable = text(*one, "inseparable"),
                             .source = source(*one)};
            const double labelled = (*one)["labelled"].value_or(-1.0);
            if (cause.id.empty() || cause.title.empty() || cause.source.empty() ||
                !(labelled >= 0) || !std::isfinite(labelled))
                return fail(fmt::format(
                    "causes: cause '{}' needs id, title, labelled (0 or more) and a listed source.",
                    cause.id));
            if (place_of(cause.id)) return fail(fmt::format("causes: '{}' twice.", cause.id));
            // The root tempers that some causes are reported more than others (§5.2).
            cause.prior = std::sqrt(labelled) + 2;
            sum += cause.prior;
            table_.hypotheses.push_back(std::move(cause));
        }
        for (Hypothesis& cause : table_.hypotheses) cause.prior /= sum;
        return {};
    }

    Result<void> read_rows() {
        const toml::array* list = root_["feature"].as_array();
        if (list == nullptr) return fail("causes: it has no [[feature]].");
        for (const toml::node& node : *list) {
            const toml::table* one = node.as_table();
            if (one == nullptr) return fail("causes: each [[feature]] is a table.");
            const auto feature = feature_of(text(*one, "id"));
            if (!feature)
                return fail(fmt::format("causes: no feature is called '{}'.", text(*one, "id")));
            if (std::ranges::find(table_.rows, *feature, &FeatureRow::feature) != table_.rows.end())
                return fail(fmt::format("causes: feature '{}' twice.", to_string(*feature)));
            FeatureRow row{.feature = *feature,
                           .group = text(*one, "group"),
                           .tempering = (*one)["tempering"].value_or(table_.tempering),
                           .title = text(*one, "title"),
                           .holder = text(*one, "holder")};
            if (row.group.empty() || row.title.empty())
                return fail(fmt::format("causes: feature '{}' needs group and title.",
                                        to_string(*feature)));
            if (!(row.tempering > 0 && row.tempering <= 1))
                return fail(
                    fmt::format("causes: `tempering` of '{}' must lie above 0 and not "
                                "above 1.",
                                to_string(*feature)));
            if (auto done = read_cells(*one, row); !done) return done;
            table_.rows.push_back(std::move(row));
        }
        return {};
    }

    Result<void> read_cells(const toml::table& from, FeatureRow& row) {
        const auto wrong = [&](std::string_view cause, std::string_view what) {
            return fail(
                fmt::format("causes: {} under '{}': {}.", to_string(row.feature), cause, what));
        };
        row.cells.resize(table_.hypotheses.size());
        const toml::array* list = from["cells"].as_array();
        if (list == nullptr) return wrong("", "it has no cells");
        for (const toml::node& node : *list) {
            const toml::table* one = node.as_table();
            if (one == nullptr) return wrong("", "each cell is a table");
            const std::string id = text(*one, "cause");
            const auto place = place_of(id);
            if (!place) return wrong(id, "no such cause");
            Cell& cell = row.cells[*place];
            if (!cell.shares.empty()) return wrong(id, "it is there twice");
            cell.worth = (*one)["worth"].value_or(0.0);
            cell.source = source(*one);
            if (!(cell.worth > 0) || !std::isfinite(cell.worth))
                return wrong(id, "`worth` must be above 0");
            if (cell.source.empty()) return wrong(id, "its source is not listed");
            if (!read_shares((*one)["shares"].as_array(), levels_of(row.feature).size(), cell))
                return wrong(id, "`shares` must be one a level and add up to 1");
        }
        for (std::size_t i = 0; i < row.cells.size(); ++i) {
            if (row.cells[i].shares.empty()) return wrong(table_.hypotheses[i].id, "missing");
        }
        return {};
    }

    static bool read_shares(const toml::array* list, std::size_t levels, Cell& cell) {
        if (list == nullptr || list->size() != levels) return false;
        double sum = 0;
        for (const toml::node& node : *list) {
            const double share = node.value_or(-1.0);
            if (!(share >= 0 && share <= 1)) return false;
            cell.shares.push_back(share);
            sum += share;
        }
        return std::abs(sum - 1) < 1e-6;
    }

    [[nodiscard]] std::optional<std::size_t> place_of(std::string_view id) const {
        const auto found = std::ranges::find(table_.hypotheses, id, &Hypothesis::id);
        if (found == table_.hypotheses.end()) return std::nullopt;
        return static_cast<std::size_t>(found - table_.hypotheses.begin());
    }

    const toml::table& root_;
    Table table_;
};

}  // namespace

Result<Table> read_table(std::string_view text) {
    const auto parsed = parse_toml(text);
    if (!parsed)
        return fail(fmt::format("causes: line {}: {}.", parsed.error().source().begin.line,
                                parsed.error().description()));
    return TableReader(parsed.table()).read();
}

}  // namespace dimout::cause
