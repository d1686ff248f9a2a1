// Which words a report chooses: how sure, how much, how long, and whether it may name a cause.
#include "present/report_text.h"

#include <gtest/gtest.h>

#include "present/chart_svg.h"

namespace dimout::present {
namespace {

struct OneName : Naming {
    std::string name(const Entity&) const override { return "Togo"; }
    std::string zone(const Entity&) const override { return "Africa/Lome"; }
};

/// 2014-12-22T16:15Z.
const EventTime kStart = event_time(1'419'264'900);

ReportInput input(double confidence, std::optional<std::chrono::minutes> length) {
    ReportInput made;
    Outage& outage = made.outage;
    outage.entity = Entity::of_country(CountryCode::of('T', 'G'));
    outage.id = "country-TG-20141222T1615Z";
    outage.start = {.best = kStart, .lo = kStart, .hi = kStart};
    outage.known_at = kStart + std::chrono::minutes(95);
    outage.phases = {{.phase = Phase::Dark, .from = kStart, .until = std::nullopt}};
    if (length) {
        const EventTime end = kStart + *length;
        outage.end = UncertainTime{.best = end, .lo = end, .hi = end};
        outage.phases.front().until = end;
        outage.state = OutageState::Closed;
    }
    outage.severity = {.depth = 1, .lost = 3072, .of = 3072};
    outage.signals = {"bgp"};
    outage.confidence = confidence;
    outage.label = "confirmed";
    made.why.verdict = "insufficient evidence";
    made.why.causes.resize(1);
    made.why.causes[0].code = "cable_cut";
    made.why.causes[0].posterior = 0.8;
    return made;
}

std::string headline(ReportInput made, const std::string& language = "en") {
    const auto messages = Messages::shipped(language);
    return escaped(report_headline(report_facts(std::move(made), OneName{}), *messages),
                   Isolates::Dropped);
}

std::string all_of(ReportInput made) {
    std::string text;
    const auto messages = Messages::shipped("en");
    for (const Block& block :
         report_text(report_facts(std::move(made), OneName{}), *messages).blocks)
        if (const auto* paragraph = std::get_if<Paragraph>(&block.what))
            text += paragraph->text + "\n";
    return text;
}

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

TEST(ReportHeadline, SaysHowSureItIs) {
    using namespace std::chrono_literals;
    EXPECT_EQ(
        headline(input(0.999, 270min)),
        "Togo almost certainly lost all 3,072 of its addresses in the Internet's routing tables "
        "for 4 hours 30 minutes, from 22 December 2014, 16:15 UTC until 22 December 2014, 20:45 "
        "UTC.");
    EXPECT_FALSE(has(headline(input(0.2, 270min)), "certainly"));
    EXPECT_TRUE(has(headline(input(0.2, 270min)), "possibly lost"));
}

TEST(ReportHeadline, WhatLastsHasLastedAtLeastSoLong) {
    const std::string text = headline(input(0.999, std::nullopt));
    EXPECT_TRUE(has(text, "has almost certainly lost")) << text;
    EXPECT_TRUE(has(text, "since 22 December 2014, 16:15 UTC, for at least 1 hour 35 minutes."))
        << text;
    EXPECT_FALSE(has(text, "until")) << text;
}

TEST(ReportHeadline, SaysHowMuchOfHowMuch) {
    using namespace std::chrono_literals;
    ReportInput part = input(0.999, 1min);
    part.outage.severity.lost = 1;
    EXPECT_TRUE(has(headline(part), "lost 1 of its 3,072 addresses")) << headline(part);
    EXPECT_TRUE(has(headline(part), "for 1 minute,")) << headline(part);
    part.outage.severity.of = 1;
    EXPECT_TRUE(has(headline(part), "lost its only address")) << headline(part);
}

TEST(ReportHeadline, CountsAloneSayNoAddresses) {
    using namespace std::chrono_literals;
    ReportInput counted = input(0.999, 60min);
    counted.outage.signals = {"traffic.requests"};
    counted.outage.severity.depth = 0.8;
    EXPECT_TRUE(has(headline(counted), "fell by up to 80 % for 1 hour")) << headline(counted);
    EXPECT_FALSE(has(headline(counted), "addresses"));
}

TEST(ReportHeadline, OwnFaultSaysNothingOfThePlace) {
    ReportInput fault = input(0.999, std::nullopt);
    fault.outage.state = OutageState::Artifact;
    EXPECT_TRUE(has(headline(fault), "This says nothing about Togo.")) << headline(fault);
    EXPECT_FALSE(has(headline(fault), "lost"));
}

TEST(ReportHeadline, ArabicWritesItsOwnNameAndDigits) {
    using namespace std::chrono_literals;
    const std::string text = headline(input(0.999, 270min), "ar");
    EXPECT_TRUE(has(text, "توغو")) << text;
    EXPECT_TRUE(has(text, "٣٬٠٧٢")) << text;
    EXPECT_EQ(text.find_first_of("0123456789"), std::string::npos) << text;
}

TEST(ReportVerdict, NamesACauseOnlyWhenTheAssessmentDoes) {
    using namespace std::chrono_literals;
    ReportInput made = input(0.999, 270min);
    EXPECT_FALSE(has(all_of(made), "Probable cause")) << "however large its share is";
    made.why.verdict = "named";
    made.why.named = "cable_cut";
    EXPECT_TRUE(has(all_of(made), "Probable cause: a cut cable (80 %")) << all_of(made);
}

}  // namespace
}  // namespace dimout::present
