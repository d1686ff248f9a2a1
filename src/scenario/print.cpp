// Scenario to canonical text: every statement in the order of the reference, defaults left out.
#include <fmt/format.h>

#include "scenario/event_grammar.h"
#include "scenario/words.h"

namespace dimout::scenario {
namespace {

std::string print_collector(const Collector& collector) {
    std::string line = fmt::format("collector {}", collector.name);
    line += collector.layout == Layout::Ris ? " ris" : " routeviews";
    switch (collector.compression) {
        case Compression::Bz2: line += " bz2"; break;
        case Compression::Gz: line += " gz"; break;
        case Compression::None: line += " plain"; break;
    }
    if (collector.states) line += " state-messages";
    if (collector.microseconds) line += " microseconds";
    return line + fmt::format(" rib every {} updates every {}\n",
                              print_duration(collector.rib_every),
                              print_duration(collector.updates_every));
}

std::string print_peers(const Peers& peers) {
    std::string line = fmt::format("peers {} ", peers.collector);
    line += peers.percent == 100 ? "full" : fmt::format("partial {}%", peers.percent);
    if (!peers.v6) line += " ipv4";
    if (!peers.v4) line += " ipv6";
    if (peers.two_octet) line += " two-octet";
    for (const Asn asn : peers.asns) line += fmt::format(" {}", asn.value);
    return line + '\n';
}

std::string print_block(const Block& block) {
    std::string line =
        fmt::format("country {} block {}", block.country.text(), to_string(block.prefix));
    for (std::size_t i = 0; i < block.pieces.size(); ++i) {
        line += fmt::format(" {} {}x{}", i == 0 ? "as" : "and", block.pieces[i].count,
                            block.pieces[i].length);
    }
    line += fmt::format(" origin {}", block.origin.value);
    if (block.reserved) line += " reserved";
    if (!block.upstreams.empty()) line += " upstream";
    for (const Asn asn : block.upstreams) line += fmt::format(" {}", asn.value);
    return line + '\n';
}

std::string print_churn(const Churn& churn) {
    if (churn == Churn{}) return {};
    return fmt::format("churn path-changes {}/h local-losses {}/h flaps {}/h resets {}/d\n",
                       churn.path_changes_per_hour, churn.local_losses_per_hour,
                       churn.flaps_per_hour, churn.resets_per_day);
}

std::string print_options(const Event& event) {
    const Event plain;
    const unsigned allowed = rule_of(event.kind).allowed;
    std::string text;
    if ((allowed & (kToAsn)) != 0) text += fmt::format(" to {}", event.asn.value);
    if ((allowed & kToPrefix) != 0) text += fmt::format(" to {}", to_string(*event.prefix));
    if ((allowed & kInto) != 0)
        text += fmt::format(" into {}x{}", event.pieces->count, event.pieces->length);
    if ((allowed & kBy) != 0) text += fmt::format(" by {}", event.asn.value);
    if ((allowed & kThrough) != 0) text += fmt::format(" through {}", event.asn.value);
    if (event.percent != plain.percent) text += fmt::format(" share {}%", event.percent);
    if (event.family) text += *event.family == Family::v4 ? " ipv4" : " ipv6";
    if (event.until) text += " until " + to_rfc3339(*event.until);
    if (event.stuck != plain.stuck) text += fmt::format(" stuck {}", event.stuck);
    if (event.steps != plain.steps || (rule_of(event.kind).required & kSteps) != 0) {
        text += fmt::format(" steps {}", event.steps);
    }
    if (event.overlap != plain.overlap) text += " overlap " + print_duration(event.overlap);
    return text;
}

std::string print_event(const Event& event) {
    const EventRule& rule = rule_of(event.kind);
    std::string line = fmt::format("at {} {} ", to_rfc3339(event.at), rule.verb);
    if ((rule.allowed & kCount) != 0) line += fmt::format("{} of {} ", event.count, event.of);
    if (rule.target == Target::Entity) line += to_string(*event.entity);
    if (rule.target == Target::Prefix) line += to_string(*event.prefix);
    if (rule.target == Target::Source) line += event.source;
    return line + print_options(event) + '\n';
}

std::string print_traffic(const Traffic& traffic) {
    std::string line = fmt::format("traffic {} {}/h", to_string(traffic.entity), traffic.per_hour);
    if (traffic.daily != 1) line += fmt::format(" daily x{}", traffic.daily);
    if (traffic.clump != 1) line += fmt::format(" clumps {}", traffic.clump);
    if (traffic.back_for.count() > 0) {
        line +=
            fmt::format(" back {}% for {}", traffic.back_percent, print_duration(traffic.back_for));
    }
    return line + '\n';
}

std::string print_expectation(const Expectation& expectation) {
    if (!expectation.entity) return "expect nothing\n";
    std::string line = "expect outage " + to_string(*expectation.entity);
    for (const PhaseSpan& span : expectation.phases) {
        line += fmt::format(" {} {}", to_string(span.phase), to_rfc3339(span.from));
    }
    return line + " until " + to_rfc3339(*expectation.phases.back().until) + '\n';
}

}  // namespace

std::string print(const Scenario& scenario) {
    std::string text = fmt::format("scenario {} \"{}\"\nkind {}\nseed {}\nfrom {}\nuntil {}\n",
                                   scenario.name, scenario.title, scenario.kind, scenario.seed,
                                   to_rfc3339(scenario.time.from), to_rfc3339(scenario.time.until));
    for (const Collector& collector : scenario.collectors) text += print_collector(collector);
    for (const Peers& peers : scenario.peers) text += print_peers(peers);
    text += fmt::format("background prefixes {} ipv6 {}\n", scenario.background.prefixes,
                        scenario.background.prefixes_v6);
    text += print_churn(scenario.churn);
    for (const Block& block : scenario.blocks) text += print_block(block);
    for (const Traffic& traffic : scenario.traffic) text += print_traffic(traffic);
    for (const Event& event : scenario.events) text += print_event(event);
    for (const Expectation& expectation : scenario.expectations)
        text += print_expectation(expectation);
    return text;
}

// Lines say where a thing stood, not what it is.
bool Block::operator==(const Block& other) const {
    return country == other.country && prefix == other.prefix && pieces == other.pieces &&
           origin == other.origin && upstreams == other.upstreams && reserved == other.reserved;
}

bool Traffic::operator==(const Traffic& other) const {
    return entity == other.entity && per_hour == other.per_hour && daily == other.daily &&
           clump == other.clump && back_percent == other.back_percent && back_for == other.back_for;
}

bool Event::operator==(const Event& other) const {
    return kind == other.kind && at == other.at && until == other.until && entity == other.entity &&
           source == other.source && prefix == other.prefix && pieces == other.pieces &&
           asn == other.asn && count == other.count && of == other.of && percent == other.percent &&
           stuck == other.stuck && steps == other.steps && overlap == other.overlap &&
           family == other.family;
}

bool Expectation::operator==(const Expectation& other) const {
    return entity == other.entity && phases == other.phases;
}

}  // namespace dimout::scenario
