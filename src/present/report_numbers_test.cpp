// No number stands in a report that is not in its JSON, and each is the one it should be.
//
// Every number of the facts is made another one, drawn at random and so long that no two are alike
// and none comes about by chance. Then a number of a text has one place in the JSON or none, and
// the texts of all languages and formats must name the same places.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <simdjson.h>

#include <algorithm>
#include <map>

#include "base/random.h"
#include "present/messages.h"
#include "present/report_html.h"
#include "present/report_json.h"
#include "present/report_markdown.h"
#include "present/report_text.h"

namespace dimout::present {
namespace {

struct NoName : Naming {
    std::string name(const Entity& entity) const override { return to_string(entity); }
    std::string zone(const Entity& entity) const override {
        return entity.kind == Entity::Kind::Country ? "Asia/Pyongyang" : "";
    }
};

/// What sort of outage.
struct Kind {
    const char* name;
    bool over = true;
    bool named = false;
    bool gaps = false;
    bool all_lost = true;
    bool network = false;
    bool by_routes = true;
    bool history = false;
};

/// Numbers of seven digits and moments to the minute, none twice.
class Drawn {
public:
    explicit Drawn(std::uint64_t seed) : chance_(seed) {}
    std::int64_t number() {
        return 1'000'000 + 1000 * ++drawn_ + static_cast<std::int64_t>(chance_.below(1000));
    }
    double real() { return static_cast<double>(number()) + 0.5; }
    std::uint32_t count() { return static_cast<std::uint32_t>(number()); }
    /// Later than all before.
    EventTime time() {
        seconds_ += 60 * static_cast<std::int64_t>(61 + chance_.below(400));
        return event_time(seconds_);
    }
    UncertainTime around() { return {.best = time(), .lo = time(), .hi = time()}; }

private:
    Random chance_;
    std::int64_t drawn_ = 0;
    std::int64_t seconds_ = 1'419'000'000 / 60 * 60;
};

Outage outage_of(const Kind& kind, Drawn& drawn) {
    Outage outage;
    outage.entity = kind.network ? Entity::of_asn(Asn{drawn.count()})
                                 : Entity::of_country(CountryCode::of('K', 'P'));
    const EventTime unstable = drawn.time();
    outage.start = drawn.around();
    outage.phases = {{.phase = Phase::Unstable, .from = unstable, .until = outage.start.best},
                     {.phase = Phase::Dark, .from = outage.start.best, .until = std::nullopt}};
    if (kind.over) {
        outage.end = drawn.around();
        outage.phases.back().until = outage.end->best;
    }
    outage.state = kind.over ? OutageState::Closed : OutageState::Ongoing;
    outage.known_at = drawn.time();
    outage.id = outage_id(outage.entity, Bin::of(outage.start.best));
    outage.revision = drawn.count();
    outage.severity = {.depth = 0.987654321,
                       .area_percent_minutes = drawn.count(),
                       .address_hours = drawn.count(),
                       .lost = drawn.count(),
                       .of = drawn.count()};
    if (kind.all_lost) outage.severity.lost = outage.severity.of;
    outage.observers = {
        .live_full_feed_asns = drawn.count(), .usual = drawn.count(), .collectors = drawn.count()};
    outage.signals = {kind.by_routes ? "bgp" : "traffic.requests"};
    outage.confidence = 0.9912345;
    outage.label = kind.by_routes ? "confirmed" : "traffic only";
    if (kind.history) {
        outage.standing.rank = drawn.count();
        outage.standing.rank_of = drawn.count();
        outage.standing.observed = 0.5;
        outage.standing.compared_with = "own outages since long ago";
    } else {
        outage.why_no_rank = "history begins too late";
    }
    return outage;
}

Explanation why_of(const Kind& kind, Drawn& drawn) {
    Explanation why;
    why.verdict = kind.named ? "named" : "insufficient evidence";
    why.table = fmt::format("table {}", drawn.number());
    for (const char* code : {"self_disconnection", "cable_cut"}) {
        const std::string text = fmt::format("it says {}", drawn.number());
        why.causes.emplace_back();
        why.causes.back().code = why.causes.back().title = code;
        why.causes.back().speaks_for = {
            {.text = text, .decibans = drawn.real(), .feature = "duration", .level = "6_to_12_h"}};
        why.causes.back().speaks_against = {
            {.text = text, .decibans = -drawn.real(), .feature = "relapses", .level = "no"}};
    }
    if (kind.named) why.named = "self_disconnection";
    why.missing = {{.feature = "attack_seen", .title = "t", .holder = "h", .bits = drawn.real()}};
    why.seen = {{.feature = "duration",
                 .level = "6_to_12_h",
                 .value = fmt::format("it lasted {}", drawn.number()),
                 .source = "routes"}};
    return why;
}

ReportFacts facts_of(const Kind& kind, std::uint64_t seed) {
    Drawn drawn(seed);
    ReportInput input;
    input.outage = outage_of(kind, drawn);
    input.why = why_of(kind, drawn);
    for (const char* what : {"addresses", "churn", "traffic"}) {
        ReportChart chart{.signal = what, .kind = what, .unit = what, .columns = {}};
        if (chart.kind == "traffic") chart.unit.clear();
        EventTime from = drawn.time();
        for (int i = 0; i < 6; ++i) {
            const EventTime until = drawn.time();
            chart.columns.push_back({.from = from,
                                     .until = until,
                                     .lowest = drawn.number(),
                                     .highest = drawn.number()});
            if (kind.gaps && i % 2 == 1)
                chart.columns.back().lowest = chart.columns.back().highest = std::nullopt;
            from = until;
        }
        input.charts.push_back(std::move(chart));
    }
    if (kind.gaps)
        input.gaps = {{.collector = "rv-east",
                       .from = drawn.time(),
                       .until = drawn.time(),
                       .reason = fmt::format("no file {}", drawn.number())}};
    input.dependence = ReportDependence{.at = drawn.time(),
                                        .observers = drawn.count(),
                                        .cut = drawn.count(),
                                        .cut_networks = {Asn{drawn.count()}},
                                        .networks = {{Asn{drawn.count()}, drawn.real()}}};
    input.collectors = {"rv-east"};
    input.version = fmt::format("dimout {}", drawn.number());
    ReportFacts facts = report_facts(std::move(input), NoName{});
    facts.lasted = {.days = 0,
                    .hours = drawn.number(),
                    .minutes = drawn.number(),
                    .at_least = facts.lasted.at_least};
    facts.depth_percent = drawn.number();
    if (facts.observed_percent) facts.observed_percent = drawn.number();
    for (ShownCause& cause : facts.causes) {
        cause.percent = drawn.number();
        cause.percent_lo = drawn.number();
        cause.percent_hi = drawn.number();
    }
    if (facts.named) facts.named = facts.causes.front();
    return facts;
}

// ---- What the JSON holds, and where.

struct Places {
    std::map<std::string, std::string> texts;  ///< As they stand in a text: the place in the JSON.
    std::map<double, std::string> numbers;
};

bool has_digit(std::string_view text) {
    return std::ranges::any_of(text, [](char sign) { return sign >= '0' && sign <= '9'; });
}

/// The first place wins, so that the same value at two places has one name.
void collect(const simdjson::dom::element& value, const std::string& at, Places& places) {
    if (value.is_object()) {
        for (const auto field : value.get_object())
            collect(field.value, fmt::format("{}/{}", at, field.key), places);
    } else if (value.is_array()) {
        std::size_t index = 0;
        for (const auto one : value.get_array())
            collect(one, fmt::format("{}/{}", at, index++), places);
    } else if (value.is_string()) {
        const std::string text(std::string_view(value.get_string()));
        if (text.size() >= 6 && has_digit(text)) places.texts.emplace(text, at);
    } else if (value.is_number()) {
        places.numbers.emplace(std::abs(value.get_double().value()), at);
    }
}

void replace_all(std::string& text, std::string_view what, std::string_view by) {
    for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += by.size())
        text.replace(at, what.size(), by);
}

/// Moments as the language writes them, on UTC's clock and on that of the place.
void add_moments(Places& places, const ReportFacts& facts, const Messages& messages) {
    std::map<std::string, std::string> shown;
    for (const auto& [text, at] : places.texts) {
        const auto time = parse_time(text);
        if (!time) continue;
        shown.emplace(messages.time("time.pattern", *time), at);
    }
    shown.emplace(messages.time("time.pattern.day", facts.at.first), "/headline/from");
    for (const ReportClock& clock : facts.clocks)
        if (clock.there)
            shown.emplace(messages.time("time.pattern.weekday", clock.time, clock.there->offset),
                          "/clocks/" + clock.what);
    places.texts.merge(shown);
}

// ---- What a text says.

/// Digits of any script as ASCII, without isolates and separators of thousands.
std::string normal(std::string text) {
    for (int digit = 0; digit < 10; ++digit)
        replace_all(text, fmt::format("\xD9{}", static_cast<char>(0xA0 + digit)),
                    std::to_string(digit));
    for (const std::string_view sign : {"\u066C", "\u2066", "\u2067", "\u2068", "\u2069", "\\"})
        replace_all(text, sign, "");
    replace_all(text, "\u066B", ".");
    for (std::size_t at = 1; at + 1 < text.size(); ++at)
        if (text[at] == ',' && std::isdigit(text[at - 1]) && std::isdigit(text[at + 1]))
            text.erase(at, 1);
    return text;
}

/// What a person reads of a page; drawings are chart_test's.
std::string words_of(const std::string& page) {
    std::string text;
    for (std::size_t at = 0; at < page.size();) {
        if (page[at] != '<') {
            text += page[at++];
            continue;
        }
        for (const std::string_view name : {"style", "script", "svg"})
            if (page.compare(at + 1, name.size(), name) == 0)
                at = page.find(fmt::format("</{}>", name), at);
        const bool within = page.compare(at, 4, "<bdi") == 0 || page.compare(at, 5, "</bdi") == 0;
        at = page.find('>', at) + 1;
        if (!within) text += ' ';
    }
    for (const auto& [entity, sign] : {std::pair{"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}})
        replace_all(text, entity, sign);
    replace_all(text, "&amp;", "&");
    return text;
}

/// How often each place of the JSON is told; numbers that have none go to `strange`.
std::map<std::string, int> told(std::string text, const Places& places,
                                std::vector<std::string>& strange) {
    std::map<std::string, int> found;
    std::vector<std::pair<std::string, std::string>> longest;
    for (const auto& [words, at] : places.texts) longest.emplace_back(normal(words), at);
    std::ranges::sort(longest, [](const auto& one, const auto& other) {
        return one.first.size() > other.first.size();
    });
    text = normal(std::move(text));
    for (const auto& [words, place] : longest) {
        for (std::size_t at = 0; (at = text.find(words, at)) != std::string::npos;) {
            text.replace(at, words.size(), " ~ ");
            ++found[place];
        }
    }
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (!std::isdigit(text[at])) continue;
        const std::size_t end = text.find_first_not_of("0123456789.", at);
        const double number = std::stod(text.substr(at, end - at));
        const auto place = places.numbers.find(number);
        if (place == places.numbers.end())
            strange.push_back(text.substr(at < 30 ? 0 : at - 30, 60));
        else
            ++found[place->second];
        at = end == std::string::npos ? text.size() : end;
    }
    return found;
}

/// Of the texts that the same facts give.
struct Told {
    std::map<std::string, int> markdown;
    std::map<std::string, int> page;
    std::map<std::string, int> headline;
    std::vector<std::string> strange;
};

Told told_in(const std::string& language, const ReportFacts& facts) {
    const auto messages = Messages::shipped(language);
    simdjson::dom::parser parser;
    const std::string json = report_json(facts);
    Places places;
    collect(parser.parse(json), "", places);
    add_moments(places, facts, *messages);
    const Document document = report_text(facts, *messages);
    Told all;
    all.markdown = told(report_markdown(document), places, all.strange);
    all.page = told(words_of(report_html(document, facts)), places, all.strange);
    all.headline = told(report_headline(facts, *messages), places, all.strange);
    return all;
}

std::set<std::string> keys(const std::map<std::string, int>& found) {
    std::set<std::string> all;
    for (const auto& [key, times] : found) all.insert(key);
    return all;
}

constexpr std::array kKinds{
    Kind{.name = "ended"},
    Kind{.name = "ongoing", .over = false},
    Kind{.name = "with gaps", .gaps = true},
    Kind{.name = "with a named cause", .named = true},
    Kind{.name = "of a part", .all_lost = false, .history = true},
    Kind{.name = "of a network, ongoing", .over = false, .all_lost = false, .network = true},
    Kind{.name = "by counts alone", .by_routes = false},
};

TEST(ReportNumbers, EachHasItsPlaceInTheJsonAndTheSameOneInEveryLanguage) {
    for (const Kind& kind : kKinds) {
        for (const std::uint64_t seed : {1, 2}) {
            const ReportFacts facts = facts_of(kind, seed);
            const Told english_one = told_in("en", facts);
            EXPECT_GT(english_one.markdown.size(), 40U) << kind.name;
            for (const std::string& language : Messages::languages()) {
                const Told other = told_in(language, facts);
                EXPECT_EQ(other.strange, std::vector<std::string>{}) << kind.name << language;
                EXPECT_EQ(other.markdown, english_one.markdown) << kind.name << language;
                EXPECT_EQ(other.page, english_one.page) << kind.name << language;
                EXPECT_EQ(other.headline, english_one.headline) << kind.name << language;
                std::set<std::string> only_paper;
                std::ranges::set_difference(keys(other.markdown), keys(other.page),
                                            std::inserter(only_paper, only_paper.end()));
                EXPECT_EQ(only_paper, std::set<std::string>{}) << kind.name << language;
            }
        }
    }
}

TEST(ReportNumbers, TheHeadlineTellsWhatItShould) {
    using Places = std::set<std::string>;
    const auto headline = [](std::size_t kind) {
        return keys(told_in("ar", facts_of(kKinds[kind], 3)).headline);
    };
    const Places length{"/headline/lasted/hours", "/headline/lasted/minutes"};
    const auto with = [&](Places more) {
        more.insert(length.begin(), length.end());
        return more;
    };
    const std::string from = "/outage/start/t";
    EXPECT_EQ(headline(0), with({from, "/outage/end/t", "/outage/severity/lost"}));
    EXPECT_EQ(headline(1), with({from, "/outage/severity/lost"}));
    EXPECT_EQ(headline(4),
              with({from, "/outage/end/t", "/outage/severity/lost", "/outage/severity/of"}));
    EXPECT_EQ(headline(6), with({from, "/outage/end/t", "/headline/depth_percent"}));
}

TEST(ReportNumbers, ANumberFromElsewhereIsFound) {
    ReportFacts facts = facts_of(kKinds[0], 4);
    simdjson::dom::parser parser;
    const std::string json = report_json(facts);
    facts.depth_percent += 1;
    Places places;
    collect(parser.parse(json), "", places);
    const auto messages = Messages::shipped("ar");
    add_moments(places, facts, *messages);
    std::vector<std::string> strange;
    (void)told(report_markdown(report_text(facts, *messages)), places, strange);
    EXPECT_EQ(strange.size(), 1U) << fmt::format("{}", fmt::join(strange, "\n"));
}

}  // namespace
}  // namespace dimout::present
