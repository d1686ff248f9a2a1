#include "model/prefix.h"

#include <gtest/gtest.h>

namespace dimout {
namespace {

TEST(Prefix, PrintsWhatItParses) {
    for (const char* text : {"175.45.176.0/22", "0.0.0.0/0", "255.255.255.255/32", "2001:db8::/32",
                             "::/0", "2001:db8:0:1::/64", "2001:db8::1/128"}) {
        ASSERT_TRUE(parse_prefix(text)) << text;
        EXPECT_EQ(to_string(*parse_prefix(text)), text);
    }
}

TEST(Prefix, RefusesHostBitsAndWrongLengths) {
    for (const char* text :
         {"175.45.176.1/22", "10.0.0.0/33", "10.0.0.0", "::/129", "10.0.0.0/-1", "x/8", ""}) {
        EXPECT_FALSE(parse_prefix(text)) << text;
    }
}

TEST(Prefix, CoversItselfAndItsMoreSpecifics) {
    const Prefix country = *parse_prefix("175.45.176.0/22");
    EXPECT_TRUE(country.covers(country));
    EXPECT_TRUE(country.covers(*parse_prefix("175.45.179.0/24")));
    EXPECT_FALSE(country.covers(*parse_prefix("175.45.180.0/24")));
    EXPECT_FALSE(country.covers(*parse_prefix("175.45.0.0/16")));
    EXPECT_FALSE(parse_prefix("::/0")->covers(country));
}

TEST(Prefix, ACoveringPrefixSortsRightBeforeWhatItCovers) {
    const Prefix block = *parse_prefix("175.45.176.0/22");
    EXPECT_LT(block, *parse_prefix("175.45.176.0/24"));
    EXPECT_LT(*parse_prefix("175.45.179.0/24"), *parse_prefix("175.45.180.0/24"));
    EXPECT_LT(*parse_prefix("255.0.0.0/8"), *parse_prefix("::/0"));
}

}  // namespace
}  // namespace dimout
