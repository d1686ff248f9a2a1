#include "source/ris_live_source.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <deque>

namespace dimout::source {
namespace {

using std::chrono::milliseconds;

/// Time that moves when somebody waits.
class SimulatedClock final : public LiveClock {
public:
    milliseconds monotonic() override { return now; }
    std::chrono::microseconds wall() override {
        return std::chrono::seconds(1'568'279'796) + std::chrono::microseconds(now);
    }
    void wait(milliseconds time, const std::stop_token&) override {
        now += time;
        waits.push_back(time);
    }
    milliseconds now{0};
    std::vector<milliseconds> waits;
};

/// What a server does on its connections: a text is told, nothing is silence, an error closes.
struct Script {
    using Deed = Result<std::optional<std::string>>;
    std::deque<Deed> deeds;
    std::vector<std::string> sent;
    int connections = 0;
    bool refuses = false;
};

class ScriptedChannel final : public MessageChannel {
public:
    ScriptedChannel(Script& script, SimulatedClock& clock) : script_(script), clock_(clock) {}
    [[nodiscard]] bool takes_messages() const override { return true; }
    Result<void> send(std::string_view text) override {
        script_.sent.emplace_back(text);
        return {};
    }
    Result<std::optional<std::string_view>> receive(milliseconds wait) override {
        if (script_.deeds.empty()) {
            clock_.now += wait;
            return std::nullopt;
        }
        Script::Deed deed = std::move(script_.deeds.front());
        script_.deeds.pop_front();
        if (!deed) return std::unexpected(deed.error());
        if (!*deed) {
            clock_.now += wait;
            return std::nullopt;
        }
        text_ = **deed;
        return text_;
    }

private:
    Script& script_;
    SimulatedClock& clock_;
    std::string text_;
};

struct Heard final : Listener {
    void hear(std::string_view collector, Bytes record) override {
        lines.push_back(fmt::format("{} {}", collector, record.size()));
    }
    void lose(std::string_view collector, std::string_view reason) override {
        lines.push_back(fmt::format("{} lost: {}", collector, reason));
    }
    std::vector<std::string> lines;
};

/// A source on simulated time, against a script.
struct Bench {
    explicit Bench(const RisLiveOptions& wanted = {}) : options(wanted) {}

    void run(int steps) {
        for (int i = 0; i < steps; ++i) reader.step({});
    }
    /// Steps until so much time has gone by.
    void run_for(milliseconds time) {
        const milliseconds end = clock.now + time;
        while (clock.now < end) reader.step({});
    }
    void told(std::string text) { script.deeds.push_back(std::optional(std::move(text))); }
    void closed() { script.deeds.push_back(fail("closed.")); }
    void keepalive(const std::string& host) {
        told(fmt::format(
            R"({{"type":"ris_message","data":{{"timestamp":1568279796,"peer":"192.0.2.0",)"
            R"("peer_asn":"64496","host":"{}","type":"KEEPALIVE","id":"{}"}}}})",
            host, ++id));
    }

    RisLiveOptions options;
    Script script;
    SimulatedClock clock;
    Heard heard;
    int id = 0;
    RisLiveReader reader{heard, options,
                         [this](const std::stop_token&) -> Result<std::unique_ptr<MessageChannel>> {
                             ++script.connections;
                             if (script.refuses) return fail("refused.");
                             return std::make_unique<ScriptedChannel>(script, clock);
                         },
                         clock};
};

TEST(RisLiveSource, SubscribesToEverythingWithTheOctets) {
    Bench bench;
    bench.run(1);
    const std::vector<std::string> expected{
        R"({"type":"ris_subscribe","data":{"moreSpecific":true,"lessSpecific":false,)"
        R"("socketOptions":{"includeRaw":true,"acknowledge":true}}})"};
    EXPECT_EQ(bench.script.sent, expected);
    EXPECT_TRUE(bench.reader.status().health.connected);
}

TEST(RisLiveSource, SubscribesToWhatIsWanted) {
    Bench bench(
        {.subscriptions = {{.host = "rrc00"}, {.prefix = "192.0.2.0/24"}}, .include_raw = false});
    bench.run(1);
    ASSERT_EQ(bench.script.sent.size(), 2U);
    EXPECT_TRUE(bench.script.sent[0].contains(R"("host":"rrc00")"));
    EXPECT_TRUE(bench.script.sent[1].contains(R"("prefix":"192.0.2.0/24")"));
    EXPECT_TRUE(bench.script.sent[1].contains(R"("includeRaw":false)"));
}

TEST(RisLiveSource, TellsRecordsOnceAndCountsTheRest) {
    Bench bench;
    bench.keepalive("rrc00");
    bench.script.deeds.push_back(bench.script.deeds.front());
    bench.told("nonsense");
    bench.told(R"({"type":"ris_subscribe_ok","data":{}})");
    bench.run(5);
    EXPECT_EQ(bench.heard.lines, std::vector<std::string>{"rrc00 55"});
    const RisLiveStatus status = bench.reader.status();
    EXPECT_EQ(status.health.messages, 4U);
    EXPECT_EQ(status.health.refused, 1U);
    EXPECT_EQ(status.repeats, 1U);
    EXPECT_EQ(status.subscribed, 1U);
    EXPECT_EQ(status.collectors, 1U);
}

TEST(RisLiveSource, ABrokenConnectionLosesEveryCollectorAndIsMadeAnew) {
    Bench bench;
    bench.keepalive("rrc00");
    bench.keepalive("rrc01");
    bench.closed();
    bench.run(4);
    const std::vector<std::string> expected{"rrc00 55", "rrc01 55", "rrc00 lost: closed.",
                                            "rrc01 lost: closed."};
    EXPECT_EQ(bench.heard.lines, expected);
    EXPECT_FALSE(bench.reader.status().health.connected);
    bench.run(2);
    EXPECT_EQ(bench.script.connections, 2);
    EXPECT_TRUE(bench.reader.status().health.connected);
    EXPECT_EQ(bench.reader.status().health.reconnects, 1U);
    EXPECT_EQ(bench.reader.status().losses, 2U);
    EXPECT_EQ(bench.reader.status().last_trouble, "closed.");
}

TEST(RisLiveSource, WaitsLongerEachTimeButNeverLongerThanTheMost) {
    Bench bench({.retry_first = milliseconds(1'000), .retry_most = milliseconds(8'000)});
    bench.script.refuses = true;
    bench.run(20);
    EXPECT_EQ(bench.script.connections, 10);
    ASSERT_EQ(bench.clock.waits.size(), 10U);
    std::int64_t most = 1'000;
    for (const milliseconds wait : bench.clock.waits) {
        EXPECT_LE(wait.count(), most);
        EXPECT_GE(wait.count(), most / 2);
        most = std::min<std::int64_t>(2 * most, 8'000);
    }
    EXPECT_NE(bench.clock.waits[8], bench.clock.waits[9]) << "Chance keeps clients apart.";
}

TEST(RisLiveSource, WhoClosesAtOnceIsNotAskedAgainAtOnce) {
    Bench bench({.retry_first = milliseconds(1'000)});
    for (int i = 0; i < 3; ++i) bench.closed();
    bench.run(9);
    EXPECT_EQ(bench.script.connections, 3);
    ASSERT_EQ(bench.clock.waits.size(), 3U);
    EXPECT_GT(bench.clock.waits[2], bench.clock.waits[0]);
}

TEST(RisLiveSource, AsksWhetherASilentServerLivesAndBreaksOffWhenItDoesNot) {
    Bench bench({.heartbeat = milliseconds(60'000)});
    bench.keepalive("rrc00");
    bench.run_for(milliseconds(45'000));
    ASSERT_EQ(bench.script.sent.size(), 2U);
    EXPECT_EQ(bench.script.sent[1], R"({"type":"ping","data":null})");
    bench.told(R"({"type":"pong","data":null})");
    bench.run_for(milliseconds(40'000));
    EXPECT_EQ(bench.heard.lines.size(), 1U) << "It answered.";
    EXPECT_EQ(bench.script.sent.size(), 3U);
    bench.run_for(milliseconds(25'000));
    ASSERT_EQ(bench.heard.lines.size(), 2U);
    EXPECT_EQ(bench.heard.lines[1], "rrc00 lost: nothing was heard for 60 s");
}

TEST(RisLiveSource, OneCollectorThatFallsSilentIsLostAlone) {
    Bench bench({.collector_silence = milliseconds(300'000)});
    bench.keepalive("rrc00");
    bench.keepalive("rrc01");
    bench.run(3);
    for (int i = 0; i < 10; ++i) {
        bench.keepalive("rrc01");
        bench.run_for(milliseconds(31'000));
    }
    EXPECT_EQ(std::ranges::count(bench.heard.lines, "rrc00 lost: silent for 300 s"), 1);
    EXPECT_EQ(bench.reader.status().losses, 1U);
    EXPECT_EQ(bench.reader.status().collectors, 1U);
    EXPECT_TRUE(bench.reader.status().health.connected);
    bench.keepalive("rrc00");
    bench.run(1);
    EXPECT_EQ(bench.reader.status().collectors, 2U);
    EXPECT_EQ(bench.heard.lines.back(), "rrc00 55");
}

TEST(RisLiveSource, ACollectorThatWasLostIsNotLostTwice) {
    Bench bench;
    bench.keepalive("rrc00");
    bench.told(R"({"type":"ris_error","data":{"message":"reading too slowly"}})");
    bench.closed();
    bench.run(4);
    const std::vector<std::string> expected{"rrc00 55",
                                            "rrc00 lost: the server says: reading too slowly"};
    EXPECT_EQ(bench.heard.lines, expected);
}

TEST(RisLiveSource, InventedCollectorsGetNoFurther) {
    Bench bench;
    for (int i = 0; i < 300; ++i) bench.keepalive(fmt::format("x{}", i));
    bench.run(301);
    EXPECT_EQ(bench.heard.lines.size(), 256U);
    EXPECT_EQ(bench.reader.status().collectors, 256U);
}

TEST(RisLiveSource, LagIsFromTheStampToUs) {
    Bench bench;
    bench.clock.now = milliseconds(1'500);
    bench.keepalive("rrc00");
    bench.run(2);
    EXPECT_EQ(bench.reader.status().lag, milliseconds(1'500));
}

TEST(WebAddress, IsTakenApart) {
    const auto address = parse_web_address("wss://ris-live.ripe.net/v1/ws/?client=x#here");
    ASSERT_TRUE(address);
    EXPECT_TRUE(address->tls && address->is_socket);
    EXPECT_EQ(address->host, "ris-live.ripe.net");
    EXPECT_EQ(address->port, "443");
    EXPECT_EQ(address->target, "/v1/ws/?client=x");
    const auto local = parse_web_address("http://[::1]:8080?a=b");
    ASSERT_TRUE(local);
    EXPECT_FALSE(local->tls || local->is_socket);
    EXPECT_EQ(local->host, "::1");
    EXPECT_EQ(local->port, "8080");
    EXPECT_EQ(local->target, "/?a=b");
}

TEST(WebAddress, SaysWhatIsWrong) {
    for (const char* url :
         {"", "ris-live.ripe.net", "ftp://a/", "ws://", "ws:///v1", "ws://a:0/", "ws://a:65536/",
          "ws://a:b/", "ws://[::1]x/", "ws://user@a/", "ws://a/ HTTP/1.1\r\nX: y"}) {
        const auto address = parse_web_address(url);
        ASSERT_FALSE(address) << url;
        EXPECT_TRUE(address.error().message.contains("Expected wss://")) << url;
    }
}

}  // namespace
}  // namespace dimout::source
