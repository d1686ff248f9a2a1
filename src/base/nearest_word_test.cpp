#include "base/nearest_word.h"

#include <gtest/gtest.h>

#include <array>

namespace dimout {
namespace {

TEST(NearestWord, counts_letters_put_in_taken_out_replaced_and_swapped) {
    EXPECT_EQ(letters_apart("", ""), 0U);
    EXPECT_EQ(letters_apart("", "abc"), 3U);
    EXPECT_EQ(letters_apart("store", "stor"), 1U);
    EXPECT_EQ(letters_apart("sotre", "store"), 1U);
    EXPECT_EQ(letters_apart("Store", "sTORE"), 0U);
    EXPECT_EQ(letters_apart("kitten", "sitting"), 3U);
    EXPECT_EQ(letters_apart("ca", "abc"), 3U) << "a pair that was swapped is not touched again";
}

TEST(NearestWord, is_empty_when_nothing_is_near) {
    constexpr std::array<std::string_view, 4> kWords{"store", "journal", "registry", "bmp"};
    EXPECT_EQ(nearest_word("journals", kWords), "journal");
    EXPECT_EQ(nearest_word("regsitry", kWords), "registry");
    EXPECT_EQ(nearest_word("bpm", kWords), "bmp");
    EXPECT_EQ(nearest_word("colour", kWords), "");
    EXPECT_EQ(nearest_word("x", {}), "");
    EXPECT_EQ(nearest_word(std::string(100'000, 'a'), kWords), "");
}

}  // namespace
}  // namespace dimout
