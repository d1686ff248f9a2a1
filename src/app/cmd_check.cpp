// `check`: is this store whole?  `export`: all of it as text that is the same for the same input.

#include <fmt/format.h>

#include "app/commands.h"
#include "app/exit_code.h"
#include "app/output.h"
#include "store/canonical.h"
#include "store/check.h"

namespace dimout::app {

int run_check(const CheckOptions& options, const CommonOptions&) {
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
