// `replay`: archive to store, with a closing summary.

#include <fmt/format.h>

#include "app/commands.h"
#include "app/exit_code.h"
#include "app/journal_run.h"
#include "app/output.h"
#include "app/public_outages.h"
#include "app/replay.h"
#include "app/stop.h"

namespace dimout::app {
namespace {

std::string series_summary(const ReplayResult& result) {
    const source::SeriesFigures& series = result.series;
    std::string text =
        fmt::format("{} samples of {} series out of {} rows of {} files, {} rows said twice\n",
                    series.samples, series.series, series.rows, series.files, series.duplicates);
    if (result.samples_left > 0)
        text += fmt::format("{} samples end in bins that are not over yet\n", result.samples_left);
    return text;
}

std::string summary(const ReplayResult& result) {
    const PipelineFigures& figures = result.figures;
    std::string text = fmt::format(
        "{} files, {} records, {} errors, {} gaps; {:.1f} s\n"
        "peers: {} sessions of {} ASNs known, {} with routes; full feeds: {} sessions of {} ASNs "
        "(IPv4), {} sessions of {} ASNs (IPv6)\n"
        "{} prefixes, {} routes, {} paths, {:.1f} bytes a route; {} bins, {} outages\n",
        result.input.files_done, result.input.records, result.error_count, figures.gaps,
        result.seconds, figures.peers, figures.peer_asns, figures.peers_with_routes,
        figures.full_feeds_v4.sessions, figures.full_feeds_v4.asns, figures.full_feeds_v6.sessions,
        figures.full_feeds_v6.asns, figures.prefixes, figures.routes, figures.paths,
        figures.routes == 0
            ? 0.0
            : static_cast<double>(figures.table_bytes) / static_cast<double>(figures.routes),
        figures.judge.bins, public_outages(figures.judge.outages).size());
    if (result.path_days_dropped > 0) {
        text += fmt::format(
            "Paths of {} days were dropped: the store keeps those of --path-days days.\n",
            result.path_days_dropped);
    }
    if (result.series.files > 0) text += series_summary(result);
    for (const std::string& line : result.registry) text += line + '\n';
    for (const std::string& line : result.errors) text += line + '\n';
    if (result.input.files_total > 0 && figures.feed.dumps + figures.feed.torn_dumps == 0) {
        text +=
            "No table dump was read, so no peer's table is known to be complete and no peer is a "
            "full feed: "
            "every level is unknown. Add the RIB that precedes these updates.\n";
    }
    return text;
}

std::string summary(const JournalRun& run) {
    std::string text = fmt::format(
        "{} records heard, {} late, {} early, {} times out of touch, {} errors; {} bins, {} "
        "outages\n",
        run.heard.records, run.heard.late, run.heard.early, run.heard.losses, run.error_count,
        run.figures.judge.bins, public_outages(run.figures.judge.outages).size());
    for (const std::string& line : run.registry) text += line + '\n';
    for (const std::string& line : run.errors) text += line + '\n';
    return text;
}

int replay_journal(const ReplayOptions& options, const CommonOptions& common) {
    if (!options.archive.empty() || !options.series.empty()) {
        complain("--journal stands alone: an archive or series beside it cannot be replayed.");
        return kUsage;
    }
    auto reader = source::JournalReader::open(options.journal);
    if (!reader) return complain(reader.error().message), kFailed;
    JournalFeed feed(std::move(*reader), nullptr, [] { return stop_requested(); });
    const auto run = run_journal(feed, options, common);
    if (!run) return complain(run.error().message), kFailed;
    if (!common.quiet) std::fputs(summary(*run).c_str(), stderr);
    return run->error_count > 0 || run->heard.losses > 0 ? kIncomplete : kDone;
}

}  // namespace

int run_replay(const ReplayOptions& options, const CommonOptions& common) {
    if (!options.journal.empty()) return replay_journal(options, common);
    if (options.archive.empty() && options.series.empty()) {
        complain(
            "replay needs --archive, --series, or both, or --journal; dimout replay --help says "
            "more.");
        return kUsage;
    }
    const auto result = replay(options, common);
    if (!result) return complain(result.error().message), kFailed;
    if (!common.quiet) std::fputs(summary(*result).c_str(), stderr);
    return result->incomplete() ? kIncomplete : kDone;
}

}  // namespace dimout::app
