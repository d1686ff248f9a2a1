#include "model/observed_path.h"

#include <gtest/gtest.h>

namespace dimout {
namespace {

using Wire = std::vector<std::uint8_t>;

void add_segment(Wire& wire, SegmentType type, const std::vector<std::uint8_t>& asns) {
    wire.push_back(static_cast<std::uint8_t>(type));
    wire.push_back(static_cast<std::uint8_t>(asns.size()));
    for (const std::uint8_t asn : asns) wire.insert(wire.end(), {0, 0, 0, asn});
}

TEST(PlainPath, PrependingCountsOnceAndALoopStays) {
    Wire wire;
    add_segment(wire, SegmentType::AsSequence, {1, 1, 2, 3, 2, 2, 4, 4});
    EXPECT_EQ(to_string(plain_path(AsPath(wire))), "1 2 3 2 4");
}

TEST(PlainPath, PrependingAcrossSegmentsCountsOnceAndConfederationsAreLeftOut) {
    Wire wire;
    add_segment(wire, SegmentType::ConfedSequence, {9});
    add_segment(wire, SegmentType::AsSequence, {1, 2});
    add_segment(wire, SegmentType::AsSequence, {2, 3});
    EXPECT_EQ(to_string(plain_path(AsPath(wire))), "1 2 3");
}

TEST(PlainPath, ASetAtTheEndIsManyOrigins) {
    Wire wire;
    add_segment(wire, SegmentType::AsSequence, {1, 2});
    add_segment(wire, SegmentType::AsSet, {5, 4, 5});
    const PlainPath path = plain_path(AsPath(wire));
    EXPECT_EQ(to_string(path), "1 2 {4 5}");
    EXPECT_EQ(path.origins().size(), 2U);
    std::string links;
    for_each_link(path, [&](Asn left, Asn right) {
        links += std::to_string(left.value) + ">" + std::to_string(right.value) + " ";
    });
    EXPECT_EQ(links, "1>2 2>4 2>5 ");
}

TEST(PlainPath, WhatGoesOnBehindASetIsNoPath) {
    Wire wire;
    add_segment(wire, SegmentType::AsSet, {1, 2});
    add_segment(wire, SegmentType::AsSequence, {3});
    EXPECT_TRUE(plain_path(AsPath(wire)).empty());
}

TEST(PlainPath, TextReadsBack) {
    for (const char* text : {"", "1", "1 2 3", "64500 {1 2}", "{1 2}", "4294967295 7"}) {
        const auto path = parse_plain_path(text);
        ASSERT_TRUE(path) << text;
        EXPECT_EQ(to_string(*path), text);
    }
    for (const char* text : {"x", "1 {2", "1 2}", "1 {2} 3", "{1 {2}}", "-1"})
        EXPECT_FALSE(parse_plain_path(text)) << text;
}

}  // namespace
}  // namespace dimout
