#include "decode/attributes.h"

#include "decode/made_records.h"

namespace dimout::decode {
namespace {

using made::Octets;
using enum Attribute;

constexpr AttributeScope kUpdate{
    .asn_bytes = 4, .add_path = false, .dump = false, .announces = true};
constexpr AttributeScope kDump{.asn_bytes = 4, .add_path = false, .dump = true, .announces = false};

/// Of the usual attributes with one more.
Treatment with(Attribute type, const Octets& value, int flags = -1) {
    Octets block = made::usual_attributes();
    block.attribute(type, value, flags);
    Attributes attributes;
    return attributes.scan(block.bytes(), kUpdate);
}

/// Of the usual attributes with one replaced.
Treatment instead(Attribute type, const Octets& value, int flags = -1) {
    Octets block;
    for_each_attribute(made::usual_attributes().bytes(),
                       [&](std::uint8_t, std::uint8_t number, Bytes old) {
                           Octets same;
                           for (const std::uint8_t octet : old) same.u8(octet);
                           if (static_cast<Attribute>(number) != type)
                               block.attribute(static_cast<Attribute>(number), same);
                       });
    block.attribute(type, value, flags);
    Attributes attributes;
    return attributes.scan(block.bytes(), kUpdate);
}

TEST(Attributes, AllThatAnUpdateUsuallyHasIsThere) {
    Octets block = made::usual_attributes();
    block.attribute(MultiExitDisc, Octets().u32(7)).attribute(LocalPref, Octets().u32(100));
    block.attribute(AtomicAggregate, {})
        .attribute(Aggregator, Octets().u32(64502).address("10.0.0.1"));
    block.attribute(Communities, Octets().u32(0xFFFF029A));
    Attributes attributes;
    EXPECT_EQ(attributes.scan(block.bytes(), kUpdate), Treatment::None);
    EXPECT_EQ(attributes.origin(), OriginCode::Igp);
    EXPECT_EQ(made::text_of(attributes.path()), "64500 131279");
    EXPECT_EQ(to_string(*attributes.next_hop()), "192.0.2.1");
    EXPECT_EQ(attributes.multi_exit_disc(), 7U);
    EXPECT_EQ(attributes.local_pref(), 100U);
    EXPECT_TRUE(attributes.atomic_aggregate());
    EXPECT_EQ(attributes.aggregator()->asn.value, 64502U);
    EXPECT_TRUE(attributes.blackhole());  // RFC 7999
}

TEST(Attributes, AFourOctetPathIsAViewOfTheInput) {
    const Octets block = made::usual_attributes();
    Attributes attributes;
    attributes.scan(block.bytes(), kUpdate);
    const Bytes wire = attributes.path().wire();
    EXPECT_GE(wire.data(), block.bytes().data());
    EXPECT_LE(wire.data() + wire.size(), block.bytes().data() + block.size());
}

TEST(Rfc7606, AWrongValueOfAWellKnownAttributeWithdraws) {
    EXPECT_EQ(instead(Origin, Octets().u8(3)), Treatment::TreatAsWithdraw);  // §7.1
    EXPECT_EQ(instead(Origin, {}), Treatment::TreatAsWithdraw);
    EXPECT_EQ(instead(NextHop, Octets().u16(1)), Treatment::TreatAsWithdraw);             // §7.3
    EXPECT_EQ(instead(AsPath, Octets().u8(9).u8(1).u32(1)), Treatment::TreatAsWithdraw);  // §7.2
    EXPECT_EQ(instead(AsPath, made::path({64500, 0})), Treatment::TreatAsWithdraw);  // RFC 7607 §2
    EXPECT_EQ(instead(AsPath, {}), Treatment::None) << "an empty path is the collector's own AS";
}

TEST(Rfc7606, AWrongLengthOfAnOptionalAttributeWithdraws) {
    EXPECT_EQ(with(MultiExitDisc, Octets().u16(1)), Treatment::TreatAsWithdraw);  // §7.4
    EXPECT_EQ(with(LocalPref, Octets().u8(1)), Treatment::TreatAsWithdraw);       // §7.5
    EXPECT_EQ(with(Communities, Octets().u16(1)), Treatment::TreatAsWithdraw);    // §7.8
    EXPECT_EQ(with(Communities, {}), Treatment::TreatAsWithdraw);
    EXPECT_EQ(with(OriginatorId, Octets().u8(1)), Treatment::TreatAsWithdraw);          // §7.9
    EXPECT_EQ(with(ClusterList, Octets().u8(1)), Treatment::TreatAsWithdraw);           // §7.10
    EXPECT_EQ(with(ExtendedCommunities, Octets().u32(1)), Treatment::TreatAsWithdraw);  // §7.14
    EXPECT_EQ(with(LargeCommunities, Octets().u32(1)), Treatment::TreatAsWithdraw);  // RFC 8092 §5
    EXPECT_EQ(with(LargeCommunities, Octets().u32(1).u32(2).u32(3)), Treatment::None);
}

TEST(Rfc7606, WhatDoesNotTouchTheRouteIsDiscarded) {
    EXPECT_EQ(with(AtomicAggregate, Octets().u8(1)), Treatment::AttributeDiscard);     // §7.6
    EXPECT_EQ(with(Aggregator, Octets().u16(1).u32(1)), Treatment::AttributeDiscard);  // §7.7
    EXPECT_EQ(with(Aggregator, Octets().u32(0).u32(1)),
              Treatment::AttributeDiscard);                                        // RFC 7607 §2
    EXPECT_EQ(with(As4Path, Octets().u8(2).u8(9)), Treatment::AttributeDiscard);   // RFC 6793 §6
    EXPECT_EQ(with(As4Path, made::path({0})), Treatment::AttributeDiscard);        // RFC 7607 §2
    EXPECT_EQ(with(As4Aggregator, Octets().u32(1)), Treatment::AttributeDiscard);  // RFC 6793 §6
    EXPECT_EQ(with(Origin, Octets().u8(1)), Treatment::AttributeDiscard)
        << "the second of two, §3 g";
}

TEST(Rfc7606, ADiscardedAttributeIsAsIfItHadNotBeenSent) {
    Octets block = made::usual_attributes();
    block.attribute(Aggregator, Octets().u16(1)).attribute(NextHop, Octets().address("192.0.2.9"));
    Attributes attributes;
    EXPECT_EQ(attributes.scan(block.bytes(), kUpdate), Treatment::AttributeDiscard);
    EXPECT_EQ(attributes.discarded(), 2U);
    EXPECT_FALSE(attributes.aggregator());
    EXPECT_EQ(to_string(*attributes.next_hop()), "192.0.2.1") << "the first one counts";
}

TEST(Rfc7606, WrongFlagsWithdrawButTheFlagsOfADumpAreTheCollectors) {  // §3 c
    EXPECT_EQ(instead(Origin, Octets().u8(0), 0xC0), Treatment::TreatAsWithdraw);
    EXPECT_EQ(with(Communities, Octets().u32(1), 0xE0), Treatment::None)
        << "the Partial bit may be set";
    Attributes attributes;
    const Octets odd = Octets().attribute(Origin, Octets().u8(0), 0xC0);
    EXPECT_EQ(attributes.scan(odd.bytes(), kDump), Treatment::None);
}

TEST(Rfc7606, AMissingMandatoryAttributeWithdraws) {  // §3 d
    const Octets origin = Octets().attribute(Origin, Octets().u8(0));
    Attributes attributes;
    EXPECT_EQ(attributes.scan(origin.bytes(), kUpdate), Treatment::TreatAsWithdraw);
    EXPECT_EQ(attributes.scan({}, kUpdate), Treatment::TreatAsWithdraw);
    EXPECT_EQ(attributes.scan({}, {.asn_bytes = 4}), Treatment::None) << "nothing is announced";
    EXPECT_EQ(attributes.scan({}, kDump), Treatment::None) << "a route of the collector itself";
}

TEST(Rfc7606, AnAttributeThatRunsOverTheEndWithdraws) {  // §4
    Attributes attributes;
    for (std::size_t cut = 1; cut < 4; ++cut) {
        Octets block = made::usual_attributes();
        block.raw().resize(block.size() - cut);
        EXPECT_EQ(attributes.scan(block.bytes(), kUpdate), Treatment::TreatAsWithdraw);
    }
    EXPECT_EQ(attributes.scan(Octets().u8(0x50).u8(1).u8(0).bytes(), kUpdate),
              Treatment::TreatAsWithdraw);
}

Octets reach(unsigned afi, unsigned safi, const Octets& next_hop, const Octets& nlri) {
    return Octets().u16(afi).u8(safi).u8(next_hop.size()).add(next_hop).u8(0).add(nlri);
}

TEST(MpReach, GivesNextHopsAndPrefixes) {  // RFC 4760 §3, RFC 2545 §3
    const Octets hops = Octets().address("2001:db8::1").address("fe80::1");
    Octets block = made::usual_attributes();
    block.attribute(MpReach, reach(2, 1, hops, Octets().prefix("2001:db8::/32")));
    Attributes attributes;
    EXPECT_EQ(attributes.scan(block.bytes(), kUpdate), Treatment::None);
    EXPECT_EQ(attributes.reach().nlri.size(), 1U);
    EXPECT_EQ(to_string(*attributes.next_hop()), "2001:db8::1");
    EXPECT_EQ(to_string(*attributes.link_local_next_hop()), "fe80::1");
}

TEST(MpReach, RoutesThatCannotBeFoundResetTheSession) {
    const Octets six = Octets().address("2001:db8::1");
    EXPECT_EQ(with(MpReach, reach(2, 1, Octets().u32(1), {})),
              Treatment::SessionReset);  // RFC 7606 §7.11
    EXPECT_EQ(with(MpReach, reach(2, 1, six, Octets().u8(129))), Treatment::SessionReset);  // §5.3
    EXPECT_EQ(with(MpReach, Octets().u16(2)), Treatment::SessionReset);
    EXPECT_EQ(with(MpUnreach, Octets().u16(2).u8(1).u8(64)), Treatment::SessionReset);
    Octets twice = made::usual_attributes();
    twice.attribute(MpReach, reach(2, 1, six, {})).attribute(MpReach, reach(2, 1, six, {}));
    Attributes attributes;
    EXPECT_EQ(attributes.scan(twice.bytes(), kUpdate), Treatment::SessionReset);  // §3 g
}

TEST(MpReach, AnotherFamilyIsPassedOver) {
    EXPECT_EQ(with(MpReach, reach(1, 128, Octets().u32(0).u32(0).u32(1), Octets().u8(255))),
              Treatment::None);
    EXPECT_EQ(with(MpReach, reach(16388, 71, Octets().u32(1), Octets().u8(255))), Treatment::None);
}

TEST(MpReach, TheNextHopOfAnotherFamilyIsNoAddress) {
    Attributes attributes;
    const Octets vpn = Octets().attribute(MpReach, reach(1, 128, Octets().u8(7), {}));
    attributes.scan(vpn.bytes(), kDump);
    EXPECT_FALSE(attributes.next_hop());
    EXPECT_FALSE(attributes.link_local_next_hop());
}

TEST(MpReach, Ipv4MayHaveAnIpv6NextHop) {  // RFC 8950 §3
    EXPECT_EQ(
        with(MpReach, reach(1, 1, Octets().address("2001:db8::1"), Octets().prefix("10.0.0.0/8"))),
        Treatment::None);
}

TEST(MpReach, ADumpMayHaveTheShortFormOrTheFull) {  // RFC 6396 §4.3.4
    const Octets six = Octets().address("2001:db8::1");
    Attributes attributes;
    const Octets brief = Octets().attribute(MpReach, Octets().u8(16).add(six));
    attributes.scan(brief.bytes(), kDump);
    EXPECT_EQ(to_string(*attributes.next_hop()), "2001:db8::1");
    const Octets full =
        Octets().attribute(MpReach, reach(2, 1, six, Octets().prefix("2001:db8::/32")));
    attributes.scan(full.bytes(), kDump);
    EXPECT_EQ(to_string(*attributes.next_hop()), "2001:db8::1");
    const Octets odd = Octets().attribute(MpReach, Octets().u8(9).add(six));
    EXPECT_EQ(attributes.scan(odd.bytes(), kDump), Treatment::AttributeDiscard);
    EXPECT_FALSE(attributes.next_hop());
}

TEST(As4, AggregatorOfAnotherAsThanAsTransMakesAs4AttributesVoid) {  // RFC 6793 §4.2.3
    constexpr AttributeScope kOld{
        .asn_bytes = 2, .add_path = false, .dump = false, .announces = true};
    const auto path_with = [&](std::uint32_t aggregator) {
        Octets block = made::usual_attributes(made::path({64500, 23456}, 2));
        block.attribute(Aggregator, Octets().u16(aggregator).address("10.0.0.1"));
        block.attribute(As4Path, made::path({131279}))
            .attribute(As4Aggregator, Octets().u32(70000).address("10.0.0.2"));
        Attributes attributes;
        attributes.scan(block.bytes(), kOld);
        return made::text_of(attributes.path()) + " by " +
               std::to_string(attributes.aggregator()->asn.value);
    };
    EXPECT_EQ(path_with(23456), "64500 131279 by 70000");
    EXPECT_EQ(path_with(64502), "64500 23456 by 64502");
}

TEST(As4, AFourOctetSpeakersAs4PathIsIgnored) {  // RFC 6793 §4.1
    Octets block = made::usual_attributes();
    block.attribute(As4Path, made::path({1}));
    Attributes attributes;
    attributes.scan(block.bytes(), kUpdate);
    EXPECT_EQ(made::text_of(attributes.path()), "64500 131279");
}

}  // namespace
}  // namespace dimout::decode
