// What a daemon owes the machine it runs on, beside its work: health pages, a sign of life to
// systemd, and a look at its configuration when SIGHUP asks for one.
#pragma once

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "app/commands.h"
#include "app/notifier.h"
#include "app/watch.h"
#include "app/watch_status.h"
#include "app/watch_teller.h"
#include "registry/groups.h"
#include "serve/http_server.h"

namespace dimout::app {

/// What changed from one configuration to the next, by what it takes to follow it.
struct ConfigChanges {
    bool any = false;
    std::vector<std::string> need_restart;  ///< Keys of dimout.toml.
    std::vector<std::string> need_store;    ///< What a store knows from its first bin on.
};
[[nodiscard]] ConfigChanges changes_between(const WatchOptions& before,
                                            const registry::Groups& groups_before,
                                            const WatchOptions& after,
                                            const registry::Groups& groups_after);

class WatchDuties {
public:
    struct Parts {
        Listening& listening;
        const WatchStatus& status;
        WatchTeller& teller;
        const WallClock& clock;
        const Notifier* notifier;  ///< Null: nobody is told.
    };
    /// `given` is the command line, `running` what followed from it and dimout.toml. Parts outlive
    /// it. Fails when the pages' address is taken.
    [[nodiscard]] static Result<std::unique_ptr<WatchDuties>> start(const WatchOptions& given,
                                                                    const WatchOptions& running,
                                                                    const registry::Groups& groups,
                                                                    const Parts& parts);
    ~WatchDuties();

private:
    WatchDuties(const WatchOptions& given, const WatchOptions& running,
                const registry::Groups& groups, const Parts& parts)
        : given_(given),
          running_(running),
          groups_(groups),
          parts_(parts),
          lateness_(running.run.lateness) {}

    void run(const std::stop_token& stop);
    void reload();
    void tell_alive();
    [[nodiscard]] WatchFacts facts() const;
    [[nodiscard]] serve::Reply answer(const serve::Request& request) const;

    const WatchOptions given_;
    WatchOptions running_;
    registry::Groups groups_;
    const Parts parts_;
    const std::chrono::seconds lateness_;
    std::chrono::steady_clock::time_point told_alive_;
    std::unique_ptr<serve::HttpServer> server_;
    std::jthread thread_;
};

/// Where watch finds its sources in its options.
[[nodiscard]] inline Sources sources_of(const WatchOptions& options) {
    return {.bmp = options.bmp, .ris_live = options.ris_live, .ris_live_url = options.ris_live_url};
}

}  // namespace dimout::app
