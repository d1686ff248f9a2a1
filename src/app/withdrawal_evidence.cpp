#include "app/withdrawal_evidence.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace dimout::app {
namespace {

using depend::Explanation;
using depend::NetworksFate;
using depend::RouteCount;
using depend::RouteFate;
using depend::Suspect;

std::string as_text(Asn asn) { return fmt::format("AS{}", asn.value); }

std::string joined(const std::vector<std::string>& parts) {
    std::string text;
    for (std::size_t i = 0; i < parts.size(); ++i)
        text += (i == 0 ? "" : i + 1 == parts.size() ? " and " : ", ") + parts[i];
    return text;
}

std::string names_of(std::span<const Suspect> suspects) {
    std::vector<std::string> names;
    for (const Suspect& suspect : suspects) names.push_back(suspect_text(suspect));
    return joined(names);
}

std::string names_of(const Explanation& row) { return names_of(row.suspects); }

std::optional<std::chrono::seconds> gone_within(std::span<const RouteFate> asked) {
    std::map<Prefix, std::vector<EventTime>> lost;
    std::size_t routes = 0;
    std::size_t gone = 0;
    for (const RouteFate& fate : asked) {
        routes += !fate.before.empty();
        gone += fate.lost();
        if (fate.lost()) lost[fate.prefix].push_back(fate.changed);
    }
    if (lost.empty() || gone * 10 < routes * 9) return std::nullopt;
    std::vector<EventTime> medians;
    for (auto& [prefix, times] : lost) {
        const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
        std::ranges::nth_element(times, middle);
        medians.push_back(*middle);
    }
    const auto [first, last] = std::ranges::minmax_element(medians);
    return *last - *first;
}

/// Peers to whom another origin announced what was somebody's of the entity before.
std::set<Asn> heard_foreign(std::span<const RouteFate> asked) {
    const std::set<Asn> own = depend::origins_of(asked);
    std::set<Asn> peers;
    for (const RouteFate& fate : asked) {
        if (!fate.after.empty() && !own.empty() && !own.contains(fate.after.back()))
            peers.insert(fate.peer);
    }
    return peers;
}

/// What became of the networks of the country that no path led to over `upstream`.
NetworksFate fate_beside(const WithdrawalFacts& facts, const std::set<Asn>& own, Asn upstream) {
    std::set<Asn> networks = facts.of_country;
    networks.insert(own.begin(), own.end());
    std::vector<RouteFate> fates(facts.asked.begin(), facts.asked.end());
    fates.insert(fates.end(), facts.others.begin(), facts.others.end());
    for (const RouteFate& fate : fates) {
        if (!fate.before.empty() && std::ranges::find(fate.before, upstream) != fate.before.end())
            networks.erase(fate.before.back());
    }
    return depend::fate_of_networks(fates, networks);
}

std::optional<Asn> found_upstream(std::span<const RouteFate> asked) {
    std::set<Asn> before;
    for (const RouteFate& fate : asked) {
        if (fate.before.size() > 1) before.insert(fate.before[fate.before.size() - 2]);
    }
    for (const RouteFate& fate : asked) {
        if (fate.before.empty() || fate.after.size() < 2) continue;
        const Asn upstream = fate.after[fate.after.size() - 2];
        if (!before.contains(upstream)) return upstream;
    }
    return std::nullopt;
}

std::string count_text(const RouteCount& count) {
    return fmt::format("{} lost, {} moved", count.lost, count.moved);
}

std::string went_text(const NetworksFate& fate) {
    constexpr std::size_t kNamed = 5;
    if (fate.of == 0) return "none is known";
    if (fate.dark.empty()) return fmt::format("none of {}", fate.of);
    std::vector<std::string> names;
    for (const Asn asn : fate.dark) {
        if (names.size() < kNamed) names.push_back(as_text(asn));
    }
    if (fate.dark.size() > kNamed)
        names.push_back(fmt::format("{} more", fate.dark.size() - kNamed));
    return fmt::format("{} of {}: {}", fate.dark.size(), fate.of, joined(names));
}

/// What one row says; the second when it is close, the upstream when it is the only one.
std::string of_one_row(const Explanation& row, const Explanation* second, bool only_upstream) {
    if (row.origin_or_only_upstream()) {
        const std::string above = row.suspects.size() == 2
                                      ? "."
                                      : fmt::format(", nor from what lies above: {}.",
                                                    names_of(std::span(row.suspects).subspan(2)));
        return fmt::format(
            "Cannot separate {} from {}, {}{}", suspect_text(row.suspects[0]),
            only_upstream ? "its only upstream" : "the only upstream of what it lost",
            as_text(row.suspects[1].near), above);
    }
    if (row.suspects.size() > 1)
        return fmt::format("Cannot separate {} from {}.", suspect_text(row.suspects[0]),
                           names_of(std::span(row.suspects).subspan(1)));
    const Suspect& only = row.suspects.front();
    const std::string rest =
        second ? fmt::format(": less than one peer's word better than {}.", names_of(*second))
               : ": nothing else explains it as well.";
    if (only.is_origin()) return as_text(only.far) + " withdrew" + rest;
    return fmt::format("The link {} was lost", suspect_text(only)) + rest;
}

void write_count(JsonWriter& json, std::string_view name, const RouteCount& count) {
    json.key(name).begin_object();
    json.field("lost", count.lost).field("moved", count.moved).end_object();
}

void write_networks(JsonWriter& json, std::string_view name, const NetworksFate& fate) {
    json.key(name).begin_object().key("dark").begin_array();
    for (const Asn asn : fate.dark) json.value(asn.value);
    json.end_array().field("of", fate.of).end_object();
}

void write_row(JsonWriter& json, const Explanation& row) {
    json.begin_object().key("suspects").begin_array();
    for (const Suspect& suspect : row.suspects) {
        json.begin_object().field("kind", suspect.is_origin() ? "origin" : "link");
        if (suspect.is_origin()) {
            json.field("asn", suspect.far.value);
        } else {
            json.field("near", suspect.near.value).field("far", suspect.far.value);
        }
        json.end_object();
    }
    json.end_array();
    write_count(json, "explains", row.explains);
    write_count(json, "explains_others", row.explains_others);
    json.field("survived", row.survived).field("peers", row.peers);
    json.field("decibans", row.decibans);
    json.key("order").begin_object();
    json.field("nearer_first", row.order.nearer_first);
    json.field("farther_first", row.order.farther_first);
    json.key("first");
    if (row.order.first) {
        json.value(to_rfc3339(*row.order.first));
    } else {
        json.null();
    }
    json.field("first_peer", row.order.first_peer.value).end_object();
    json.end_object();
}

}  // namespace

std::string suspect_text(const Suspect& suspect) {
    if (suspect.is_origin()) return as_text(suspect.far) + " itself";
    return fmt::format("{}–{}", as_text(suspect.near), as_text(suspect.far));
}

std::string WithdrawalEvidence::headline() const {
    if (who.asked == RouteCount{}) return "No route was lost or moved in the window.";
    if (who.smallest.empty())
        return "No link and no origin explains the changes: more routes stayed than went.";
    const std::size_t left = who.unexplained.lost + who.unexplained.moved;
    const std::string rest = left == 0 ? ""
                                       : fmt::format(" It leaves {} of {} changes unexplained.",
                                                     left, who.asked.lost + who.asked.moved);
    if (who.smallest.size() == 1)
        return of_one_row(who.rows[who.smallest.front()], who.close_second(),
                          upstream && upstream->routes == upstream->of) +
               rest;
    std::vector<std::string> rows;
    for (const std::size_t row : who.smallest)
        rows.push_back(fmt::format("({})", names_of(who.rows[row])));
    return fmt::format("It takes {} together to explain what changed: {}.", who.smallest.size(),
                       joined(rows)) +
           rest;
}

std::vector<std::string> WithdrawalEvidence::lines() const {
    std::vector<std::string> lines{fmt::format("of the routes asked about: {}; not explained: {}",
                                               count_text(who.asked), count_text(who.unexplained))};
    for (const std::size_t index : who.smallest) {
        const Explanation& row = who.rows[index];
        lines.push_back(fmt::format(
            "{}: explains {}, seen by {} peer ASNs, and of others' routes {}; {} routes still "
            "cross it",
            names_of(row), count_text(row.explains), row.peers, count_text(row.explains_others),
            row.survived));
        if (row.order.first)
            lines.push_back(fmt::format(
                "order: AS{} first, {}; of pairs of peers the nearer changed first in {}, the "
                "farther in {}",
                row.order.first_peer.value, to_rfc3339(*row.order.first), row.order.nearer_first,
                row.order.farther_first));
    }
    if (upstream) {
        lines.push_back(
            fmt::format("{} carried {} of {} routes; of other networks right behind it "
                        "went dark: {}",
                        as_text(upstream->asn), upstream->routes, upstream->of, went_text(beside)));
    }
    if (within)
        lines.push_back(
            fmt::format("from the first prefix that went to the last: {} s", within->count()));
    if (back_within)
        lines.push_back(fmt::format("from the first prefix that came back to the last: {} s",
                                    back_within->count()));
    if (!foreign_heard_by.empty())
        lines.push_back(
            fmt::format("peers that heard another origin: {}", foreign_heard_by.size()));
    if (country_beside.of > 0)
        lines.push_back("of networks of the country with other upstreams went dark: " +
                        went_text(country_beside));
    if (new_upstream) lines.push_back("a new upstream was found: " + as_text(*new_upstream));
    if (countrymen.of > 0)
        lines.push_back("of other networks of the country went dark: " + went_text(countrymen));
    return lines;
}

std::optional<cause::OthersLost> WithdrawalEvidence::others_lost() const {
    using cause::OthersLost;
    constexpr std::size_t kFewest = 3;
    if (beside.of < kFewest) return std::nullopt;
    if (beside.dark.size() == beside.of)
        return abroad_too ? OthersLost::AllAbroad : OthersLost::All;
    if (beside.dark.size() * 2 >= beside.of) return OthersLost::Half;
    if (beside.dark.size() * 10 < beside.of) return OthersLost::Few;
    return std::nullopt;
}

std::optional<bool> WithdrawalEvidence::country_lost() const {
    constexpr std::size_t kFewest = 2;
    if (country_beside.of < kFewest) return std::nullopt;
    if (country_beside.dark.size() * 2 >= country_beside.of) return true;
    if (country_beside.dark.size() * 10 < country_beside.of) return false;
    return std::nullopt;
}

std::optional<bool> WithdrawalEvidence::foreign_origin() const {
    if (who.rows.empty() || foreign_heard_by.size() == 1) return std::nullopt;
    return !foreign_heard_by.empty();
}

WithdrawalEvidence withdrawal_evidence(const WithdrawalFacts& facts) {
    WithdrawalEvidence evidence{.window = facts.window,
                                .who = depend::who_withdrew(facts.asked, facts.others),
                                .upstream = depend::main_upstream(facts.asked),
                                .beside = {},
                                .countrymen = {},
                                .country_beside = {},
                                .within = gone_within(facts.asked),
                                .foreign_heard_by = heard_foreign(facts.asked),
                                .new_upstream = found_upstream(facts.asked)};
    const std::set<Asn> own = depend::origins_of(facts.asked);
    if (evidence.upstream) {
        evidence.beside = depend::fate_of_networks(
            facts.others, depend::networks_behind(facts.others, evidence.upstream->asn, own));
        evidence.abroad_too = std::ranges::any_of(
            evidence.beside.dark, [&](Asn asn) { return facts.abroad.contains(asn); });
        evidence.country_beside = fate_beside(facts, own, evidence.upstream->asn);
    }
    evidence.countrymen = depend::fate_of_networks(facts.others, facts.countrymen);
    return evidence;
}

void write_withdrawal(JsonWriter& json, const WithdrawalEvidence& evidence) {
    json.begin_object();
    json.field("from", to_rfc3339(evidence.window.from));
    json.field("until", to_rfc3339(evidence.window.until));
    json.field("headline", evidence.headline());
    json.field("separable", evidence.who.separable());
    write_count(json, "changed", evidence.who.asked);
    write_count(json, "unexplained", evidence.who.unexplained);
    json.key("smallest").begin_array();
    for (const std::size_t row : evidence.who.smallest) json.value(row);
    json.end_array().key("rows").begin_array();
    for (const Explanation& row : evidence.who.rows) write_row(json, row);
    json.end_array();
    json.key("upstream");
    if (evidence.upstream) {
        json.begin_object().field("asn", evidence.upstream->asn.value);
        json.field("routes", evidence.upstream->routes).field("of", evidence.upstream->of);
        write_networks(json, "others_behind", evidence.beside);
        json.end_object();
    } else {
        json.null();
    }
    write_networks(json, "same_country", evidence.countrymen);
    json.key("gone_within_seconds");
    if (evidence.within) {
        json.value(evidence.within->count());
    } else {
        json.null();
    }
    json.key("new_upstream");
    if (evidence.new_upstream) {
        json.value(evidence.new_upstream->value);
    } else {
        json.null();
    }
    json.end_object();
}

}  // namespace dimout::app
