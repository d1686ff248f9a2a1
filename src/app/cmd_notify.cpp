// `notify`: tries the channels, and shows and resends what was given up.

#include <fmt/format.h>

#include "app/commands.h"
#include "app/config.h"
#include "app/exit_code.h"
#include "app/names.h"
#include "app/notify_channels.h"
#include "app/output.h"
#include "app/stop.h"
#include "app/wall_clock.h"

namespace dimout::app {
namespace {

/// What the command line says, and for the rest a dimout.toml.
Result<WatchOptions> complete(const NotifyCommandOptions& options) {
    WatchOptions watch;
    watch.notify = options.notify;
    watch.outbox = options.outbox;
    if (!options.notify.empty()) watch.given.insert("--notify");
    if (!options.outbox.empty()) watch.given.insert("--outbox");
    const bool asks = options.action == "test" ? options.notify.empty() : options.outbox.empty();
    auto file = options.config;
    if (!file && asks) file = find_config();
    if (file) {
        const auto config = read_config(*file);
        if (!config) return std::unexpected(config.error());
        apply_config(*config, watch);
    }
    return watch;
}

int test(const WatchOptions& watch) {
    if (watch.notify.empty()) {
        complain(
            "there is nobody to tell: --notify ntfy://ntfy.sh/topic, or `notify` in a "
            "dimout.toml.");
        return kUsage;
    }
    auto channels = open_channels(watch.notify, stop_requested);
    if (!channels) return complain(channels.error().message), kUsage;
    return try_channels(*channels) ? kDone : kFailed;
}

int list(const std::string& outbox) {
    const auto ledger = notify::read_outbox(outbox);
    if (!ledger) return complain(ledger.error().message), kFailed;
    for (const notify::Entry& entry : ledger->entries) {
        for (const notify::Delivery& delivery : entry.deliveries) {
            write_out(fmt::format("{}  {}  {}  {}\n", to_rfc3339(entry.message.at),
                                  to_string(delivery.progress), delivery.channel,
                                  entry.message.subject));
            if (!delivery.trouble.empty() && delivery.progress != notify::Progress::Sent)
                write_out(
                    fmt::format("    after {} tries: {}\n", delivery.tries, delivery.trouble));
        }
    }
    return kDone;
}

int retry(const std::string& folder) {
    const EmbeddedNames names;
    if (const auto known = notify::read_outbox(folder); !known)
        return complain(known.error().message), kFailed;
    const EventTime now = WallClock().second();
    const auto outbox = notify::Outbox::open(real_disk(), folder, names, {.channels = {}}, now);
    if (!outbox) {
        complain(outbox.error().message + " Stop it first: it sends them when it starts again.");
        return kFailed;
    }
    const auto count = (*outbox)->retry_dead(now);
    if (!count) return complain(count.error().message), kFailed;
    write_out(fmt::format("{} wait again; the next `dimout watch` sends them.\n", *count));
    return kDone;
}

}  // namespace

int run_notify(const NotifyCommandOptions& options, const CommonOptions&) {
    const auto watch = complete(options);
    if (!watch) return complain(watch.error().message), kUsage;
    if (options.action == "test") return test(*watch);
    std::string outbox = watch->outbox;
    if (outbox.empty() && !watch->run.store.empty()) outbox = watch->run.store + ".outbox";
    if (outbox.empty()) {
        complain("which outbox? --outbox DIR, or a dimout.toml with `store`.");
        return kUsage;
    }
    return options.action == "list" ? list(outbox) : retry(outbox);
}

}  // namespace dimout::app
