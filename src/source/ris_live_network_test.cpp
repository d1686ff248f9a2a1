// The source against a server on loopback (tests/ris_live_server.py): WebSocket and HTTP stream,
// with and without TLS and compression, and a server that cuts, repeats, errs and falls silent.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <condition_variable>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "source/ris_live_source.h"

extern char** environ;  // NOLINT: POSIX.

namespace dimout::source {
namespace {

using std::chrono::milliseconds;

/// Longer than anything takes on a busy machine; reached only by a failure.
constexpr std::chrono::seconds kPatience{60};

class Folder {
public:
    Folder() {
        std::string pattern = std::filesystem::temp_directory_path() / "dimout-ris-XXXXXX";
        path_ = ::mkdtemp(pattern.data());
    }
    ~Folder() { std::filesystem::remove_all(path_); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    [[nodiscard]] std::string file(const std::string& name) const { return path_ / name; }

private:
    std::filesystem::path path_;
};

/// A server that plays a file. It ends with the test.
class Server {
public:
    explicit Server(std::vector<std::string> words) {
        words.insert(words.begin(), {"python3", DIMOUT_SOURCE_DIR "/tests/ris_live_server.py"});
        std::vector<char*> arguments;
        for (std::string& word : words) arguments.push_back(word.data());
        arguments.push_back(nullptr);
        std::array<int, 2> ends{};
        if (::pipe(ends.data()) != 0) return;
        posix_spawn_file_actions_t actions;
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
        posix_spawn_file_actions_addclose(&actions, ends[0]);
        ::posix_spawnp(&process_, arguments[0], &actions, nullptr, arguments.data(), environ);
        posix_spawn_file_actions_destroy(&actions);
        ::close(ends[1]);
        output_ = ::fdopen(ends[0], "r");
        if (std::fscanf(output_, "%d", &port_) != 1) ADD_FAILURE() << "the server did not start";
    }
    ~Server() {
        if (process_ > 0) {
            ::kill(process_, SIGKILL);
            ::waitpid(process_, nullptr, 0);
        }
        if (output_ != nullptr) std::fclose(output_);
    }
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;
    [[nodiscard]] std::string url(const std::string& scheme) const {
        return fmt::format("{}://127.0.0.1:{}/v1/ws/", scheme, port_);
    }

private:
    pid_t process_ = -1;
    int port_ = 0;
    std::FILE* output_ = nullptr;
};

class Heard final : public Listener {
public:
    void hear(std::string_view, Bytes record) override {
        const std::lock_guard lock(mutex_);
        // The last octets of the peer's address are the message's number.
        numbers_.push_back(record[29] << 16 | record[30] << 8 | record[31]);
        changed_.notify_all();
    }
    void lose(std::string_view, std::string_view reason) override {
        const std::lock_guard lock(mutex_);
        losses_.emplace_back(reason);
        changed_.notify_all();
    }
    /// False when it takes too long.
    bool wait_for(std::size_t records, std::size_t losses = 0) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, kPatience, [&] {
            return numbers_.size() >= records && losses_.size() >= losses;
        });
    }
    std::vector<int> numbers() {
        const std::lock_guard lock(mutex_);
        return numbers_;
    }
    std::vector<std::string> losses() {
        const std::lock_guard lock(mutex_);
        return losses_;
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<int> numbers_;
    std::vector<std::string> losses_;
};

/// Messages of rrc00, each from a peer of its own.
std::string write_messages(const Folder& folder, int count) {
    std::ofstream file(folder.file("lines"));
    for (int i = 0; i < count; ++i) {
        file << fmt::format(
            R"({{"type":"ris_message","data":{{"timestamp":1568279796.5,"peer":"10.{}.{}.{}",)"
            R"("peer_asn":"64496","id":"00-{}","host":"rrc00","type":"KEEPALIVE"}}}})"
            "\n",
            i >> 16 & 255, i >> 8 & 255, i & 255, i);
    }
    return folder.file("lines");
}

std::vector<int> first_numbers(int count) {
    std::vector<int> all;
    for (int i = 0; i < count; ++i) all.push_back(i);
    return all;
}

RisLiveOptions options_for(const std::string& url) {
    return {.url = url, .retry_first = milliseconds(1), .retry_most = milliseconds(10)};
}

std::unique_ptr<RisLiveSource> start(Listener& listener, const RisLiveOptions& options) {
    auto source = RisLiveSource::start(listener, options);
    if (!source) {
        ADD_FAILURE() << source.error().message;
        return nullptr;
    }
    return std::move(*source);
}

class EachWay : public testing::TestWithParam<const char*> {};

TEST_P(EachWay, EveryMessageIsHeardOnceThoughTheServerCutsRepeatsAndErrs) {
    const Folder folder;
    const Server server({write_messages(folder, 2'000), "--cut", "700", "--twice", "5", "--garbage",
                         "97", "--hold", "--deflate"});
    Heard heard;
    const auto source = start(heard, options_for(server.url(GetParam())));
    ASSERT_TRUE(source);
    ASSERT_TRUE(heard.wait_for(2'000, 2)) << source->status().last_trouble;
    EXPECT_EQ(heard.numbers(), first_numbers(2'000));
    EXPECT_EQ(heard.losses().size(), 2U);
    const RisLiveStatus status = source->status();
    EXPECT_EQ(status.health.reconnects, 2U);
    EXPECT_EQ(status.records, 2'000U);
    EXPECT_GE(status.repeats, 399U) << "The last may still be under way.";
    EXPECT_GE(status.health.refused, 15U);
}

INSTANTIATE_TEST_SUITE_P(RisLiveNetwork, EachWay, testing::Values("ws", "http"));

TEST(RisLiveNetwork, AServerThatComplainsOrFallsSilentIsALossEachTime) {
    const Folder folder;
    const Server server({write_messages(folder, 30), "--error", "10", "--late", "20", "600"});
    Heard heard;
    RisLiveOptions options = options_for(server.url("ws"));
    options.heartbeat = milliseconds(500);
    const auto source = start(heard, options);
    ASSERT_TRUE(source);
    ASSERT_TRUE(heard.wait_for(20, 2)) << source->status().last_trouble;
    EXPECT_EQ(heard.losses()[0], "the server says: reading too slowly");
}

TEST(RisLiveNetwork, StopsAtOnceWhileNothingIsSaidAndLosesWhatItHeard) {
    const Folder folder;
    const Server server({write_messages(folder, 3), "--hold"});
    Heard heard;
    auto source = start(heard, options_for(server.url("ws")));
    ASSERT_TRUE(source);
    ASSERT_TRUE(heard.wait_for(3));
    const auto begin = std::chrono::steady_clock::now();
    source.reset();
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(10));
    EXPECT_EQ(heard.losses(), std::vector<std::string>{"we stopped listening"});
}

TEST(RisLiveNetwork, ACertificateIsBelievedOnlyWhenItsIssuerIs) {
    const Folder folder;
    const std::string make = fmt::format(
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj "
        "/CN=localhost -addext subjectAltName=IP:127.0.0.1 -keyout '{}' -out '{}' 2>/dev/null",
        folder.file("key"), folder.file("certificate"));
    ASSERT_EQ(std::system(make.c_str()), 0);  // NOLINT: a test's own command.
    const Server server({write_messages(folder, 100), "--tls", folder.file("certificate"),
                         folder.file("key"), "--hold", "--deflate"});
    const auto doubtful = open_channel(*parse_web_address(server.url("wss")), {}, {});
    ASSERT_FALSE(doubtful);
    EXPECT_TRUE(doubtful.error().message.contains("certificate verify failed"))
        << doubtful.error().message;
    Heard heard;
    RisLiveOptions options = options_for(server.url("wss"));
    options.authorities = folder.file("certificate");
    const auto source = start(heard, options);
    ASSERT_TRUE(source);
    ASSERT_TRUE(heard.wait_for(100)) << source->status().last_trouble;
    EXPECT_EQ(heard.numbers(), first_numbers(100));
}

TEST(RisLiveNetwork, WhatMakesNoSenseIsSaidBeforeAnythingIsAsked) {
    Heard heard;
    EXPECT_FALSE(RisLiveSource::start(heard, {.url = "ris-live"}));
    EXPECT_FALSE(RisLiveSource::start(heard, {.subscriptions = {}}));
    const auto two = RisLiveSource::start(
        heard,
        {.url = "http://localhost/", .subscriptions = {{.host = "rrc00"}, {.host = "rrc01"}}});
    ASSERT_FALSE(two);
    EXPECT_TRUE(two.error().message.contains("takes one subscription"));
}

}  // namespace
}  // namespace dimout::source
