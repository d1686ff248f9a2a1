#include "decode/mrt.h"

#include "decode/made_records.h"

namespace dimout::decode {
namespace {

using made::Octets;

TEST(MrtRecord, TheMicrosecondsOfAnExtendedStampBelongToItsLength) {  // RFC 6396 §3
    const Octets bytes = made::record(MrtType::Bgp4mpEt, 4, Octets().u32(509481).u16(7));
    const auto record = read_record(bytes.bytes());
    ASSERT_TRUE(record);
    EXPECT_EQ(record->microseconds, 509481U);
    EXPECT_EQ(record->body.size(), 2U);
    EXPECT_EQ(unix_seconds(record->time), made::kStamp);
}

TEST(MrtRecord, ACutRecordIsAFault) {
    Octets bytes = made::record(MrtType::Bgp4mp, 4, Octets().u32(1));
    bytes.raw().pop_back();
    EXPECT_EQ(explain(read_record(bytes.bytes()).error()),
              "MRT record wants 16 bytes, record has 15");
    bytes.raw().resize(11);
    EXPECT_FALSE(read_record(bytes.bytes()));
}

Record of(const Octets& bytes) { return read_record(bytes.bytes()).value(); }

TEST(Bgp4mp, TheSubtypeSaysWidthDirectionAndPathIdentifiers) {  // RFC 6396 §4.4, RFC 8050 §3
    struct Case {
        Bgp4mpSubtype subtype;
        unsigned width;
        bool local;
        bool add_path;
    };
    for (const Case& expected : {Case{Bgp4mpSubtype::Message, 2, false, false},
                                 Case{Bgp4mpSubtype::MessageAs4, 4, false, false},
                                 Case{Bgp4mpSubtype::MessageLocal, 2, true, false},
                                 Case{Bgp4mpSubtype::MessageAs4Local, 4, true, false},
                                 Case{Bgp4mpSubtype::MessageAddPath, 2, false, true},
                                 Case{Bgp4mpSubtype::MessageAs4AddPath, 4, false, true},
                                 Case{Bgp4mpSubtype::MessageLocalAddPath, 2, true, true},
                                 Case{Bgp4mpSubtype::MessageAs4LocalAddPath, 4, true, true}}) {
        const Octets bytes = made::message(made::bgp(BgpType::Keepalive, {}), expected.subtype);
        const auto message = read_message(of(bytes));
        ASSERT_TRUE(message);
        EXPECT_EQ(message->asn_bytes, expected.width);
        EXPECT_EQ(message->local, expected.local);
        EXPECT_EQ(message->add_path, expected.add_path);
        EXPECT_EQ(message->session.peer_asn.value, 64500U);
        EXPECT_EQ(to_string(message->session.peer), "192.0.2.1");
    }
}

TEST(Bgp4mp, AnUnknownAddressFamilyIsAFault) {
    const Octets body = Octets().u32(1).u32(2).u16(0).u16(3).u32(1).u32(2);
    const Octets bytes = made::record(MrtType::Bgp4mp, 4, body);
    EXPECT_EQ(read_message(of(bytes)).error().code, ErrorCode::AddressFamily);
}

TEST(Bgp4mp, ZebrasOpenWithoutAddressesHasNoName) {
    const Octets bytes = made::record(
        MrtType::Bgp4mp, 1, Octets().u16(1).u16(2).add(made::bgp(BgpType::Open, Octets().u8(4))));
    const auto message = read_message(of(bytes));
    ASSERT_TRUE(message);
    EXPECT_FALSE(message->session.named());
    EXPECT_EQ(read_bgp(message->message)->type, BgpType::Open);
}

TEST(Bgp4mp, StatesAreReadInBothWidths) {
    const Octets narrow = made::record(MrtType::Bgp4mp, 0, made::session(2).u16(5).u16(6));
    EXPECT_EQ(read_state(of(narrow))->new_state, 6);
    const Octets wide = made::record(MrtType::Bgp4mp, 5, made::session(4).u16(6).u16(1));
    EXPECT_EQ(read_state(of(wide))->old_state, 6);
    const Octets brief = made::record(MrtType::Bgp4mp, 0, Octets().u16(1).u16(2).u16(6).u16(1));
    EXPECT_FALSE(read_state(of(brief))->session.named());
    const Octets cut = made::record(MrtType::Bgp4mp, 5, made::session(4).u16(6));
    EXPECT_EQ(read_state(of(cut)).error().code, ErrorCode::Truncated);
}

TEST(Bgp4mp, AnEntryHasBothEndsAndOneRoute) {
    Octets body = made::session(2);
    body.u16(0).u16(1).u32(7).u16(1).u8(1).u8(4).address("192.0.2.1").prefix("10.0.0.0/8");
    body.u16(made::usual_attributes().size()).add(made::usual_attributes());
    const Octets bytes = made::record(MrtType::Bgp4mp, 2, body);
    const auto entry = read_entry(of(bytes));
    ASSERT_TRUE(entry);
    EXPECT_EQ(to_string(entry->prefix), "10.0.0.0/8");
    EXPECT_EQ(unix_seconds(entry->originated), 7);
    EXPECT_TRUE(entry->unicast);
}

TEST(PeerIndexTable, PeersMayBeOfEitherFamilyAndWidth) {  // RFC 6396 §4.3.1
    Octets body = Octets().u32(1).u16(4).u32(0x6D61696E).u16(4);
    body.u8(0)
        .u32(1)
        .address("192.0.2.1")
        .u16(64500)
        .u8(1)
        .u32(2)
        .address("2001:db8::1")
        .u16(64501);
    body.u8(2)
        .u32(3)
        .address("192.0.2.3")
        .u32(131279)
        .u8(3)
        .u32(4)
        .address("2001:db8::4")
        .u32(4200000000);
    const Octets bytes = made::record(MrtType::TableDumpV2, 1, body);
    const auto index = read_peer_index(of(bytes).body);
    ASSERT_TRUE(index);
    Bytes left = index->peers;
    std::string all;
    while (!left.empty()) {
        const auto peer = take_peer(left);
        ASSERT_TRUE(peer);
        all += to_string(peer->address) + " " + std::to_string(peer->asn.value) + ", ";
    }
    EXPECT_EQ(all,
              "192.0.2.1 64500, 2001:db8::1 64501, 192.0.2.3 131279, 2001:db8::4 4200000000, ");
}

TEST(Rib, TheGenericSubtypeSaysItsFamily) {  // RFC 6396 §4.3.3
    const Octets body = Octets().u32(9).u16(2).u8(1).prefix("2001:db8::/32").u16(0);
    const auto rib = read_rib(DumpSubtype::Generic, body.bytes());
    ASSERT_TRUE(rib);
    EXPECT_TRUE(rib->known_family);
    EXPECT_EQ(to_string(rib->prefix), "2001:db8::/32");
    const Octets vpn = Octets().u32(9).u16(1).u8(128).u8(112);
    EXPECT_FALSE(read_rib(DumpSubtype::Generic, vpn.bytes())->known_family);
}

TEST(Rib, PathIdentifiersStandInEntriesOrInTheGenericNlri) {  // RFC 8050 §4.1, §4.2
    const Octets each = Octets().u32(0).prefix("10.0.0.0/8").u16(1).u16(0).u32(5).u32(77).u16(0);
    auto rib = read_rib(DumpSubtype::Ipv4UnicastAddPath, each.bytes());
    EXPECT_EQ(take_entry(*rib)->path_identifier, 77U);
    const Octets generic =
        Octets().u32(0).u16(1).u8(1).u32(78).prefix("10.0.0.0/8").u16(1).u16(0).u32(5).u16(0);
    rib = read_rib(DumpSubtype::GenericAddPath, generic.bytes());
    EXPECT_EQ(take_entry(*rib)->path_identifier, 78U);
}

TEST(TableDump, SeveralEntriesMayFollowOneSequenceNumber) {
    const auto entry = [](const char* prefix, unsigned length) {
        return Octets()
            .address(prefix)
            .u8(length)
            .u8(1)
            .u32(7)
            .address("192.0.2.1")
            .u16(64500)
            .u16(0);
    };
    const Octets bytes =
        made::record(MrtType::TableDump, 1,
                     Octets().u16(0).u16(3).add(entry("10.0.0.0", 8)).add(entry("10.1.0.0", 16)));
    TableDumpCursor cursor(of(bytes));
    EXPECT_EQ(cursor.sequence(), 3);
    EXPECT_EQ(to_string(cursor.next()->prefix), "10.0.0.0/8");
    EXPECT_FALSE(cursor.done());
    EXPECT_EQ(to_string(cursor.next()->prefix), "10.1.0.0/16");
    EXPECT_TRUE(cursor.done());
}

}  // namespace
}  // namespace dimout::decode
