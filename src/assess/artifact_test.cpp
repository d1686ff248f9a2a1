#include "assess/artifact.h"

#include <gtest/gtest.h>

#include "assess/test_story.h"

namespace dimout::assess {
namespace {

using Kind = HealthEvent::Kind;

HealthEvent event(const Story& story, Kind kind, std::uint16_t peer = 0) {
    return {
        .kind = kind, .collector = CollectorId{2}, .peer = PeerId{peer}, .time = story.bin.start()};
}

TEST(Artifact, ASilentCollectorIsNamedAndEndsWhenItIsBack) {
    Story story("2014-12-22T16:15Z");
    story.quiet(3);
    story.health = {event(story, Kind::CollectorSilent)};
    story.live = 14;
    story.quiet(5);
    ASSERT_EQ(story.revisions.size(), 1U);
    EXPECT_EQ(story.last().state, OutageState::Artifact);
    EXPECT_EQ(to_string(story.last().entity), "group/observatory.rv2");
    EXPECT_EQ(story.last().id, "group-observatory.rv2-20141222T1630Z");
    EXPECT_EQ(story.last().note, "rv2 fell silent");
    story.health = {event(story, Kind::CollectorBack)};
    story.live = 20;
    story.quiet(2);
    ASSERT_EQ(story.revisions.size(), 2U);
    EXPECT_EQ(story.last().revision, 2U);
    EXPECT_TRUE(story.last().end);
}

TEST(Artifact, ManyResetsOfOneCollectorAreOne) {
    Story story("2014-12-22T16:15Z");
    story.live = 15;
    for (std::uint16_t peer = 1; peer <= 5; ++peer)
        story.health.push_back(event(story, Kind::PeerReset, peer));
    story.quiet(1);
    ASSERT_EQ(story.revisions.size(), 1U);
    EXPECT_EQ(story.last().note, "rv2 lost, or had to rebuild, peer 1, peer 2, peer 3 and 2 more");
    story.live = 20;
    story.quiet(3);
    EXPECT_TRUE(story.last().end);
    EXPECT_EQ(story.revisions.size(), 2U);
}

TEST(Artifact, AResetThatNoFullFeedObserverFeltIsNotTold) {
    Story story("2014-12-22T16:15Z");
    story.health = {event(story, Kind::PeerReset, 7)};
    story.quiet(20);
    EXPECT_TRUE(story.revisions.empty());
}

TEST(Artifact, HalfOfTheObserversGoneIsToldEvenWhenNobodySaysWhy) {
    Story story("2014-12-22T16:15Z");
    story.live = 10;
    story.quiet(4);
    ASSERT_EQ(story.revisions.size(), 1U);
    EXPECT_EQ(to_string(story.last().entity), "group/observatory");
    EXPECT_EQ(story.last().note, "10 of the usual 20 full-feed networks were heard (IPv4)");
    story.live = 20;
    story.quiet(4);
    EXPECT_EQ(story.revisions.size(), 2U);
    EXPECT_TRUE(story.last().end);
}

}  // namespace
}  // namespace dimout::assess
