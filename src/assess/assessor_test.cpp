#include "assess/assessor.h"

#include <gtest/gtest.h>

#include "assess/test_story.h"

namespace dimout::assess {
namespace {

using Level = Alert::Level;

EventTime time_of(std::string_view text) { return parse_time(text).value(); }

std::string phases_of(const Outage& outage) {
    std::string text;
    for (const PhaseSpan& span : outage.phases) {
        text += std::string(to_string(span.phase)) + ' ' + to_rfc3339(span.from).substr(5, 11) +
                '-' + (span.until ? to_rfc3339(*span.until).substr(5, 11) : "") + ' ';
    }
    return text;
}

TEST(Assessor, TheDarkNineHoursAreToldToTheSecondAndInAddressHours) {
    Story story("2014-12-22T16:15Z");
    story.tell(Level::Dark, 40);
    EXPECT_EQ(story.last().state, OutageState::Ongoing);
    EXPECT_FALSE(story.last().end);
    story.tell(113, Level::Dark);
    story.tell(Level::Normal, 60);
    const Outage& told = story.last();
    EXPECT_EQ(told.id, "country-KP-20141222T1615Z");
    EXPECT_EQ(told.state, OutageState::Recovering);
    EXPECT_EQ(told.start.best, time_of("2014-12-22T16:15:43Z"));
    EXPECT_EQ(told.end->best, time_of("2014-12-23T01:46:03Z"));
    EXPECT_LT(told.start.lo, told.start.best);
    EXPECT_GT(told.start.hi, told.start.best);
    EXPECT_EQ(phases_of(told), "dark 12-22T16:15-12-23T01:46 ");
    EXPECT_NEAR(static_cast<double>(told.severity.address_hours), 9745, 97);
    EXPECT_EQ(told.severity.lost, 1024U);
    EXPECT_EQ(told.severity.of, 1024U);
    EXPECT_EQ(told.label, "confirmed");
    EXPECT_EQ(told.why_no_rank, "history begins 2014-12-22");
    story.tell(70, Level::Normal);
    story.close();
    EXPECT_EQ(story.last().state, OutageState::Closed);
    EXPECT_EQ(story.last().end->best, time_of("2014-12-23T01:46:03Z"));
    EXPECT_EQ(story.last().revision, 3U);
    EXPECT_EQ(story.revisions.size(), 3U);
}

TEST(Assessor, ASuspicionThatWasNothingIsNeverTold) {
    Story story("2014-12-22T16:15Z");
    story.tell(Level::Suspected, 40);
    story.close();
    EXPECT_TRUE(story.revisions.empty());
}

TEST(Assessor, TheIdIsTheFirstAlarmBinAndTheOnsetIsWhereItBegan) {
    Story story("2014-12-22T16:10Z");
    story.tell(Level::Suspected, 290);
    EXPECT_TRUE(story.revisions.empty());
    story.tell(Level::Dark, 5);
    EXPECT_EQ(story.last().id, "country-KP-20141222T1610Z");
    EXPECT_EQ(story.last().start.best, time_of("2014-12-22T16:15:08Z"));
    EXPECT_EQ(phases_of(story.last()), "dark 12-22T16:15- ");
}

TEST(Assessor, PartialFollowsDarkAndOneBinOfItIsItsSlope) {
    Story story("2014-12-22T16:15Z");
    story.tell(Level::Dark, 40);
    story.tell(20, Level::Dark);
    story.tell(Level::Partial, 0);
    story.tell(3, Level::Partial);
    story.tell(Level::Normal, 0);
    EXPECT_EQ(phases_of(story.last()),
              "dark 12-22T16:15-12-22T18:00 partial 12-22T18:00-12-22T18:20 ");

    Story slope("2014-12-22T16:15Z");
    slope.tell(Level::Dark, 40);
    slope.tell(20, Level::Dark);
    slope.tell(Level::Partial, 240);
    slope.tell(Level::Normal, 10);
    EXPECT_EQ(phases_of(slope.last()), "dark 12-22T16:15-12-22T18:04 ");
}

TEST(Assessor, AnUnstableWeekendLeadsToTheOutageThatTheDarkGaveBirthTo) {
    Story story("2014-12-19T18:00Z");
    for (int flap = 0; flap < 40; ++flap) {
        story.flap();
        if (flap < 2) {
            story.quiet(1);
        } else {
            story.tell(flap % 5 == 0 ? Level::Dark : Level::Normal);
        }
        flap < 2 ? story.quiet(19) : story.tell(19, Level::Normal);
    }
    EXPECT_EQ(story.last().id, "country-KP-20141219T2120Z");
    EXPECT_EQ(story.last().state, OutageState::Ongoing);
    EXPECT_EQ(phases_of(story.last()), "unstable 12-19T18:00- ");
    const std::string weekend = story.last().id;

    while (story.bin < bin_at("2014-12-22T16:15Z")) story.tell(Level::Normal);
    story.flap();
    story.tell(Level::Dark, 40);
    EXPECT_EQ(story.last().id, weekend);
    EXPECT_EQ(phases_of(story.last()), "unstable 12-19T18:00-12-22T16:15 dark 12-22T16:15- ");
    story.tell(6, Level::Dark);
    ASSERT_GE(story.revisions.size(), 2U);
    EXPECT_EQ(story.revisions.rbegin()[1].id, weekend);
    EXPECT_EQ(story.revisions.rbegin()[1].state, OutageState::Merged);
    EXPECT_EQ(story.revisions.rbegin()[1].note, "led to country-KP-20141222T1615Z");
    EXPECT_EQ(story.last().id, "country-KP-20141222T1615Z");
    EXPECT_EQ(story.last().revision, 1U);
    story.tell(107, Level::Dark);
    story.tell(Level::Normal, 60);
    EXPECT_EQ(phases_of(story.last()),
              "unstable 12-19T18:00-12-22T16:15 dark 12-22T16:15-12-23T01:46 ");
    EXPECT_EQ(story.last().start.best, time_of("2014-12-22T16:15:43Z"));
    EXPECT_NEAR(static_cast<double>(story.last().severity.address_hours), 9745, 97);
}

TEST(Assessor, ShortDropsAfterTheLongLossAreInstabilityAndDoNotMoveItsEnd) {
    Story story("2014-12-22T16:15Z");
    story.tell(20, Level::Dark);
    story.tell(Level::Normal, 0);
    const EventTime end = story.last().end->best;
    for (int flap = 0; flap < 4; ++flap) {
        story.tell(20, Level::Normal);
        story.flap();
        story.tell(Level::Dark);
        EXPECT_EQ(story.last().state, OutageState::Ongoing);
        EXPECT_FALSE(story.last().end);
    }
    story.tell(70, Level::Normal);
    EXPECT_EQ(story.last().state, OutageState::Recovering);
    EXPECT_EQ(story.last().end->best, end);
    EXPECT_EQ(phases_of(story.last()), "dark 12-22T16:17-12-22T17:55 unstable 12-22T19:40- ");
    story.close();
    EXPECT_EQ(story.last().state, OutageState::Closed);
    EXPECT_TRUE(story.last().phases.back().until);
}

TEST(Assessor, ALongRelapseIsAnOutageOfItsOwnAndAPauseOfMinutesIsNot) {
    Story story("2014-12-22T16:15Z");
    story.tell(20, Level::Dark);
    story.tell(3, Level::Normal);
    story.tell(20, Level::Dark);
    story.tell(Level::Normal);
    EXPECT_EQ(story.last().id, "country-KP-20141222T1615Z");
    EXPECT_EQ(story.last().phases.size(), 2U);
    story.tell(20, Level::Normal);
    const Bin relapse = story.bin;
    story.tell(10, Level::Dark);
    EXPECT_EQ(story.last().id, outage_id(story.entity, relapse));
    EXPECT_EQ(story.revisions.rbegin()[1].id, "country-KP-20141222T1615Z");
    EXPECT_EQ(story.revisions.rbegin()[1].state, OutageState::Closed);
    EXPECT_TRUE(story.revisions.rbegin()[1].end);
}

TEST(Assessor, OutagesLessThanThreeDaysApartAreOneEpisode) {
    Story story("2014-12-20T10:00Z");
    std::vector<std::string> episodes;
    for (const int days_until_next : {2, 4, 0}) {
        story.tell(12, Level::Dark);
        story.tell(Level::Normal, 10);
        story.tell(71, Level::Normal);
        story.close();
        episodes.push_back(story.last().episode);
        story.quiet(days_until_next * 288);
    }
    EXPECT_EQ(episodes, (std::vector<std::string>{"country-KP-20141220T1000Z",
                                                  "country-KP-20141220T1000Z", story.last().id}));
}

TEST(Assessor, AGapWithoutObserversWidensTheEnd) {
    Story story("2014-12-22T16:15Z");
    story.tell(12, Level::Dark);
    const EventTime blind = story.bin.start();
    story.live = 0;
    story.tell(24, Level::Unknown);
    story.live = 20;
    story.tell(Level::Normal);
    const Outage& artifact = story.last();
    EXPECT_EQ(artifact.state, OutageState::Artifact);
    const Outage& told = story.revisions.rbegin()[1];
    ASSERT_TRUE(told.end);
    EXPECT_EQ(told.end->lo, blind);
    EXPECT_EQ(told.end->hi, story.bin.start());
    EXPECT_EQ(told.severity.address_hours, (1024U * (3600 - 150) + 1800) / 3600);
}

TEST(Assessor, AWeekOfLossEndsAsALevelShiftWithoutAnEnd) {
    Story story("2014-12-22T16:15Z");
    story.tell(Level::Suspected);
    story.tell(50, Level::Degraded);
    story.tell(Level::Degraded, -1, Alert::Step::LevelShift);
    EXPECT_EQ(story.last().state, OutageState::LevelShift);
    EXPECT_FALSE(story.last().end);
}

TEST(Assessor, Ipv6SpeaksOnlyWhileIpv4IsWell) {
    Story story("2014-12-22T16:15Z");
    const auto alert = [&](Family family, Level level) {
        Alert made{.entity = story.entity,
                   .family = family,
                   .bin = story.bin,
                   .level = level,
                   .of = 1024,
                   .flaps = {},
                   .transitions = {}};
        if (level == Level::Dark) made.loss = kMillion;
        if (level == Level::Dark) made.lost = 1024;
        return made;
    };
    story.give({alert(Family::v6, Level::Dark)});
    EXPECT_EQ(story.last().note, "IPv6, counted in /48 blocks");
    story.give({alert(Family::v4, Level::Dark), alert(Family::v6, Level::Dark)});
    ASSERT_EQ(story.revisions.size(), 3U);
    EXPECT_EQ(story.revisions[1].id, "country-KP-20141222T1620Z");
    EXPECT_EQ(story.revisions[2].state, OutageState::Merged);
    EXPECT_EQ(story.revisions[2].revision, 2U);
    story.give({alert(Family::v4, Level::Dark), alert(Family::v6, Level::Dark)});
    EXPECT_EQ(story.revisions.size(), 3U);
}

TEST(Assessor, TheEndOfTheDataLeavesTheOutageOpenAndItsHoursUpToDate) {
    Story story("2014-12-22T16:15Z");
    story.tell(Level::Dark, 0);
    story.tell(11, Level::Dark);
    story.assessor.finish(story.bin.start());
    const auto told = story.assessor.take_revisions();
    ASSERT_EQ(told.size(), 1U);
    EXPECT_EQ(told[0].state, OutageState::Ongoing);
    EXPECT_FALSE(told[0].end);
    EXPECT_EQ(told[0].severity.address_hours, 1023U);
}

/// Losses, flaps and pauses of all lengths, for `bins` bins.
std::vector<Outage> restless(int bins) {
    Story story("2014-12-19T18:00Z");
    story.tell(Level::Dark);
    std::uint64_t state = 3;
    Level level = Level::Dark;
    for (int bin = 1; bin < bins; ++bin) {
        state = state * 6364136223846793005ULL + 1442695040888963407ULL;
        const std::uint64_t draw = (state >> 33) % 12;
        if (draw == 0) {
            level = level == Level::Dark ? Level::Normal : Level::Dark;
            if (level == Level::Dark) story.flap();
        } else if (draw == 1 && level == Level::Dark) {
            level = Level::Partial;
        }
        story.tell(level, static_cast<std::int64_t>((state >> 40) % 290));
    }
    return std::move(story.revisions);
}

TEST(Assessor, TheRevisionsKnownAtATimeDoNotDependOnWhatFollows) {
    const auto all = restless(1000);
    ASSERT_GT(all.size(), 100U);
    for (const int bins : {1, 7, 99, 500}) {
        const auto part = restless(bins);
        ASSERT_LE(part.size(), all.size());
        for (std::size_t i = 0; i < part.size(); ++i) {
            EXPECT_EQ(part[i].id, all[i].id);
            EXPECT_EQ(part[i].revision, all[i].revision);
            EXPECT_EQ(part[i].known_at, all[i].known_at);
            EXPECT_EQ(part[i].state, all[i].state);
            EXPECT_EQ(part[i].start, all[i].start);
            EXPECT_EQ(part[i].end, all[i].end);
            EXPECT_EQ(part[i].phases, all[i].phases);
            EXPECT_EQ(part[i].severity, all[i].severity);
            EXPECT_EQ(part[i].label, all[i].label);
            EXPECT_EQ(part[i].confidence, all[i].confidence);
            EXPECT_EQ(part[i].instability, all[i].instability);
            EXPECT_EQ(part[i].standing, all[i].standing);
            EXPECT_EQ(part[i].why_no_rank, all[i].why_no_rank);
        }
    }
}

TEST(Assessor, PhasesFollowEachOtherAndStartComesBeforeEnd) {
    for (const Outage& told : restless(2000)) {
        if (told.end) {
            EXPECT_LE(told.start.best, told.end->best);
        }
        EXPECT_LE(told.start.lo, told.start.best);
        for (std::size_t i = 0; i < told.phases.size(); ++i) {
            const PhaseSpan& span = told.phases[i];
            if (span.until) {
                EXPECT_LE(span.from, *span.until) << told.id << " revision " << told.revision;
            } else {
                EXPECT_EQ(i + 1, told.phases.size()) << told.id << " revision " << told.revision;
            }
            if (i > 0 && told.phases[i - 1].until) {
                EXPECT_GE(span.from, *told.phases[i - 1].until)
                    << told.id << " revision " << told.revision << phases_of(told);
            }
        }
    }
}

TEST(Assessor, RoutesThatAreStuckMoveNeitherTheStartNorTheEnd) {
    // Three of twenty keep the routes through the darkness, lose them late, and get them back
    // later.
    const auto dark = [](bool with_stuck) {
        Story story("2014-12-22T16:15Z");
        const auto alert = [&](Level level, std::int64_t second, std::uint32_t first_asn,
                               std::uint32_t last_asn, bool gain) {
            Alert made{.entity = story.entity,
                       .bin = story.bin,
                       .level = level,
                       .of = 1024,
                       .flaps = {},
                       .transitions = {}};
            if (made.in_loss()) made.loss = kMillion - 150'000;
            if (made.in_loss()) made.lost = 1024;
            for (std::uint32_t asn = first_asn; asn <= last_asn; ++asn) {
                const EventTime time = story.bin.start() + std::chrono::seconds(second + asn);
                TransitionTimes seen{.peer_asn = {asn}};
                (gain ? seen.first_gain : seen.last_loss) = time;
                if (!gain) seen.first_loss = time;
                made.transitions.push_back(seen);
            }
            return made;
        };
        story.give({alert(Level::Dark, 40, 4, 20, false)});
        story.tell(20, Level::Dark);
        // The stuck ones lose it in the last bin before the return.
        story.give({alert(Level::Dark, 200, 1, with_stuck ? 3 : 0, false)});
        story.give({alert(Level::Normal, 60, 4, 20, true)});
        story.give({alert(Level::Normal, 10, 1, with_stuck ? 3 : 0, true)});
        story.tell(20, Level::Normal);
        return story.last();
    };
    const Outage stuck = dark(true);
    const Outage clean = dark(false);
    EXPECT_EQ(stuck.start, clean.start);
    EXPECT_EQ(stuck.end, clean.end);
    EXPECT_EQ(stuck.end->best, time_of("2014-12-22T18:06:12Z"));
}

TEST(Assessor, DurationsAreIntervalsAndAtLeastWhileItLasts) {
    Story story("2014-12-22T16:15Z");
    story.tell(Level::Dark, 40);
    story.tell(11, Level::Dark);
    story.assessor.finish(story.bin.start());
    const Outage open = story.assessor.take_revisions().at(0);
    EXPECT_TRUE(lasted(open).at_least);
    EXPECT_EQ(lasted(open).best, story.bin.start() - open.start.best);
    story.tell(Level::Normal, 60);
    const Duration over = lasted(story.last());
    EXPECT_FALSE(over.at_least);
    EXPECT_EQ(over.lo, story.last().end->lo - story.last().start.hi);
    EXPECT_EQ(over.hi, story.last().end->hi - story.last().start.lo);
    EXPECT_LT(over.lo, over.best);
    EXPECT_LT(over.best, over.hi);
}

TEST(Assessor, ARankComesWithYearsOfHistoryThatWereRecalled) {
    Story story("2014-12-22T16:15Z");
    story.assessor.recall_observed({time_of("2010-12-22"), story.bin.start()}, true);
    story.tell(40, Level::Dark);
    EXPECT_EQ(story.last().standing.rank, 1U);
    EXPECT_EQ(story.last().standing.claim, "worst since 2010-12-22");
    EXPECT_EQ(story.last().why_no_rank, "");
}

TEST(Assessor, RevisionsAreToldOnlyWhenThereIsMoreToSay) {
    Story story("2014-12-22T16:15Z");
    story.tell(200, Level::Dark);
    EXPECT_EQ(story.revisions.size(), 1U);
}

}  // namespace
}  // namespace dimout::assess
