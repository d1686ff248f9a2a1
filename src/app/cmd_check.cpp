// `check`: is this store whole, or this configuration right, and what will it take?  `export`: all
// of it as text that is the same for the same input.

#include <fmt/format.h>

#include "app/commands.h"
#include "app/config.h"
#include "app/exit_code.h"
#include "app/first_files.h"
#include "app/forecast.h"
#include "app/output.h"
#include "app/wall_clock.h"
#include "store/canonical.h"
#include "store/check.h"

namespace dimout::app {
namespace {

int check_config(const std::filesystem::path& file, std::optional<std::uint64_t> sessions) {
    const auto config = read_config(file);
    if (!config) return complain(config.error().message), kFailed;
    WatchOptions options;
    apply_config(*config, options);
    const auto missing = missing_files(options, WallClock().second());
    for (const MissingFile& file_missing : missing) {
        complain(file_missing.what);
        for (const std::string& way : file_missing.ways) complain(way);
    }
    write_out(fmt::format("{}: {} faults. What it will take, by docs/explanation/cost.md:\n{}",
                          file.string(), missing.size(),
                          forecast_text(forecast(options, sessions))));
    return missing.empty() ? kDone : kFailed;
}

}  // namespace

int run_check(const CheckOptions& options, const CommonOptions&) {
    const auto config = options.config || !options.store.empty() ? options.config : find_config();
    if (config) return check_config(*config, options.sessions);
    if (options.store.empty()) {
        complain("check needs --store DIR, or --config FILE, or a dimout.toml here.");
        return kUsage;
    }
    const auto report = store::check(options.store.string());
    if (!report) return complain(report.error().message), kFailed;
    std::string text;
    for (const std::string& fault : report->faults) text += "fault: " + fault + '\n';
    for (const std::string& note : report->notes) text += "note: " + note + '\n';
    text += fmt::format(
        "{}: {} bins, {} rows, {} samples, {} paths, {} path changes, {} segments, {} outage "
        "revisions, {} faults.\n",
        options.store.string(), report->bins, report->rows, report->samples, report->paths,
        report->path_changes, report->segments, report->outages, report->faults.size());
    write_out(text);
    return report->faults.empty() ? kDone : kFailed;
}

int run_export(const ExportOptions& options, const CommonOptions&) {
    auto reader = store::Reader::open(options.store.string());
    if (!reader) return complain(reader.error().message), kFailed;
    bool open = true;
    const auto done =
        store::export_all(*reader, [&](std::string_view text) { open = open && write_out(text); });
    if (!done) return complain(done.error().message), kFailed;
    return kDone;
}

}  // namespace dimout::app
