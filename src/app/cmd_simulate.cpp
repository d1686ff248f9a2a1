// `simulate`: scenario text to an archive with a known truth.

#include <fmt/format.h>

#include <fstream>
#include <iterator>

#include "app/commands.h"
#include "app/exit_code.h"
#include "app/output.h"
#include "app/progress.h"
#include "scenario/embedded.h"
#include "scenario/scenario.h"
#include "scenario/simulate.h"

namespace dimout::app {
namespace {

/// A file's text, or that of the built-in scenario of that name.
Result<std::string> scenario_text(const std::filesystem::path& name) {
    if (const auto text = scenario::embedded(name.string())) return std::string(*text);
    std::ifstream file(name, std::ios::binary);
    if (file) return std::string(std::istreambuf_iterator<char>(file), {});
    std::string known;
    for (const std::string_view built_in : scenario::embedded_names())
        known += fmt::format(" {}", built_in);
    return fail(fmt::format("{}: no such file, and no built-in scenario (those are:{}).",
                            name.string(), known));
}

}  // namespace

int run_simulate(const SimulateOptions& options, const CommonOptions& common) {
    const auto text = scenario_text(options.scenario);
    if (!text) return complain(text.error().message), kFailed;
    const auto parsed = scenario::parse(*text, options.scenario.string());
    if (!parsed) return complain(parsed.error().message), kFailed;
    Progress progress("simulating " + parsed->name, common.quiet);
    const auto summary = scenario::simulate(
        *parsed, options.out,
        {.seed = options.seed,
         .progress =
             [&](double share) {
                 progress.show({.bytes_done = static_cast<std::uint64_t>(share * 1000),
                                .bytes_total = 1000,
                                .records = 0,
                                .position = std::nullopt});
             },
         .threads = 0});
    if (!summary) return complain(summary.error().message), kFailed;
    write_out(fmt::format(
        "{}: a {} with {} collectors, {} peers and {} prefixes; {} routes in dumps, {} changes in "
        "updates, {} files, {:.1f} MB in {}.\n",
        parsed->name, parsed->kind, summary->collectors, summary->peers, summary->prefixes,
        summary->routes, summary->changes, summary->files,
        static_cast<double>(summary->bytes) / 1e6, options.out.string()));
    return kDone;
}

}  // namespace dimout::app
