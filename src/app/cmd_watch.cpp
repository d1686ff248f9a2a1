// `watch`: the daemon. Live sources → journal → store, and outages as they are found.

#include <fmt/format.h>

#include <algorithm>

#include "app/commands.h"
#include "app/config.h"
#include "app/exit_code.h"
#include "app/first_files.h"
#include "app/journal_run.h"
#include "app/notifier.h"
#include "app/output.h"
#include "app/stop.h"
#include "app/watch.h"
#include "app/watch_duties.h"
#include "app/watch_status.h"
#include "app/watch_teller.h"

namespace dimout::app {
namespace {

/// After a failure of the store: first and longest wait before it is tried again.
constexpr std::chrono::seconds kFirstWait{5};
constexpr std::chrono::seconds kLongestWait{300};

SignsOfLife signs_of(const Listening& listening) {
    SignsOfLife signs{.messages = 0, .routers = listening.hears_routers()};
    for (const auto& [name, health] : listening.health()) signs.messages += health.messages;
    return signs;
}

/// From the journal's beginning: what the store has already is verified, and then it goes on.
Result<JournalRun> follow(const Listening& listening, const WatchOptions& options,
                          const CommonOptions& common, WatchStatus& status, WatchTeller& teller,
                          Notifier* notifier) {
    auto reader = source::JournalReader::open(options.run.journal);
    if (!reader) return std::unexpected(reader.error());
    JournalFeed feed(std::move(*reader), &listening.journal(), [] { return stop_requested(); });
    RunListeners listeners;
    listeners.on_registry = [&](const auto& registry) { teller.tell_registry(registry); };
    listeners.on_outage = [&](const Outage& outage) {
        status.tell_outage();
        teller.tell_outage(outage);
        if (notifier != nullptr) notifier->hear(outage);
    };
    listeners.on_bin = [&](const VisibilityBin& bin, const store::RunFacts& facts) {
        status.tell_bin(bin);
        teller.tell_bin(bin, facts);
        if (notifier != nullptr) notifier->advance(bin.known_at);
    };
    listeners.on_position = [&](EventTime position, const source::LiveCounts& heard) {
        status.tell_position(position, heard);
    };
    return run_journal(feed, options.run, common, std::move(listeners));
}

void greet(const Listening& listening, const WatchOptions& options) {
    for (const auto& [name, health] : listening.health()) complain("listening for " + name + ".");
    if (!options.ris_live.empty() && options.run.archive.empty()) {
        complain(
            "RIS Live tells changes, not tables: without --archive (each collector's newest bview, "
            "and the updates since) no peer's table is known, and every level is unknown.");
    }
    complain(fmt::format("what is heard is kept in {}; outages go to {}.", options.run.journal,
                         options.run.store));
    if (options.listen.empty()) return;
    complain(fmt::format("health and metrics are told on http://{}.", options.listen));
    if (!parse_endpoint(options.listen)->is_loopback())
        complain("that is no loopback address: whoever can reach it can read them.");
}

/// Until somebody asks us to stop.
void keep_following(const Listening& listening, const WatchOptions& options,
                    const CommonOptions& common, WatchStatus& status, WatchTeller& teller,
                    Notifier* notifier) {
    std::chrono::seconds pause = kFirstWait;
    while (!stop_requested()) {
        const auto run = follow(listening, options, common, status, teller, notifier);
        if (run || stop_requested()) break;
        status.tell_store_failed(run.error().message);
        complain(fmt::format(
            "{} Listening goes on, and what is heard is kept; the store is tried again in {} s.",
            run.error().message, pause.count()));
        if (!pause_for(pause)) break;
        pause = std::min(2 * pause, kLongestWait);
    }
}

}  // namespace

int run_watch(const WatchOptions& given, const CommonOptions& common) {
    const auto options = complete_options(given);
    if (!options) return complain(options.error().message), kUsage;
    if (options->log == "json") complain_as_json();
    const auto groups = groups_of(*options);
    if (!groups) return complain(groups.error().message), kUsage;
    catch_reload_signal();
    for (const MissingFile& missing : missing_files(*options, WallClock().second())) {
        complain(missing.what);
        for (const std::string& way : missing.ways) complain(way);
    }
    const auto clock = options->clock.empty() ? WallClock() : *WallClock::parse(options->clock);
    WatchStatus status;
    WatchTeller teller(*options, common.quiet, clock, *groups);
    const OwnNames names(*groups);
    auto notifier = Notifier::start(*options, names, clock);
    if (!notifier) return complain(notifier.error().message), kUsage;
    const auto listening = Listening::start({.journal = options->run.journal,
                                             .sources = sources_of(*options),
                                             .archive = options->run.archive},
                                            clock);
    if (!listening) return complain(listening.error().message), kFailed;
    const std::unique_ptr<Notifier> telling = std::move(*notifier);  // Ends before the listening.
    const auto duties = WatchDuties::start(given, *options, *groups,
                                           {.listening = **listening,
                                            .status = status,
                                            .teller = teller,
                                            .clock = clock,
                                            .notifier = telling.get()});
    if (!duties) return complain(duties.error().message), kFailed;
    if (telling) telling->watch([&] { return signs_of(**listening); });
    if (!common.quiet) greet(**listening, *options);
    keep_following(**listening, *options, common, status, teller, telling.get());
    return kDone;
}

}  // namespace dimout::app
