#include "notify/outbox.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "base/simulated_disk.h"
#include "notify/made_up.h"

namespace dimout::notify {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

const Names kNames;
const EventTime kBegin = kOnset - hours(1);

class OutboxTest : public ::testing::Test {
protected:
    OutboxTest() {
        std::string pattern = ::testing::TempDir() + "outbox-XXXXXX";
        root_ = ::mkdtemp(pattern.data());
    }
    ~OutboxTest() override { std::filesystem::remove_all(root_); }

    std::unique_ptr<Outbox> open(Outbox::Options options, EventTime now = kBegin) {
        auto outbox = Outbox::open(real_disk(), root_ + "/outbox", kNames, std::move(options), now);
        EXPECT_TRUE(outbox) << outbox.error().message;
        return outbox ? std::move(*outbox) : nullptr;
    }
    static void tell(Outbox& outbox, const Outage& outage) {
        outbox.hear(outage);
        ASSERT_TRUE(outbox.advance(outage.known_at, outage.known_at));
    }
    /// Sends all that may go at `wall`; the ids.
    static std::vector<std::string> sent(Outbox& outbox, const std::string& channel,
                                         EventTime wall) {
        std::vector<std::string> ids;
        while (const auto message = outbox.next(channel, wall)) {
            ids.push_back(message->id);
            EXPECT_TRUE(outbox.settle(channel, message->id, {}, wall));
        }
        return ids;
    }

    std::string root_;
};

const Outbox::Options kOne{.channels = {{.name = "hook", .for_people = false}}};
const Outbox::Options kPeople{.channels = {{.name = "mail", .for_people = true}}};
using Ids = std::vector<std::string>;

TEST_F(OutboxTest, EachMessageGoesOnceThroughEachChannelInOrder) {
    auto outbox = open(
        {.channels = {{.name = "a", .for_people = false}, {.name = "b", .for_people = false}}});
    tell(*outbox, dark(korea(), 1));
    tell(*outbox, closed(korea(), 2));
    const Ids both{"country-KP-20141222T1615Z.1", "country-KP-20141222T1615Z.2"};
    const EventTime later = kOnset + hours(20);
    EXPECT_EQ(sent(*outbox, "a", later), both);
    EXPECT_EQ(sent(*outbox, "a", later), Ids{});
    EXPECT_EQ(sent(*outbox, "b", later), both);
    EXPECT_EQ(outbox->next("unknown", later), std::nullopt);
}

TEST_F(OutboxTest, WhatIsHeardAgainAfterARestartIsNotToldAgain) {
    {
        auto outbox = open(kOne);
        tell(*outbox, dark(korea(), 1));
        EXPECT_EQ(sent(*outbox, "hook", kOnset + hours(1)).size(), 1U);
    }
    auto outbox = open(kOne, kOnset + hours(2));
    EXPECT_EQ(outbox->ledger().begins, kBegin) << "it began when it was made";
    tell(*outbox, dark(korea(), 1));
    EXPECT_EQ(sent(*outbox, "hook", kOnset + hours(2)), Ids{});
    tell(*outbox, closed(korea(), 2));
    EXPECT_EQ(sent(*outbox, "hook", kOnset + hours(20)), Ids{"country-KP-20141222T1615Z.2"});
}

TEST_F(OutboxTest, YearsThatWereOverWhenItBeganSendNothingAndWhatLastsIsTold) {
    const EventTime begin = kOnset + hours(20);
    auto outbox = open(kOne, begin);
    tell(*outbox, dark(korea(), 1));
    tell(*outbox, closed(korea(), 2));
    tell(*outbox, dark(mine(), 1));
    EXPECT_EQ(sent(*outbox, "hook", begin), Ids{})
        << "the journal has not come to the beginning yet";
    ASSERT_TRUE(outbox->advance(begin + minutes(5), begin));
    EXPECT_EQ(sent(*outbox, "hook", begin), Ids{"group-mine-20141222T1615Z.1"});
}

TEST_F(OutboxTest, AChannelThatFailsIsTriedLaterAndNothingOvertakes) {
    auto outbox = open(kOne);
    tell(*outbox, dark(korea(), 1));
    tell(*outbox, dark(mine(), 1));
    EventTime now = kOnset + hours(1);
    std::vector<std::int64_t> pauses;
    const Outcome busy{.kind = Outcome::Kind::Retry, .trouble = "busy"};
    for (int i = 0; i < 10; ++i) {
        const auto message = outbox->next("hook", now);
        ASSERT_TRUE(message);
        EXPECT_EQ(message->id, "country-KP-20141222T1615Z.1");
        ASSERT_TRUE(outbox->settle("hook", message->id, busy, now));
        std::int64_t waited = 0;
        for (; !outbox->next("hook", now); now += seconds(1)) ++waited;
        pauses.push_back(waited);
    }
    EXPECT_EQ(pauses, (std::vector<std::int64_t>{5, 10, 20, 40, 80, 160, 320, 640, 900, 900}));
    EXPECT_EQ(outbox->ledger().entries.front().deliveries.front().trouble, "busy");
    const Outcome patience{.kind = Outcome::Kind::Retry, .not_before = seconds(1800)};
    ASSERT_TRUE(outbox->settle("hook", outbox->next("hook", now)->id, patience, now));
    EXPECT_FALSE(outbox->next("hook", now + seconds(1799)));
    EXPECT_TRUE(outbox->next("hook", now + seconds(1800)));
}

TEST_F(OutboxTest, WhatIsRefusedOrTooOldIsGivenUpAndCanBeTriedAgain) {
    auto outbox = open(kOne);
    tell(*outbox, dark(korea(), 1));
    tell(*outbox, dark(mine(), 1));
    EventTime now = kOnset + hours(1);
    ASSERT_TRUE(outbox->settle("hook", outbox->next("hook", now)->id,
                               {.kind = Outcome::Kind::Refused, .trouble = "400"}, now));
    int tries = 0;
    while (const auto message = outbox->next("hook", now)) {
        EXPECT_EQ(message->id, "group-mine-20141222T1615Z.1") << "the refused one bars nothing";
        const Outcome down{.kind = Outcome::Kind::Retry, .trouble = "down"};
        ASSERT_TRUE(outbox->settle("hook", message->id, down, now));
        now += hours(1);
        ++tries;
    }
    EXPECT_EQ(tries, 25) << "hourly for a day";
    EXPECT_EQ(*outbox->retry_dead(now), 2U);
    EXPECT_EQ(sent(*outbox, "hook", now).size(), 2U);
    EXPECT_EQ(*outbox->retry_dead(now), 0U);
}

TEST_F(OutboxTest, PeopleGetManyThatWaitAsOne) {
    auto outbox = open(kPeople);
    tell(*outbox, dark(korea(), 1));
    Outage other = dark(Entity::of_country(CountryCode::of('I', 'Q')));
    tell(*outbox, other);
    Outage third = dark(Entity::of_country(CountryCode::of('S', 'Y')));
    tell(*outbox, third);
    const EventTime now = kOnset + hours(1);
    const auto digest = outbox->next("mail", now);
    ASSERT_TRUE(digest);
    EXPECT_EQ(digest->id, "digest-3-country-SY-20141222T1615Z.1");
    EXPECT_EQ(outbox->next("mail", now)->id, digest->id) << "the same until it was sent";
    EXPECT_TRUE(digest->subject.starts_with("3 messages: North Korea dark")) << digest->subject;
    EXPECT_EQ(sent(*outbox, "mail", now).size(), 1U);
    EXPECT_EQ(outbox->recent().size(), 3U);
}

TEST_F(OutboxTest, QuietHoursHoldAllButOnesOwnDarkness) {
    Outbox::Options options = kPeople;
    options.quiet = *parse_quiet_hours("16:00-20:00", "UTC");
    auto outbox = open(options);
    tell(*outbox, dark(korea(), 1));
    EXPECT_EQ(sent(*outbox, "mail", kOnset + hours(1)), Ids{});
    tell(*outbox, dark(mine(), 1));
    EXPECT_EQ(sent(*outbox, "mail", kOnset + hours(1)), Ids{"group-mine-20141222T1615Z.1"});
    EXPECT_EQ(sent(*outbox, "mail", kOnset + hours(4)), Ids{"country-KP-20141222T1615Z.1"});
}

TEST_F(OutboxTest, ASilenceHoldsBeginningsAndNotEnds) {
    Outbox::Options options = kOne;
    options.silences = {{.entity = "country/KP", .from = kOnset, .until = kOnset + minutes(30)}};
    auto outbox = open(options);
    tell(*outbox, dark(mine(), 1));
    tell(*outbox, dark(korea(), 1));
    EXPECT_EQ(sent(*outbox, "hook", kOnset + hours(1)).size(), 1U);
    ASSERT_TRUE(outbox->advance(kOnset + minutes(30), kOnset + hours(1)));
    EXPECT_EQ(sent(*outbox, "hook", kOnset + hours(1)), Ids{"country-KP-20141222T1615Z.1"});
}

TEST_F(OutboxTest, WhatBeganAndEndedInSilenceIsNotToldAfterIt) {
    Outbox::Options options = kOne;
    options.silences = {{.entity = "country/KP", .from = kOnset, .until = kOnset + hours(30)}};
    {
        auto outbox = open(options);
        tell(*outbox, dark(korea(), 1));
        tell(*outbox, closed(korea(), 2));
    }
    auto outbox = open(kOne);
    tell(*outbox, dark(korea(), 1));
    tell(*outbox, closed(korea(), 2));
    EXPECT_EQ(sent(*outbox, "hook", kOnset + hours(40)), Ids{});
}

TEST_F(OutboxTest, WhatWaitsForAChannelThatIsGoneIsGivenUp) {
    {
        auto outbox = open(kOne);
        tell(*outbox, dark(korea(), 1));
    }
    auto outbox = open(kPeople);
    outbox->drop_unknown_channels();
    EXPECT_EQ(outbox->ledger().entries.front().deliveries.front().progress, Progress::Dead);
    EXPECT_EQ(sent(*outbox, "mail", kOnset + hours(1)), Ids{}) << "a new channel begins with news";
}

TEST_F(OutboxTest, AnotherProcessIsKeptOutAndADamagedFileIsSaid) {
    auto outbox = open(kOne);
    EXPECT_FALSE(Outbox::open(real_disk(), root_ + "/outbox", kNames, kOne, kBegin));
    outbox.reset();
    std::ofstream(root_ + "/outbox/outbox.json") << "{\"dimout_outbox\":1,";
    const auto damaged = Outbox::open(real_disk(), root_ + "/outbox", kNames, kOne, kBegin);
    ASSERT_FALSE(damaged);
    EXPECT_TRUE(damaged.error().message.contains("this is no outbox"));
}

TEST_F(OutboxTest, ItForgetsWhatIsLongOverAndTellsItNeverAgain) {
    auto outbox = open(kOne);
    tell(*outbox, dark(korea(), 1));
    tell(*outbox, closed(korea(), 2));
    EXPECT_EQ(sent(*outbox, "hook", kOnset + hours(20)).size(), 2U);
    const EventTime later = kOnset + kMemory + hours(24);
    ASSERT_TRUE(outbox->advance(later, later));
    EXPECT_TRUE(outbox->ledger().stories.empty());
    outbox->hear(closed(korea(), 2));
    ASSERT_TRUE(outbox->advance(later, later));
    EXPECT_EQ(sent(*outbox, "hook", later), Ids{});
    for (std::uint32_t i = 0; i < 3 * kRecent; ++i) {
        ASSERT_TRUE(outbox->post(test_message(later + seconds(i)), later));
        sent(*outbox, "hook", later);
    }
    ASSERT_TRUE(outbox->advance(later, later));
    EXPECT_EQ(outbox->ledger().entries.size(), kRecent);
}

TEST(Ledger, ComesBackFromItsText) {
    Ledger ledger{.begins = kBegin, .stories = {}, .entries = {}};
    const Message message = outage_message(Kind::Close, closed(korea(), 2), kNames);
    ledger.tell(told(closed(korea(), 2), message, nullptr, kOnset));
    ledger.entries.push_back({.message = message,
                              .since = kOnset,
                              .deliveries = {{.channel = "a", .next = kOnset, .trouble = "\"\n"},
                                             {.channel = "b",
                                              .progress = Progress::Dead,
                                              .tries = 3,
                                              .next = kBegin,
                                              .trouble = ""}}});
    const std::string text = ledger_text(ledger);
    EXPECT_EQ(read_ledger(text), ledger);
    for (std::size_t size = 0; size + 2 < text.size(); ++size)
        EXPECT_FALSE(read_ledger(text.substr(0, size))) << size;
    for (const char* none : {"", "null", "[]", "{}",
                             "{\"dimout_outbox\":2,\"begins\":\"2014-01-01\","
                             "\"stories\":[],\"entries\":[]}"})
        EXPECT_FALSE(read_ledger(none)) << none;
}

/// A life of a daemon over one journal: what it hears, what a receiver gets. Ends early when the
/// disk says so.
struct Life {
    std::map<std::string, int> received;
    bool died = false;

    void live(Disk& disk, const std::string& folder) {
        auto opened = Outbox::open(disk, folder, kNames, kOne, kBegin);
        if (!opened) {
            died = true;
            return;
        }
        Outbox& outbox = **opened;
        for (const Outage& outage : {dark(korea(), 1), in_phase(Phase::Unstable, mine(), 1),
                                     dark(mine(), 2), closed(korea(), 2), closed(mine(), 3)}) {
            outbox.hear(outage);
            if (!outbox.advance(outage.known_at, outage.known_at)) died = true;
            if (died) return;
            send_all(outbox, outage.known_at);
            if (died) return;
        }
    }

    void send_all(Outbox& outbox, EventTime now) {
        while (const auto message = outbox.next("hook", now)) {
            ++received[message->id];
            if (!outbox.settle("hook", message->id, {}, now)) died = true;
            if (died) return;
        }
    }
};

TEST_F(OutboxTest, ACrashAtAnyCallLosesNothingAndRepeatsAtMostOneMessage) {
    using Loss = SimulatedDisk::Loss;
    for (const Loss loss : {Loss::Nothing, Loss::Unsynced, Loss::Torn, Loss::Holes}) {
        bool died = true;
        for (std::uint64_t call = 1; died; ++call) {
            const std::string root =
                root_ + "/" + std::to_string(static_cast<int>(loss)) + "-" + std::to_string(call);
            std::filesystem::create_directories(root);
            SimulatedDisk disk(root);
            disk.fail_at(call, SimulatedDisk::Fault::Stop);
            Life life;
            life.live(disk, root + "/outbox");
            died = life.died;
            if (died) disk.crash(loss);
            life.died = false;
            life.live(real_disk(), root + "/outbox");
            ASSERT_FALSE(life.died);
            EXPECT_EQ(life.received.size(), 5U) << call;
            int repeats = 0;
            for (const auto& [id, times] : life.received) repeats += times - 1;
            EXPECT_LE(repeats, died ? 1 : 0) << call;
        }
    }
}

}  // namespace
}  // namespace dimout::notify
