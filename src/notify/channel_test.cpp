#include "notify/channel.h"

#include <gtest/gtest.h>
#include <simdjson.h>
#include <stdlib.h>

#include <filesystem>

#include "notify/courier.h"
#include "notify/hmac.h"
#include "notify/made_up.h"

namespace dimout::notify {
namespace {

using std::chrono::seconds;

/// Answers what it is told to, and remembers what it was asked.
struct FakeWeb final : HttpClient {
    std::vector<HttpRequest> requests;
    Result<HttpReply> answer = HttpReply{.status = 200, .headers = {}};
    std::string body;

    Result<HttpReply> send(const HttpRequest& request, const Sink& sink) override {
        requests.push_back(request);
        if (answer && !body.empty()) {
            const auto* bytes = reinterpret_cast<const std::uint8_t*>(body.data());
            sink(*answer, {bytes, body.size()});
        }
        return answer;
    }
    std::string header(const std::string& name) const {
        for (const std::string& header : requests.back().headers) {
            if (header.starts_with(name + ": ")) return header.substr(name.size() + 2);
        }
        return {};
    }
};

struct FakePost final : MailClient {
    std::vector<std::pair<MailServer, Mail>> mails;
    Result<MailReply> answer = MailReply{};

    Result<MailReply> send(const MailServer& server, const Mail& mail) override {
        mails.emplace_back(server, mail);
        return answer;
    }
};

struct ChannelTest : ::testing::Test {
    FakeWeb web;
    FakePost post;

    ChannelTest() { ::setenv("DIMOUT_TEST_SECRET", "sesame", 1); }

    std::unique_ptr<Channel> channel(const std::string& text) {
        const auto address = parse_address(text);
        EXPECT_TRUE(address) << text;
        auto made = make_channel(*address, {.http = web, .mail = post, .disk = real_disk()});
        EXPECT_TRUE(made) << made.error().message;
        return std::move(*made);
    }
    /// The body of the last request.
    simdjson::dom::element json() {
        text_ = web.requests.back().body;
        return parser_.parse(text_);
    }

private:
    std::string text_;
    simdjson::dom::parser parser_;
};

const EventTime kNow = kOnset + std::chrono::hours(2);
const Message kOpen = outage_message(Kind::Open, dark(korea(), 1), Names{});
const Message kClose = outage_message(Kind::Close, closed(korea(), 2), Names{});
const std::string kThread = "country-KP-20141222T1615Z";

std::string_view text_at(simdjson::dom::element element, const char* pointer) {
    return element.at_pointer(pointer).get_string().value();
}

TEST_F(ChannelTest, AWebhookIsSignedAndCarriesTheOutage) {
    const auto hook = channel("webhook+https://example.org/hook?a=b#secret=env:DIMOUT_TEST_SECRET");
    EXPECT_EQ(hook->send(kOpen, {.now = kNow}).kind, Outcome::Kind::Sent);
    const HttpRequest& request = web.requests.back();
    EXPECT_EQ(request.url, "https://example.org/hook?a=b");
    EXPECT_EQ(request.method, "POST");
    EXPECT_EQ(web.header("Idempotency-Key"), kThread + ".1." + hook->name());
    const std::string stamp = web.header("X-Dimout-Timestamp");
    EXPECT_EQ(stamp, std::to_string(unix_seconds(kNow)));
    EXPECT_EQ(web.header("X-Dimout-Signature"),
              "sha256=" + hmac_sha256("sesame", stamp + "." + request.body));
    EXPECT_EQ(text_at(json(), "/kind"), "open");
    EXPECT_EQ(text_at(json(), "/thread"), kThread);
    EXPECT_EQ(text_at(json(), "/outage/id"), kThread);
    EXPECT_TRUE(json().at_pointer("/end").is_null());
    EXPECT_EQ(hook->send(kClose, {.now = kNow}).kind, Outcome::Kind::Sent);
    EXPECT_EQ(text_at(json(), "/end"), "2014-12-23T01:46:00Z");
    EXPECT_FALSE(hook->for_people());
}

TEST_F(ChannelTest, AlertmanagerGetsTheSameLabelsFromBeginningToEnd) {
    const auto alerts = channel("alertmanager+http://127.0.0.1:9093/prefix");
    EXPECT_EQ(alerts->send(kOpen, {.now = kNow}).kind, Outcome::Kind::Sent);
    EXPECT_EQ(web.requests.back().url, "http://127.0.0.1:9093/prefix/api/v2/alerts");
    const std::string open = simdjson::minify(json().at_pointer("/0/labels").value());
    EXPECT_EQ(text_at(json(), "/0/labels/alertname"), "InternetOutage");
    EXPECT_EQ(text_at(json(), "/0/labels/entity"), "country/KP");
    EXPECT_EQ(text_at(json(), "/0/startsAt"), "2014-12-22T16:15:40Z");
    EXPECT_EQ(text_at(json(), "/0/endsAt"), to_rfc3339(kNow + std::chrono::hours(1)));
    EXPECT_EQ(alerts->send(kClose, {.now = kNow}).kind, Outcome::Kind::Sent);
    EXPECT_EQ(simdjson::minify(json().at_pointer("/0/labels").value()), open);
    EXPECT_EQ(text_at(json(), "/0/endsAt"), "2014-12-23T01:46:00Z");
    Outage back = closed(korea(), 2);
    back.state = OutageState::Recovering;
    const Message update = outage_message(Kind::Update, back, Names{});
    EXPECT_EQ(alerts->send(update, {.now = kNow}).kind, Outcome::Kind::Sent);
    EXPECT_EQ(text_at(json(), "/0/endsAt"), "2014-12-23T01:46:00Z") << "over when it is back";
    const std::vector<Message> both{kOpen, outage_message(Kind::Open, dark(mine()), Names{})};
    EXPECT_EQ(alerts->repeat(both, kNow).kind, Outcome::Kind::Sent);
    EXPECT_EQ(json().get_array().size(), 2U);
    EXPECT_EQ(text_at(json(), "/1/labels/severity"), "critical");
    const auto count = web.requests.size();
    EXPECT_EQ(alerts->repeat({}, kNow).kind, Outcome::Kind::Sent);
    EXPECT_EQ(web.requests.size(), count) << "nothing to say";
}

TEST_F(ChannelTest, ChatsGetTheirOwnForms) {
    Message message = kOpen;
    message.subject = "<b> & \"c\"";
    ASSERT_EQ(channel("slack+https://h/services/A/B")->send(message, {.now = kNow}).kind,
              Outcome::Kind::Sent);
    EXPECT_EQ(web.requests.back().url, "https://h/services/A/B");
    EXPECT_TRUE(
        text_at(json(), "/text").starts_with("*&lt;b&gt; &amp; \"c\"*\nNorth Korea has lost"));
    ASSERT_EQ(
        channel("telegram://-100#token=env:DIMOUT_TEST_SECRET")->send(message, {.now = kNow}).kind,
        Outcome::Kind::Sent);
    EXPECT_EQ(web.requests.back().url, "https://api.telegram.org/botsesame/sendMessage");
    EXPECT_EQ(text_at(json(), "/chat_id"), "-100");
    ASSERT_EQ(channel("ntfy://ntfy.sh/base/topic#token=env:DIMOUT_TEST_SECRET")
                  ->send(message, {.now = kNow})
                  .kind,
              Outcome::Kind::Sent);
    EXPECT_EQ(web.requests.back().url, "https://ntfy.sh/base/");
    EXPECT_EQ(web.header("Authorization"), "Bearer sesame");
    EXPECT_EQ(text_at(json(), "/topic"), "topic");
    EXPECT_EQ(text_at(json(), "/title"), message.subject);
    EXPECT_EQ(json().at_pointer("/priority").get_int64().value(), 3);
}

TEST_F(ChannelTest, AMailIsOneOfAThreadAndMayHoldAnyLetters) {
    const auto mail =
        channel("smtp://me@mail.a.org:587?from=d@a.org&to=x@b.org#password=env:DIMOUT_TEST_SECRET");
    Message message = kClose;
    message.subject = std::string(130, 'x') + "é";
    EXPECT_EQ(mail->send(message, {.now = kNow}).kind, Outcome::Kind::Sent);
    const auto& [server, sent] = post.mails.back();
    EXPECT_EQ(server.url, "smtp://mail.a.org:587");
    EXPECT_EQ(server.password, "sesame");
    EXPECT_TRUE(server.encrypted);
    EXPECT_EQ(sent.to, std::vector<std::string>{"x@b.org"});
    EXPECT_TRUE(
        sent.text.contains("Message-ID: <" + kThread + ".2." + mail->name() + "@a.org>\r\n"));
    EXPECT_TRUE(sent.text.contains("References: <" + kThread + "." + mail->name() + "@a.org>\r\n"));
    EXPECT_TRUE(sent.text.contains("Date: Mon, 22 Dec 2014 18:15:40 +0000\r\n"));
    for (std::size_t at = 0; at < sent.text.size();) {
        const std::size_t end = sent.text.find("\r\n", at);
        ASSERT_NE(end, std::string::npos);
        EXPECT_LE(end - at, 78U);
        at = end + 2;
    }
    EXPECT_FALSE(std::ranges::any_of(sent.text, [](char c) { return c < 0; }));
    EXPECT_EQ(
        channel("smtp://127.0.0.1?from=d@a.org&to=x@b.org")->send(message, {.now = kNow}).kind,
        Outcome::Kind::Sent);
    EXPECT_FALSE(post.mails.back().first.encrypted);
}

TEST_F(ChannelTest, AMailboxThatIsNotThereIsRefusedAndAWrongPasswordIsTriedAgain) {
    const auto mail = channel("smtp://mail.a.org?from=d@a.org&to=x@b.org");
    post.answer = MailReply{.code = 550, .reason = "no such mailbox"};
    EXPECT_EQ(mail->send(kOpen, {.now = kNow}).kind, Outcome::Kind::Refused);
    for (const int code : {421, 450, 535}) {
        post.answer = MailReply{.code = code, .reason = ""};
        EXPECT_EQ(mail->send(kOpen, {.now = kNow}).kind, Outcome::Kind::Retry) << code;
    }
    post.answer = fail("down.");
    EXPECT_EQ(mail->send(kOpen, {.now = kNow}).kind, Outcome::Kind::Retry);
}

TEST_F(ChannelTest, AFeedHoldsTheNewestFirstAndIsXml) {
    const std::string path = ::testing::TempDir() + "dimout-test.atom";
    const auto feed = channel("atom:" + path);
    Message odd = kOpen;
    odd.subject = "<&>\"\x01";
    const std::vector<Message> recent{odd, kClose};
    EXPECT_EQ(feed->send(kClose, {.now = kNow, .recent = recent}).kind, Outcome::Kind::Sent);
    const std::string text = *read_file(path);
    std::filesystem::remove(path);
    EXPECT_LT(text.find("<id>urn:dimout:" + kThread + ".2</id>"),
              text.find("<id>urn:dimout:" + kThread + ".1</id>"));
    EXPECT_TRUE(text.contains("<title>&lt;&amp;&gt;&quot; </title>"));
    EXPECT_TRUE(text.ends_with("</feed>\n"));
    EXPECT_EQ(channel("atom:/proc/no/such/folder")->send(kOpen, {.now = kNow}).kind,
              Outcome::Kind::Retry);
}

TEST_F(ChannelTest, OnlyAClearYesCountsAndOnlyAClearNoEndsIt) {
    const auto hook = channel("webhook+https://example.org/hook");
    for (const auto& [status, kind] :
         std::initializer_list<std::pair<int, Outcome::Kind>>{{200, Outcome::Kind::Sent},
                                                              {204, Outcome::Kind::Sent},
                                                              {302, Outcome::Kind::Retry},
                                                              {400, Outcome::Kind::Refused},
                                                              {401, Outcome::Kind::Retry},
                                                              {404, Outcome::Kind::Retry},
                                                              {413, Outcome::Kind::Refused},
                                                              {429, Outcome::Kind::Retry},
                                                              {500, Outcome::Kind::Retry},
                                                              {0, Outcome::Kind::Retry},
                                                              {999, Outcome::Kind::Retry}}) {
        web.answer = HttpReply{.status = status, .headers = {}};
        EXPECT_EQ(hook->send(kOpen, {.now = kNow}).kind, kind) << status;
    }
    for (const auto& [asked, wait] : std::initializer_list<std::pair<const char*, int>>{
             {"120", 120}, {"999999", 3600}, {"99999999999999", 0}, {"-5", 0}, {"soon", 0}}) {
        web.answer = HttpReply{.status = 503, .headers = {{"retry-after", asked}}};
        EXPECT_EQ(hook->send(kOpen, {.now = kNow}).not_before, seconds(wait)) << asked;
    }
}

TEST_F(ChannelTest, NoTroubleRepeatsASecret) {
    web.answer = HttpReply{.status = 403, .headers = {}};
    const std::string long_words(100'000, 'x');
    for (const auto& [address, answer] : std::initializer_list<std::pair<const char*, const char*>>{
             {"slack+https://h/services/open/sesame-topic", "no /services/open/sesame-topic"},
             {"ntfy://h/sesame-topic", "no sesame-topic"},
             {"webhook+https://h/hook#secret=env:DIMOUT_TEST_SECRET", "no sesame, sesame"},
             {"telegram://-100200#token=env:DIMOUT_TEST_SECRET", "no botsesame"},
             {"alertmanager+https://h#token=env:DIMOUT_TEST_SECRET", "no Bearer sesame"}}) {
        web.body = answer + (" \x1b[2J" + long_words);
        const Outcome outcome = channel(address)->send(kOpen, {.now = kNow});
        EXPECT_TRUE(outcome.trouble.contains("answers 403: no ")) << outcome.trouble;
        EXPECT_FALSE(outcome.trouble.contains("sesame")) << outcome.trouble;
        EXPECT_FALSE(outcome.trouble.contains('\x1b'));
        EXPECT_LT(outcome.trouble.size(), 500U);
        EXPECT_FALSE(web.requests.back().name.empty()) << "an error would tell the URL";
        EXPECT_FALSE(web.requests.back().name.contains("sesame"));
    }
}

TEST_F(ChannelTest, ACourierTellsATroubleOnceAndRemindsWhoForgets) {
    const std::string folder = ::testing::TempDir() + "dimout-courier";
    std::filesystem::remove_all(folder);
    const Names names;
    const auto alerts = channel("alertmanager+http://127.0.0.1:9093");
    auto outbox =
        Outbox::open(real_disk(), folder, names,
                     {.channels = {{.name = alerts->name(), .for_people = false}}}, kOnset);
    ASSERT_TRUE(outbox);
    (*outbox)->hear(dark(korea(), 1));
    ASSERT_TRUE((*outbox)->advance(kNow, kNow));
    Courier courier(**outbox, *alerts);
    web.answer = fail("down.");
    EXPECT_EQ(courier.step(kNow).trouble, "down.");
    EXPECT_EQ(courier.step(kNow + seconds(5)).trouble, "");
    EXPECT_FALSE(courier.step(kNow + seconds(6)).tried);
    const auto failed = web.requests.size();
    web.answer = HttpReply{.status = 200, .headers = {}};
    EXPECT_TRUE(courier.step(kNow + seconds(20)).well_again);
    EXPECT_EQ(web.requests.size(), failed + 1);
    for (int i = 21; i < 200; ++i) EXPECT_FALSE(courier.step(kNow + seconds(i)).tried);
    EXPECT_EQ(web.requests.size(), failed + 1 + 3) << "once a minute";
    (*outbox)->hear(closed(korea(), 2));
    ASSERT_TRUE((*outbox)->advance(kNow, kNow + seconds(200)));
    EXPECT_TRUE(courier.step(kNow + seconds(200)).tried);
    const auto last = web.requests.size();
    for (int i = 200; i < 400; ++i) EXPECT_FALSE(courier.step(kNow + seconds(i)).tried);
    EXPECT_EQ(web.requests.size(), last) << "what is over is not repeated";
    std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace dimout::notify
