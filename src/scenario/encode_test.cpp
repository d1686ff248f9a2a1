#include "scenario/encode.h"

#include <gtest/gtest.h>

#include "scenario/test_reader.h"

namespace dimout::scenario {
namespace {

using test::Record;
using test::Said;

const std::vector<std::uint32_t> kPath{502001, 4837, 131279};
const std::vector<Prefix> kPrefixes{*parse_prefix("175.45.176.0/24"),
                                    *parse_prefix("175.45.177.0/24"), *parse_prefix("10.0.0.0/9")};
const std::vector<Prefix> kPrefixes6{*parse_prefix("2001:db8::/32"),
                                     *parse_prefix("2001:db8:1::/48")};

SessionEnds ends() {
    return {.peer_asn = {502001},
            .local_asn = {6447},
            .peer = Address::v4(0xC6120101),
            .local = Address::v4(0xC6120100)};
}

std::vector<Record> record_of(Bytes message, const SessionEnds& session, const Stamp& stamp) {
    Wire wire;
    append_message_record(wire, stamp, session, message);
    return test::records_in(wire.bytes());
}

std::vector<Said> said_of(const Wire& message, const SessionEnds& session = ends(),
                          bool extended = false) {
    const auto records = record_of(message.bytes(), session, {event_time(1419264940), 7, extended});
    EXPECT_EQ(records.size(), 1U);
    EXPECT_EQ(records.at(0).type, extended ? 17U : 16U);
    return test::said_in(records.at(0));
}

TEST(Encode, AnAnnouncementReadsBackAsItWas) {
    Wire message;
    append_announcement(message, kPrefixes, {.path = kPath, .next_hop = Address::v4(1)}, false);
    const auto said = said_of(message);
    ASSERT_EQ(said.size(), 3U);
    EXPECT_EQ(said[0].peer, "198.18.1.1");
    EXPECT_EQ(said[0].time, 1419264940U);
    EXPECT_EQ(said[2].prefix, kPrefixes[2]);
    EXPECT_EQ(said[2].path, kPath);
}

TEST(Encode, TheLengthOfAMessageCountsItsMarker) {
    Wire message;
    append_withdrawal(message, {}, Family::v4);
    Cursor cursor(message.bytes());
    cursor.skip(16);
    EXPECT_EQ(cursor.u16(), 23);  // End-of-RIB is the smallest UPDATE there is.
    EXPECT_EQ(message.size(), 23U);
}

TEST(Encode, IPv6TravelsInMpReachAndMpUnreach) {
    Wire message;
    append_announcement(message, kPrefixes6, {.path = kPath, .next_hop = Address::v6(1, 2)}, false);
    auto said = said_of(message);
    ASSERT_EQ(said.size(), 2U);
    EXPECT_EQ(said[1].prefix, kPrefixes6[1]);
    EXPECT_EQ(said[1].path, kPath);
    message.clear();
    append_withdrawal(message, kPrefixes6, Family::v6);
    said = said_of(message);
    ASSERT_EQ(said.size(), 2U);
    EXPECT_EQ(said[0].prefix, kPrefixes6[0]);
    EXPECT_TRUE(said[0].path.empty());
}

TEST(Encode, ATwoOctetSessionSaysAsTransAndTheTruthInAs4Path) {
    SessionEnds session = ends();
    session.peer_asn = {3001};
    session.two_octet = true;
    Wire message;
    append_announcement(message, kPrefixes, {.path = kPath, .next_hop = Address::v4(1)}, true);
    const auto records = record_of(message.bytes(), session, {event_time(1), 0, false});
    ASSERT_EQ(records.at(0).subtype, 1U);
    Cursor cursor(records[0].body);
    test::take_ends(cursor, records[0]);
    cursor.skip(21);
    const auto attributes = test::take_attributes(cursor.take(cursor.u16()), true);
    EXPECT_EQ(attributes.path, (std::vector<std::uint32_t>{23456, 4837, 23456}));
    EXPECT_EQ(attributes.as4_path, kPath);
}

TEST(Encode, MicrosecondsStandBeforeTheRecordAndCountInItsLength) {
    Wire message;
    append_withdrawal(message, kPrefixes, Family::v4);
    const auto said = said_of(message, ends(), true);
    ASSERT_EQ(said.size(), 3U);
    EXPECT_EQ(said[1].prefix, kPrefixes[1]);
}

TEST(Encode, AStateChangeSaysFromWhatToWhat) {
    Wire wire;
    append_state_record(wire, {event_time(5), 0, false}, ends(), 6, 1);
    const auto records = test::records_in(wire.bytes());
    ASSERT_EQ(records.size(), 1U);
    EXPECT_EQ(records[0].subtype, 5U);
    Cursor cursor(records[0].body);
    test::take_ends(cursor, records[0]);
    EXPECT_EQ(cursor.u16(), 6);
    EXPECT_EQ(cursor.u16(), 1);
    EXPECT_TRUE(cursor.ok() && cursor.empty());
}

TEST(Encode, ARibAbbreviatesMpReachToItsNextHop) {
    Wire wire;
    append_rib_attributes(wire, {.path = kPath, .next_hop = Address::v6(1, 2)});
    EXPECT_EQ(test::take_attributes(wire.bytes(), false).path, kPath);
    EXPECT_EQ(wire.size(), 4U + 3U + 14U + 3U + 17U);
}

}  // namespace
}  // namespace dimout::scenario
