// `inspect`: MRT files as text, one line a record.

#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "app/commands.h"
#include "app/exit_code.h"
#include "app/output.h"
#include "app/stop.h"
#include "decode/record_printer.h"
#include "source/archive.h"

namespace dimout::app {
namespace {

decode::TextFormat text_format(const std::string& name) {
    if (name == "json") return decode::TextFormat::Json;
    return name == "bgpdump" ? decode::TextFormat::Bgpdump : decode::TextFormat::Text;
}

/// All processors but the one that reads.
unsigned helpers() { return std::clamp(std::thread::hardware_concurrency(), 1U, 16U) - 1; }

/// What was wrong with the file itself: torn ends, broken compression.
std::uint64_t complain_about(const source::Archive& archive) {
    for (const auto& [code, entry] : archive.errors().by_code()) {
        for (const InputError& error : entry.first) complain(archive.describe(error));
    }
    return archive.errors().total();
}

/// Each file by itself, in the order of the command line, as bgpdump reads them.
Result<std::uint64_t> print_file(const std::string& file, decode::TextFormat format, bool& open) {
    auto archive = source::Archive::open(
        {file}, {.collector = {}, .from = {}, .until = {}, .helpers = helpers(), .errors_kept = 5});
    if (!archive) return std::unexpected(archive.error());
    decode::RecordPrinter printer(format,
                                  [&](std::string_view text) { open = open && write_out(text); });
    Frame frame;
    while (open && !stop_requested() && archive->next(frame)) printer.print(frame);
    printer.flush();
    for (const InputError& error : printer.errors().first()) archive->add_error(error);
    return complain_about(*archive);
}

}  // namespace

int run_inspect(const InspectOptions& options, const CommonOptions&) {
    bool open = true;
    bool failed = false;
    std::uint64_t errors = 0;
    for (const std::string& file : options.files) {
        const auto found = print_file(file, text_format(options.format), open);
        if (!found) complain(found.error().message);
        failed = failed || !found;
        errors += found.value_or(0);
    }
    return failed ? kFailed : errors > 0 ? kIncomplete : kDone;
}

}  // namespace dimout::app
