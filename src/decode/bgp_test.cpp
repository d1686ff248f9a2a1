#include "decode/bgp.h"

#include "decode/made_records.h"

namespace dimout::decode {
namespace {

using made::Octets;

std::vector<std::string> prefixes(const NlriList& list) {
    std::vector<std::string> all;
    list.for_each([&](const Prefix& prefix, std::uint32_t identifier) {
        all.push_back(to_string(prefix) + " " + std::to_string(identifier));
    });
    return all;
}

TEST(BgpMessage, ATypeAndABodyAreFoundBehindTheMarker) {
    const Octets bytes = made::bgp(BgpType::Notification, Octets().u8(6).u8(2));
    const auto message = read_bgp(bytes.bytes());
    ASSERT_TRUE(message);
    EXPECT_EQ(message->type, BgpType::Notification);
    EXPECT_EQ(message->body.size(), 2U);
}

TEST(BgpMessage, AWrongMarkerIsNoMessage) {
    Octets bytes = made::bgp(BgpType::Keepalive, {});
    bytes.raw()[3] = 0xFE;
    EXPECT_EQ(read_bgp(bytes.bytes()).error().code, ErrorCode::Marker);
}

TEST(BgpMessage, ACutUpdateSaysWhatItWantsAndWhatThereIs) {
    Octets bytes = made::bgp(BgpType::Update, made::update({}, made::usual_attributes()));
    const std::size_t whole = bytes.size();
    bytes.raw().resize(44);
    const auto message = read_bgp(bytes.bytes());
    ASSERT_FALSE(message);
    EXPECT_EQ(explain(message.error()),
              "BGP UPDATE wants " + std::to_string(whole) + " bytes, record has 44");
}

TEST(BgpMessage, ALengthBelowTheHeadersIsRefused) {
    Octets bytes = made::bgp(BgpType::Keepalive, {});
    bytes.raw()[17] = 18;
    EXPECT_EQ(read_bgp(bytes.bytes()).error().code, ErrorCode::MessageLength);
}

TEST(BgpMessage, AnExtendedMessageOfMoreThan4096OctetsIsRead) {  // RFC 8654
    Octets many;
    for (int i = 0; i < 3000; ++i) many.prefix("10.0.0.0/8");
    const Octets bytes = made::bgp(BgpType::Update, made::update(many, {}));
    const auto message = read_bgp(bytes.bytes());
    ASSERT_TRUE(message);
    EXPECT_EQ(split_update(message->body)->withdrawn.size(), 6000U);
}

TEST(Update, PartsThatDoNotLieInsideAreAFault) {
    EXPECT_FALSE(split_update(Octets().u16(9).bytes()));
    EXPECT_FALSE(split_update(Octets().u16(0).u16(1).bytes()));
    EXPECT_FALSE(split_update(Octets().u8(0).bytes()));
    EXPECT_TRUE(split_update(Octets().u16(0).u16(0).bytes()));
}

TEST(NlriList, PrefixesTakeOnlyTheOctetsTheyNeed) {
    const Octets bytes = Octets()
                             .prefix("0.0.0.0/0")
                             .prefix("10.0.0.0/8")
                             .prefix("192.0.2.128/25")
                             .prefix("192.0.2.1/32");
    const auto list = NlriList::check(bytes.bytes(), Family::v4, false);
    ASSERT_TRUE(list);
    EXPECT_EQ(prefixes(*list), (std::vector<std::string>{"0.0.0.0/0 0", "10.0.0.0/8 0",
                                                         "192.0.2.128/25 0", "192.0.2.1/32 0"}));
}

TEST(NlriList, BitsAfterThePrefixLengthDoNotMatter) {  // RFC 4271 §4.3
    const Octets bytes = Octets().u8(13).u8(11).u8(13);
    EXPECT_EQ(prefixes(*NlriList::check(bytes.bytes(), Family::v4, false)),
              std::vector<std::string>{"11.8.0.0/13 0"});
}

TEST(NlriList, APathIdentifierStandsBeforeEachPrefix) {  // RFC 7911 §3
    const Octets bytes = Octets().u32(7).prefix("2001:db8::/32").u32(0xFFFFFFFF).prefix("::/0");
    const auto list = NlriList::check(bytes.bytes(), Family::v6, true);
    ASSERT_TRUE(list);
    EXPECT_EQ(prefixes(*list), (std::vector<std::string>{"2001:db8::/32 7", "::/0 4294967295"}));
}

TEST(NlriList, APrefixLongerThanItsFamilyIsRefused) {
    EXPECT_EQ(NlriList::check(Octets().u8(33).u32(0).u8(0).bytes(), Family::v4, false).error().code,
              ErrorCode::PrefixLength);
    EXPECT_EQ(NlriList::check(Octets().u8(129).bytes(), Family::v6, false).error().code,
              ErrorCode::PrefixLength);
}

TEST(NlriList, APrefixOrIdentifierThatIsCutIsRefused) {
    EXPECT_EQ(NlriList::check(Octets().u8(24).u16(0).bytes(), Family::v4, false).error().code,
              ErrorCode::Truncated);
    EXPECT_EQ(NlriList::check(Octets().u16(0).bytes(), Family::v4, true).error().code,
              ErrorCode::Truncated);
    EXPECT_EQ(NlriList::check(Octets().u32(0).bytes(), Family::v4, true).error().code,
              ErrorCode::Truncated);
}

}  // namespace
}  // namespace dimout::decode
