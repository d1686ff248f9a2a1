#include "present/messages.h"

#include <gtest/gtest.h>

namespace dimout::present {
namespace {

constexpr std::string_view kPattern =
    "greeting = Hello {name}\nsum = {n, plural, one{#} other{#}}\n";

TEST(Messages, EveryCatalogueHasTheKeysAndArgumentsOfTheEnglishOne) {
    const auto english_one = Messages::shipped("en");
    ASSERT_TRUE(english_one) << english_one.error().message;
    ASSERT_GE(Messages::languages().size(), 2U);
    for (const std::string& language : Messages::languages()) {
        const auto messages = Messages::shipped(language);
        ASSERT_TRUE(messages) << messages.error().message;
        EXPECT_EQ(messages->arguments(), english_one->arguments()) << language;
    }
}

TEST(Messages, CatalogueThatLacksAKeyOrAnArgumentIsRefusedByName) {
    const auto pattern = Messages::read("en", kPattern);
    ASSERT_TRUE(pattern);
    const auto refused = [&](std::string_view text) {
        const auto other = Messages::read("xx", text);
        if (!other) return other.error().message;
        const auto same = other->same_shape_as(*pattern);
        return same ? std::string() : same.error().message;
    };
    EXPECT_EQ(refused(kPattern), "");
    EXPECT_EQ(refused("greeting = Hi {name}\n"), "catalogue xx lacks 'sum'.");
    EXPECT_EQ(refused("greeting = Hi\nsum = {n}\n"),
              "catalogue xx: 'greeting' lacks the argument 'name'.");
    EXPECT_EQ(refused("greeting = {name} {other}\nsum = {n}\n"),
              "catalogue xx: 'greeting' has an argument 'other' that nobody gives.");
    EXPECT_EQ(refused("greeting = {name}\nsum = {n}\nmore = x\n"), "catalogue en lacks 'more'.");
    EXPECT_EQ(refused("greeting = {name\n"),
              "catalogue xx: line 1: 'greeting' is no ICU message: U_UNMATCHED_BRACES.");
    EXPECT_EQ(refused("greeting\n"), "catalogue xx: line 1: expected `key = message`.");
    EXPECT_EQ(refused("a = b\na = c\n"), "catalogue xx: line 2: 'a' is there twice.");
    EXPECT_EQ(refused(" a = b\n"), "catalogue xx: line 1: nothing goes on here.");
    EXPECT_EQ(Messages::shipped("tlh").error().message,
              "there is no catalogue for the language 'tlh'.");
}

TEST(Messages, ArabicHasSixFormsOfAPlural) {
    const auto arabic = Messages::shipped("ar");
    ASSERT_TRUE(arabic) << arabic.error().message;
    std::set<std::string> forms;
    for (const std::int64_t hours : {0, 1, 2, 3, 11, 100})
        forms.insert(arabic->say("duration.days", {{"n", hours}}));
    EXPECT_EQ(forms.size(), 6U);
    EXPECT_EQ(arabic->say("duration.hours", {{"n", std::int64_t{9}}}), "٩ ساعات");
    EXPECT_TRUE(arabic->right_to_left());
}

TEST(Messages, NumbersAreWrittenAsTheLanguageWritesThem) {
    const auto english_one = Messages::shipped("en");
    const auto arabic = Messages::shipped("ar");
    const auto hours = [](const Messages& messages, std::int64_t n) {
        return messages.say("duration.hours", {{"n", n}});
    };
    EXPECT_EQ(hours(*english_one, 1), "1 hour");
    EXPECT_EQ(hours(*english_one, 0), "0 hours");
    EXPECT_EQ(hours(*english_one, 1024), "1,024 hours");
    EXPECT_EQ(hours(*arabic, 1024).substr(0, 10), "١٬٠٢٤");
    const auto bits = [](const Messages& messages, double value) {
        return messages.say("dependence.line", {{"network", Phrase{"AS1"}}, {"hegemony", value}});
    };
    EXPECT_EQ(bits(*english_one, 1), "AS1: hegemony 1.00");
    EXPECT_EQ(bits(*arabic, 0.25), "AS1: الهيمنة ٠٫٢٥");
    EXPECT_EQ(english_one->digits(), "latn");
    EXPECT_EQ(arabic->digits(), "arab");
}

TEST(Messages, TextsAreIsolatedAndPhrasesAreNot) {
    const auto messages = Messages::read("en", kPattern);
    EXPECT_EQ(messages->say("greeting", {{"name", std::string("AS1")}}), "Hello \u2068AS1\u2069");
    EXPECT_EQ(messages->say("greeting", {{"name", Phrase{"you"}}}), "Hello you");
}

TEST(MessagesDeathTest, AKeyOrAnArgumentThatIsNotThereEndsTheProgram) {
    const auto messages = Messages::read("en", kPattern);
    EXPECT_DEATH((void)messages->say("farewell"), "no 'farewell'");
    EXPECT_DEATH((void)messages->say("greeting"), "was not given 'name'");
}

}  // namespace
}  // namespace dimout::present
