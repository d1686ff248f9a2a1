// One function a subcommand, one struct for what its command line said. cli.cpp fills them,
// cmd_*.cpp run them. All print data to stdout, everything else to stderr, and return an exit code.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/time.h"
#include "model/entity.h"
#include "store/path_rows.h"

namespace dimout::app {

struct CommonOptions {
    bool quiet = false;  ///< No progress, no summary.
    int verbose = 0;
};

struct ReplayOptions {
    std::vector<std::string> archive;  ///< Files, folders, lists, `-`.
    std::vector<std::string> series;   ///< As source/series_spec.h has them.
    std::vector<std::filesystem::path> registry;
    std::optional<std::filesystem::path> groups;
    std::vector<Prefix> follow;  ///< Prefixes that get entities of their own.
    std::string store;           ///< A folder, or `none`.
    std::string collector;       ///< Overrides the name learnt from the path.
    std::optional<EventTime> from;
    std::optional<EventTime> until;
    unsigned threads = 0;                        ///< 0: as many as the machine has.
    bool ribs_only = false;                      ///< A coarse history: table dumps alone.
    bool origins_only = false;                   ///< A small table: of each path its end.
    std::uint64_t path_days = store::kPathDays;  ///< How long paths are kept; 0: none are.
    std::string journal{};                       ///< Of `watch`, instead of an archive: a folder.
    /// Of a journal: how long a record may be under way.
    std::chrono::seconds lateness{10};
    bool laboratory = false;  ///< Of a journal: it heard a laboratory's small Internet.
};

struct WatchOptions {
    std::optional<std::filesystem::path> config;  ///< dimout.toml (config.h).
    std::set<std::string> given;                  ///< Options that the command line has.
    ReplayOptions run;                  ///< Store, journal, registry, groups: as for `replay`.
    std::vector<std::string> bmp;       ///< Addresses to listen on for routers.
    std::vector<std::string> ris_live;  ///< Collectors of RIS Live, or `all`.
    std::string ris_live_url;
    std::optional<CountryCode> country;  ///< That its owner looks at.
    std::string clock;                   ///< As in wall_clock.h, for trials; empty: the real one.
    std::vector<std::string> notify;     ///< Whom to tell (notify/address.h); secrets.
    std::string outbox;                  ///< A folder; the store's, `.outbox`, when empty.
    std::string quiet_hours;             ///< `22:00-07:00`; none when empty.
    std::string quiet_zone = "UTC";
    std::vector<std::string> silences;  ///< As notify/quiet.h has them.
    std::string heartbeat;              ///< A URL, or empty.
    std::string listen;                 ///< Of health and metrics pages; empty: none.
    std::string format = "text";
    std::string log = "text";  ///< Form of what is said on stderr.
};

struct InitOptions {
    std::vector<Asn> asns;
    std::optional<std::string> country;
    std::vector<std::string> notify;
    std::vector<std::string> bmp;
    std::vector<std::string> ris_live;
    std::vector<std::string> rib;  ///< Table dumps to learn prefixes from, as an archive.
    std::filesystem::path dir = ".";
    std::string store = "live.store";  ///< As it is to stand in the file.
    bool laboratory = false;
    bool force = false;  ///< Overwrite.
    bool fetch = false;  ///< Tables, updates and registry files first, into `dir`/archive.
    std::string ris;     ///< As in FetchOptions.
    std::string registries;
    std::string clock;  ///< As in WatchOptions.
};

struct NotifyCommandOptions {
    std::string action;  ///< `test`, `list` or `retry`.
    std::optional<std::filesystem::path> config;
    std::vector<std::string> notify{};
    std::string outbox;
};

struct OutagesOptions {
    std::filesystem::path store;
    std::optional<Entity> entity;
    std::string format = "table";
    bool all = false;  ///< Suspected ones and artifacts too.
    std::optional<EventTime> as_of;
};

struct CoincideOptions {
    std::filesystem::path store;
    std::optional<Entity> entity;
    std::string event;  ///< `TIME[,label]`, as vague_time.h has times; or a calendar instead.
    std::optional<std::filesystem::path> calendar;
    std::string zone = "UTC";
    double events = 6;         ///< That would have been named as readily.
    double outcomes = 1;       ///< Kinds of outage that would have counted.
    double window_hours = 24;  ///< Of a calendar.
    std::string format = "text";
};

struct DependOptions {
    std::filesystem::path store;       ///< That keeps paths; or an archive instead.
    std::vector<std::string> archive;  ///< As for `replay`.
    std::vector<std::filesystem::path> registry;
    std::string collector;
    std::optional<Entity> entity;
    std::optional<EventTime> at;                  ///< The archive's end when empty.
    std::vector<Asn> without;                     ///< Networks that are taken away.
    std::optional<std::filesystem::path> groups;  ///< TOML, as for `replay`; for a group.
    std::string format = "text";
};

struct ExplainOptions {
    std::filesystem::path store;
    std::string outage;                            ///< Its id.
    std::optional<std::filesystem::path> table;    ///< Of likelihoods; the shipped one when empty.
    std::optional<std::filesystem::path> records;  ///< CSV of what others know.
    std::vector<std::filesystem::path> registry;   ///< Whose prefixes are whose, for its paths.
    std::string format = "text";
    std::optional<EventTime> as_of;
};

struct ReportOptions {
    ExplainOptions about;  ///< Its `format` is not used.
    std::string format = "md";
    std::string language = "en";
    std::optional<std::filesystem::path> output;  ///< A file; else stdout.
    ReplayOptions evidence;  ///< Of a bundle: the run that found it; its map is that of `about`.
    std::optional<std::filesystem::path> key;      ///< To sign a bundle with,
    std::optional<std::filesystem::path> new_key;  ///< or to make, and sign with.
};

struct WithdrewOptions {
    std::string outage;                ///< Its id; or entity, from and until instead.
    std::filesystem::path store;       ///< That has the outage, and the paths.
    std::vector<std::string> archive;  ///< As for `replay`; instead of the store's paths.
    std::string collector;             ///< Overrides the name learnt from the path.
    std::vector<std::filesystem::path> registry;
    std::optional<std::filesystem::path> groups;
    std::optional<Entity> entity;
    std::optional<EventTime> from;
    std::optional<EventTime> until;
    std::string format = "text";
};

struct SeriesOptions {
    std::filesystem::path store;
    std::optional<Entity> entity;
    std::string signal;
    std::optional<EventTime> from;
    std::optional<EventTime> until;
    std::string format = "csv";
};

struct ImportOptions {
    std::string file;  ///< May be compressed; - for stdin.
    std::filesystem::path store;
    std::string source;  ///< What to call the list; the name of its form when empty.
    std::string format = "text";
};

struct FetchOptions {
    std::vector<std::string> collectors;
    std::optional<EventTime> from;
    std::optional<EventTime> until;
    std::filesystem::path into;
    bool registry = false;     ///< The registries' statistics of that day too.
    bool every_table = false;  ///< Not only the one before `from`.
    bool dry_run = false;
    unsigned jobs = 2;
    std::string ris;  ///< Another server of its layout; empty: the archive's own.
    std::string route_views;
    std::string registries;
    bool says_next = true;  ///< What to do with it.
};

struct InspectOptions {
    std::vector<std::string> files;
    std::string format = "text";
};

struct SimulateOptions {
    std::filesystem::path scenario;
    std::filesystem::path out;
    std::optional<std::uint64_t> seed;
};

struct DemoOptions {
    std::optional<std::filesystem::path> keep;  ///< Where to leave archive and store.
    unsigned threads = 0;
};

struct EvaluateOptions {
    bool quick = false;
    std::uint64_t seed = 1;
    std::filesystem::path data = "../shared/data";  ///< The real tables and update files.
    std::optional<std::filesystem::path> out;       ///< The page.
    std::optional<std::filesystem::path> log;   ///< A line of JSON more for each score of causes.
    std::optional<std::filesystem::path> keep;  ///< Where to leave archives and stores.
    std::string only;                           ///< One part of it.
    std::string commit;                         ///< That the parameters are frozen at.
    std::string format = "text";
};

struct VerifyOptions {
    std::filesystem::path file;
    std::optional<std::filesystem::path> public_key;  ///< Whose signature it must be.
    bool recompute = false;
    std::string format = "text";
};

struct CheckOptions {
    std::filesystem::path store;                  ///< Either this,
    std::optional<std::filesystem::path> config;  ///< or this.
    std::optional<std::uint64_t> sessions;        ///< That a daemon will hear, for its forecast.
};

struct ExportOptions {
    std::filesystem::path store;
};

int run_init(const InitOptions& options, const CommonOptions& common);
int run_notify(const NotifyCommandOptions& options, const CommonOptions& common);
int run_watch(const WatchOptions& options, const CommonOptions& common);
int run_replay(const ReplayOptions& options, const CommonOptions& common);
int run_outages(const OutagesOptions& options, const CommonOptions& common);
int run_coincide(const CoincideOptions& options, const CommonOptions& common);
int run_depend(const DependOptions& options, const CommonOptions& common);
int run_explain(const ExplainOptions& options, const CommonOptions& common);
/// What `report --format` takes.
[[nodiscard]] std::vector<std::string> report_formats();
int run_report(const ReportOptions& options, const CommonOptions& common);
int run_withdrew(const WithdrewOptions& options, const CommonOptions& common);
int run_series(const SeriesOptions& options, const CommonOptions& common);
int run_fetch(const FetchOptions& options, const CommonOptions& common);
int run_import(const ImportOptions& options, const CommonOptions& common);
int run_inspect(const InspectOptions& options, const CommonOptions& common);
int run_simulate(const SimulateOptions& options, const CommonOptions& common);
int run_demo(const DemoOptions& options, const CommonOptions& common);
int run_evaluate(const EvaluateOptions& options, const CommonOptions& common);
int run_bundle(const ReportOptions& options, const CommonOptions& common);
int run_verify(const VerifyOptions& options, const CommonOptions& common);
int run_check(const CheckOptions& options, const CommonOptions& common);
int run_export(const ExportOptions& options, const CommonOptions& common);

/// Parses the command line and runs what it asks for.
int run_command_line(int count, char** arguments);

}  // namespace dimout::app
