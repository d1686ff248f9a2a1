// The command line, and nothing else: CLI11 is slow to compile, so it is included here only.

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "app/cli_options.h"
#include "app/commands.h"
#include "app/exit_code.h"
#include "app/output.h"
#include "app/version.h"

namespace dimout::app {
namespace {

/// All that the command line can say.
struct CommandLine {
    CLI::App app{"dimout: who went dark on the Internet, when, how badly, and how sure we are"};
    CommonOptions common;
    ReplayOptions replay;
    InitOptions init;
    WatchOptions watch;
    NotifyCommandOptions notify;
    OutagesOptions outages;
    CoincideOptions coincide;
    DependOptions depend;
    ExplainOptions explain;
    ReportOptions report;
    WithdrewOptions withdrew;
    SeriesOptions series;
    InspectOptions inspect;
    SimulateOptions simulate;
    DemoOptions demo;
    EvaluateOptions evaluate;
    CheckOptions check;
    VerifyOptions verify;
    ImportOptions imported;
    FetchOptions fetch;
    ExportOptions exported;
    int exit_code = kDone;

    CommandLine();

private:
    template <typename Options>
    CLI::App& command(const std::string& name, const std::string& help, Options& options,
                      int (*run)(const Options&, const CommonOptions&)) {
        CLI::App* sub = app.add_subcommand(name, help);
        sub->callback([this, &options, run] { exit_code = run(options, common); });
        return *sub;
    }
    void add_demo();
    void add_replay();
    void add_init();
    void add_watch();
    void add_notify();
    void add_questions();
    void add_coincide();
    void add_withdrew();
    void add_tools();
    void add_fetch();
    void add_evaluate();
};

CommandLine::CommandLine() {
    app.set_version_flag("--version", version_text());
    app.require_subcommand(1);
    app.fallthrough();
    app.add_flag("-q,--quiet", common.quiet, "no progress and no summary");
    app.add_flag("-v,--verbose", common.verbose,
                 "name up to 200 input errors of each kind instead of 5");
    app.footer(
        "Exit codes: 0 done, 1 failed, 2 done but the input was incomplete, 64 usage.\n"
        "Times are UTC: 2014-12-22T16:15Z. Start with: dimout demo");
    add_demo();
    add_replay();
    add_init();
    add_watch();
    add_notify();
    add_questions();
    add_coincide();
    add_withdrew();
    add_tools();
    add_fetch();
    add_evaluate();
}

void CommandLine::add_demo() {
    CLI::App& sub =
        command("demo", "reconstruct December 2014, replay it and show the blackout of North Korea",
                demo, run_demo);
    sub.add_option("--keep", demo.keep, "leave the archive and the store in this folder");
    sub.add_option("--threads", demo.threads, "shards worked on in parallel (default: all cores)");
}

void CommandLine::add_replay() {
    CLI::App& sub =
        command("replay", "read a routing archive and find the outages in it", replay, run_replay);
    sub.add_option("--archive", replay.archive, "MRT files, folders, @lists, or - for stdin");
    sub.add_option("--series", replay.series,
                   "samples of other signals, CSV or NDJSON: time,entity,signal,value; or a table: "
                   "FILE,entity=country/IQ,columns=NAME:traffic.requests+NAME:probe.replies");
    sub.add_option("--store", replay.store, "folder to write, or none")->required();
    sub.add_option("--collector", replay.collector,
                   "name of the collector, when files do not tell");
    add_time(sub, "--from", replay.from, "begin here (the newest RIB before it is read too)");
    add_time(sub, "--until", replay.until, "end here");
    sub.add_flag("--ribs-only", replay.ribs_only,
                 "read table dumps alone: a coarse history of years, its times as wide as their "
                 "spacing");
    sub.add_option("--journal", replay.journal,
                   "the journal of a daemon (dimout watch), instead of an archive");
    add_run(sub, replay);
    add_journal(sub, replay);
}

void CommandLine::add_init() {
    CLI::App& sub =
        command("init", "write a first dimout.toml for your own networks", init, run_init);
    sub.add_option_function<std::vector<std::string>>(
           "--asn",
           [this](const std::vector<std::string>& texts) {
               for (const std::string& text : texts) init.asns.push_back(asn_of(text, "--asn"));
           },
           "your networks: 64500, or AS64500")
        ->required();
    sub.add_option("--country", init.country, "the country that you look at: KP");
    sub.add_option("--notify", init.notify, "where to tell of outages: ntfy://ntfy.sh/topic");
    sub.add_option("--bmp", init.bmp, "address to listen on for routers: 127.0.0.1:11019");
    sub.add_option("--ris-live", init.ris_live, "collectors of RIS Live to listen to, or all");
    sub.add_option("--rib", init.rib,
                   "table dumps from which your prefixes are learnt (default: DIR/archive)");
    sub.add_option("--dir", init.dir, "folder for the file")->capture_default_str();
    sub.add_option("--store", init.store, "folder for what is found, seen from there")
        ->capture_default_str();
    sub.add_flag("--laboratory", init.laboratory,
                 "what will be heard is a laboratory's small Internet");
    sub.add_flag("--force", init.force, "overwrite a dimout.toml that is there");
    sub.add_flag(
        "--fetch", init.fetch,
        "first bring RIS' newest tables, the updates since and the registries' files, into "
        "DIR/archive");
    sub.add_option("--ris", init.ris, "URL of a mirror of the RIS archive");
    sub.add_option("--registries", init.registries, "URL of a mirror of the RIR statistics");
    add_clock(sub, init.clock);
}

void CommandLine::add_watch() {
    CLI::App& sub =
        command("watch", "listen to routers and RIS Live, and tell of outages as they happen",
                watch, run_watch);
    sub.add_option("--config", watch.config,
                   "dimout.toml, which says all of this; what stands here goes before it");
    sub.add_option("--store", watch.run.store, "folder to write");
    sub.add_option("--journal", watch.run.journal,
                   "folder in which all that is heard is kept (default: the store's, .journal)");
    sub.add_option("--bmp", watch.bmp,
                   "address to listen on for routers that speak BMP: 127.0.0.1:11019");
    sub.add_option("--ris-live", watch.ris_live,
                   "collectors of RIPE's RIS Live to listen to: rrc00, rrc21, or all");
    sub.add_option("--ris-live-url", watch.ris_live_url,
                   "another server of its kind: wss://…, ws://…, or https://… for the stream");
    sub.add_option("--archive", watch.run.archive,
                   "when the journal is new: the table dumps and updates that lead up to now");
    add_telling(sub, watch);
    add_clock(sub, watch.clock);
    add_format(sub, watch.format, {"text", "json"});
    sub.add_option("--log", watch.log, "form of what is said on stderr")
        ->check(CLI::IsMember({"text", "json"}))
        ->capture_default_str();
    sub.add_option("--listen", watch.listen,
                   "address of /metrics, /healthz and /readyz: 127.0.0.1:8470");
    add_run(sub, watch.run);
    add_journal(sub, watch.run);
    sub.parse_complete_callback([this, &sub] {
        for (const CLI::Option* option : sub.get_options()) {
            if (option->count() > 0) watch.given.insert(option->get_name());
        }
    });
}

void CommandLine::add_notify() {
    add_notify_action(
        command("notify", "try the ways by which watch tells of outages", notify, run_notify),
        notify);
}

void CommandLine::add_questions() {
    CLI::App& list = command("outages", "list the outages of a store", outages, run_outages);
    add_store(list, outages.store);
    add_entity(list, outages.entity, false);
    add_format(list, outages.format, {"table", "json", "sentence"});
    list.add_flag("--all", outages.all,
                  "also what is only suspected, our own artifacts, and imported lists");
    add_time(list, "--as-of", outages.as_of, "what was known then");

    CLI::App& ways = command("depend",
                             "on which networks the ways to a country, network, prefix or group "
                             "lead through, and what is left without some",
                             depend, run_depend);
    ways.add_option("--store", depend.store, "folder of a store that keeps paths");
    ways.add_option("--archive", depend.archive,
                    "or an archive: table dumps, and updates after them");
    add_entity(ways, depend.entity, true);
    add_time(ways, "--at", depend.at, "this moment instead of the archive's end");
    ways.add_option_function<std::vector<std::string>>(
        "--without",
        [this](const std::vector<std::string>& texts) {
            for (const std::string& text : texts)
                depend.without.push_back(asn_of(text, "--without"));
        },
        "networks that fail: AS4837, or 4837");
    add_registry(ways, depend.registry);
    ways.add_option("--groups", depend.groups, "TOML with groups, as for replay");
    ways.add_option("--collector", depend.collector,
                    "name of the collector, when files do not tell");
    add_format(ways, depend.format, {"text", "json"});

    CLI::App& why = command("explain", "what speaks for and against each cause of an outage",
                            explain, run_explain);
    add_explain(why, explain);
    add_format(why, explain.format, {"text", "json"});

    CLI::App& page =
        command("report", "one outage as a text that a person can quote", report, run_report);
    add_explain(page, report.about);
    add_format(page, report.format, report_formats());
    page.add_option("--lang", report.language, "language of its text")->capture_default_str();
    page.add_option("--output", report.output, "a file instead of stdout");
    add_evidence(page, report);

    CLI::App& line = command("series", "print one signal of one entity", series, run_series);
    add_store(line, series.store);
    add_entity(line, series.entity, true);
    line.add_option("--signal", series.signal,
                    "such as bgp.visible_slash24 or traffic.requests; 'list' names them all")
        ->required();
    add_time(line, "--from", series.from, "first bin");
    add_time(line, "--until", series.until, "end of the last bin");
    add_format(line, series.format, {"csv", "json", "plot"});
}

void CommandLine::add_coincide() {
    CLI::App& sub = command("coincide", "how likely an outage fell so close to an event by chance",
                            coincide, run_coincide);
    add_store(sub, coincide.store);
    add_entity(sub, coincide.entity, true);
    sub.add_option(
        "--event", coincide.event,
        "TIME[,label]: 2014-12-19T18:53Z, 2014-12-19, '2014-12-19 evening', Friday, A..B");
    sub.add_option("--calendar", coincide.calendar, "CSV of dated events: time,label");
    sub.add_option("--zone", coincide.zone, "of times without one, such as Asia/Pyongyang")
        ->capture_default_str();
    sub.add_option("--events", coincide.events, "events that would have been named as readily")
        ->check(CLI::Range(1.0, 1e6))
        ->capture_default_str();
    sub.add_option("--outcomes", coincide.outcomes, "kinds of outage that would have counted")
        ->check(CLI::Range(1.0, 100.0))
        ->capture_default_str();
    sub.add_option("--window", coincide.window_hours, "hours after an event of the calendar")
        ->check(CLI::Range(1.0, 720.0))
        ->capture_default_str();
    add_format(sub, coincide.format, {"text", "json"});
}

void CommandLine::add_withdrew() {
    CLI::App& sub =
        command("withdrew", "say which link, or the origin itself, explains what an outage took",
                withdrew, run_withdrew);
    sub.add_option("OUTAGE", withdrew.outage, "its id, as `outages` prints it");
    sub.add_option("--store", withdrew.store,
                   "folder of the store that has the outage and its paths");
    sub.add_option("--archive", withdrew.archive,
                   "read the paths from MRT files, folders or @lists with a table dump and the "
                   "updates of the onset (default: from the store)");
    sub.add_option("--collector", withdrew.collector,
                   "the collector's name, when no path tells it");
    sub.add_option("--registry", withdrew.registry, "files that say who owns what, as for replay");
    sub.add_option("--groups", withdrew.groups, "TOML with groups, as for replay");
    add_entity(sub, withdrew.entity, false);
    add_time(sub, "--from", withdrew.from,
             "routes before this moment are how it was (default: 5 min before the onset)");
    add_time(
        sub, "--until", withdrew.until,
        "by then it has settled (default: 15 min after the onset, or the end of the darkness)");
    add_format(sub, withdrew.format, {"text", "json"});
}

void CommandLine::add_tools() {
    CLI::App& show = command("inspect", "print the records of MRT files", inspect, run_inspect);
    show.add_option("FILE", inspect.files, "files, or - for stdin")->required();
    add_format(show, inspect.format, {"text", "json", "bgpdump"});

    CLI::App& listed =
        command("import", "keep somebody else's list of outages, and say which of ours each is",
                imported, run_import);
    listed
        .add_option("FILE", imported.file,
                    "CSV of IODA's curated list, of KeepItOn, or with the columns entity,start,end")
        ->required();
    add_store(listed, imported.store);
    listed.add_option("--source", imported.source, "what to call the list");
    add_format(listed, imported.format, {"text", "json"});

    CLI::App& made = command("simulate", "write an archive with a known truth from a scenario",
                             simulate, run_simulate);
    made.add_option("SCENARIO", simulate.scenario,
                    "scenario file, or the name of a built-in one (kp-2014)")
        ->required();
    made.add_option("OUTDIR", simulate.out, "folder to write")->required();
    made.add_option("--seed", simulate.seed, "another world of the same kind");

    CLI::App& sealed = command(
        "verify", "check an evidence bundle: every byte, who signed it, and what follows from it",
        verify, run_verify);
    sealed.add_option("FILE", verify.file, "the bundle, as report --format bundle makes it")
        ->required();
    sealed.add_option("--public-key", verify.public_key,
                      "PEM file of the key that must have signed it");
    sealed.add_flag("--recompute", verify.recompute,
                    "derive the outage again from the bundle alone, and compare");
    add_format(sealed, verify.format, {"text", "json"});

    CLI::App& checked = command("check",
                                "verify a store: checksums, completeness; or a dimout.toml, with "
                                "what it will take",
                                check, run_check);
    CLI::Option* of_store = checked.add_option("--store", check.store, "folder of the store");
    checked.add_option("--config", check.config, "or a dimout.toml")->excludes(of_store);
    checked
        .add_option("--sessions", check.sessions,
                    "whole tables that a daemon will hear (default: assumed from its sources)")
        ->check(CLI::Range(0, 100'000));

    CLI::App& canonical =
        command("export", "print a whole store as canonical NDJSON", exported, run_export);
    add_store(canonical, exported.store);
}

void CommandLine::add_fetch() {
    CLI::App& sub =
        command("fetch", "bring what a replay needs from the public archives", fetch, run_fetch);
    sub.add_option("--collector", fetch.collectors,
                   "rrc00 (RIPE RIS), route-views2, route-views.jinx (RouteViews), …");
    add_time(sub, "--from", fetch.from,
             "the first moment that is wanted (of --registry alone: now)");
    add_time(sub, "--until", fetch.until, "the first that is not");
    sub.add_option("--into", fetch.into, "folder for the files, in the archives' layout")
        ->required();
    sub.add_flag("--registry", fetch.registry,
                 "also the address registries' statistics of that day, into its folder registry/");
    sub.add_flag("--every-table", fetch.every_table,
                 "all table dumps of that time, not only the one before it");
    sub.add_flag("--dry-run", fetch.dry_run, "only say what would be fetched");
    sub.add_option("--jobs", fetch.jobs, "files at a time")
        ->check(CLI::Range(1, 4))
        ->capture_default_str();
    sub.add_option("--ris", fetch.ris, "URL of a mirror of the RIS archive");
    sub.add_option("--route-views", fetch.route_views, "URL of a mirror of RouteViews");
    sub.add_option("--registries", fetch.registries, "URL of a mirror of the RIR statistics");
}

void CommandLine::add_evaluate() {
    CLI::App& sub =
        command("evaluate", "run the detector over known truth and write its score card", evaluate,
                run_evaluate);
    sub.add_flag("--quick", evaluate.quick, "small worlds: a minute instead of many");
    sub.add_option("--seed", evaluate.seed, "1 to 100 report; others are for trying things out")
        ->capture_default_str();
    sub.add_option("--data", evaluate.data, "folder of real tables and update files")
        ->capture_default_str();
    sub.add_option("--out", evaluate.out, "write the page here");
    sub.add_option("--keep", evaluate.keep, "leave archives and stores in this folder");
    sub.add_option("--only", evaluate.only, "one part of it")
        ->check(CLI::IsMember({"outages", "real", "harmless", "beacons", "null", "kp", "traffic",
                               "labelled", "weak", "pvalues", "causes", "withdrawals"}));
    sub.add_option("--log", evaluate.log, "append the figures of causes to this file, as JSON");
    sub.add_option("--commit", evaluate.commit, "what the page says it was made with");
    add_format(sub, evaluate.format, {"text", "json"});
}

}  // namespace

int run_command_line(int count, char** arguments) {
    CommandLine line;
    const std::string first = count > 1 ? arguments[1] : "";
    const auto is_named = [&](const CLI::App* command) { return command->get_name() == first; };
    if (!first.empty() && first.front() != '-' && line.app.get_subcommands(is_named).empty()) {
        complain(fmt::format("'{}' is no command; dimout --help lists them.", first));
        return kUsage;
    }
    try {
        line.app.parse(count, arguments);
        return line.exit_code;
    } catch (const CLI::ParseError& error) {
        return line.app.exit(error) == 0 ? kDone : kUsage;
    }
}

}  // namespace dimout::app
