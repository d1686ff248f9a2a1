#include "app/replay.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <thread>

#include "app/archive_note.h"
#include "app/progress.h"
#include "app/stop.h"
#include "app/store_notes.h"
#include "registry/registry.h"

namespace dimout::app {
namespace {

unsigned shard_count(unsigned asked) {
    return asked > 0 ? asked : std::clamp(std::thread::hardware_concurrency(), 1U, 16U);
}

std::optional<std::filesystem::path> cache_folder() {
    if (const char* cache = std::getenv("XDG_CACHE_HOME"))
        return std::filesystem::path(cache) / "dimout/registry";
    if (const char* home = std::getenv("HOME"))
        return std::filesystem::path(home) / ".cache/dimout/registry";
    return std::nullopt;
}

/// The date whose country map is wanted: when the archive begins.
EventTime date_of(const source::Archive& archive, const ReplayOptions& options) {
    if (options.from) return *options.from;
    std::optional<EventTime> first;
    for (const source::ArchiveFile& file : archive.files()) {
        if (file.first && !file.skipped && (!first || *file.first < *first)) first = file.first;
    }
    return first.value_or(EventTime{});
}

Result<registry::Registry> load_registry(const ReplayOptions& options, EventTime date) {
    return registry::Registry::load({.paths = options.registry,
                                     .date = date,
                                     .groups_file = options.groups,
                                     .followed = options.follow,
                                     .cache_dir = cache_folder()});
}

/// The fallback has one line to say, and its title says it.
std::vector<std::string> sources_of(const registry::Provenance& provenance) {
    std::vector<std::string> lines = provenance.describe();
    std::erase(lines, provenance.title());
    return lines;
}

StoreNotes notes_of(const registry::Registry& registry, const std::optional<ArchiveNote>& archive) {
    return {.country_map = registry.provenance().title(),
            .sources = sources_of(registry.provenance()),
            .unknown = registry.unknown_countries(),
            .synthetic = archive ? archive->sentence() : ""};
}

/// "mrt_truncated: 3" and the first few with their places.
void describe_errors(const source::Archive& archive, const decode::ErrorLog& decoded,
                     ReplayResult& result) {
    result.error_count = archive.errors().total() + decoded.total();
    if (decoded.total() > 0)
        result.errors.push_back(fmt::format("within records: {}", decoded.total()));
    for (const InputError& error : decoded.first())
        result.errors.push_back("  " + archive.describe(error));
    for (const auto& [code, entry] : archive.errors().by_code()) {
        result.errors.push_back(fmt::format("{}: {}", code, entry.count));
        for (const InputError& error : entry.first)
            result.errors.push_back("  " + archive.describe(error));
    }
}

Result<ReplayResult> run(source::Archive& archive, const registry::Registry& registry,
                         store::Writer* writer, const ReplayOptions& options,
                         const CommonOptions& common) {
    const auto note = find_archive_note(options.archive);
    ReplayResult result{.figures = {},
                        .input = {},
                        .errors = {},
                        .error_count = 0,
                        .registry = notes_of(registry, note).lines(),
                        .seconds = 0};
    Progress progress("replaying", common.quiet);
    Pipeline pipeline(archive, registry, writer, result.registry,
                      {.threads = shard_count(options.threads),
                       .synthetic = note.has_value(),
                       .ribs_only = options.ribs_only});
    while (!stop_requested() && pipeline.step()) {
        const source::ArchiveProgress at = archive.progress();
        progress.show({.bytes_done = at.bytes_read,
                       .bytes_total = at.bytes_total,
                       .records = at.records,
                       .position = pipeline.position()});
    }
    auto figures = pipeline.finish();
    if (!figures) return std::unexpected(figures.error());
    result.figures = std::move(*figures);
    result.input = archive.progress();
    result.seconds = progress.elapsed().count();
    describe_errors(archive, pipeline.decode_errors(), result);
    return result;
}

}  // namespace

Result<ReplayResult> replay(const ReplayOptions& options, const CommonOptions& common) {
    auto archive = source::Archive::open(options.archive, {.collector = options.collector,
                                                           .from = options.from,
                                                           .until = options.until,
                                                           .readers = 1,
                                                           .errors_kept = 5,
                                                           .dumps_only = options.ribs_only});
    if (!archive) return std::unexpected(archive.error());
    auto registry = load_registry(options, date_of(*archive, options));
    if (!registry) return std::unexpected(registry.error());
    if (options.store == "none") return run(*archive, *registry, nullptr, options, common);
    auto writer = store::Writer::open(options.store);
    if (!writer) return std::unexpected(writer.error());
    return run(*archive, *registry, &*writer, options, common);
}

}  // namespace dimout::app
