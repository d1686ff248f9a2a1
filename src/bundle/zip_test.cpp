#include "bundle/zip.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "bundle/gzip.h"

namespace dimout::bundle {
namespace {

std::vector<Member> members() {
    return {{"README.txt", "What this is.\n"},
            {"raw/rrc00.mrt.gz", std::string(300, '\7')},
            {"empty", ""}};
}

std::string zip() { return write_zip(members()).value(); }

/// What `read_zip` says of the file; empty when it accepts it.
std::string refusal(std::string_view file) {
    const auto read = read_zip(file);
    return read ? "" : read.error().message;
}

/// `text` with the first `from` after `at` replaced; both are of one length.
std::string with(std::string text, std::string_view from, std::string_view to, std::size_t at = 0) {
    return text.replace(text.find(from, at), from.size(), to);
}

TEST(Zip, GivesBackWhatWasPutIn) {
    const std::string file = zip();
    const auto read = read_zip(file);
    ASSERT_TRUE(read) << read.error().message;
    ASSERT_EQ(read->size(), members().size());
    for (std::size_t i = 0; i < read->size(); ++i) {
        EXPECT_EQ((*read)[i].name, members()[i].name);
        EXPECT_EQ((*read)[i].content, members()[i].content);
    }
    EXPECT_EQ(file, zip());
}

TEST(Zip, RefusesAnyChangedByte) {
    const std::string file = zip();
    for (std::size_t at = 0; at < file.size(); ++at) {
        for (const char flip : {1, 0x20, -128}) {
            std::string changed = file;
            changed[at] = static_cast<char>(changed[at] ^ flip);
            EXPECT_NE(refusal(changed), "") << "byte " << at;
        }
    }
}

TEST(Zip, RefusesAnyCutAndAnyAddition) {
    const std::string file = zip();
    for (std::size_t size = 0; size < file.size(); ++size)
        EXPECT_NE(refusal(std::string_view(file).substr(0, size)), "") << size;
    EXPECT_NE(refusal(file + '\0'), "");
    EXPECT_NE(refusal("#!" + file), "");
}

TEST(Zip, RefusesNamesThatLeadOut) {
    for (const char* name : {"../etc/passwd", "/etc/passwd", "a/../b", "a//b", "a/", ".hidden",
                             "a/.b", "a\\b", "C:x", "", "\xC3\xA4"})
        EXPECT_FALSE(is_member_name(name)) << name;
    EXPECT_FALSE(is_member_name(std::string(kNameMax + 1, 'a')));
    EXPECT_TRUE(is_member_name("raw/route-views.jinx.updates.mrt.gz"));
    EXPECT_FALSE(write_zip(std::vector<Member>{{"../a", ""}}));
    // The same length, in both places, with a right CRC: only the name is wrong.
    std::string file = write_zip(std::vector<Member>{{"aa/b", "x"}}).value();
    file = with(file, "aa/b", "../b");
    file = with(file, "aa/b", "../b");
    EXPECT_NE(refusal(file).find("name"), std::string::npos) << refusal(file);
}

TEST(Zip, RefusesNamesThatStandTwice) {
    EXPECT_FALSE(write_zip(std::vector<Member>{{"a", ""}, {"a", ""}}));
    EXPECT_FALSE(write_zip(std::vector<Member>{{"a", ""}, {"A", ""}}));
    std::string file = write_zip(std::vector<Member>{{"one", "x"}, {"two", "x"}}).value();
    file = with(file, "two", "one");
    file = with(file, "two", "ONE");
    EXPECT_NE(refusal(with(file, "ONE", "one")).find("twice"), std::string::npos);
    EXPECT_NE(refusal(file), "");
}

TEST(Zip, RefusesMembersThatLieOverEachOther) {
    // Both entries of the directory point at the first member.
    std::string file = write_zip(std::vector<Member>{{"a", "xyz"}, {"b", "xyz"}}).value();
    const std::size_t second = file.find("PK\1\2", file.find("PK\1\2") + 1);
    for (std::size_t i = 42; i < 46; ++i) file[second + i] = '\0';
    EXPECT_NE(refusal(file), "");
}

TEST(Zip, RefusesSizesThatLie) {
    std::string file = write_zip(std::vector<Member>{{"a", "xyz"}}).value();
    const std::size_t entry = file.find("PK\1\2");
    for (const std::size_t start : {std::size_t{18}, entry + 20}) {
        for (std::size_t i = 0; i < 8; ++i) file[start + i] = '\xFF';
    }
    EXPECT_NE(refusal(file), "");
}

TEST(Zip, HoldsItsLimits) {
    std::vector<Member> many;
    for (std::size_t i = 0; i <= kMembersMax; ++i) many.push_back({fmt::format("m{}", i), ""});
    EXPECT_FALSE(write_zip(many));
    many.pop_back();
    const auto file = write_zip(many);
    ASSERT_TRUE(file);
    EXPECT_EQ(refusal(*file), "");
}

TEST(Gzip, UnpacksToAtMostItsLimit) {
    const std::string bomb = gzip(std::string(10'000'000, '\0'));
    EXPECT_LT(bomb.size(), 20'000U);
    EXPECT_FALSE(gunzip(bomb, 9'999'999));
    EXPECT_EQ(gunzip(bomb, 10'000'000).value().size(), 10'000'000U);
}

TEST(Gzip, RefusesDamageAndWhatFollows) {
    const std::string packed = gzip("some text that is packed");
    EXPECT_EQ(gunzip(packed, 100).value(), "some text that is packed");
    EXPECT_EQ(gunzip(gzip(""), 0).value(), "");
    EXPECT_FALSE(gunzip(packed + 'x', 100));
    EXPECT_FALSE(gunzip(packed.substr(0, packed.size() - 1), 100));
    EXPECT_FALSE(gunzip("", 100));
}

}  // namespace
}  // namespace dimout::bundle
