#include "app/explained_outage.h"

#include <fmt/format.h>

#include <ranges>

#include "app/entity_size.h"
#include "app/explain.h"
#include "app/names.h"
#include "app/outage_withdrawal.h"
#include "app/output.h"
#include "app/registry_notes.h"
#include "base/files.h"

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
    auto found = withdrawal_of(options.store, outage, registry, options.as_of);
    if (!found) return std::nullopt;
    return std::move(*found);
}

}  // namespace

Result<ExplainedOutage> explained_outage(store::Reader& reader, const ExplainOptions& options) {
    const auto table = table_of(options);
    if (!table) return std::unexpected(table.error());
    const auto records = records_of(options);
    if (!records) return std::unexpected(records.error());
    auto outage = find_outage(reader, options);
    if (!outage) return std::unexpected(outage.error());
    const auto registry = registry::Registry::load({.paths = options.registry,
                                                    .date = outage->start.best,
                                                    .groups_file = {},
                                                    .followed = {},
                                                    .cache_dir = cache_folder()});
    if (!registry) return std::unexpected(registry.error());
    const auto withdrawal = withdrawal_for(options, *outage, *registry);
    auto why = explain(reader, *outage, *table, records->rows, options.as_of, EmbeddedNames{},
                       withdrawal ? &*withdrawal : nullptr);
    if (!why) return std::unexpected(why.error());
    auto size = entity_size(reader, *registry, outage->entity, outage->start.best);
    if (!size) return std::unexpected(size.error());
    why->size = std::move(*size);
    return ExplainedOutage{.outage = std::move(*outage),
                           .why = std::move(*why),
                           .records_refused = !records->refused.empty()};
}

}  // namespace dimout::app
