#include "app/watch_status.h"

#include <gtest/gtest.h>

namespace dimout::app {
namespace {

constexpr EventTime kNow = event_time(1'425'946'500);

WatchFacts good() {
    WatchFacts facts;
    facts.now = kNow;
    facts.lateness = std::chrono::seconds(10);
    facts.sources = {{"BMP on 127.0.0.1:11019", {.connected = true, .lag = {}}},
                     {"RIS Live (rrc00)", {.lag = std::chrono::milliseconds(1'500)}}};
    facts.sealed = kNow - std::chrono::seconds(400);
    facts.position = kNow - std::chrono::seconds(12);
    facts.bins = 3;
    return facts;
}

TEST(WatchStatus, one_connected_source_and_a_bin_of_now_are_ready) {
    EXPECT_EQ(why_unhealthy(good()), "");
    EXPECT_TRUE(why_not_ready(good()).empty());
}

TEST(WatchStatus, every_reason_is_given) {
    WatchFacts facts = good();
    facts.sources[0].second.connected = false;
    facts.journal = {.failures = 2, .failing = true, .seconds_since_turn = 61};
    facts.store_trouble = "s: no space.";
    facts.sealed = kNow - std::chrono::seconds(431);
    EXPECT_EQ(why_unhealthy(facts), "Nothing was written to the journal for 61 s.");
    EXPECT_EQ(why_not_ready(facts),
              (std::vector<std::string>{"Nothing was written to the journal for 61 s.",
                                        "The journal cannot be written.", "s: no space.",
                                        "No source is connected.",
                                        "The newest sealed bin ended at 2015-03-10 00:07 UTC."}));
    facts = good();
    facts.sealed = kNow - std::chrono::seconds(430);
    EXPECT_TRUE(why_not_ready(facts).empty()) << "a bin, lateness and two minutes";
    facts.sealed.reset();
    EXPECT_EQ(why_not_ready(facts), (std::vector<std::string>{"No bin is sealed yet."}));
}

TEST(WatchStatus, a_store_that_failed_works_again_with_the_next_bin) {
    WatchStatus status;
    status.tell_store_failed("s: no space.");
    EXPECT_EQ(status.facts().store_failures, 1U);
    EXPECT_EQ(status.facts().store_trouble, "s: no space.");
    VisibilityBin bin;
    bin.bin = Bin::of(kNow);
    bin.v4.live = 7;
    status.tell_bin(bin);
    status.tell_outage();
    const WatchFacts facts = status.facts();
    EXPECT_EQ(facts.store_trouble, "");
    EXPECT_EQ(facts.store_failures, 1U);
    EXPECT_EQ(facts.sealed, Bin::of(kNow).end());
    EXPECT_EQ(facts.v4.live, 7U);
    EXPECT_EQ(facts.bins, 1U);
    EXPECT_EQ(facts.revisions, 1U);
}

TEST(WatchStatus, metrics_tell_the_lag_only_where_it_is_known) {
    const std::string text = metrics_of(good());
    EXPECT_NE(text.find("dimout_source_lag_seconds{source=\"RIS Live (rrc00)\"} 1.5\n"),
              std::string::npos)
        << text;
    EXPECT_EQ(text.find("dimout_source_lag_seconds{source=\"BMP"), std::string::npos) << text;
    EXPECT_NE(text.find("dimout_behind_seconds 12\n"), std::string::npos) << text;
    EXPECT_NE(text.find("dimout_last_sealed_bin_timestamp_seconds 1425946100\n"), std::string::npos)
        << text;
}

}  // namespace
}  // namespace dimout::app
