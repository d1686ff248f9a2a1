// `explain`: what speaks for and against each cause of one outage.

#include <fmt/format.h>

#include <ranges>

#include "app/commands.h"
#include "app/entity_size.h"
#include "app/exit_code.h"
#include "app/explain.h"
#include "app/names.h"
#include "app/outage_withdrawal.h"
#include "app/output.h"
#include "app/registry_notes.h"
#include "base/files.h"
#include "present/outage_json.h"

namespace dimout::app {
namespace {

/// A larger file is somebody else's.
constexpr std::size_t kFileMax = std::size_t{16} << 20;
constexpr std::size_t kRefusedShown = 20;

Result<std::string> read_text(const std::filesystem::path& path) {
    std::error_code error;
    if (const auto size = std::filesystem::file_size(path, error); !error && size > kFileMax)
        return fail(fmt::format("{}: larger than {} MB.", path.string(), kFileMax >> 20));
    return read_file(path.string());
}

Result<cause::Table> table_of(const ExplainOptions& options) {
    if (!options.table) return cause::shipped_table();
    const auto text = read_text(*options.table);
    if (!text) return std::unexpected(text.error());
    auto table = cause::read_table(*text);
    if (!table) return fail(fmt::format("{}: {}", options.table->string(), table.error().message));
    return table;
}

/// Says of each row that is refused where and why; the others count.
Result<CauseRecords> records_of(const ExplainOptions& options) {
    if (!options.records) return CauseRecords{};
    const auto text = read_text(*options.records);
    if (!text) return std::unexpected(text.error());
    auto records = read_cause_records(*text);
    const std::string file = options.records->string();
    if (!records) return fail(fmt::format("{}: {}", file, records.error().message));
    for (const RefusedRecord& row : records->refused | std::views::take(kRefusedShown))
        complain(fmt::format("{}: line {}: {}.", file, row.line, row.reason));
    if (records->refused.size() > kRefusedShown)
        complain(fmt::format("{}: {} rows are wrong in all.", file, records->refused.size()));
    return records;
}

Result<Outage> find_outage(const store::Reader& reader, const ExplainOptions& options) {
    for (Outage& outage : reader.outages(
             {.entity = {}, .during = {}, .as_of = options.as_of, .all_revisions = false})) {
        if (outage.id == options.outage) return std::move(outage);
    }
    return fail(
        fmt::format("no outage '{}' in {}{}; `dimout outages --store {} --format json "
                    "--all` says which there are.",
                    options.outage, options.store.string(),
                    options.as_of ? " was known at " + to_rfc3339(*options.as_of) : "",
                    options.store.string()));
}

/// Who withdrew, if the store has the paths of that day and nobody looks ahead.
std::optional<WithdrawalEvidence> withdrawal_for(const ExplainOptions& options,
                                                 const Outage& outage,
                                                 const registry::Registry& registry) {
    if (outage.state == OutageState::Artifact ||
        (options.as_of && *options.as_of < onset_window(outage).until))
        return std::nullopt;
    auto found = withdrawal_of(options.store, outage, registry);
    if (!found) return std::nullopt;
    return std::move(*found);
}

}  // namespace

int run_explain(const ExplainOptions& options, const CommonOptions&) {
    const auto failed = [](const Error& error) { return complain(error.message), kFailed; };
    const auto table = table_of(options);
    if (!table) return failed(table.error());
    const auto records = records_of(options);
    if (!records) return failed(records.error());
    auto reader = store::Reader::open(options.store.string());
    if (!reader) return failed(reader.error());
    const auto outage = find_outage(*reader, options);
    if (!outage) return failed(outage.error());
    const auto registry = registry::Registry::load({.paths = options.registry,
                                                    .date = outage->start.best,
                                                    .groups_file = {},
                                                    .followed = {},
                                                    .cache_dir = cache_folder()});
    if (!registry) return failed(registry.error());
    const auto withdrawal = withdrawal_for(options, *outage, *registry);
    const EmbeddedNames names;
    auto why = explain(*reader, *outage, *table, records->rows, options.as_of, names,
                       withdrawal ? &*withdrawal : nullptr);
    if (!why) return failed(why.error());
    auto size = entity_size(*reader, *registry, outage->entity, outage->start.best);
    if (!size) return failed(size.error());
    why->size = std::move(*size);
    if (options.format == "json") {
        JsonWriter json;
        present::write_outage(json, *outage, names, &*why);
        write_out(json.text() + '\n');
    } else {
        write_out(present::explanation_text(*outage, *why, names));
    }
    return records->refused.empty() ? kDone : kIncomplete;
}

}  // namespace dimout::app
