// `watch`: the daemon. Live sources → journal → store, and outages as they are found.

#include <fmt/format.h>

#include <algorithm>

#include "app/commands.h"
#include "app/config.h"
#include "app/exit_code.h"
#include "app/journal_run.h"
#include "app/names.h"
#include "app/output.h"
#include "app/public_outages.h"
#include "app/stop.h"
#include "app/watch.h"
#include "present/outage_json.h"
#include "present/sentence.h"

namespace dimout::app {
namespace {

/// After a failure of the store: first and longest wait before it is tried again.
constexpr std::chrono::seconds kFirstWait{5};
constexpr std::chrono::seconds kLongestWait{300};

void tell(const Outage& outage, const std::string& format) {
    if (public_outages({outage}).empty()) return;
    if (format == "json") {
        JsonWriter json;
        present::write_outage(json, outage, EmbeddedNames{});
        write_out(json.text() + '\n');
        return;
    }
    write_out(fmt::format("{} {} (revision {})\n", to_rfc3339(outage.known_at),
                          present::sentence(outage, EmbeddedNames{}), outage.revision));
}

/// From the journal's beginning: what the store has already is verified, and then it goes on.
Result<JournalRun> follow(const Listening& listening, const WatchOptions& options,
                          const CommonOptions& common) {
    auto reader = source::JournalReader::open(options.run.journal);
    if (!reader) return std::unexpected(reader.error());
    JournalFeed feed(std::move(*reader), &listening.journal(), [] { return stop_requested(); });
    return run_journal(feed, options.run, common,
                       [&](const Outage& outage) { tell(outage, options.format); });
}

/// With what dimout.toml says. A file that nobody named is looked for only when the command line
/// does not say where to store.
Result<WatchOptions> complete(WatchOptions options) {
    if (!options.config && options.run.store.empty()) options.config = find_config();
    if (options.config) {
        const auto config = read_config(*options.config);
        if (!config) return std::unexpected(config.error());
        apply_config(*config, options);
    }
    const std::string where =
        options.config ? options.config->string() : std::string("dimout.toml");
    if (options.run.store.empty()) {
        return fail(
            "watch needs a folder to store what it finds: --store DIR, or `store` in a "
            "dimout.toml, "
            "which `dimout init --asn 64500` writes.");
    }
    if (options.bmp.empty() && options.ris_live.empty()) {
        return fail(fmt::format(
            "watch needs something to listen to: --bmp 127.0.0.1:11019 for your routers, "
            "--ris-live all for RIPE's collectors, or `bmp` or `ris_live` under [sources] in {}; "
            "dimout watch --help says more.",
            where));
    }
    if (options.run.journal.empty()) options.run.journal = options.run.store + ".journal";
    return options;
}

void greet(const Listening& listening, const WatchOptions& options) {
    for (const auto& [name, health] : listening.health()) complain("listening for " + name + ".");
    if (!options.ris_live.empty() && options.run.archive.empty()) {
        complain(
            "RIS Live tells changes, not tables: without --archive (each collector's newest bview, "
            "and "
            "the updates since) no peer's table is known, and every level is unknown.");
    }
    complain(fmt::format("what is heard is kept in {}; outages go to {}.", options.run.journal,
                         options.run.store));
}

}  // namespace

int run_watch(const WatchOptions& given, const CommonOptions& common) {
    const auto options = complete(given);
    if (!options) return complain(options.error().message), kUsage;
    const auto clock = options->clock.empty() ? WallClock() : *WallClock::parse(options->clock);
    const auto listening = Listening::start({.journal = options->run.journal,
                                             .bmp = options->bmp,
                                             .ris_live = options->ris_live,
                                             .ris_live_url = options->ris_live_url,
                                             .archive = options->run.archive},
                                            clock);
    if (!listening) return complain(listening.error().message), kFailed;
    if (!common.quiet) greet(**listening, *options);
    std::chrono::seconds pause = kFirstWait;
    while (!stop_requested()) {
        const auto run = follow(**listening, *options, common);
        if (run || stop_requested()) break;
        complain(fmt::format(
            "{} Listening goes on, and what is heard is kept; the store is tried again in {} s.",
            run.error().message, pause.count()));
        if (!pause_for(pause)) break;
        pause = std::min(2 * pause, kLongestWait);
    }
    return kDone;
}

}  // namespace dimout::app
