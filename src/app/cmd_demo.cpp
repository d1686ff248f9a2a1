// `demo`: the reconstructed week of December 2014, from scenario to outage, with nothing but this
// binary.

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "app/commands.h"
#include "app/exit_code.h"
#include "app/names.h"
#include "app/output.h"
#include "app/public_outages.h"
#include "app/replay.h"
#include "app/work_folder.h"
#include "present/sentence.h"
#include "store/reader.h"

namespace dimout::app {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kIntroduction =
    "A reconstruction: a synthetic Internet of one week, with the facts of December 2014 that were "
    "published\n"
    "and everything else invented from a seed. dimout reads the archive and knows nothing "
    "else.\n\n";

std::string next_steps(const fs::path& store) {
    return fmt::format(
        "\nTry next:\n"
        "  dimout outages --store {0} --format json\n"
        "  dimout series --store {0} --entity asn/131279 --signal bgp.path_changes --format plot\n"
        "  dimout replay --archive FOLDER-OF-MRT-FILES --store my.store\n",
        store.string());
}

int show(const fs::path& store, const CommonOptions& common) {
    const Entity country = Entity::of_country(CountryCode::of('K', 'P'));
    run_outages({.store = store, .entity = {}, .format = "table", .all = false, .as_of = {}},
                common);
    write_out("\n");
    for (const char* signal : {"bgp.visible_slash24", "traffic.requests"}) {
        run_series({.store = store,
                    .entity = country,
                    .signal = signal,
                    .from = {},
                    .until = {},
                    .format = "plot"},
                   common);
        write_out("\n");
    }
    auto reader = store::Reader::open(store.string());
    if (!reader) return complain(reader.error().message), kFailed;
    const auto outages = public_outages(
        reader->outages({.entity = country, .during = {}, .as_of = {}, .all_revisions = false}));
    const auto worst = std::ranges::max_element(
        outages, {}, [](const Outage& outage) { return outage.severity.address_hours; });
    if (worst != outages.end())
        write_out("In one sentence: " + present::sentence(*worst, EmbeddedNames{}) + '\n');
    return kDone;
}

}  // namespace

int run_demo(const DemoOptions& options, const CommonOptions& common) {
    const WorkFolder work(options.keep, "demo");
    const fs::path& folder = work.path();
    if (folder.empty())
        return complain("no temporary folder can be made; name one with --keep DIR."), kFailed;
    const fs::path archive = folder / "archive";
    const fs::path store = folder / "store";
    write_out(kIntroduction);
    if (const int code = run_simulate({.scenario = "kp-2014", .out = archive, .seed = {}}, common);
        code != kDone)
        return code;
    const auto replayed = replay({.archive = {archive.string()},
                                  .series = {},
                                  .registry = {archive / "registry"},
                                  .groups = {},
                                  .follow = {},
                                  .store = store.string(),
                                  .collector = {},
                                  .from = {},
                                  .until = {},
                                  .threads = options.threads},
                                 common);
    if (!replayed) return complain(replayed.error().message), kFailed;
    write_out(fmt::format("Replayed {} records of {} peers in {:.0f} s.\n\n",
                          replayed->input.records, replayed->figures.peers, replayed->seconds));
    if (const int code = show(store, common); code != kDone) return code;
    write_out(options.keep ? next_steps(store)
                           : next_steps("DIR/store") +
                                 "  (first keep the archive: dimout demo --keep DIR)\n");
    return kDone;
}

}  // namespace dimout::app
