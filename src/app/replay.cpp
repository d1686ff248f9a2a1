#include "app/replay.h"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "app/archive_note.h"
#include "app/progress.h"
#include "app/registry_notes.h"
#include "app/stop.h"
#include "app/store_history.h"
#include "base/files.h"

namespace dimout::app {
namespace {

/// The date whose country map is wanted: when the archive begins.
EventTime date_of(const source::Archive& archive, const source::SeriesFiles& series,
                  const ReplayOptions& options) {
    if (options.from) return *options.from;
    std::optional<EventTime> first;
    for (const source::ArchiveFile& file : archive.files()) {
        if (file.first && !file.skipped && (!first || *file.first < *first)) first = file.first;
    }
    if (!first) first = series.first();
    return first.value_or(EventTime{});
}

/// How many errors of each kind are named with their places.
std::size_t errors_kept(const CommonOptions& common) { return common.verbose > 0 ? 200 : 5; }

Result<source::SeriesFiles> open_series(const ReplayOptions& options, const CommonOptions& common) {
    std::vector<source::SeriesSpec> specs;
    for (const std::string& text : series_of(options)) {
        auto spec = source::parse_series_spec(text);
        if (!spec) return std::unexpected(spec.error());
        specs.push_back(std::move(*spec));
    }
    return source::SeriesFiles::open(
        specs, {.from = options.from, .until = options.until, .errors_kept = errors_kept(common)});
}

Result<source::Archive> open_archive(const ReplayOptions& options, const CommonOptions& common) {
    if (options.archive.empty() && !options.series.empty()) return source::Archive::none();
    return source::Archive::open(options.archive, {.collector = options.collector,
                                                   .from = options.from,
                                                   .until = options.until,
                                                   .readers = 1,
                                                   .helpers = shard_count(options.threads) - 1,
                                                   .errors_kept = errors_kept(common),
                                                   .dumps_only = options.ribs_only});
}

/// "mrt_truncated: 3" and the first few with their places, of an archive or of series.
template <typename Input>
void describe_errors(const Input& input, ReplayResult& result) {
    result.error_count += input.errors().total();
    for (const auto& [code, entry] : input.errors().by_code()) {
        result.errors.push_back(fmt::format("{}: {}", code, entry.count));
        for (const InputError& error : entry.first)
            result.errors.push_back("  " + input.describe(error));
    }
}

void describe_decoded(const source::Archive& archive, const decode::ErrorLog& decoded,
                      ReplayResult& result) {
    result.error_count += decoded.total();
    if (decoded.total() > 0)
        result.errors.push_back(fmt::format("within records: {}", decoded.total()));
    for (const InputError& error : decoded.first())
        result.errors.push_back("  " + archive.describe(error));
}

/// Of the archive, or of the folder in which a series lies.
std::optional<ArchiveNote> find_note(const ReplayOptions& options) {
    std::vector<std::string> folders = options.archive;
    for (const std::string& text : options.series) {
        if (const auto spec = source::parse_series_spec(text))
            folders.push_back(folder_of(spec->path));
    }
    return find_archive_note(folders);
}

/// Steps of the pipeline from one look at the clock to the next.
constexpr std::uint64_t kStepsALook = 64;

Result<ReplayResult> run(source::Archive& archive, source::SeriesFiles& series,
                         const registry::Registry& registry, store::Writer* writer,
                         StoreHistory history, const ReplayOptions& options,
                         const CommonOptions& common, RunWatch* watch) {
    if (watch != nullptr) {
        if (const auto begun = watch->begins(archive, registry); !begun)
            return std::unexpected(begun.error());
    }
    const auto note = find_note(options);
    ReplayResult result{.figures = {},
                        .input = {},
                        .series = series.figures(),
                        .samples_left = 0,
                        .errors = {},
                        .error_count = 0,
                        .registry = notes_of(registry, note ? note->sentence() : "").lines(),
                        .seconds = 0};
    Progress progress("replaying", common.quiet);
    Pipeline pipeline(archive, series, registry, writer, result.registry,
                      {.threads = shard_count(options.threads),
                       .synthetic = find_archive_note(options.archive).has_value(),
                       .history = std::move(history),
                       .ribs_only = options.ribs_only,
                       .paths = options.origins_only ? KeptPaths::Origins : KeptPaths::Whole,
                       .path_history = options.path_days > 0,
                       .watch = watch});
    const auto is_done = [&] {
        return stop_requested() || (watch != nullptr && watch->has_enough());
    };
    // To look at the clock for each record would cost 2 % of the time that updates take.
    for (std::uint64_t steps = 1; !is_done() && pipeline.step(); ++steps) {
        if (steps % kStepsALook != 0) continue;
        const source::ArchiveProgress at = archive.progress();
        progress.show({.bytes_done = at.bytes_read,
                       .bytes_total = at.bytes_total,
                       .records = at.records,
                       .position = pipeline.position()});
    }
    auto figures = pipeline.finish();
    if (!figures) return std::unexpected(figures.error());
    result.figures = std::move(*figures);
    if (writer != nullptr) result.path_days_dropped = writer->path_days_dropped();
    result.input = archive.progress();
    result.seconds = progress.elapsed().count();
    result.samples_left = series.left();
    describe_decoded(archive, pipeline.decode_errors(), result);
    describe_errors(archive, result);
    describe_errors(series, result);
    return result;
}

}  // namespace

unsigned shard_count(unsigned asked) {
    return asked > 0 ? asked : std::clamp(std::thread::hardware_concurrency(), 1U, 16U);
}

std::vector<std::string> series_of(const ReplayOptions& options) {
    std::vector<std::string> files = options.series;
    for (const std::string& archive : options.archive) {
        const std::string beside = archive + "/series.csv";
        const bool ours = find_archive_note({archive}) && file_exists(beside);
        if (ours && std::ranges::find(files, beside) == files.end()) files.push_back(beside);
    }
    return files;
}

Result<ReplayResult> replay(const ReplayOptions& options, const CommonOptions& common,
                            RunWatch* watch) {
    auto series = open_series(options, common);
    if (!series) return std::unexpected(series.error());
    auto archive = open_archive(options, common);
    if (!archive) return std::unexpected(archive.error());
    auto registry = load_registry(options, date_of(*archive, *series, options));
    if (!registry) return std::unexpected(registry.error());
    if (options.store == "none")
        return run(*archive, *series, *registry, nullptr, {}, options, common, watch);
    auto writer = store::Writer::open(options.store, {.path_days = options.path_days});
    if (!writer) return std::unexpected(writer.error());
    auto history = StoreHistory::load(options.store);
    if (!history) return std::unexpected(history.error());
    return run(*archive, *series, *registry, &*writer, std::move(*history), options, common, watch);
}

}  // namespace dimout::app
