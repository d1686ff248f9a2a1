#include "app/config.h"

#include <fmt/format.h>

#include <algorithm>

#include "app/local_time.h"
#include "base/endpoint.h"
#include "base/environment.h"
#include "base/files.h"
#include "base/toml_section.h"
#include "notify/address.h"
#include "notify/quiet.h"
#include "registry/names.h"
#include "source/message_channel.h"

namespace dimout::app {
namespace {

constexpr std::string_view kName = "dimout.toml";

/// The message of a failure without its full stop, as a fault of a value.
template <typename T>
std::string wrong_with(const Result<T>& result) {
    if (result) return {};
    std::string message = result.error().message;
    if (message.ends_with('.')) message.pop_back();
    return message;
}

std::string check_endpoint(const std::string& text) { return wrong_with(parse_endpoint(text)); }

std::string check_url(const std::string& text) {
    return wrong_with(source::parse_web_address(text));
}

std::string check_collector(const std::string& text) {
    const bool is_rrc =
        text.size() == 5 && text.starts_with("rrc") &&
        std::ranges::all_of(text.substr(3), [](char c) { return c >= '0' && c <= '9'; });
    if (text == "all" || is_rrc) return {};
    return fmt::format("'{}' is no collector of RIS: expected rrc00, rrc21, … or all", text);
}

std::string check_format(const std::string& text) {
    return text == "text" || text == "json" ? "" : "expected \"text\" or \"json\"";
}

std::string check_country(const std::string& text) {
    const auto entity = parse_entity("country/" + text);
    if (entity && registry::find_country(entity->country) != nullptr) return {};
    const auto meant = registry::country_by_name(text);
    return fmt::format("'{}' is no country's code, such as KP{}", text,
                       meant ? fmt::format("; did you mean {}?", meant->text()) : "");
}

std::string check_channel(const std::string& text) {
    return notify::is_secrets_place(text) ? "" : wrong_with(notify::parse_address(text));
}

/// Without repeating it: it may be a secret.
std::string check_heartbeat(const std::string& text) {
    const bool fine = text.starts_with("https://") || text.starts_with("http://");
    return fine ? "" : "expected a URL that begins with https:// or http://";
}

std::string check_hours(const std::string& text) {
    return wrong_with(notify::parse_quiet_hours(text, "UTC"));
}

std::string check_silence(const std::string& text) {
    return wrong_with(notify::parse_silence(text));
}

std::string check_zone(const std::string& text) {
    if (is_zone(text)) return {};
    return fmt::format("this machine knows no time zone '{}'; expected one such as Asia/Pyongyang",
                       text);
}

/// Takes what it knows of each table; the order is that of the reference.
void read_tables(TomlDocument& document, Config& config, std::vector<std::string_view>* keys) {
    TomlSection top = document.top();
    top.text("store", config.store);
    top.text("journal", config.journal);
    top.texts("registry", config.registry);
    top.text("country", config.country, check_country);
    top.texts("notify", config.notify, check_channel);
    top.text("outbox", config.outbox);
    top.text("heartbeat", config.heartbeat, check_heartbeat);
    top.text("listen", config.listen, check_endpoint);
    top.text("format", config.format, check_format);
    top.text("log", config.log, check_format);
    top.number("threads", config.threads, 0, 64);
    TomlSection sources = top.section("sources");
    sources.texts("bmp", config.bmp, check_endpoint);
    sources.texts("ris_live", config.ris_live, check_collector);
    sources.text("ris_live_url", config.ris_live_url, check_url);
    sources.texts("archive", config.archive);
    sources.number("lateness", config.lateness, 1, 3600);
    sources.truth("laboratory", config.laboratory);
    sources.finish();
    TomlSection quiet = top.section("quiet");
    quiet.text("hours", config.quiet_hours, check_hours);
    quiet.text("zone", config.quiet_zone, check_zone);
    quiet.texts("silences", config.silences, check_silence);
    quiet.finish();
    TomlSection keep = top.section("keep");
    keep.number("path_days", config.path_days, 0, 36'500);
    keep.truth("origins_only", config.origins_only);
    keep.finish();
    if (keys != nullptr) *keys = top.keys();
    config.has_groups = top.line_of("group") > 0 || top.line_of("followed") > 0;
    top.leave({"group", "followed"});
    top.finish();
}

/// Their faults, and zones that nobody knows. What else stands in the file was judged already.
std::string faults_of_groups(TomlDocument& document, std::string_view text,
                             const std::string& file) {
    std::vector<std::string_view> others = document.top().present();
    std::erase_if(others, [](std::string_view key) { return key == "group" || key == "followed"; });
    const auto groups = registry::Groups::parse(text, file, others);
    if (!groups) return groups.error().message;
    std::string faults;
    for (std::uint32_t group = 0; group < groups->names().size(); ++group) {
        const std::string& zone = groups->zone(group);
        if (zone.empty() || is_zone(zone)) continue;
        faults += fmt::format(
            "{}{}: group.{}.zone: this machine knows no time zone '{}'; expected one such as "
            "Asia/Pyongyang.",
            faults.empty() ? "" : "\n", file, groups->names()[group], zone);
    }
    return faults;
}

std::string resolved(const Config& config, const std::string& path) {
    if (path == "none") return path;
    return (config.file.parent_path() / path).lexically_normal().string();
}

/// A feed's file, and where a secret stands, are seen from the folder of the file as well.
std::string resolved_channel(const Config& config, const std::string& text) {
    for (const std::string_view before : {"atom:", "file:"}) {
        if (text.starts_with(before))
            return std::string(before) + resolved(config, text.substr(before.size()));
    }
    constexpr std::string_view kPlace = "=file:";
    const std::size_t secret = text.find('#');
    const std::size_t place = secret == std::string::npos ? secret : text.find(kPlace, secret);
    if (place == std::string::npos) return text;
    const std::size_t path = place + kPlace.size();
    return text.substr(0, path) + resolved(config, text.substr(path));
}

template <typename Path>
std::vector<Path> resolved(const Config& config, const std::vector<std::string>& paths) {
    std::vector<Path> all;
    all.reserve(paths.size());
    for (const std::string& path : paths) all.emplace_back(resolved(config, path));
    return all;
}

}  // namespace

Result<Config> parse_config(std::string_view text, const std::filesystem::path& file) {
    Config config;
    config.file = file;
    TomlDocument document(text, file.string());
    read_tables(document, config, nullptr);
    std::string faults = document.faults().text();
    const std::string of_groups = document.readable() && config.has_groups
                                      ? faults_of_groups(document, text, file.string())
                                      : "";
    if (!faults.empty() && !of_groups.empty()) faults += '\n';
    faults += of_groups;
    if (!faults.empty()) return fail(std::move(faults));
    return config;
}

Result<Config> read_config(const std::filesystem::path& file) {
    const auto text = read_file(file.string());
    if (!text) return std::unexpected(text.error());
    return parse_config(*text, file);
}

std::span<const std::string_view> config_keys() {
    static const std::vector<std::string_view> kKeys = [] {
        std::vector<std::string_view> keys;
        TomlDocument nothing("", "");
        Config config;
        read_tables(nothing, config, &keys);
        return keys;
    }();
    return kKeys;
}

std::optional<std::filesystem::path> find_config() {
    if (const auto named = environment("DIMOUT_CONFIG")) return std::filesystem::path(*named);
    std::vector<std::filesystem::path> places{kName};
    if (const auto folder = environment("XDG_CONFIG_HOME"))
        places.push_back(std::filesystem::path(*folder) / "dimout" / kName);
    else if (const auto home = environment("HOME"))
        places.push_back(std::filesystem::path(*home) / ".config/dimout" / kName);
    places.push_back(std::filesystem::path("/etc/dimout") / kName);
    for (const auto& place : places) {
        if (file_exists(place.string())) return place;
    }
    return std::nullopt;
}

void apply_config(const Config& config, WatchOptions& options) {
    const auto set = [&](const std::string& option, auto& target, const auto& value) {
        if (value && !options.given.contains(option))
            target = static_cast<std::remove_reference_t<decltype(target)>>(*value);
    };
    const auto place = [&](const std::string& option, std::string& target,
                           const std::optional<std::string>& value) {
        if (value && !options.given.contains(option)) target = resolved(config, *value);
    };
    if (config.country) options.country = parse_entity("country/" + *config.country)->country;
    ReplayOptions& run = options.run;
    place("--store", run.store, config.store);
    place("--journal", run.journal, config.journal);
    if (config.registry && !options.given.contains("--registry"))
        run.registry = resolved<std::filesystem::path>(config, *config.registry);
    if (config.archive && !options.given.contains("--archive"))
        run.archive = resolved<std::string>(config, *config.archive);
    if (config.has_groups && !options.given.contains("--groups")) run.groups = config.file;
    set("--threads", run.threads, config.threads);
    set("--path-days", run.path_days, config.path_days);
    set("--origins-only", run.origins_only, config.origins_only);
    set("--lateness", run.lateness, config.lateness);
    set("--laboratory", run.laboratory, config.laboratory);
    set("--bmp", options.bmp, config.bmp);
    set("--ris-live", options.ris_live, config.ris_live);
    set("--ris-live-url", options.ris_live_url, config.ris_live_url);
    set("--format", options.format, config.format);
    set("--log", options.log, config.log);
    set("--listen", options.listen, config.listen);
    place("--outbox", options.outbox, config.outbox);
    set("--heartbeat", options.heartbeat, config.heartbeat);
    set("--quiet-hours", options.quiet_hours, config.quiet_hours);
    set("--quiet-zone", options.quiet_zone, config.quiet_zone);
    set("--silence", options.silences, config.silences);
    if (!config.notify || options.given.contains("--notify")) return;
    options.notify.clear();
    for (const std::string& text : *config.notify)
        options.notify.push_back(resolved_channel(config, text));
}

Result<WatchOptions> complete_options(WatchOptions options) {
    if (!options.config && options.run.store.empty()) options.config = find_config();
    if (options.config) {
        const auto config = read_config(*options.config);
        if (!config) return std::unexpected(config.error());
        apply_config(*config, options);
    }
    if (options.run.store.empty()) {
        return fail(
            "watch needs a folder to store what it finds: --store DIR, or `store` in a "
            "dimout.toml, which `dimout init --asn 64500` writes.");
    }
    if (options.bmp.empty() && options.ris_live.empty()) {
        return fail(fmt::format(
            "watch needs something to listen to: --bmp 127.0.0.1:11019 for your routers, "
            "--ris-live all for RIPE's collectors, or `bmp` or `ris_live` under [sources] in {}; "
            "dimout watch --help says more.",
            options.config ? options.config->string() : std::string(kName)));
    }
    if (!options.listen.empty()) {
        if (auto endpoint = parse_endpoint(options.listen); !endpoint)
            return std::unexpected(endpoint.error());
    }
    if (options.run.journal.empty()) options.run.journal = options.run.store + ".journal";
    return options;
}

Result<registry::Groups> groups_of(const WatchOptions& options) {
    if (!options.run.groups) return registry::Groups();
    return registry::Groups::read(*options.run.groups, config_keys());
}

}  // namespace dimout::app
