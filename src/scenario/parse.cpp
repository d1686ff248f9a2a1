// Text to Scenario, a statement a line. Nothing is looked up here: `check` does that afterwards.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "scenario/check.h"
#include "scenario/event_grammar.h"
#include "scenario/words.h"

namespace dimout::scenario {
namespace {

void parse_header(Words& words, Scenario& scenario) {
    scenario.name = words.word("the scenario's name");
    if (!words.empty()) scenario.title = words.word("a title in quotes");
}

void parse_kind(Words& words, Scenario& scenario) {
    if (words.peek() != "synthetic" && words.peek() != "reconstruction") {
        return words.expected("'synthetic' or 'reconstruction'");
    }
    scenario.kind = words.word("the kind");
}

void parse_seed(Words& words, Scenario& scenario) { scenario.seed = words.number(); }
void parse_from(Words& words, Scenario& scenario) { scenario.time.from = words.time(); }
void parse_until(Words& words, Scenario& scenario) { scenario.time.until = words.time(); }

void parse_collector(Words& words, Scenario& scenario) {
    Collector collector;
    collector.name = words.word("the collector's name");
    while (!words.empty() && words.error().empty()) {
        if (words.take("routeviews"))
            collector.layout = Layout::RouteViews;
        else if (words.take("ris"))
            collector.layout = Layout::Ris;
        else if (words.take("bz2"))
            collector.compression = Compression::Bz2;
        else if (words.take("gz"))
            collector.compression = Compression::Gz;
        else if (words.take("plain"))
            collector.compression = Compression::None;
        else if (words.take("state-messages"))
            collector.states = true;
        else if (words.take("microseconds"))
            collector.microseconds = true;
        else if (words.take("rib"))
            words.want("every"), collector.rib_every = words.duration();
        else if (words.take("updates"))
            words.want("every"), collector.updates_every = words.duration();
        else
            words.expected(
                "routeviews, ris, bz2, gz, plain, state-messages, microseconds, rib or updates");
    }
    scenario.collectors.push_back(collector);
}

void parse_peers(Words& words, Scenario& scenario) {
    Peers peers;
    peers.collector = words.word("a collector");
    if (words.take("partial"))
        peers.percent = words.percent();
    else
        words.want("full");
    if (words.take("ipv4"))
        peers.v6 = false;
    else if (words.take("ipv6"))
        peers.v4 = false;
    peers.two_octet = words.take("two-octet");
    do peers.asns.push_back(words.asn());
    while (!words.empty() && words.error().empty());
    scenario.peers.push_back(peers);
}

void parse_background(Words& words, Scenario& scenario) {
    words.want("prefixes");
    scenario.background.prefixes = static_cast<unsigned>(words.number());
    if (words.take("ipv6")) scenario.background.prefixes_v6 = static_cast<unsigned>(words.number());
    if (scenario.background.prefixes > 1'000'000) words.wrong("expected at most 1000000 prefixes");
}

void parse_churn(Words& words, Scenario& scenario) {
    Churn& churn = scenario.churn;
    do {
        if (words.take("path-changes"))
            churn.path_changes_per_hour = words.rate('h');
        else if (words.take("local-losses"))
            churn.local_losses_per_hour = words.rate('h');
        else if (words.take("flaps"))
            churn.flaps_per_hour = words.rate('h');
        else if (words.take("resets"))
            churn.resets_per_day = words.rate('d');
        else
            words.expected("path-changes, local-losses, flaps or resets");
    } while (!words.empty() && words.error().empty());
}

void parse_country(Words& words, Scenario& scenario) {
    Block block;
    block.country = words.country();
    words.want("block");
    block.prefix = words.prefix();
    while (words.take("as") || words.take("and")) block.pieces.push_back(words.pieces());
    words.want("origin");
    block.origin = words.asn();
    block.reserved = words.take("reserved");
    if (words.take("upstream")) {
        do block.upstreams.push_back(words.asn());
        while (!words.empty() && words.error().empty());
    }
    scenario.blocks.push_back(block);
}

void parse_traffic(Words& words, Scenario& scenario) {
    Traffic traffic;
    traffic.entity = words.entity();
    traffic.per_hour = words.rate('h');
    while (!words.empty() && words.error().empty()) {
        if (words.take("daily")) {
            traffic.daily = words.factor();
        } else if (words.take("clumps")) {
            traffic.clump = static_cast<unsigned>(words.number("how many, such as 3"));
        } else if (words.take("back")) {
            traffic.back_percent = words.percent();
            words.want("for");
            traffic.back_for = words.duration();
        } else {
            words.expected("daily, clumps or back");
        }
    }
    scenario.traffic.push_back(traffic);
}

void parse_event_option(Words& words, unsigned allowed, unsigned& seen, Event& event) {
    const auto is = [&](Option option, std::string_view word) {
        if ((allowed & option) == 0 || !words.take(word)) return false;
        seen |= option;
        return true;
    };
    if (is(kUntil, "until"))
        event.until = words.time();
    else if (is(kUntil, "for"))
        event.until = event.at + words.duration();
    else if (is(kStuck, "stuck"))
        event.stuck = static_cast<unsigned>(words.number());
    else if (is(kSteps, "steps"))
        event.steps = static_cast<unsigned>(words.number());
    else if (is(kShare, "share"))
        event.percent = words.percent();
    else if (is(kToAsn, "to"))
        event.asn = words.asn();
    else if (is(kToPrefix, "to"))
        event.prefix = words.prefix();
    else if (is(kInto, "into"))
        event.pieces = words.pieces();
    else if (is(kBy, "by"))
        event.asn = words.asn();
    else if (is(kThrough, "through"))
        event.asn = words.asn();
    else if (is(kOverlap, "overlap"))
        event.overlap = words.duration();
    else if (is(kFamily, "ipv4"))
        event.family = Family::v4;
    else if (is(kFamily, "ipv6"))
        event.family = Family::v6;
    else
        words.expected(fmt::format("an option of '{}'", rule_of(event.kind).verb));
}

void parse_event(Words& words, Scenario& scenario) {
    Event event;
    event.at = words.time();
    const auto* rule = std::ranges::find(kEventRules, words.peek(), &EventRule::verb);
    if (rule == kEventRules.end())
        return words.expected("what happens (dark, flap, lose, reset, ...)");
    event.kind = rule->kind;
    words.take(rule->verb);
    unsigned seen = 0;
    if ((rule->allowed & kCount) != 0) {
        event.count = static_cast<unsigned>(words.number("how many, such as 3 of 4"));
        words.want("of");
        event.of = static_cast<unsigned>(words.number());
        seen |= kCount;
    }
    if (rule->target == Target::Entity) event.entity = words.entity();
    if (rule->target == Target::Prefix) event.prefix = words.prefix();
    if (rule->target == Target::Source)
        event.source = words.word("a collector or a peer such as rv-a/500101");
    while (!words.empty() && words.error().empty())
        parse_event_option(words, rule->allowed, seen, event);
    if ((rule->required & ~seen) != 0)
        words.expected(fmt::format("what '{}' still needs", rule->verb));
    scenario.events.push_back(event);
}

std::optional<Phase> to_phase(std::string_view text) {
    for (const Phase phase : {Phase::Unstable, Phase::Degraded, Phase::Dark, Phase::Partial}) {
        if (text == to_string(phase)) return phase;
    }
    return std::nullopt;
}

void parse_expectation(Words& words, Scenario& scenario) {
    Expectation expectation;
    if (words.take("nothing")) return scenario.expectations.push_back(expectation);
    words.want("outage");
    expectation.entity = words.entity();
    for (auto phase = to_phase(words.peek()); phase && words.error().empty();
         phase = to_phase(words.peek())) {
        words.word("a phase");
        const EventTime from = words.time();
        if (!expectation.phases.empty()) expectation.phases.back().until = from;
        expectation.phases.push_back({.phase = *phase, .from = from, .until = std::nullopt});
    }
    if (expectation.phases.empty()) return words.expected("unstable, degraded, dark or partial");
    words.want("until");
    expectation.phases.back().until = words.time();
    scenario.expectations.push_back(expectation);
}

struct Statement {
    std::string_view word;
    void (*parse)(Words&, Scenario&);
};

constexpr std::array<Statement, 13> kStatements{{{"scenario", parse_header},
                                                 {"kind", parse_kind},
                                                 {"seed", parse_seed},
                                                 {"from", parse_from},
                                                 {"until", parse_until},
                                                 {"collector", parse_collector},
                                                 {"peers", parse_peers},
                                                 {"background", parse_background},
                                                 {"churn", parse_churn},
                                                 {"country", parse_country},
                                                 {"traffic", parse_traffic},
                                                 {"at", parse_event},
                                                 {"expect", parse_expectation}}};

void parse_line(Words& words, Scenario& scenario) {
    const auto* statement = std::ranges::find(kStatements, words.peek(), &Statement::word);
    if (statement == kStatements.end()) {
        return words.expected(
            "scenario, kind, seed, from, until, collector, peers, background, churn, "
            "country, traffic, at or expect");
    }
    words.take(statement->word);
    statement->parse(words, scenario);
    if (!words.empty()) words.expected("the end of the line");
}

/// Things remember their line, for the messages of `check`.
void number_lines(Scenario& scenario, unsigned line) {
    const auto number = [line](auto& things) {
        if (!things.empty() && things.back().line == 0) things.back().line = line;
    };
    number(scenario.blocks);
    number(scenario.traffic);
    number(scenario.events);
    number(scenario.expectations);
}

}  // namespace

Result<Scenario> parse(std::string_view text, std::string_view name) {
    Scenario scenario;
    scenario.name = name;
    std::vector<Complaint> complaints;
    for (unsigned line = 1; !text.empty(); ++line) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        Words words(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
        if (!words.empty()) parse_line(words, scenario);
        if (!words.error().empty()) complaints.push_back({line, words.error()});
        number_lines(scenario, line);
    }
    if (complaints.empty()) complaints = check(scenario);
    if (complaints.empty()) return scenario;
    std::string message;
    for (const Complaint& complaint : complaints) {
        if (!message.empty()) message += '\n';
        message += complaint.line == 0
                       ? fmt::format("{}: {}.", name, complaint.sentence)
                       : fmt::format("{}:{}: {}.", name, complaint.line, complaint.sentence);
    }
    return fail(std::move(message));
}

}  // namespace dimout::scenario
