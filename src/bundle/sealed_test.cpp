#include "bundle/sealed.h"

#include <gtest/gtest.h>

namespace dimout::bundle {
namespace {

std::string some_bundle(const SigningKey* key) {
    return seal("dimout 1", "country-KP-20141222T1615Z",
                {{"outage.json", "{}\n"}, {"raw/rrc00.updates.mrt.gz", "bytes"}}, key)
        .value();
}

TEST(Sealed, OpensWhatItSealed) {
    const std::string file = some_bundle(nullptr);
    const auto opened = open_sealed(file);
    ASSERT_TRUE(opened) << opened.error().message;
    EXPECT_EQ(opened->manifest.subject, "country-KP-20141222T1615Z");
    EXPECT_EQ(opened->find("outage.json"), "{}\n");
    EXPECT_EQ(opened->find("none"), std::nullopt);
    EXPECT_FALSE(opened->signature);
}

TEST(Sealed, RefusesAnyChangedByte) {
    std::string folder = testing::TempDir() + "dimout-seal-XXXXXX";
    ASSERT_NE(mkdtemp(folder.data()), nullptr);
    const auto key = SigningKey::make(folder + "/key");
    ASSERT_TRUE(key) << key.error().message;
    for (const bool is_signed : {false, true}) {
        const std::string file = some_bundle(is_signed ? &*key : nullptr);
        const auto opened = open_sealed(file);
        ASSERT_TRUE(opened) << opened.error().message;
        EXPECT_EQ(opened->signature.has_value(), is_signed);
        for (std::size_t at = 0; at < file.size(); ++at) {
            std::string changed = file;
            changed[at] = static_cast<char>(changed[at] ^ 4);
            EXPECT_FALSE(open_sealed(changed)) << "byte " << at;
        }
    }
    std::filesystem::remove_all(folder);
}

/// With every CRC right: what somebody would do who knows ZIP.
TEST(Sealed, RefusesARightZipOfOtherMembers) {
    const std::string file = some_bundle(nullptr);
    std::vector<Member> members;
    const auto views = read_zip(file);
    ASSERT_TRUE(views);
    for (const MemberView& view : *views)
        members.push_back({std::string(view.name), std::string(view.content)});
    const auto refused = [](const std::vector<Member>& made) {
        const std::string zip = write_zip(made).value();
        const auto opened = open_sealed(zip);
        return opened ? std::string() : opened.error().message;
    };
    EXPECT_EQ(refused(members), "");
    auto other = members;
    other[0].content = "{ }\n";
    EXPECT_NE(refused(other).find("SHA-256"), std::string::npos);
    other = members;
    other.erase(other.begin());
    EXPECT_NE(refused(other), "");
    other = members;
    std::swap(other[0], other[1]);
    EXPECT_NE(refused(other), "");
    other = members;
    other.insert(other.begin(), {"more.txt", ""});
    EXPECT_NE(refused(other), "");
    other = members;
    other.push_back(
        {"signature.json", signature_text({std::string(32, 'k'), std::string(64, 's')})});
    EXPECT_NE(refused(other).find("signature"), std::string::npos);
    other = members;
    other.pop_back();
    EXPECT_NE(refused(other).find("manifest"), std::string::npos);
}

TEST(Manifest, IsReadInOneFormOnly) {
    const Manifest manifest{.made_by = "dimout 1", .subject = "x", .members = {{"a", 3, "00"}}};
    const std::string text = manifest_text(manifest);
    EXPECT_EQ(parse_manifest(text).value(), manifest);
    EXPECT_FALSE(parse_manifest(" " + text));
    EXPECT_FALSE(parse_manifest("{}"));
    EXPECT_FALSE(parse_manifest(""));
    EXPECT_FALSE(parse_manifest("[1]"));
    std::string newer = text;
    newer.replace(newer.find(":1,"), 3, ":2,");
    EXPECT_NE(parse_manifest(newer).error().message.find("newer"), std::string::npos);
}

}  // namespace
}  // namespace dimout::bundle
