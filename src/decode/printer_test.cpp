#include "decode/made_records.h"
#include "decode/record_printer.h"
#include "decode/text_buffer.h"

namespace dimout::decode {
namespace {

using made::Octets;

std::string printed(TextFormat format, const std::vector<Octets>& records) {
    std::string all;
    {
        RecordPrinter printer(format, [&](std::string_view text) { all += text; });
        for (const Octets& record : records) printer.print(made::frame_of(record));
    }
    return all;
}

Octets announcement() {
    Octets attributes = made::usual_attributes();
    attributes.attribute(Attribute::Communities, Octets().u32(0xFFFFFF01).u16(64500).u16(7));
    attributes.attribute(Attribute::LargeCommunities, Octets().u32(1).u32(2).u32(3));
    return made::message(
        made::bgp(BgpType::Update, made::update(Octets().prefix("10.0.0.0/8"), attributes,
                                                Octets().prefix("175.45.176.0/24"))));
}

TEST(BgpdumpText, WithdrawalsAndAnnouncementsAreLines) {
    EXPECT_EQ(printed(TextFormat::Bgpdump, {announcement()}),
              "BGP4MP|1419264940|W|192.0.2.1|64500|10.0.0.0/8\n"
              "BGP4MP|1419264940|A|192.0.2.1|64500|175.45.176.0/24|64500 "
              "131279|IGP|192.0.2.1|0|0|no-export 64500:7|NAG||\n");
}

TEST(BgpdumpText, RowsWhoseAttributesWerePrintedBeforeAreTheSameLines) {
    std::vector<Octets> records{made::peer_index(1)};
    std::string wanted;
    for (std::uint32_t i = 0; i < 20'000; ++i) {
        Octets attributes = made::usual_attributes(made::path({64500, i % 9000, i % 7}));
        if (i % 3 == 0) attributes.attribute(Attribute::Communities, Octets().u32(i % 11));
        if (i % 100 == 0) attributes.raw().resize(i / 100 % attributes.raw().size());  // Torn.
        const Octets row =
            made::rib(DumpSubtype::Ipv4Unicast, "10.0.0.0/8", {made::rib_entry(0, attributes)});
        records.push_back(row);
        if (i % 25 == 0) wanted += printed(TextFormat::Bgpdump, {made::peer_index(1), row});
    }
    const std::string all = printed(TextFormat::Bgpdump, records);
    std::string found;
    std::size_t line = 0;
    for (std::size_t at = 0; at < all.size(); ++line) {
        const std::size_t end = all.find('\n', at) + 1;
        if (line % 25 == 0) found += all.substr(at, end - at);
        at = end;
    }
    EXPECT_EQ(line, 20'000U);
    EXPECT_TRUE(found == wanted);
}

TEST(TextBuffer, NumbersOfEveryLength) {
    std::uint64_t power = 1;
    for (; power <= 0xFFFFFFFF; power *= 10) {
        for (const std::uint64_t number : {power - 1, power, power + 1, power * 9 + 9}) {
            const auto small = static_cast<std::uint32_t>(number);
            EXPECT_EQ(TextBuffer().append(small).view(), std::to_string(small));
        }
    }
    EXPECT_EQ(TextBuffer().append(0xFFFFFFFFU).view(), "4294967295");
}

TEST(BgpdumpText, RowsOfADumpNeedTheirIndex) {
    const Octets row = made::rib(DumpSubtype::Ipv4Unicast, "10.0.0.0/8",
                                 {made::rib_entry(0, made::usual_attributes())});
    EXPECT_EQ(printed(TextFormat::Bgpdump, {row}), "");
    EXPECT_EQ(printed(TextFormat::Bgpdump, {made::peer_index(1), row}),
              "TABLE_DUMP2|1419264940|B|192.0.2.1|64500|10.0.0.0/8|64500 "
              "131279|IGP|192.0.2.1|0|0||NAG||\n");
}

TEST(BgpdumpText, TheIndexIsForgottenAtTheFilesEnd) {
    const Octets row = made::rib(DumpSubtype::Ipv4Unicast, "10.0.0.0/8",
                                 {made::rib_entry(0, made::usual_attributes())});
    std::string all;
    RecordPrinter printer(TextFormat::Bgpdump, [&](std::string_view text) { all += text; });
    const Octets index = made::peer_index(1);
    printer.print(made::frame_of(index));
    printer.print(made::file_end());
    printer.print(made::frame_of(row));
    printer.flush();
    EXPECT_EQ(all, "");
}

TEST(BgpdumpText, MicrosecondsStandBehindThePoint) {
    const Octets body = Octets().u32(42).add(made::session(4)).u16(6).u16(1);
    EXPECT_EQ(printed(TextFormat::Bgpdump, {made::record(MrtType::Bgp4mpEt, 5, body)}),
              "BGP4MP_ET|1419264940.000042|STATE|192.0.2.1|64500|6|1\n");
}

TEST(BgpdumpText, ItsPathsShowSetsAndConfederations) {
    const Octets path = Octets()
                            .segment(SegmentType::ConfedSequence, {1, 2})
                            .segment(SegmentType::AsSequence, {3})
                            .segment(SegmentType::AsSet, {4, 5})
                            .segment(SegmentType::ConfedSet, {6});
    const Octets record =
        made::message(made::bgp(BgpType::Update, made::update({}, made::usual_attributes(path),
                                                              Octets().prefix("10.0.0.0/8"))));
    EXPECT_NE(printed(TextFormat::Bgpdump, {record}).find("|(1 2) 3 {4,5} [6]|"),
              std::string::npos);
}

TEST(BgpdumpText, ItsIpv6AddressesAreThoseOfOldInetNtop) {
    const auto text = [](const char* address) {
        const Octets attributes = Octets().attribute(
            Attribute::MpUnreach, Octets().u16(2).u8(1).u8(128).address(address));
        const std::string line =
            printed(TextFormat::Bgpdump,
                    {made::message(made::bgp(BgpType::Update, made::update({}, attributes)))});
        return line.substr(line.rfind('|') + 1);
    };
    EXPECT_EQ(text("2001:668:0:3:ffff:0:adcd:39ea"), "2001:668::3:ffff:0:adcd:39ea/128\n")
        << "one group is compressed too";
    EXPECT_EQ(text("::ffff:193.0.0.56"), "::ffff:193.0.0.56/128\n");
    EXPECT_EQ(text("::1.2.3.4"), "::1.2.3.4/128\n");
    EXPECT_EQ(text("::1"), "::1/128\n");
    EXPECT_EQ(text("2001:db8::"), "2001:db8::/128\n");
    EXPECT_EQ(text("::"), "::/128\n");
}

TEST(BgpdumpText, TheWithdrawalsOf1999ShowThePeerAsBgpdumpDoes) {
    const Octets body = Octets()
                            .u16(3333)
                            .address("193.0.0.56")
                            .u16(1)
                            .u32(1)
                            .add(made::update(Octets().prefix("10.0.0.0/8"), {}));
    EXPECT_EQ(printed(TextFormat::Bgpdump, {made::record(MrtType::Bgp, 1, body)}),
              "BGP|1419264940|W|193.0.0.56|3333|193.0.0.56/8\n");
}

TEST(InspectText, OneLineHasAllOfAMessage) {
    EXPECT_EQ(printed(TextFormat::Text, {announcement()}),
              "2014-12-22T16:15:40Z update type=16 subtype=4 peer=192.0.2.1 peer_asn=64500 "
              "local=192.0.2.2 local_asn=64501 "
              "withdrawn=10.0.0.0/8 announced=175.45.176.0/24 origin=IGP as_path=\"64500 131279\" "
              "next_hop=192.0.2.1 "
              "communities=65535:65281,64500:7 large_communities=1:2:3\n");
}

TEST(InspectJson, OneObjectHasAllOfARecord) {
    EXPECT_EQ(
        printed(TextFormat::Json, {announcement()}),
        R"({"time":"2014-12-22T16:15:40Z","kind":"update","type":16,"subtype":4,"peer":"192.0.2.1","peer_asn":64500,)"
        R"("local":"192.0.2.2","local_asn":64501,"withdrawn":["10.0.0.0/8"],"announced":["175.45.176.0/24"],)"
        R"("attributes":{"origin":"IGP","as_path":"64500 131279","next_hop":"192.0.2.1",)"
        R"("communities":["65535:65281","64500:7"],"large_communities":["1:2:3"]}})"
        "\n");
}

TEST(InspectText, EachRouteOfADumpIsALineAndInJsonAllAreOne) {
    const std::vector<Octets> records{made::peer_index(2),
                                      made::rib(DumpSubtype::Ipv4Unicast, "10.0.0.0/8",
                                                {made::rib_entry(0, made::usual_attributes()),
                                                 made::rib_entry(1, made::usual_attributes())})};
    const std::string text = printed(TextFormat::Text, records);
    EXPECT_EQ(std::ranges::count(text, '\n'), 3);
    const std::string json = printed(TextFormat::Json, records);
    EXPECT_EQ(std::ranges::count(json, '\n'), 2);
    EXPECT_NE(json.find(R"("routes":[{"peer":"192.0.2.1")"), std::string::npos);
}

TEST(InspectText, AWrongRecordSaysWhyAndWhere) {
    Octets cut = announcement();
    cut.raw().resize(60);
    cut.raw()[11] = 48;
    EXPECT_EQ(printed(TextFormat::Text, {cut}),
              "2014-12-22T16:15:40Z error type=16 subtype=4 peer=192.0.2.1 peer_asn=64500 "
              "local=192.0.2.2 local_asn=64501 "
              "error=decode_truncated reason=\"BGP UPDATE wants 79 bytes, record has 28\" offset=0 "
              "record=0\n");
}

TEST(InspectText, WhatRfc7606MadeOfAnUpdateIsShown) {
    const Octets record = made::message(
        made::bgp(BgpType::Update, made::update({}, made::usual_attributes(made::path({64500, 0})),
                                                Octets().prefix("10.0.0.0/8"))));
    const std::string text = printed(TextFormat::Text, {record});
    EXPECT_NE(
        text.find(
            "treatment=treat-as-withdraw treatment_attribute=2 treatment_reason=\"holds AS 0\""),
        std::string::npos);
}

TEST(InspectText, AnUpdateWhoseNextHopIsOfNoLengthSaysSo) {
    Octets attributes = made::usual_attributes();
    attributes.attribute(Attribute::MpReach, Octets().u16(2).u8(1).u8(3).u8(1).u16(2).u8(0));
    const Octets record = made::message(made::bgp(BgpType::Update, made::update({}, attributes)));
    EXPECT_NE(printed(TextFormat::Text, {record}).find("has a next hop of 3 octets"),
              std::string::npos);
}

TEST(InspectJson, AnyBytesInAViewNameMakeValidJson) {
    Octets body = Octets().u32(1).u16(3).u8('"').u8(0xFF).u8('\n').u16(0);
    const std::string json =
        printed(TextFormat::Json, {made::record(MrtType::TableDumpV2, 1, body)});
    EXPECT_NE(json.find(R"("view":"\"\u00ff\u000a")"), std::string::npos);
}

TEST(RecordPrinter, TextIsHandedOverInPiecesOf64KiBAndMore) {
    std::vector<std::size_t> pieces;
    {
        RecordPrinter printer(TextFormat::Bgpdump,
                              [&](std::string_view text) { pieces.push_back(text.size()); });
        const Octets record = announcement();
        for (int i = 0; i < 2000; ++i) printer.print(made::frame_of(record));
    }
    ASSERT_GT(pieces.size(), 1U);
    for (std::size_t i = 0; i + 1 < pieces.size(); ++i) EXPECT_GE(pieces[i], 65536U);
}

}  // namespace
}  // namespace dimout::decode
