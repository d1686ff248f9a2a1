// `watch`: the daemon. Live sources → journal → store, and outages as they are found.

#include <fmt/format.h>

#include <algorithm>

#include "app/commands.h"
#include "app/config.h"
#include "app/exit_code.h"
#include "app/journal_run.h"
#include "app/names.h"
#include "app/output.h"
#include "app/own_view.h"
#include "app/public_outages.h"
#include "app/registry_notes.h"
#include "app/stop.h"
#include "app/watch.h"
#include "present/outage_json.h"
#include "present/sentence.h"

namespace dimout::app {
namespace {

/// After a failure of the store: first and longest wait before it is tried again.
constexpr std::chrono::seconds kFirstWait{5};
constexpr std::chrono::seconds kLongestWait{300};

/// A bin that ended no longer ago than that is of now, not of a journal that is being caught up on.
constexpr std::chrono::minutes kOfNow{30};

/// What a person is told while it goes on.
class Teller {
public:
    Teller(const WatchOptions& options, const CommonOptions& common, const WallClock& clock,
           const registry::Groups& groups)
        : options_(options), quiet_(common.quiet), clock_(clock), names_(groups) {}

    void tell_registry(const registry::Registry& registry) {
        view_.emplace(registry.followed(), options_.country);
        if (quiet_) return;
        for (const std::string& line : registry_advice(registry, options_.run)) complain(line);
    }

    void tell_outage(const Outage& outage) const {
        if (public_outages({outage}).empty()) return;
        if (options_.format == "json") {
            JsonWriter json;
            present::write_outage(json, outage, names_);
            write_out(json.text() + '\n');
            return;
        }
        write_out(fmt::format("{} {} (revision {})\n", to_rfc3339(outage.known_at),
                              present::sentence(outage, names_), outage.revision));
    }

    /// One's own networks are shown when they are first seen, or nobody sees them any more.
    void tell_bin(const VisibilityBin& bin, const store::RunFacts& facts) {
        if (quiet_) return;
        view_->add(bin, facts);
        const bool of_now = bin.bin.end() + options_.run.lateness + kOfNow >= clock_.second();
        if (!of_now || shown_ == view_->is_watched()) return;
        shown_ = view_->is_watched();
        for (const std::string& line : view_->lines()) complain(line);
    }

private:
    const WatchOptions& options_;
    const bool quiet_;
    const WallClock& clock_;
    const OwnNames names_;
    std::optional<OwnView> view_;
    std::optional<bool> shown_;  ///< What was last shown.
};

/// From the journal's beginning: what the store has already is verified, and then it goes on.
Result<JournalRun> follow(const Listening& listening, const WatchOptions& options,
                          const CommonOptions& common, Teller& teller) {
    auto reader = source::JournalReader::open(options.run.journal);
    if (!reader) return std::unexpected(reader.error());
    JournalFeed feed(std::move(*reader), &listening.journal(), [] { return stop_requested(); });
    return run_journal(
        feed, options.run, common,
        {.on_registry = [&](const auto& registry) { teller.tell_registry(registry); },
         .on_outage = [&](const Outage& outage) { teller.tell_outage(outage); },
         .on_bin = [&](const VisibilityBin& bin,
                       const store::RunFacts& facts) { teller.tell_bin(bin, facts); }});
}

Result<registry::Groups> groups_of(const WatchOptions& options) {
    if (!options.run.groups) return registry::Groups();
    return registry::Groups::read(*options.run.groups, config_keys());
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
    const auto groups = groups_of(*options);
    if (!groups) return complain(groups.error().message), kUsage;
    const auto clock = options->clock.empty() ? WallClock() : *WallClock::parse(options->clock);
    const auto listening = Listening::start({.journal = options->run.journal,
                                             .bmp = options->bmp,
                                             .ris_live = options->ris_live,
                                             .ris_live_url = options->ris_live_url,
                                             .archive = options->run.archive},
                                            clock);
    if (!listening) return complain(listening.error().message), kFailed;
    Teller teller(*options, common, clock, *groups);
    if (!common.quiet) greet(**listening, *options);
    std::chrono::seconds pause = kFirstWait;
    while (!stop_requested()) {
        const auto run = follow(**listening, *options, common, teller);
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
