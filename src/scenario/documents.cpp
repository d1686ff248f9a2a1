#include "scenario/documents.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

#include <fmt/format.h>

#include "base/json.h"

namespace dimout::scenario {
namespace {

std::string day_of(EventTime time) { return to_compact(time).substr(0, 8); }

/// `KP|ipv4|175.45.176.0|1024|20091221|allocated|A…`, without the registry in front.
std::string delegated_row(const Delegation& delegation, std::string_view registry,
                          std::size_t holder) {
    const Prefix& prefix = delegation.prefix;
    const bool v4 = prefix.family == Family::v4;
    const std::uint64_t amount = v4 ? std::uint64_t{1} << (32 - prefix.length) : prefix.length;
    return fmt::format("{}|{}|{}|{}|{}|20090101|allocated|S{:06}\n", registry,
                       delegation.country.text(), v4 ? "ipv4" : "ipv6", to_string(prefix.address()),
                       amount, holder);
}

std::string delegated_asn(const Network& network, std::string_view registry, std::size_t holder) {
    return fmt::format("{}|{}|asn|{}|1|20090101|allocated|S{:06}\n", registry,
                       network.country.text(), network.asn.value, holder);
}

std::string delegated_file(const Scenario& scenario, const Internet& internet, Rir rir) {
    const auto is_ours = [rir](CountryCode code) {
        const Country* country = find_country(code);
        return country != nullptr && country->rir == rir;
    };
    std::string asns;
    std::string v4;
    std::string v6;
    std::array<std::size_t, 3> counts{};
    std::vector<const Network*> networks;
    for (const Network& network : internet.networks()) {
        if (!network.country.none() && is_ours(network.country)) networks.push_back(&network);
    }
    std::ranges::sort(networks, {}, [](const Network* network) { return network->asn; });
    for (const Network* network : networks)
        asns += delegated_asn(*network, name_of(rir), counts[0]++);
    for (const Delegation& delegation : internet.delegations()) {
        if (!is_ours(delegation.country)) continue;
        const bool is_v4 = delegation.prefix.family == Family::v4;
        std::size_t& count = counts[is_v4 ? 1 : 2];
        (is_v4 ? v4 : v6) += delegated_row(delegation, name_of(rir), count++);
    }
    const std::string day = day_of(scenario.time.from);
    std::string text =
        fmt::format("# Synthetic, for the scenario {}: nothing here was delegated by {}.\n",
                    scenario.name, name_of(rir));
    text += fmt::format("2.3|{}|{}|{}|19830101|{}|+0000\n", name_of(rir), day,
                        counts[0] + counts[1] + counts[2], day);
    text +=
        fmt::format("{0}|*|asn|*|{1}|summary\n{0}|*|ipv4|*|{2}|summary\n{0}|*|ipv6|*|{3}|summary\n",
                    name_of(rir), counts[0], counts[1], counts[2]);
    return text + asns + v4 + v6;
}

void write_expectation(JsonWriter& json, const Expectation& expectation) {
    json.begin_object().field("entity", to_string(*expectation.entity));
    json.field("start", to_rfc3339(expectation.phases.front().from));
    json.field("end", to_rfc3339(*expectation.phases.back().until));
    json.key("phases").begin_array();
    for (const PhaseSpan& span : expectation.phases) {
        json.begin_object()
            .field("phase", to_string(span.phase))
            .field("from", to_rfc3339(span.from));
        json.field("until", to_rfc3339(*span.until)).end_object();
    }
    json.end_array().end_object();
}

void write_happening(JsonWriter& json, const Happening& happening) {
    json.begin_object().field("what", happening.what).field("from", to_rfc3339(happening.from));
    json.field("until", to_rfc3339(happening.until));
    if (!happening.source.empty()) json.field("subject", happening.source);
    if (!happening.entities.empty()) {
        json.key("entities").begin_array();
        for (const Entity& entity : happening.entities) json.value(to_string(entity));
        json.end_array();
    }
    json.end_object();
}

void write_happenings(JsonWriter& json, std::string_view name,
                      const std::vector<Happening>& happenings) {
    json.key(name).begin_array();
    for (const Happening& happening : happenings) write_happening(json, happening);
    json.end_array();
}

/// TOML's integers are signed: a seed that is none of them is written as text.
std::string toml_seed(std::uint64_t seed) {
    return seed <= static_cast<std::uint64_t>(INT64_MAX) ? fmt::format("{}", seed)
                                                         : fmt::format("\"{}\"", seed);
}

}  // namespace

Result<void> write_delegated(const Scenario& scenario, const Internet& internet,
                             const std::filesystem::path& folder) {
    for (const Rir rir : {Rir::Afrinic, Rir::Apnic, Rir::Arin, Rir::Lacnic, Rir::Ripencc}) {
        const std::string name =
            fmt::format("delegated-{}-extended-{}", name_of(rir), day_of(scenario.time.from));
        if (auto done = write_text(folder / name, delegated_file(scenario, internet, rir)); !done)
            return done;
    }
    return {};
}

std::string truth_json(const Scenario& scenario, std::uint64_t seed, const Timeline& timeline) {
    JsonWriter json;
    json.begin_object().field("scenario", scenario.name).field("title", scenario.title);
    json.field("kind", scenario.kind).field("seed", seed);
    json.field("from", to_rfc3339(scenario.time.from))
        .field("until", to_rfc3339(scenario.time.until));
    json.key("outages").begin_array();
    for (const Expectation& expectation : scenario.expectations) {
        if (expectation.entity) write_expectation(json, expectation);
    }
    json.end_array();
    write_happenings(json, "losses", timeline.losses);
    write_happenings(json, "no_outage", timeline.harmless);
    json.end_object();
    return json.text() + '\n';
}

std::string archive_toml(const Scenario& scenario, std::uint64_t seed, const Internet& internet) {
    const auto is_v4 = [](const Route& route) { return route.prefix.family == Family::v4; };
    const auto v4 = std::ranges::count_if(internet.routes(), is_v4);
    const auto v6 = static_cast<std::ptrdiff_t>(internet.routes().size()) - v4;
    return fmt::format(
        "# Written by `dimout simulate`. No router said any of this.\n"
        "kind = \"{}\"\nscenario = \"{}\"\ntitle = \"{}\"\nseed = {}\n"
        "# Prefixes in the whole table: real floors by date do not apply to it.\n"
        "table_ipv4 = {}\ntable_ipv6 = {}\n",
        scenario.kind, scenario.name, scenario.title, toml_seed(seed), v4, v6);
}

std::string readme_text(const Scenario& scenario, std::uint64_t seed) {
    const bool reconstruction = scenario.kind == "reconstruction";
    return fmt::format(
        "This archive is {}: {} (scenario {}, seed {}).\n"
        "It was written by `dimout simulate`; no router ever said any of it. {}\n"
        "truth.json says what happens in it; registry/ says who holds which addresses.\n{}",
        reconstruction ? "a reconstruction" : "synthetic", scenario.title, scenario.name, seed,
        reconstruction ? "The scenario's text says which facts have a source; all else is invented."
                       : "Everything in it is invented.",
        scenario.traffic.empty() ? "" : "series.csv counts requests that nobody ever made.\n");
}

Result<void> write_text(const std::filesystem::path& path, std::string_view text) {
    std::error_code ignored;
    std::filesystem::create_directories(path.parent_path(), ignored);
    std::ofstream file(path, std::ios::binary);
    file.write(text.data(), static_cast<std::streamsize>(text.size()));
    file.close();
    if (!file)
        return fail(fmt::format("{}: cannot be written: {}.", path.string(), std::strerror(errno)));
    return {};
}

}  // namespace dimout::scenario
