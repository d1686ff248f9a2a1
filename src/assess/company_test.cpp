// Counts beside routes, as the assessor tells them.

#include "assess/company.h"

#include <gtest/gtest.h>

#include "assess/test_story.h"

namespace dimout::assess {
namespace {

using Level = Alert::Level;

std::string phases_of(const Outage& outage) {
    std::string text;
    for (const PhaseSpan& span : outage.phases) {
        text += std::string(to_string(span.phase)) + ' ' + to_rfc3339(span.from).substr(11, 5) +
                '-' + (span.until ? to_rfc3339(*span.until).substr(11, 5) : "") + ' ';
    }
    return text;
}

using Names = std::vector<std::string>;

/// One entity of whose routes and requests is told.
struct Both : Story {
    using Story::Story;

    /// A bin: the level of the routes, and that of the counts with what they add to the balance.
    void see(std::optional<Level> routes, std::optional<Level> counts, double nats,
             Alert::Step step = Alert::Step::Going) {
        std::vector<Alert> alerts;
        if (routes) alerts.push_back(of_routes(*routes));
        if (counts) alerts.push_back(of_counts(*counts, step));
        std::vector<Witness> witnesses{{.entity = entity,
                                        .signal = "traffic.requests",
                                        .kind = SignalKind::Traffic,
                                        .nats = nats,
                                        .reach = 1}};
        give(std::move(alerts), std::move(witnesses));
    }
    void see(int bins, std::optional<Level> routes, std::optional<Level> counts, double nats) {
        for (int i = 0; i < bins; ++i) see(routes, counts, nats);
    }
    void close_routes(std::optional<Level> counts) {
        Alert closed = of_routes(Level::Normal);
        closed.step = Alert::Step::Close;
        std::vector<Alert> alerts{std::move(closed)};
        if (counts) alerts.push_back(of_counts(*counts, Alert::Step::Going));
        give(std::move(alerts), {});
    }
    bool routes_well = false;
    std::optional<EventTime> since_from;

private:
    [[nodiscard]] Alert of_routes(Level level) const {
        Alert alert{.entity = entity,
                    .bin = bin,
                    .level = level,
                    .of = 1024,
                    .flaps = {},
                    .transitions = {}};
        if (level == Level::Dark) alert.loss = kMillion;
        if (level == Level::Dark) alert.lost = 1024;
        return alert;
    }
    Alert of_counts(Level level, Alert::Step step) {
        if (level != level_) since_ = {since_from.value_or(bin.start()), bin.end()};
        if (since_from) since_.until = *since_from;
        level_ = level;
        Alert alert{.entity = entity,
                    .of_counts = true,
                    .bin = bin,
                    .level = level,
                    .step = step,
                    .flaps = {},
                    .transitions = {},
                    .since = since_,
                    .routes_well = routes_well};
        if (!alert.in_loss()) return alert;
        alert.loss = level == Level::Dark ? kMillion : kMillion / 2;
        alert.sure = 990'000;
        alert.signals = {"traffic.requests"};
        return alert;
    }

    Level level_ = Level::Normal;
    TimeRange since_{};
};

TEST(Company, RequestsThatVanishWithTheRoutesConfirmEvenFewObservers) {
    Both both("2014-12-22T16:15Z");
    both.live = 5;
    both.see(Level::Dark, std::nullopt, 2);
    EXPECT_EQ(both.last().label, "unconfirmed");
    both.see(Level::Dark, std::nullopt, 2);
    EXPECT_EQ(both.last().label, "confirmed");
    EXPECT_EQ(both.last().signals, (Names{"bgp", "traffic.requests"}));
}

TEST(Company, RequestsThatStayMakeItRoutingOnly) {
    Both both("2014-12-22T16:15Z");
    both.see(Level::Dark, std::nullopt, -4);
    EXPECT_EQ(both.last().label, "routing only");
    EXPECT_EQ(both.last().signals, Names{"bgp"});
    EXPECT_EQ(both.last().calm, Names{"traffic.requests"});
}

TEST(Company, ATrickleThatCannotTellLeavesTheLabelToTheRoutes) {
    Both both("2014-12-22T16:15Z");
    both.see(30, Level::Dark, std::nullopt, 0.01);
    EXPECT_EQ(both.last().label, "confirmed");
    EXPECT_EQ(both.last().signals, Names{"bgp"});
    EXPECT_TRUE(both.last().calm.empty());
}

TEST(Company, RoutesBackTrafficLowGoesOnAsPartialAndDoesNotMoveTheEnd) {
    Both both("2014-12-22T16:15Z");
    both.see(12, Level::Dark, Level::Dark, 4);
    both.see(Level::Normal, Level::Partial, 0);
    const auto end = both.last().end;
    ASSERT_TRUE(end);
    both.see(20, Level::Normal, Level::Partial, 0);
    EXPECT_EQ(both.last().divergence, Divergence::TrafficLow);
    EXPECT_EQ(both.last().state, OutageState::Recovering);
    EXPECT_EQ(phases_of(both.last()), "dark 16:17-17:17 partial 17:17- ");
    EXPECT_EQ(both.last().end, end);
    both.close_routes(Level::Partial);
    EXPECT_EQ(both.last().state, OutageState::Recovering);
    both.see(6, std::nullopt, Level::Partial, 0);
    both.see(std::nullopt, Level::Normal, 0);
    EXPECT_EQ(both.last().state, OutageState::Closed);
    EXPECT_EQ(both.last().end, end);
    EXPECT_EQ(phases_of(both.last()), "dark 16:17-17:17 partial 17:17-19:37 ");
    for (const Outage& told : both.revisions) EXPECT_EQ(told.id, both.revisions[0].id);
}

TEST(Company, NewsOfTheRoutesEndsWhatOnlyTheCountsKeptOpen) {
    Both both("2014-12-22T16:15Z");
    both.see(12, Level::Dark, Level::Dark, 4);
    both.see(Level::Normal, Level::Partial, 0);
    both.close_routes(Level::Partial);
    both.see(3, std::nullopt, Level::Partial, 0);
    both.see(Level::Dark, Level::Dark, 4);
    ASSERT_GE(both.revisions.size(), 2U);
    const Outage& former = both.revisions.rbegin()[1];
    EXPECT_EQ(former.state, OutageState::Closed);
    EXPECT_EQ(phases_of(former), "dark 16:17-17:17 partial 17:17-17:40 ");
    EXPECT_EQ(both.last().id, "country-KP-20141222T1740Z");
}

TEST(Company, CountsThatFallLongAfterTheRoutesCameBackAreAnOutageOfTheirOwn) {
    Both both("2014-12-22T16:15Z");
    both.see(12, Level::Dark, std::nullopt, 0);
    both.see(20, Level::Normal, std::nullopt, 0);
    both.routes_well = true;
    both.see(Level::Normal, Level::Dark, 4);
    EXPECT_EQ(both.last().id, "country-KP-20141222T1855Z");
    EXPECT_EQ(both.last().label, "traffic only");
    EXPECT_EQ(both.last().divergence, Divergence::HostsSilent);
    EXPECT_EQ(both.last().severity.of, 0U);
}

TEST(Company, CountsAloneAreTrafficOnlyWithTheirOwnInterval) {
    Both both("2014-12-22T16:15Z");
    both.see(8, std::nullopt, Level::Dark, 4);
    EXPECT_EQ(both.last().label, "traffic only");
    EXPECT_EQ(both.last().start.lo, bin_at("2014-12-22T16:15Z").start());
    EXPECT_EQ(both.last().start.hi, bin_at("2014-12-22T16:15Z").end());
    EXPECT_DOUBLE_EQ(both.last().confidence, 0.99);
    both.see(std::nullopt, Level::Normal, 0);
    ASSERT_TRUE(both.last().end);
    EXPECT_EQ(both.last().end->hi, bin_at("2014-12-22T16:55Z").end());
    EXPECT_EQ(both.last().severity.area_percent_minutes, 4000U);
}

TEST(Company, ACountThatWasDarkAllAlongHasOneDarkPhase) {
    Both both("2014-12-22T16:15Z");
    both.see(4, std::nullopt, Level::Dark, 4);
    both.see(3, std::nullopt, Level::Partial, 4);
    // Dark again, and by what is known now since the return that was none.
    both.since_from = bin_at("2014-12-22T16:35Z").start();
    both.see(3, std::nullopt, Level::Dark, 4);
    EXPECT_EQ(phases_of(both.last()), "dark 16:17- ");
}

TEST(Company, AnOutageOfCountsBecomesPartOfThatOfTheRoutes) {
    Both both("2014-12-22T16:15Z");
    both.see(4, std::nullopt, Level::Dark, 4);
    both.see(Level::Dark, Level::Dark, 4);
    ASSERT_EQ(both.revisions.size(), 3U);
    EXPECT_EQ(both.revisions[1].id, "country-KP-20141222T1635Z");
    EXPECT_EQ(both.revisions[1].label, "confirmed");
    EXPECT_EQ(both.revisions[2].state, OutageState::Merged);
    EXPECT_EQ(both.revisions[2].note, "part of country-KP-20141222T1635Z");
}

TEST(Label, NeedsTwoKindsOfSourcesToConfirmWhatRoutesDoNotSay) {
    EXPECT_EQ(joint_label("", {"traffic.a", "traffic.b"}, {}), "traffic only");
    EXPECT_EQ(joint_label("", {"probe.replies", "traffic.a"}, {}), "confirmed");
    EXPECT_EQ(joint_label("", {"probe.replies"}, {"traffic.a"}), "probes only");
    EXPECT_EQ(joint_label("", {"bgp.visible_slash24"}, {}), "routing only");
    EXPECT_EQ(joint_label("confirmed", {}, {"bgp.visible_slash24"}), "confirmed");
    EXPECT_EQ(joint_label("confirmed", {}, {"probe.replies"}), "routing only");
    EXPECT_EQ(joint_label("unconfirmed", {"probe.replies"}, {}), "confirmed");
    EXPECT_EQ(joint_label("unconfirmed", {}, {}), "unconfirmed");
}

}  // namespace
}  // namespace dimout::assess
