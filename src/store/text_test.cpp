#include "store/text.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "store/made_up.h"

namespace dimout::store {
namespace {

class AnyOutage {
public:
    explicit AnyOutage(std::uint64_t seed) : random_(seed) {}

    Outage make() {
        Outage outage;
        outage.id = text();
        outage.revision = static_cast<std::uint32_t>(random_());
        outage.known_at = time();
        outage.entity = entity();
        outage.state = static_cast<OutageState>(random_() % 7);
        outage.start = uncertain();
        if (coin()) outage.end = uncertain();
        for (std::uint64_t i = random_() % 4; i > 0; --i) outage.phases.push_back(phase());
        outage.severity = {real(), random_(), random_(), random_(), random_()};
        outage.observers = {static_cast<std::uint32_t>(random_()), 0,
                            static_cast<std::uint32_t>(random_())};
        for (std::uint64_t i = random_() % 3; i > 0; --i) outage.signals.push_back(text());
        outage.confidence = real();
        outage.label = text();
        outage.why_no_rank = text();
        outage.note = text();
        if (coin()) add_what_is_rare(outage);
        return outage;
    }

private:
    void add_what_is_rare(Outage& outage) {
        outage.calm.push_back(text());
        outage.divergence = static_cast<Divergence>(random_() % 3);
        outage.instability = Instability{.parts = {{time(), 970'000, 3}, {time(), 0, 0}}, .p = 0.5};
        outage.standing.rank = 3;
        outage.standing.length_rank = 2;
        outage.standing.since = event_time(1'293'062'400);
        outage.standing.return_years = real();
        outage.standing.claim = text();
        outage.episode = "country-KP-20141219T2105Z";
        outage.source = text();
    }
    bool coin() { return random_() % 2 == 0; }
    EventTime time() { return event_time(static_cast<std::int64_t>(random_() % 4'102'444'800)); }
    UncertainTime uncertain() { return {time(), time(), time()}; }
    double real() {
        return std::ldexp(static_cast<double>(random_()), -static_cast<int>(random_() % 70));
    }
    PhaseSpan phase() {
        PhaseSpan span{static_cast<Phase>(random_() % 4), time(), std::nullopt};
        if (coin()) span.until = time();
        return span;
    }
    std::string text() {
        static const std::vector<std::string> kPieces{"\"",   "\\", "\n", "\t", "Å", "北",
                                                      "\x01", "a",  "/",  "{",  "",  "country-KP"};
        std::string made;
        for (std::uint64_t i = random_() % 6; i > 0; --i)
            made += kPieces[random_() % kPieces.size()];
        return made;
    }
    Entity entity() {
        static const std::vector<std::string> kEntities{"country/KP",
                                                        "continent/AS",
                                                        "region/CD-KN",
                                                        "asn/4294967295",
                                                        "asn-country/131279.KP",
                                                        "group/mine",
                                                        "prefix/175.45.176.0-22",
                                                        "prefix/2001:db8::-32"};
        return *parse_entity(kEntities[random_() % kEntities.size()]);
    }

    std::mt19937_64 random_;
};

void expect_same(const Outage& one, const Outage& other) {
    EXPECT_EQ(std::tie(one.id, one.revision, one.known_at, one.entity, one.state, one.start,
                       one.end, one.phases),
              std::tie(other.id, other.revision, other.known_at, other.entity, other.state,
                       other.start, other.end, other.phases));
    EXPECT_EQ(std::tie(one.severity, one.observers, one.signals, one.confidence, one.label,
                       one.why_no_rank, one.note, one.source, one.episode, one.calm, one.divergence,
                       one.instability, one.standing),
              std::tie(other.severity, other.observers, other.signals, other.confidence,
                       other.label, other.why_no_rank, other.note, other.source, other.episode,
                       other.calm, other.divergence, other.instability, other.standing));
}

TEST(StoreText, AnyOutageComesBackAsItWas) {
    AnyOutage any(1969);
    for (int i = 0; i < 3000; ++i) {
        const Outage outage = any.make();
        const std::string text = outage_text(outage);
        EXPECT_EQ(text.find('\n'), std::string::npos);
        const auto back = parse_outage(text);
        ASSERT_TRUE(back) << text;
        expect_same(*back, outage);
        ASSERT_FALSE(HasFailure()) << text;
    }
}

TEST(StoreText, WhatIsNoOutageIsRefused) {
    const std::string whole = outage_text(MadeUpRun::outages(7).front());
    for (std::size_t size = 0; size < whole.size(); ++size)
        EXPECT_FALSE(parse_outage(whole.substr(0, size)));
    for (const char* text :
         {"{}", "[]", "null", R"({"id":1})", R"({"id":"x","revision":1,"known_at":"yesterday"})"}) {
        EXPECT_FALSE(parse_outage(text)) << text;
    }
}

TEST(StoreText, AFieldThatThisProgramDoesNotKnowIsSkipped) {
    std::string text = outage_text(MadeUpRun::outages(13).front());
    text.insert(1, R"("rank":[1,{"of":2}],)");
    ASSERT_TRUE(parse_outage(text));
    expect_same(*parse_outage(text), MadeUpRun::outages(13).front());
}

TEST(StoreText, BytesThatAreNotTextBecomeQuestionMarks) {
    Outage outage = MadeUpRun::outages(7).front();
    outage.note = "caf\xE9";
    EXPECT_EQ(parse_outage(outage_text(outage))->note, "caf?");
}

TEST(StoreText, GapsAndFactsComeBackAsTheyWere) {
    const GapRow gap{"rrc00", event_time(1), event_time(2), "no \"file\""};
    EXPECT_EQ(parse_gap(gap_text(gap)), gap);
    const GapRow open{"rrc00", event_time(1), kNeverAgain, "no updates"};
    EXPECT_EQ(parse_gap(gap_text(open)), open);
    EXPECT_EQ(parse_facts(facts_text(MadeUpRun::facts())), MadeUpRun::facts());
    EXPECT_FALSE(parse_gap("{}"));
    EXPECT_FALSE(parse_facts("{\"collectors\":[]}"));
}

TEST(StoreText, MergingFactsIsAUnionThatOnlyGrows) {
    RunFacts more = MadeUpRun::facts();
    more.collectors = {"rrc03", "rrc00"};
    more.peers[0].full_feed = true;
    const RunFacts both = merge(MadeUpRun::facts(), more);
    EXPECT_EQ(both.collectors, (std::vector<std::string>{"route-views2", "rrc00", "rrc03"}));
    ASSERT_EQ(both.peers.size(), 3U);
    EXPECT_EQ(merge(both, MadeUpRun::facts()), both);
    EXPECT_EQ(merge(more, MadeUpRun::facts()), both);
    EXPECT_TRUE(both.peers[1].route_server && both.peers[1].full_feed);
}

}  // namespace
}  // namespace dimout::store
