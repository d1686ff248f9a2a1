#include "app/journal_run.h"

#include <fmt/format.h>

#include "app/progress.h"
#include "app/registry_notes.h"
#include "app/replay.h"
#include "app/store_history.h"

namespace dimout::app {
namespace {

/// How long to wait for news before looking whether to stop.
constexpr std::chrono::milliseconds kPatience{200};

constexpr std::string_view kLaboratory =
    "Synthetic: the routes of a laboratory, not of the Internet";

void describe(const JournalFeed& feed, const decode::ErrorLog& decoded, JournalRun& run) {
    const auto& files = feed.reader().files();
    const auto show = [&](const InputError& error) {
        run.errors.push_back("  " + source::describe(error, files.at(static_cast<std::size_t>(
                                                                error.position.file))));
    };
    run.error_count = decoded.total() + feed.reader().errors().total();
    if (decoded.total() > 0)
        run.errors.push_back(fmt::format("within records: {}", decoded.total()));
    for (const InputError& error : decoded.first()) show(error);
    for (const auto& [code, entry] : feed.reader().errors().by_code()) {
        run.errors.push_back(fmt::format("{}: {}", code, entry.count));
        for (const InputError& error : entry.first) show(error);
    }
}

}  // namespace

bool JournalFeed::next(source::JournalBatch& batch) {
    while (!stop_()) {
        if (writer_ != nullptr && end_.file == source::kWholeJournal.file) end_ = writer_->end();
        if (reader_.next(batch, end_)) return true;
        if (writer_ == nullptr) return false;
        end_ = writer_->wait_beyond(end_, kPatience);
    }
    return false;
}

std::optional<EventTime> first_heard(const std::string& folder) {
    auto reader = source::JournalReader::open(folder);
    source::JournalBatch batch;
    if (!reader || !reader->next(batch)) return std::nullopt;
    return event_time(batch.heard / 1'000'000);
}

Result<JournalRun> run_journal(JournalFeed& feed, const ReplayOptions& options,
                               const CommonOptions& common, RunListeners listeners) {
    const auto date = first_heard(options.journal);
    if (!date) return fail(options.journal + ": a journal without a batch; nothing was heard yet.");
    const auto registry = load_registry(options, *date);
    if (!registry) return std::unexpected(registry.error());
    if (listeners.on_registry) listeners.on_registry(*registry);
    std::optional<store::Writer> writer;
    StoreHistory history;
    if (options.store != "none") {
        auto opened = store::Writer::open(options.store, {.path_days = options.path_days});
        if (!opened) return std::unexpected(opened.error());
        writer.emplace(std::move(*opened));
        auto known = StoreHistory::load(options.store);
        if (!known) return std::unexpected(known.error());
        history = std::move(*known);
    }
    auto series = source::SeriesFiles::open({}, {});
    if (!series) return std::unexpected(series.error());
    JournalRun run;
    run.registry = notes_of(*registry, options.laboratory ? std::string(kLaboratory) : "").lines();
    source::LiveStream stream(feed, options.lateness);
    // A daemon's log is no place for a line every ten seconds.
    Progress progress("listening", common.quiet || (feed.is_live() && !Progress::on_terminal()));
    const auto on_position = std::move(listeners.on_position);
    std::optional<EventTime> told;
    Pipeline pipeline(stream, *series, *registry, writer ? &*writer : nullptr, run.registry,
                      {.threads = shard_count(options.threads),
                       .synthetic = options.laboratory,
                       .history = std::move(history),
                       .paths = options.origins_only ? KeptPaths::Origins : KeptPaths::Whole,
                       .path_history = options.path_days > 0,
                       .lateness = options.lateness,
                       .commit_each_bin = true,
                       .open_ended = true,
                       .on_outage = std::move(listeners.on_outage),
                       .on_bin = std::move(listeners.on_bin)});
    while (pipeline.step()) {
        if (on_position && pipeline.position() != told) {
            told = pipeline.position();
            on_position(*told, stream.counts());
        }
        progress.show({.bytes_done = 0,
                       .bytes_total = 0,
                       .records = stream.counts().records,
                       .position = pipeline.position()});
    }
    auto figures = pipeline.finish();
    if (!figures) return std::unexpected(figures.error());
    run.figures = std::move(*figures);
    run.heard = stream.counts();
    describe(feed, pipeline.decode_errors(), run);
    return run;
}

}  // namespace dimout::app
