#include "model/entity.h"

#include <gtest/gtest.h>

namespace dimout {
namespace {

TEST(Entity, PrintsWhatItParses) {
    for (const char* text :
         {"country/KP", "continent/AS", "region/CD-KN", "asn/131279", "asn-country/131279.KP",
          "prefix/175.45.176.0-22", "prefix/2001:db8::-32", "group/mine"}) {
        ASSERT_TRUE(parse_entity(text)) << text;
        EXPECT_EQ(to_string(*parse_entity(text)), text);
    }
}

TEST(Entity, RefusesWhatIsNoEntity) {
    for (const char* text :
         {"", "country/", "country/kp", "country/PRK", "asn/-1", "asn/4294967296", "asn/1x",
          "asn-country/1", "prefix/1.2.3.4-8", "group/a b", "planet/X", "region/C"}) {
        EXPECT_FALSE(parse_entity(text)) << text;
    }
}

TEST(Entity, NumbersOrderByValue) {
    EXPECT_LT(*parse_entity("asn/9"), *parse_entity("asn/10"));
    EXPECT_LT(*parse_entity("country/ZW"), *parse_entity("asn/1"));
}

TEST(Entity, AWordIsSafeInAnId) {
    EXPECT_EQ(to_word(*parse_entity("country/KP")), "country-KP");
    EXPECT_EQ(to_word(*parse_entity("prefix/2001:db8::-32")), "prefix-2001_db8__-32");
}

}  // namespace
}  // namespace dimout
