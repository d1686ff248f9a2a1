#include "app/watch_duties.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "app/config.h"
#include "app/output.h"
#include "app/stop.h"
#include "app/systemd.h"
#include "present/clock_text.h"
#include "serve/metrics_text.h"

namespace dimout::app {
namespace {

constexpr std::chrono::milliseconds kTurn{200};
/// Without a watchdog the status line is still kept up to date.
constexpr std::chrono::seconds kTellEvery{10};

constexpr std::string_view kPages =
    "dimout watch\n"
    "/metrics  for Prometheus\n"
    "/healthz  200 while it lives\n"
    "/readyz   200 while it hears, keeps and judges; else why not\n";

serve::Reply page(std::string text) { return {.status = 200, .body = std::move(text)}; }

bool same_members(const registry::Groups& one, const registry::Groups& other) {
    if (one.names() != other.names() || one.followed() != other.followed()) return false;
    return std::ranges::all_of(one.names(), [&](const std::string& name) {
        const auto a = one.members(name);
        const auto b = other.members(name);
        return a->asns == b->asns && a->prefixes == b->prefixes;
    });
}

}  // namespace

ConfigChanges changes_between(const WatchOptions& before, const registry::Groups& groups_before,
                              const WatchOptions& after, const registry::Groups& groups_after) {
    ConfigChanges changes;
    const auto look = [&](std::vector<std::string>& into, bool same, const char* key) {
        if (!same) into.emplace_back(key);
    };
    auto& restart = changes.need_restart;
    look(restart, before.run.store == after.run.store, "store");
    look(restart, before.run.journal == after.run.journal, "journal");
    look(restart, before.country == after.country, "country");
    look(restart, before.listen == after.listen, "listen");
    look(restart, before.log == after.log, "log");
    look(restart, before.notify == after.notify, "notify");
    look(restart, before.outbox == after.outbox, "outbox");
    look(restart, before.heartbeat == after.heartbeat, "heartbeat");
    const bool same_quiet = before.quiet_hours == after.quiet_hours &&
                            before.quiet_zone == after.quiet_zone &&
                            before.silences == after.silences;
    look(restart, same_quiet, "quiet");
    look(restart, before.run.threads == after.run.threads, "threads");
    look(restart, before.run.lateness == after.run.lateness, "sources.lateness");
    look(restart, before.run.laboratory == after.run.laboratory, "sources.laboratory");
    look(restart, before.run.path_days == after.run.path_days, "keep.path_days");
    look(restart, before.run.origins_only == after.run.origins_only, "keep.origins_only");
    look(changes.need_store, before.run.registry == after.run.registry, "registry");
    look(changes.need_store, same_members(groups_before, groups_after), "groups and followed");
    bool zones = true;
    for (std::uint32_t i = 0; i < groups_after.names().size() && changes.need_store.empty(); ++i)
        zones = zones && groups_before.zone(i) == groups_after.zone(i);
    changes.any = !restart.empty() || !changes.need_store.empty() || !zones ||
                  sources_of(before) != sources_of(after) || before.format != after.format;
    return changes;
}

Result<std::unique_ptr<WatchDuties>> WatchDuties::start(const WatchOptions& given,
                                                        const WatchOptions& running,
                                                        const registry::Groups& groups,
                                                        const Parts& parts) {
    // The same file again, wherever it was found.
    WatchOptions asked = given;
    asked.config = running.config;
    std::unique_ptr<WatchDuties> duties(new WatchDuties(asked, running, groups, parts));
    if (!running.listen.empty()) {
        const auto endpoint = parse_endpoint(running.listen);
        if (!endpoint) return std::unexpected(endpoint.error());
        auto server = serve::HttpServer::start(
            {.listen = *endpoint},
            [self = duties.get()](const serve::Request& request) { return self->answer(request); });
        if (!server) return std::unexpected(server.error());
        duties->server_ = std::move(*server);
    }
    tell_systemd("READY=1\nSTATUS=listening");
    duties->thread_ =
        std::jthread([self = duties.get()](const std::stop_token& stop) { self->run(stop); });
    return duties;
}

WatchDuties::~WatchDuties() { tell_systemd("STOPPING=1"); }

void WatchDuties::run(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        if (take_reload_request()) reload();
        tell_alive();
        std::this_thread::sleep_for(kTurn);
    }
}

/// Half as often as systemd wants it, and only while it is true.
void WatchDuties::tell_alive() {
    const auto now = std::chrono::steady_clock::now();
    const auto period = watchdog_period();
    const auto wait = period ? std::min<std::chrono::microseconds>(*period / 2, kTellEvery)
                             : std::chrono::microseconds(kTellEvery);
    if (now - told_alive_ < wait) return;
    told_alive_ = now;
    const WatchFacts known = facts();
    const std::string trouble = why_unhealthy(known);
    const std::string status = !trouble.empty() ? trouble
                               : known.sealed   ? "sealed up to " + present::utc_text(*known.sealed)
                                                : std::string("listening");
    tell_systemd(fmt::format("{}STATUS={}", trouble.empty() ? "WATCHDOG=1\n" : "", status));
}

/// What is wrong changes nothing; what can be followed is; of the rest it is said what it takes.
void WatchDuties::reload() {
    auto fresh = complete_options(given_);
    auto groups = fresh ? groups_of(*fresh) : Result<registry::Groups>(registry::Groups());
    if (!fresh || !groups) {
        complain((!fresh ? fresh.error() : groups.error()).message);
        return complain("The configuration stays as it was.");
    }
    const ConfigChanges changes = changes_between(running_, groups_, *fresh, *groups);
    if (!changes.any) return complain("The configuration was read again; nothing has changed.");
    if (auto heard = parts_.listening.listen_to(sources_of(*fresh)); !heard)
        complain(heard.error().message);
    parts_.teller.change(*fresh, *groups);
    complain(
        "The configuration was read again; what has changed of its sources and of what is told "
        "holds from now on.");
    if (!changes.need_restart.empty())
        complain(fmt::format("Changed, and needs a restart: {}.",
                             fmt::join(changes.need_restart, ", ")));
    if (!changes.need_store.empty())
        complain(
            fmt::format("Changed, and needs another store (docs/reference/configuration.md): "
                        "{}.",
                        fmt::join(changes.need_store, ", ")));
    // What was not followed is compared with what runs, the next time too.
    running_.bmp = fresh->bmp;
    running_.ris_live = fresh->ris_live;
    running_.ris_live_url = fresh->ris_live_url;
    running_.format = fresh->format;
    if (changes.need_store.empty()) groups_ = std::move(*groups);
}

WatchFacts WatchDuties::facts() const {
    WatchFacts facts = parts_.status.facts();
    facts.now = parts_.clock.second();
    facts.lateness = lateness_;
    facts.sources = parts_.listening.health();
    facts.journal = parts_.listening.journal_health();
    if (parts_.notifier != nullptr) facts.channels = parts_.notifier->health();
    return facts;
}

serve::Reply WatchDuties::answer(const serve::Request& request) const {
    if (request.method != "GET") return {.status = 405, .body = "Only GET and HEAD.\n"};
    if (request.path == "/") return page(std::string(kPages));
    if (request.path == "/metrics")
        return {.type = std::string(serve::MetricsText::kType), .body = metrics_of(facts())};
    if (request.path == "/healthz") {
        const std::string trouble = why_unhealthy(facts());
        if (trouble.empty()) return page("ok\n");
        return {.status = 503, .body = trouble + '\n'};
    }
    if (request.path == "/readyz") {
        const auto reasons = why_not_ready(facts());
        if (reasons.empty()) return page("ready\n");
        return {.status = 503, .body = fmt::format("{}\n", fmt::join(reasons, "\n"))};
    }
    return {.status = 404, .body = "No such page; / lists them.\n"};
}

}  // namespace dimout::app
