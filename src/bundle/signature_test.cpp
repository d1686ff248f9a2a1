#include "bundle/signature.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "bundle/digest.h"

namespace dimout::bundle {
namespace {

class SignatureTest : public testing::Test {
protected:
    void SetUp() override {
        std::string name = testing::TempDir() + "dimout-key-XXXXXX";
        ASSERT_NE(mkdtemp(name.data()), nullptr);
        folder_ = name;
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    std::filesystem::path folder_;
};

TEST_F(SignatureTest, IsRightForItsTextOnly) {
    const auto key = SigningKey::make(folder_ / "key");
    ASSERT_TRUE(key) << key.error().message;
    const Signature signature = key->sign("a manifest");
    EXPECT_TRUE(is_right(signature, "a manifest"));
    EXPECT_FALSE(is_right(signature, "a manifesT"));
    EXPECT_EQ(key->sign("a manifest").bytes, signature.bytes);
    const auto again = SigningKey::read(folder_ / "key");
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ(again->sign("a manifest").bytes, signature.bytes);
    EXPECT_EQ(read_public_key(folder_ / "key.pub").value(), signature.public_key);
}

TEST_F(SignatureTest, AKeyIsItsOwnersOnly) {
    ASSERT_TRUE(SigningKey::make(folder_ / "key"));
    struct stat about{};
    ASSERT_EQ(stat((folder_ / "key").c_str(), &about), 0);
    EXPECT_EQ(about.st_mode & 0777U, 0600U);
    EXPECT_FALSE(SigningKey::make(folder_ / "key")) << "it would have been written over";
    std::filesystem::permissions(folder_ / "key", std::filesystem::perms::group_read,
                                 std::filesystem::perm_options::add);
    const auto open = SigningKey::read(folder_ / "key");
    ASSERT_FALSE(open);
    EXPECT_NE(open.error().message.find("chmod 600"), std::string::npos);
}

TEST_F(SignatureTest, RefusesWhatIsNoKey) {
    EXPECT_FALSE(SigningKey::read(folder_ / "none"));
    std::ofstream(folder_ / "text") << "not a key\n";
    std::filesystem::permissions(folder_ / "text", std::filesystem::perms::owner_read);
    EXPECT_FALSE(SigningKey::read(folder_ / "text"));
    EXPECT_FALSE(read_public_key(folder_ / "text"));
}

// RFC 8032 §7.1, test 2.
TEST(Signature, AgreesWithTheRfc) {
    Signature signature{
        .public_key = from_hex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"),
        .bytes = from_hex("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                          "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")};
    EXPECT_TRUE(is_right(signature, "\x72"));
    signature.bytes[0] = static_cast<char>(signature.bytes[0] ^ 1);
    EXPECT_FALSE(is_right(signature, "\x72"));
}

TEST(Signature, IsTextAndBack) {
    const Signature signature{.public_key = std::string(32, 'k'), .bytes = std::string(64, 's')};
    const std::string text = signature_text(signature);
    EXPECT_EQ(parse_signature(text).value().bytes, signature.bytes);
    EXPECT_FALSE(parse_signature(text + " "));
    EXPECT_FALSE(parse_signature("{}"));
    EXPECT_FALSE(is_right({}, ""));
}

// FIPS 180-4, example of "abc".
TEST(Digest, AgreesWithTheStandard) {
    EXPECT_EQ(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(fingerprint("abc"), "SHA256:" + sha256("abc"));
    EXPECT_EQ(from_hex("xy"), "");
    EXPECT_EQ(to_hex(from_hex("00ff10")), "00ff10");
}

}  // namespace
}  // namespace dimout::bundle
