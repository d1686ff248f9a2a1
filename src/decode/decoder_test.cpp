#include "decode/decoder.h"

#include "decode/made_records.h"

namespace dimout::decode {
namespace {

using made::Bench;
using made::Octets;
using Strings = std::vector<std::string>;

Octets update_record(const Octets& withdrawn, const Octets& attributes,
                     const Octets& announced = {},
                     Bgp4mpSubtype subtype = Bgp4mpSubtype::MessageAs4) {
    return made::message(made::bgp(BgpType::Update, made::update(withdrawn, attributes, announced)),
                         subtype);
}

Octets unreach(unsigned afi, unsigned safi, const Octets& nlri) {
    return Octets().attribute(Attribute::MpUnreach, Octets().u16(afi).u8(safi).add(nlri));
}

Octets reach6(const Octets& nlri) {
    return Octets().attribute(Attribute::MpReach,
                              Octets().u16(2).u8(1).u8(16).address("2001:db8::1").u8(0).add(nlri));
}

TEST(Decoder, WithdrawalsComeBeforeAnnouncements) {
    Bench bench;
    EXPECT_EQ(
        bench.decode(update_record(Octets().prefix("10.0.0.0/8"), made::usual_attributes(),
                                   Octets().prefix("175.45.176.0/24").prefix("175.45.177.0/24"))),
        (Strings{"W 10.0.0.0/8", "A 175.45.176.0/24: 64500 131279",
                 "A 175.45.177.0/24: 64500 131279"}));
    EXPECT_EQ(bench.peers.peer(PeerId{0}).asn.value, 64500U);
    EXPECT_EQ(to_string(bench.peers.peer(PeerId{0}).address), "192.0.2.1");
}

TEST(Decoder, Ipv6ComesThroughMultiprotocolAttributes) {
    Bench bench;
    Octets attributes = made::usual_attributes();
    attributes.add(reach6(Octets().prefix("2001:db8::/32")))
        .add(unreach(2, 1, Octets().prefix("2001:db9::/32")));
    EXPECT_EQ(bench.decode(update_record({}, attributes)),
              (Strings{"W 2001:db9::/32", "A 2001:db8::/32: 64500 131279"}));
}

TEST(Decoder, AnOldSpeakersPathIsJoinedWithAs4Path) {
    Bench bench;
    Octets attributes = made::usual_attributes(made::path({64500, 23456}, 2));
    attributes.attribute(Attribute::As4Path, made::path({131279}));
    EXPECT_EQ(bench.decode(update_record({}, attributes, Octets().prefix("10.0.0.0/8"),
                                         Bgp4mpSubtype::Message)),
              Strings{"A 10.0.0.0/8: 64500 131279"});
}

TEST(Decoder, TreatAsWithdrawTurnsAnnouncementsIntoWithdrawals) {
    Bench bench;
    Octets attributes = made::usual_attributes(made::path({64500, 0}));
    attributes.add(reach6(Octets().prefix("2001:db8::/32")));
    EXPECT_EQ(bench.decode(update_record({}, attributes, Octets().prefix("10.0.0.0/8"))),
              (Strings{"W 10.0.0.0/8", "W 2001:db8::/32"}));
    EXPECT_EQ(bench.decoder.counts().treat_as_withdraw, 1U);
    EXPECT_EQ(bench.decoder.errors().total(), 0U);
}

TEST(Decoder, EndOfRibIsToldByFamily) {  // RFC 4724 §2
    Bench bench;
    bench.decode(update_record({}, {}));
    bench.decode(update_record({}, unreach(2, 1, {})));
    bench.decode(update_record({}, unreach(1, 1, {})));
    bench.decode(update_record({}, unreach(2, 2, {})));
    EXPECT_EQ(bench.sink.lines, (Strings{"EOR4", "EOR6", "EOR4"}));
    bench.decode(update_record(Octets().prefix("10.0.0.0/8"), unreach(2, 1, {})));
    EXPECT_EQ(bench.sink.lines.back(), "W 10.0.0.0/8");
}

TEST(Decoder, PathIdentifiersAreReadWhereTheSubtypeSaysSo) {  // RFC 8050 §3
    Bench bench;
    const Octets nlri = Octets().u32(1).prefix("10.0.0.0/8").u32(2).prefix("10.0.0.0/8");
    EXPECT_EQ(bench.decode(update_record(nlri, {}, {}, Bgp4mpSubtype::MessageAs4AddPath)),
              (Strings{"W 10.0.0.0/8 1", "W 10.0.0.0/8 2"}));
}

TEST(Decoder, WhatTheCollectorItselfSentIsCountedOnly) {
    Bench bench;
    EXPECT_TRUE(bench
                    .decode(update_record(Octets().prefix("10.0.0.0/8"), {}, {},
                                          Bgp4mpSubtype::MessageAs4Local))
                    .empty());
    EXPECT_EQ(bench.decoder.counts().sent_by_collector, 1U);
}

TEST(Decoder, MulticastAndOtherFamiliesAreCountedOnly) {
    Bench bench;
    bench.decode(update_record({}, unreach(1, 2, Octets().prefix("10.0.0.0/8"))));
    bench.decode(update_record({}, unreach(1, 128, Octets().u8(9))));
    EXPECT_TRUE(bench.sink.lines.empty());
    EXPECT_EQ(bench.decoder.counts().other_family, 2U);
}

TEST(Decoder, AWrongRecordCostsOnlyItself) {
    Bench bench;
    Octets wrong = update_record(Octets().prefix("10.0.0.0/8"), {});
    wrong.raw()[wrong.size() - 4] = 33;
    bench.decode(wrong);
    EXPECT_EQ(bench.decode(update_record(Octets().prefix("10.0.0.0/8"), {})),
              Strings{"W 10.0.0.0/8"});
    EXPECT_EQ(bench.decoder.errors().total(), 1U);
    EXPECT_EQ(bench.decoder.errors().first().size(), 1U);
}

TEST(Decoder, AMessageWhoseRoutesCannotBeFoundSaysNothingAtAll) {
    Bench bench;
    Octets attributes = made::usual_attributes();
    attributes.add(unreach(2, 1, Octets().u8(200)));
    EXPECT_TRUE(bench.decode(update_record(Octets().prefix("10.0.0.0/8"), attributes)).empty());
    EXPECT_EQ(bench.decoder.errors().count(ErrorCode::PrefixLength), 1U);
}

TEST(Decoder, StatesAndOtherMessagesNameTheirPeer) {
    Bench bench;
    bench.decode(made::record(MrtType::Bgp4mp, 5, made::session(4).u16(6).u16(1)));
    bench.decode(made::message(made::bgp(BgpType::Keepalive, {})));
    EXPECT_EQ(bench.sink.lines, (Strings{"S 6 1", "M 4"}));
    EXPECT_EQ(bench.peers.size(), 1U);
}

TEST(Decoder, AStateOfASessionWithoutAddressMakesNoPeer) {
    Bench bench;
    const Octets nameless =
        Octets().u32(64500).u32(64501).u16(0).u16(1).u32(0).u32(0).u16(1).u16(3);
    EXPECT_TRUE(bench.decode(made::record(MrtType::Bgp4mp, 5, nameless)).empty());
    EXPECT_EQ(bench.decoder.counts().nameless, 1U);
    EXPECT_EQ(bench.peers.size(), 0U);
}

TEST(Decoder, RecordsOfOtherProtocolsAreCountedOnly) {
    Bench bench;
    for (const auto type : {MrtType::OspfV2, MrtType::Isis, MrtType::Rip, MrtType::BgpPlus}) {
        bench.decode(made::record(type, 0, Octets().u32(1)));
    }
    bench.decode(
        made::record(MrtType::TableDumpV2, 7, Octets().u32(1)));  // GEO_PEER_TABLE, RFC 6397
    EXPECT_EQ(bench.decoder.counts().other_protocol, 5U);
    EXPECT_EQ(bench.decoder.errors().total(), 0U);
}

TEST(Decoder, TheUpdatesOf1999AreRead) {
    Bench bench;
    const Octets front = Octets().u16(3333).address("193.0.0.56").u16(12654).address("193.0.0.1");
    const Octets body = made::update(Octets().prefix("10.0.0.0/8"),
                                     made::usual_attributes(made::path({3333, 80}, 2)),
                                     Octets().prefix("3.0.0.0/8"));
    bench.decode(made::record(MrtType::Bgp, 1, Octets(front).add(body)));
    bench.decode(made::record(MrtType::Bgp, 7, front));
    bench.decode(
        made::record(MrtType::Bgp, 3, Octets().u16(3333).address("193.0.0.56").u16(1).u16(6)));
    bench.decode(made::record(MrtType::Bgp, 5, front));
    EXPECT_EQ(bench.sink.lines, (Strings{"W 10.0.0.0/8", "A 3.0.0.0/8: 3333 80", "M 4", "S 1 6"}));
    EXPECT_EQ(bench.peers.size(), 1U);
    EXPECT_EQ(bench.decoder.counts().other_protocol, 1U);
}

Octets row(const std::string& prefix = "10.0.0.0/8", std::uint32_t stamp = made::kStamp) {
    return made::rib(DumpSubtype::Ipv4Unicast, prefix,
                     {made::rib_entry(0, made::usual_attributes()),
                      made::rib_entry(1, made::usual_attributes(made::path({64501, 7})))},
                     stamp);
}

TEST(TableDumps, RowsAreOfThePeersThatTheIndexNames) {
    Bench bench;
    bench.decode(made::peer_index(2));
    bench.decode(row());
    bench.end();
    EXPECT_EQ(bench.sink.lines,
              (Strings{"BEGIN 2", "B 10.0.0.0/8: 64500 131279", "B 10.0.0.0/8: 64501 7", "END"}));
    EXPECT_EQ(bench.sink.peers, (std::vector<PeerId>{PeerId{0}, PeerId{1}}));
}

TEST(TableDumps, ARowWithoutIndexIsAnError) {
    Bench bench;
    EXPECT_TRUE(bench.decode(row()).empty());
    EXPECT_EQ(bench.decoder.errors().count(ErrorCode::PeerIndexMissing), 1U);
}

TEST(TableDumps, TheIndexOfOneFileIsNotThatOfAnother) {
    Bench bench;
    bench.decode(made::peer_index(2), 0);
    bench.decode(row(), 1);
    EXPECT_EQ(bench.decoder.errors().count(ErrorCode::PeerIndexMissing), 1U);
    bench.decode(made::peer_index(3), 1);
    bench.decode(row(), 0);
    EXPECT_EQ(bench.sink.lines.size(), 4U) << "both files are open at once";
}

TEST(TableDumps, AnIndexThatDoesNotKnowThePeerCostsTheEntryAndTheCompleteness) {
    Bench bench;
    bench.decode(made::peer_index(1));
    bench.decode(row());
    bench.end();
    EXPECT_EQ(bench.sink.lines, (Strings{"BEGIN 1", "B 10.0.0.0/8: 64500 131279", "TORN"}));
    EXPECT_EQ(bench.decoder.errors().count(ErrorCode::PeerIndexRange), 1U);
}

TEST(TableDumps, ACutFileMakesATornDump) {
    Bench bench;
    bench.decode(made::peer_index(2));
    EXPECT_EQ(bench.end(false).back(), "TORN");
    EXPECT_EQ(bench.end(false).size(), 2U) << "it ends once";
}

TEST(TableDumps, ASecondIndexAtOnceBelongsToTheSameDump) {
    Bench bench;
    bench.decode(made::peer_index(1));
    bench.decode(made::peer_index(2, made::kStamp + 5));
    bench.decode(row("10.0.0.0/8", made::kStamp + 5));
    bench.end();
    EXPECT_EQ(bench.sink.lines.at(1), "AND 2");
    EXPECT_EQ(bench.sink.lines.back(), "END");
}

TEST(TableDumps, ASecondIndexHoursLaterBeginsAnotherDump) {
    Bench bench;
    bench.decode(made::peer_index(1));
    bench.decode(made::peer_index(2, made::kStamp + 7200));
    EXPECT_EQ(bench.sink.lines, (Strings{"BEGIN 1", "END", "BEGIN 2"}));
}

TEST(TableDumps, ARowWithAMalformedPathIsNoRoute) {
    Bench bench;
    bench.decode(made::peer_index(2));
    bench.decode(made::rib(DumpSubtype::Ipv4Unicast, "10.0.0.0/8",
                           {made::rib_entry(0, made::usual_attributes(made::path({0})))}));
    EXPECT_EQ(bench.sink.lines, Strings{"BEGIN 2"});
    EXPECT_EQ(bench.decoder.counts().treat_as_withdraw, 1U);
}

TEST(TableDumps, PathIdentifiersDistinguishRoutesOfOnePeer) {
    Bench bench;
    bench.decode(made::peer_index(1));
    const Octets attributes = made::usual_attributes();
    const auto entry = [&](unsigned identifier) {
        return Octets().u16(0).u32(0).u32(identifier).u16(attributes.size()).add(attributes);
    };
    bench.decode(made::rib(DumpSubtype::Ipv4UnicastAddPath, "10.0.0.0/8", {entry(1), entry(2)}));
    EXPECT_EQ(bench.sink.lines,
              (Strings{"BEGIN 1", "B 10.0.0.0/8 1: 64500 131279", "B 10.0.0.0/8 2: 64500 131279"}));
}

TEST(TableDumps, TheOldFormNamesItsPeersItself) {
    Bench bench;
    const Octets attributes = made::usual_attributes(made::path({64500, 80}, 2));
    const Octets entry = Octets()
                             .address("3.0.0.0")
                             .u8(8)
                             .u8(1)
                             .u32(7)
                             .address("192.0.2.1")
                             .u16(64500)
                             .u16(attributes.size())
                             .add(attributes);
    bench.decode(made::record(MrtType::TableDump, 1, Octets().u16(0).u16(0).add(entry)));
    bench.end();
    EXPECT_EQ(bench.sink.lines, (Strings{"BEGIN 0", "B 3.0.0.0/8: 64500 80", "END"}));
}

TEST(PeerTable, NumbersAreGivenInOrderOfFirstSightAndKept) {
    PeerTable table;
    const Peer one{.collector = CollectorId{1}, .address = Address::v4(1), .asn = {64500}};
    const Peer two{.collector = CollectorId{2}, .address = Address::v4(1), .asn = {64500}};
    EXPECT_EQ(table.id_of(one), PeerId{0});
    EXPECT_EQ(table.id_of(two), PeerId{1}) << "another collector's session is another peer";
    EXPECT_EQ(table.id_of(one), PeerId{0});
    EXPECT_EQ(table.peer(PeerId{1}), two);
}

TEST(PeerTable, ItSaysWhenItIsFull) {
    PeerTable table;
    for (std::uint32_t i = 0; i < 65535; ++i)
        ASSERT_TRUE(table.id_of({.collector = {}, .address = Address::v4(i), .asn = {1}}));
    EXPECT_FALSE(table.id_of({.collector = {}, .address = Address::v4(65535), .asn = {1}}));
    EXPECT_TRUE(table.id_of({.collector = {}, .address = Address::v4(7), .asn = {1}}));
}

}  // namespace
}  // namespace dimout::decode
