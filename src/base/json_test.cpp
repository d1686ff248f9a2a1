#include "base/json.h"

#include <gtest/gtest.h>

#include <limits>

namespace dimout {
namespace {

TEST(JsonWriter, PutsCommasBetweenValuesOnly) {
    JsonWriter json;
    json.begin_object()
        .field("a", 1)
        .key("b")
        .begin_array()
        .value("x")
        .value(true)
        .null()
        .end_array();
    json.key("c").begin_object().end_object().field("d", 0.5).end_object();
    EXPECT_EQ(json.text(), R"({"a":1,"b":["x",true,null],"c":{},"d":0.5})");
}

TEST(JsonWriter, EscapesWhatMustBeEscaped) {
    JsonWriter json;
    json.value(std::string_view("a\"b\\c\n\x01 Pyŏngyang"));
    EXPECT_EQ(json.text(), "\"a\\\"b\\\\c\\u000a\\u0001 Pyŏngyang\"");
}

TEST(JsonWriter, TheUnknownIsNull) {
    JsonWriter json;
    json.begin_array()
        .value(std::optional<int>{})
        .value(std::numeric_limits<double>::quiet_NaN())
        .value(std::optional<int>{7});
    json.end_array();
    EXPECT_EQ(json.text(), "[null,null,7]");
}

}  // namespace
}  // namespace dimout
