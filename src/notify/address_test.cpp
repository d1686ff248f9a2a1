#include "notify/address.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>

#include "notify/hmac.h"

namespace dimout::notify {
namespace {

using Kind = Address::Kind;

Address of(const char* text) {
    auto address = parse_address(text);
    EXPECT_TRUE(address) << text << ": " << address.error().message;
    return address.value_or(Address{});
}

TEST(Address, EachKindSaysWhereToSend) {
    const Address topic = of("ntfy://ntfy.sh/my-topic#token=env:NTFY");
    EXPECT_EQ(topic.kind, Kind::Ntfy);
    EXPECT_EQ(topic.url + topic.path, "https://ntfy.sh/my-topic");
    EXPECT_EQ(topic.secrets.at("token"), "env:NTFY");
    EXPECT_EQ(topic.place, "ntfy at ntfy.sh");
    const Address hook = of("webhook+http://[::1]:8080/a/b?c=d#secret=file:/etc/key");
    EXPECT_EQ(hook.url + hook.path, "http://[::1]:8080/a/b?c=d");
    const Address chat = of("telegram://-100123#token=file:t");
    EXPECT_EQ(chat.url, "https://api.telegram.org");
    EXPECT_EQ(chat.path, "/-100123");
    EXPECT_EQ(of("telegram+http://127.0.0.1:99/-5#token=env:T").path, "/-5");
    EXPECT_EQ(of("slack+https://hooks.slack.com/services/A/B").path, "/services/A/B");
    const Address alerts = of("alertmanager+http://127.0.0.1:9093/");
    EXPECT_EQ(alerts.url + alerts.path, "http://127.0.0.1:9093");
    EXPECT_EQ(of("atom:/var/www/o.atom").url, "/var/www/o.atom");
    const Address mail =
        of("smtp://me%40a.org@mail.a.org:587/?from=d@a.org&to=x@b.org&to=y@b.org#password=env:P");
    EXPECT_EQ(mail.url, "smtp://mail.a.org:587");
    EXPECT_EQ(mail.user, "me@a.org");
    EXPECT_EQ(mail.from, "d@a.org");
    EXPECT_EQ(mail.to, (std::vector<std::string>{"x@b.org", "y@b.org"}));
    EXPECT_EQ(of("smtps://mail.a.org?from=d@a.org&to=x@b.org").url, "smtps://mail.a.org");
}

TEST(Address, ItsNameIsTheSameForTheSameReceiverWhateverTheSecret) {
    const std::string name = of("ntfy://ntfy.sh/a").name;
    EXPECT_EQ(name.substr(0, 5), "ntfy-");
    EXPECT_EQ(name.size(), 13U);
    EXPECT_EQ(of("ntfy://ntfy.sh/a#token=env:T").name, name);
    EXPECT_NE(of("ntfy://ntfy.sh/b").name, name);
}

TEST(Address, AnythingElseIsRefusedAndNeverRepeated) {
    for (const char* text : {"",
                             "sesame",
                             "https://sesame/",
                             "ntfy:sesame",
                             "ntfy://",
                             "ntfy://sesame",
                             "ntfy://sesame/",
                             "ntfy://h/sesame topic",
                             "ntfy://h/t#sesame",
                             "ntfy://h/t#token=sesame",
                             "ntfy://h/t#secret=env:S",
                             "ntfy://:80/sesame",
                             "ntfy://h:port/sesame",
                             "ntfy://user@h/sesame",
                             "ntfy://[::1/sesame",
                             "slack+https://h/sesame#token=env:T",
                             "telegram://sesame",
                             "telegram://#token=env:T",
                             "atom:",
                             "smtp://h",
                             "smtp://h?from=sesame",
                             "smtp://h?from=a@b",
                             "smtp://h?to=a@b",
                             "smtp://h?from=a@b&to=a@b&cc=sesame@b",
                             "smtp://h?from=a@b&from=a@b&to=a@b",
                             "smtp://h?from=a@b&to=%3Csesame%3E@b",
                             "smtp://h?from=a@b&to=x%0D%0ABcc:sesame@b",
                             "webhook+https://h\r\nHost: sesame/"}) {
        const auto address = parse_address(text);
        ASSERT_FALSE(address) << text;
        EXPECT_FALSE(address.error().message.contains("sesame")) << address.error().message;
        EXPECT_TRUE(address.error().message.ends_with('.'));
    }
}

TEST(Secret, StandsInAFileOrInTheEnvironment) {
    const std::string path = ::testing::TempDir() + "dimout-secret";
    std::ofstream(path) << "open-sesame\r\nsecond line\n";
    EXPECT_EQ(read_secret("file:" + path), "open-sesame");
    std::ofstream(path, std::ios::trunc) << "two words\n";
    EXPECT_FALSE(read_secret("file:" + path));
    std::ofstream(path, std::ios::trunc) << "";
    EXPECT_FALSE(read_secret("file:" + path));
    std::filesystem::remove(path);
    EXPECT_FALSE(read_secret("file:" + path));
    ::setenv("DIMOUT_TEST_SECRET", "sesame", 1);
    EXPECT_EQ(read_secret("env:DIMOUT_TEST_SECRET"), "sesame");
    ::unsetenv("DIMOUT_TEST_SECRET");
    EXPECT_FALSE(read_secret("env:DIMOUT_TEST_SECRET"));
}

TEST(Hmac, EqualsThePublishedExamples) {
    // RFC 4231, cases 2 and 6.
    EXPECT_EQ(hmac_sha256("Jefe", "what do ya want for nothing?"),
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    EXPECT_EQ(hmac_sha256(std::string(131, '\xaa'),
                          "Test Using Larger Than Block-Size Key - Hash Key First"),
              "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

}  // namespace
}  // namespace dimout::notify
