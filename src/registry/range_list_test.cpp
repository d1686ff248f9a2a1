#include "registry/range_list.h"

#include <gtest/gtest.h>

#include "registry/test_files.h"

namespace dimout::registry {
namespace {

TEST(RangeList, both_families_and_quotes_are_read_and_column_names_stepped_over) {
    const auto list = parse_range_list(
        "start,end,country\n1.0.0.0,1.0.0.255,AU\n\"1.0.1.0\",\"1.0.3.255\",\"CN\"\r\n"
        "2001:200::,2001:200:ffff:ffff:ffff:ffff:ffff:ffff,JP\n",
        "x");
    EXPECT_EQ(list.warnings.count, 0U);
    ASSERT_EQ(list.ranges.size(), 3U);
    EXPECT_EQ(list.ranges[1].country, code("CN"));
    EXPECT_EQ(list.ranges[2].first.family, Family::v6);
}

TEST(RangeList, lines_that_are_no_ranges_are_counted) {
    const auto list = parse_range_list(
        "\n1.0.0.9,1.0.0.1,AU\n1.0.0.0,::1,AU\n1.0.0.0,1.0.0.1,Au\n1.0.0.0,1.0.0.1\n", "x");
    EXPECT_EQ(list.warnings.count, 4U);
    EXPECT_TRUE(list.ranges.empty());
    EXPECT_EQ(list.warnings.first[0], "x:2: expected start,end,country");
}

}  // namespace
}  // namespace dimout::registry
