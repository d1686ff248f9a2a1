#include "decode/as_path_builder.h"

#include "decode/made_records.h"

namespace dimout::decode {
namespace {

using made::Octets;
using enum SegmentType;

std::string widened(const Octets& path, const Octets& as4_path = {}) {
    AsPathBuilder builder;
    return made::text_of(builder.widen(path.bytes(), as4_path.bytes()));
}

Octets two(const std::vector<std::uint32_t>& asns) { return made::path(asns, 2); }
Octets four(const std::vector<std::uint32_t>& asns) { return made::path(asns, 4); }

TEST(AsPathBuilder, TwoOctetNumbersBecomeFourOctetNumbers) {
    AsPathBuilder builder;
    const Octets path = two({64500, 3356});
    EXPECT_EQ(made::text_of(builder.widen(path.bytes(), {})), "64500 3356");
    EXPECT_EQ(builder.widen(path.bytes(), {}).wire().size(), 10U);
}

TEST(AsPathBuilder, SetsAndConfederationsAreKept) {
    const Octets path = Octets()
                            .segment(ConfedSequence, {1}, 2)
                            .segment(ConfedSet, {2}, 2)
                            .segment(AsSequence, {3}, 2)
                            .segment(AsSet, {4, 5}, 2);
    EXPECT_EQ(widened(path), "q1 C2 3 s4 5");
}

TEST(AsPathBuilder, As4PathReplacesTheEndOfThePath) {  // RFC 6793 §4.2.3
    EXPECT_EQ(widened(two({64500, 3356, 23456}), four({3356, 131279})), "64500 3356 131279");
    EXPECT_EQ(widened(two({23456, 23456}), four({70000, 70001})), "70000 70001");
}

TEST(AsPathBuilder, ALongerAs4PathIsIgnored) {
    EXPECT_EQ(widened(two({64500}), four({70000, 70001})), "64500");
}

TEST(AsPathBuilder, AJoinedPathLooksAsIfItHadNeverBeenCut) {
    AsPathBuilder builder;
    const Octets path = two({64500, 23456});
    const Octets as4 = four({131279});
    const Octets whole = four({64500, 131279});
    const AsPath joined = builder.widen(path.bytes(), as4.bytes());
    EXPECT_TRUE(std::ranges::equal(joined.wire(), whole.bytes()));
}

TEST(AsPathBuilder, TheFrontMayCrossSegments) {
    const Octets path =
        Octets().segment(AsSequence, {1, 2}, 2).segment(AsSequence, {3, 23456, 5}, 2);
    EXPECT_EQ(widened(path, four({70000})), "1 2 3 23456 70000");
}

TEST(AsPathBuilder, ASetCountsAsOneAs) {  // RFC 4271 §9.1.2.2
    const Octets path = Octets().segment(AsSequence, {1, 23456}, 2).segment(AsSet, {3, 4, 5}, 2);
    const Octets as4 = Octets().segment(AsSequence, {70000}).segment(AsSet, {3, 4, 5});
    EXPECT_EQ(widened(path, as4), "1 70000 s3 4 5");
}

TEST(AsPathBuilder, ConfederationsDoNotCountAndStayInFront) {  // RFC 5065 §5.3
    const Octets path =
        Octets().segment(ConfedSequence, {64512, 64513}, 2).segment(AsSequence, {1, 23456}, 2);
    EXPECT_EQ(widened(path, four({70000})), "q64512 64513 1 70000");
    EXPECT_EQ(widened(path, four({1, 70000})), "q64512 64513 1 70000");
}

TEST(AsPathBuilder, ConfederationsInAs4PathAreDiscarded) {  // RFC 6793 §6
    const Octets as4 = Octets().segment(ConfedSequence, {64512}).segment(AsSequence, {70000});
    EXPECT_EQ(widened(two({1, 23456}), as4), "1 70000");
}

TEST(AsPathBuilder, ASegmentNeverGrowsBeyond255) {
    std::vector<std::uint32_t> front(200, 1);
    std::vector<std::uint32_t> back(200, 70000);
    Octets path = Octets().segment(AsSequence, front, 2).segment(AsSequence, back, 2);
    for (std::size_t i = 404; i < path.size(); ++i) path.raw()[i] = 9;
    AsPathBuilder builder;
    const Octets as4 = four(back);
    std::size_t count = 0;
    builder.widen(path.bytes(), as4.bytes()).for_each_asn([&](Asn) { ++count; });
    EXPECT_EQ(count, 400U);
}

TEST(CheckPath, EachWayToBeWrongHasItsName) {  // RFC 7606 §7.2, RFC 7607 §2
    EXPECT_EQ(check_path(four({1, 2}).bytes(), 4), PathFault::None);
    EXPECT_EQ(check_path({}, 4), PathFault::None);
    EXPECT_EQ(check_path(Octets().u8(5).u8(1).u32(1).bytes(), 4), PathFault::SegmentType);
    EXPECT_EQ(check_path(Octets().u8(2).u8(2).u32(1).bytes(), 4), PathFault::SegmentLength);
    EXPECT_EQ(check_path(Octets().u8(2).u8(0).bytes(), 4), PathFault::SegmentLength);
    EXPECT_EQ(check_path(four({1}).u8(2).bytes(), 4), PathFault::SegmentLength);
    EXPECT_EQ(check_path(four({1, 0, 3}).bytes(), 4), PathFault::AsZero);
    EXPECT_EQ(check_path(two({0}).bytes(), 2), PathFault::AsZero);
}

}  // namespace
}  // namespace dimout::decode
