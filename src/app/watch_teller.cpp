#include "app/watch_teller.h"

#include <fmt/format.h>

#include "app/output.h"
#include "app/public_outages.h"
#include "app/registry_notes.h"
#include "present/outage_json.h"
#include "present/sentence.h"

namespace dimout::app {
namespace {

/// A bin that ended no longer ago than that is of now, not of a journal that is being caught up on.
constexpr std::chrono::minutes kOfNow{30};

}  // namespace

WatchTeller::WatchTeller(const WatchOptions& options, bool quiet, const WallClock& clock,
                         const registry::Groups& groups)
    : options_(options), quiet_(quiet), clock_(clock), names_(groups) {}

void WatchTeller::tell_registry(const registry::Registry& registry) {
    const std::lock_guard lock(mutex_);
    const bool told = view_.has_value();
    view_.emplace(registry.followed(), options_.country);
    if (quiet_ || told) return;
    for (const std::string& line : registry_advice(registry, options_.run)) complain(line);
}

void WatchTeller::tell_outage(const Outage& outage) const {
    if (public_outages({outage}).empty()) return;
    const std::lock_guard lock(mutex_);
    if (options_.format == "json") {
        JsonWriter json;
        present::write_outage(json, outage, names_);
        write_out(json.text() + '\n');
        return;
    }
    write_out(fmt::format("{} {} (revision {})\n", to_rfc3339(outage.known_at),
                          present::sentence(outage, names_), outage.revision));
}

void WatchTeller::tell_bin(const VisibilityBin& bin, const store::RunFacts& facts) {
    const std::lock_guard lock(mutex_);
    if (quiet_ || !view_) return;
    view_->add(bin, facts);
    const bool of_now = bin.bin.end() + options_.run.lateness + kOfNow >= clock_.second();
    if (!of_now || shown_ == view_->is_watched()) return;
    shown_ = view_->is_watched();
    for (const std::string& line : view_->lines()) complain(line);
}

void WatchTeller::change(const WatchOptions& options, const registry::Groups& groups) {
    const std::lock_guard lock(mutex_);
    options_ = options;
    names_ = OwnNames(groups);
}

}  // namespace dimout::app
