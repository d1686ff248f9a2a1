// What a person is told while a daemon runs: outages on stdout, one's own networks on stderr.
#pragma once

#include <mutex>
#include <optional>

#include "app/commands.h"
#include "app/names.h"
#include "app/own_view.h"
#include "app/wall_clock.h"
#include "model/outage.h"
#include "registry/registry.h"

namespace dimout::app {

/// Any thread may call it. `clock` outlives it.
class WatchTeller {
public:
    WatchTeller(const WatchOptions& options, bool quiet, const WallClock& clock,
                const registry::Groups& groups);

    /// What is missing of the registries, once.
    void tell_registry(const registry::Registry& registry);
    void tell_outage(const Outage& outage) const;
    /// One's own networks are shown when they are first seen, or nobody sees them any more.
    void tell_bin(const VisibilityBin& bin, const store::RunFacts& facts);
    /// From now on in this form, with these names.
    void change(const WatchOptions& options, const registry::Groups& groups);

private:
    mutable std::mutex mutex_;
    WatchOptions options_;
    const bool quiet_;
    const WallClock& clock_;
    OwnNames names_;
    std::optional<OwnView> view_;
    std::optional<bool> shown_;  ///< Whether they were watched when they were last shown.
};

}  // namespace dimout::app
