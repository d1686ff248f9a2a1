// `init`: a first dimout.toml for one's own networks, checked before it is kept.

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>

#include "app/announced.h"
#include "app/commands.h"
#include "app/config.h"
#include "app/config_text.h"
#include "app/exit_code.h"
#include "app/forecast.h"
#include "app/notify_channels.h"
#include "app/output.h"
#include "app/stop.h"
#include "app/wall_clock.h"
#include "base/files.h"
#include "registry/names.h"

namespace dimout::app {
namespace {

constexpr std::string_view kName = "dimout.toml";
/// RIS' collector of many networks from everywhere.
constexpr std::string_view kFirstCollector = "rrc00";

/// The one zone of a country; a country of several has none.
std::string zone_of(const std::optional<std::string>& country) {
    const auto entity = country ? parse_entity("country/" + *country) : std::nullopt;
    const registry::CountryFacts* facts =
        entity ? registry::find_country(entity->country) : nullptr;
    return facts != nullptr && facts->zones.size() == 1 ? std::string(facts->zones.front()) : "";
}

std::optional<std::string> folder_if_there(const std::filesystem::path& dir,
                                           const std::string& name) {
    return file_exists((dir / name).string()) ? std::optional(name) : std::nullopt;
}

/// What the command line says, and what lies in the folder already.
ConfigDraft draft_of(const InitOptions& options) {
    const bool says_source = !options.bmp.empty() || !options.ris_live.empty();
    ConfigDraft draft{.store = options.store,
                      .asns = options.asns,
                      .country = options.country,
                      .zone = zone_of(options.country),
                      .notify = options.notify,
                      .bmp = options.bmp,
                      .ris_live = options.ris_live,
                      .archive = folder_if_there(options.dir, "archive"),
                      .registry = folder_if_there(options.dir, "archive/registry"),
                      .laboratory = options.laboratory,
                      .prefixes = {},
                      .learnt_from = {}};
    if (!says_source) {
        draft.bmp = {"127.0.0.1:11019"};
        draft.ris_live = {std::string(kFirstCollector)};
    }
    return draft;
}

/// The newest tables of RIS' collectors, the updates since, and who owns what.
int fetch_first(const InitOptions& options, const CommonOptions& common) {
    const EventTime now =
        options.clock.empty() ? WallClock().second() : WallClock::parse(options.clock)->second();
    FetchOptions fetch;
    fetch.collectors =
        options.ris_live.empty() ? std::vector{std::string(kFirstCollector)} : options.ris_live;
    std::ranges::replace(fetch.collectors, "all", std::string(kFirstCollector));
    fetch.from = now;
    fetch.until = now + std::chrono::minutes{1};
    fetch.into = options.dir / "archive";
    fetch.registry = true;
    fetch.ris = options.ris;
    fetch.registries = options.registries;
    fetch.says_next = false;
    return run_fetch(fetch, common);
}

/// From what was named, or from the archive that lies in the folder.
Result<void> learn_prefixes(const InitOptions& options, bool quiet, ConfigDraft& draft) {
    std::vector<std::string> tables = options.rib;
    if (tables.empty() && draft.archive) tables.push_back((options.dir / *draft.archive).string());
    if (tables.empty()) return {};
    auto announced = announced_by(options.asns, tables, quiet);
    if (!announced) return std::unexpected(announced.error());
    for (const std::string& error : announced->errors) complain(error);
    draft.prefixes = std::move(announced->prefixes);
    draft.learnt_from =
        options.rib.empty() ? "by the tables in archive/" : "by the table that was given";
    return {};
}

Result<void> keep(const std::filesystem::path& file, const std::string& text, bool force) {
    if (!force && file_exists(file.string()))
        return fail(fmt::format("{} is there already; --force writes it anew.", file.string()));
    if (auto made = real_disk().make_folder(folder_of(file.string())); !made) return made;
    return publish(real_disk(), file.string(), text);
}

void tell(const ConfigDraft& draft, const InitOptions& options, const WatchOptions& watch) {
    const std::string file = (options.dir / kName).lexically_normal().string();
    const std::size_t named = draft.prefixes.size() > kMostPrefixes ? 0 : draft.prefixes.size();
    write_out(fmt::format(
        "{}: written and checked; group/mine holds {} network{} and names {} prefix{}.\n", file,
        draft.asns.size(), draft.asns.size() == 1 ? "" : "s", named, named == 1 ? "" : "es"));
    write_out(forecast_text(forecast(watch, {})));
    if (!draft.ris_live.empty() && !draft.archive) {
        write_out(
            "RIS Live tells changes, not tables. To begin with tables and the registries' files, "
            "and with your prefixes:\n  dimout init --force --fetch, with the same options\n");
    }
    write_out(fmt::format("next: dimout watch{}\n", options.dir == "." ? "" : " --config " + file));
}

/// The file is good and stays, whatever the receivers say.
int try_notify(const WatchOptions& watch) {
    auto channels = open_channels(watch.notify, stop_requested);
    if (!channels) return complain(channels.error().message), kIncomplete;
    return try_channels(*channels) ? kDone : kIncomplete;
}

}  // namespace

int run_init(const InitOptions& options, const CommonOptions& common) {
    // Addresses to notify are secrets.
    if (!options.notify.empty()) ::umask(0077);
    const std::filesystem::path file = (options.dir / kName).lexically_normal();
    if (!options.force && file_exists(file.string())) {
        complain(fmt::format("{} is there already; --force writes it anew.", file.string()));
        return kFailed;
    }
    if (options.fetch) {
        if (const int code = fetch_first(options, common); code != kDone && code != kIncomplete)
            return code;
    }
    ConfigDraft draft = draft_of(options);
    if (auto learnt = learn_prefixes(options, common.quiet, draft); !learnt)
        return complain(learnt.error().message), kFailed;
    const std::string text = config_text(draft);
    const auto config = parse_config(text, file);
    if (!config) return complain(config.error().message), kUsage;
    if (auto kept = keep(file, text, options.force); !kept)
        return complain(kept.error().message), kFailed;
    WatchOptions watch;
    apply_config(*config, watch);
    const int tried = try_notify(watch);
    tell(draft, options, watch);
    return tried;
}

}  // namespace dimout::app
