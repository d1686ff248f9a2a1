// Options that several commands have, read by our own parsers. For cli.cpp alone.
#pragma once

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "app/commands.h"
#include "app/wall_clock.h"
#include "base/time.h"
#include "model/entity.h"

namespace dimout::app {

/// Reads a value through a parser of ours; the message says what was expected.
template <typename T, typename Parse>
CLI::Option* add_parsed(CLI::App& command, const std::string& name, std::optional<T>& target,
                        Parse parse, const std::string& expected, const std::string& help) {
    return command.add_option_function<std::string>(
        name,
        [&target, parse, expected, name](const std::string& text) {
            target = parse(text);
            if (!target)
                throw CLI::ValidationError(name, fmt::format("'{}' is not {}", text, expected));
        },
        help);
}

inline void add_time(CLI::App& command, const std::string& name, std::optional<EventTime>& target,
                     const std::string& help) {
    add_parsed(command, name, target, parse_time, "a time such as 2014-12-22T16:15Z", help);
}

inline void add_entity(CLI::App& command, std::optional<Entity>& target, bool required) {
    add_parsed(command, "--entity", target, parse_entity,
               "an entity such as country/KP or asn/131279",
               "country/KP, asn/131279, asn-country/131279.KP, prefix/175.45.176.0-22, group/NAME")
        ->required(required);
}

inline void add_store(CLI::App& command, std::filesystem::path& target) {
    command.add_option("--store", target, "folder of the store")->required();
}

inline void add_format(CLI::App& command, std::string& target,
                       const std::vector<std::string>& formats) {
    command.add_option("--format", target, "how to print")
        ->check(CLI::IsMember(formats))
        ->capture_default_str();
}

/// Who owns what.
inline void add_registry(CLI::App& command, std::vector<std::filesystem::path>& target) {
    command.add_option("--registry", target,
                       "RIR delegated files, range lists, mmdb, or folders of them");
}

/// What is asked of one outage, and with what knowledge.
inline void add_explain(CLI::App& why, ExplainOptions& options) {
    why.add_option("OUTAGE", options.outage, "its id, such as country-KP-20141222T1615Z")
        ->required();
    add_store(why, options.store);
    why.add_option("--records", options.records,
                   "CSV of what others know: time,kind,source,text and entity,who,stance,feature,"
                   "level");
    add_registry(why, options.registry);
    why.add_option("--table", options.table, "another table of likelihoods than the shipped one");
    add_time(why, "--as-of", options.as_of, "what was known then");
}

inline void add_clock(CLI::App& command, std::string& target) {
    command
        .add_option("--clock", target,
                    "for trials: START,SPEED, a clock that shows START now and runs SPEED times as "
                    "fast; START may be now")
        ->check([](const std::string& text) {
            return WallClock::parse(text) ? "" : "'" + text + "' is not such as now,60";
        });
}

inline void add_prefixes(CLI::App& command, std::vector<Prefix>& target) {
    command.add_option_function<std::vector<std::string>>(
        "--follow",
        [&target](const std::vector<std::string>& texts) {
            for (const std::string& text : texts) {
                const auto prefix = parse_prefix(text);
                if (!prefix)
                    throw CLI::ValidationError(
                        "--follow", fmt::format("'{}' is not a prefix such as 192.0.2.0/24", text));
                target.push_back(*prefix);
            }
        },
        "prefixes that become entities of their own");
}

inline Asn asn_of(const std::string& text, const std::string& option) {
    const auto entity = parse_entity("asn/" + (text.starts_with("AS") ? text.substr(2) : text));
    if (!entity) throw CLI::ValidationError(option, fmt::format("'{}' is no AS number", text));
    return entity->asn;
}

/// What is wanted of routes, wherever they come from.
inline void add_run(CLI::App& sub, ReplayOptions& run) {
    add_registry(sub, run.registry);
    sub.add_option("--groups", run.groups, "TOML file with your own groups of prefixes and ASes");
    add_prefixes(sub, run.follow);
    sub.add_flag("--origins-only", run.origins_only,
                 "keep of each AS path only where it ends: a smaller table; path_changes counts "
                 "changes of origin");
    sub.add_option("--path-days", run.path_days,
                   "days for which the paths of tables are kept (default: 400; 0 keeps none)");
    sub.add_option("--threads", run.threads, "shards worked on in parallel (default: all cores)")
        ->check(CLI::Range(0, 64));
}

/// What a bundle is made from, as it was given to `replay`, and who signs it.
inline void add_evidence(CLI::App& page, ReportOptions& options) {
    ReplayOptions& run = options.evidence;
    page.add_option("--archive", run.archive,
                    "of a bundle: the MRT files that the store was made from, as for replay");
    page.add_option("--groups", run.groups, "TOML with groups, as for replay");
    page.add_option("--series", run.series, "samples of other signals, as for replay");
    page.add_option("--collector", run.collector, "its name, when files do not tell");
    add_time(page, "--from", run.from, "begin here, as for replay");
    page.add_flag("--ribs-only", run.ribs_only, "as for replay");
    page.add_flag("--origins-only", run.origins_only, "as for replay");
    page.add_option("--key", options.key, "Ed25519 key (PEM, mode 0600) to sign a bundle with");
    page.add_option("--new-key", options.new_key,
                    "make a key there (mode 0600) and FILE.pub beside it, and sign with it");
}

/// Whom to tell, and when not.
inline void add_telling(CLI::App& sub, WatchOptions& watch) {
    sub.add_option("--notify", watch.notify,
                   "whom to tell of outages: ntfy://ntfy.sh/topic, webhook+https://…, "
                   "slack+https://…, telegram://CHAT, alertmanager+http://…, smtp://…, atom:FILE, "
                   "or file:PATH or env:NAME where that stands");
    sub.add_option("--outbox", watch.outbox,
                   "folder in which what is to be told waits (default: the store's, .outbox)");
    sub.add_option("--quiet-hours", watch.quiet_hours,
                   "when people are told only that their own networks are dark: 22:00-07:00");
    sub.add_option("--quiet-zone", watch.quiet_zone, "whose clock that is: Asia/Pyongyang")
        ->capture_default_str();
    sub.add_option("--silence", watch.silences,
                   "ENTITY,FROM,UNTIL: no outage of it is begun to be told in that time");
    sub.add_option("--heartbeat", watch.heartbeat,
                   "a URL that is asked for every minute while all goes well, for a service that "
                   "tells when it is not");
}

/// What is to be done with the ways by which people are told.
inline void add_notify_action(CLI::App& sub, NotifyCommandOptions& notify) {
    sub.add_option("ACTION", notify.action,
                   "test sends a test message to each, list shows what an outbox holds, retry lets "
                   "what was given up wait again")
        ->check(CLI::IsMember({"test", "list", "retry"}))
        ->required();
    sub.add_option("--notify", notify.notify, "addresses to test, as for watch");
    sub.add_option("--outbox", notify.outbox, "folder of the outbox");
    sub.add_option("--config", notify.config, "a dimout.toml that says both");
}

/// What a journal must be read with as it was written.
inline void add_journal(CLI::App& sub, ReplayOptions& run) {
    sub.add_option_function<int>(
           "--lateness", [&run](int seconds) { run.lateness = std::chrono::seconds(seconds); },
           "seconds that a message may be under way before its second counts as over (default: 10)")
        ->check(CLI::Range(1, 3600));
    sub.add_flag("--laboratory", run.laboratory,
                 "what is heard is a laboratory's small Internet: judge it by its own size, and "
                 "call it synthetic");
}

}  // namespace dimout::app
