// `report`: one outage as something that a person can quote, from one set of facts.

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "app/commands.h"
#include "app/exit_code.h"
#include "app/output.h"
#include "app/report.h"
#include "base/files.h"
#include "present/citation.h"
#include "present/keepiton.h"
#include "present/messages.h"
#include "present/report_html.h"
#include "present/report_json.h"
#include "present/report_markdown.h"
#include "present/report_text.h"

namespace dimout::app {
namespace {

using present::Messages;
using present::ReportFacts;

/// A format is a row: its name and who prints it.
struct Format {
    std::string_view name;
    std::string (*print)(const ReportFacts& facts, const Messages& messages);
};
constexpr std::array kFormats{
    Format{"md",
           [](const ReportFacts& facts, const Messages& messages) {
               return present::report_markdown(present::report_text(facts, messages));
           }},
    Format{"html",
           [](const ReportFacts& facts, const Messages& messages) {
               return present::report_html(present::report_text(facts, messages), facts);
           }},
    Format{"json",
           [](const ReportFacts& facts, const Messages&) { return present::report_json(facts); }},
    Format{"keepiton",
           [](const ReportFacts& facts, const Messages&) { return present::keepiton_csv(facts); }},
    Format{"cite", [](const ReportFacts& facts,
                      const Messages&) { return present::cite(facts).text + '\n'; }},
    Format{"bibtex",
           [](const ReportFacts& facts, const Messages&) { return present::cite(facts).bibtex; }},
    Format{"csl",
           [](const ReportFacts& facts, const Messages&) { return present::cite(facts).csl; }},
};

/// No text: cmd_bundle.cpp makes it.
constexpr std::string_view kBundle = "bundle";

/// To the file that was named, whole or not at all; else to stdout.
Result<void> deliver(const std::string& text, const ReportOptions& options) {
    if (!options.output) return write_out(text), Result<void>{};
    return publish(real_disk(), options.output->string(), text);
}

}  // namespace

std::vector<std::string> report_formats() {
    std::vector<std::string> names;
    for (const Format& format : kFormats) names.emplace_back(format.name);
    names.emplace_back(kBundle);
    return names;
}

int run_report(const ReportOptions& options, const CommonOptions& common) {
    if (options.format == kBundle) return run_bundle(options, common);
    const auto format = std::ranges::find(kFormats, options.format, &Format::name);
    const auto messages = Messages::shipped(options.language);
    if (!messages) {
        complain(fmt::format("{} There are: {}.", messages.error().message,
                             fmt::join(Messages::languages(), ", ")));
        return kUsage;
    }
    auto reader = store::Reader::open(options.about.store.string());
    if (!reader) return complain(reader.error().message), kFailed;
    auto found = explained_outage(*reader, options.about);
    if (!found) return complain(found.error().message), kFailed;
    const bool refused = found->records_refused;
    const auto facts = gather_report(*reader, std::move(*found), options);
    if (!facts) return complain(facts.error().message), kFailed;
    const auto delivered = deliver(format->print(*facts, *messages), options);
    if (!delivered) return complain(delivered.error().message), kFailed;
    return exit_code_after_output(refused ? kIncomplete : kDone);
}

}  // namespace dimout::app
