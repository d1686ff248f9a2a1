// Routers over loopback: they are heard, they are lost, and one that comes again replaces itself.
#include "source/bmp_server.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <vector>

#include "source/made_files.h"

namespace dimout::source {
namespace {

using made::Buffer;
using made::put;

/// Remembers, and lets a test wait for, what is told.
class Ears final : public Listener {
public:
    void hear(std::string_view collector, Bytes) override {
        tell("heard " + std::string(collector));
    }
    void lose(std::string_view collector, std::string_view reason) override {
        tell("lost " + std::string(collector) + ": " + std::string(reason));
    }
    std::vector<std::string> wait_for(std::size_t count) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return told_.size() >= count; });
        return told_;
    }

private:
    void tell(std::string text) {
        const std::lock_guard lock(mutex_);
        told_.push_back(std::move(text));
        changed_.notify_all();
    }
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::string> told_;
};

class RouterSide {
public:
    explicit RouterSide(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        EXPECT_EQ(::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
    }
    RouterSide(const RouterSide&) = delete;
    RouterSide& operator=(const RouterSide&) = delete;
    ~RouterSide() { ::close(socket_); }

    void say(const Buffer& bytes) {
        EXPECT_EQ(::write(socket_, bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
    }
    /// Waits until the other end has closed.
    void wait_for_end() {
        char byte = 0;
        while (::read(socket_, &byte, 1) > 0) {
        }
    }

private:
    int socket_;
};

Buffer message(unsigned type, const Buffer& body) {
    Buffer bytes{3};
    put(bytes, body.size() + 6, 4);
    put(bytes, type, 1);
    return made::operator+(bytes, body);
}

Buffer initiation() {
    Buffer body;
    put(body, 2, 2);
    put(body, 2, 2);
    put(body, 'r', 1);
    put(body, '1', 1);
    return message(4, body);
}

/// A KEEPALIVE of some peer: any BGP message is passed on.
Buffer route() {
    Buffer keepalive(16, 0xFF);
    put(keepalive, 19, 2);
    put(keepalive, 4, 1);
    return message(0, made::operator+(Buffer(42, 0), keepalive));
}

/// A session with AS 64500 came up.
Buffer peer_up() {
    Buffer open(16, 0xFF);
    put(open, 29, 2);
    put(open, 1, 1);
    put(open, 4, 1);
    put(open, 64500, 2);
    put(open, 0, 7);
    const Buffer header_and_ends(42 + 20, 0);
    return message(3, made::operator+(made::operator+(header_and_ends, open), open));
}

class BmpRouters : public testing::Test {
protected:
    BmpRouters() {
        auto started = BmpServer::start(ears, {.listen = "127.0.0.1:0", .most_routers = 2},
                                        [this] { return event_time(second); });
        EXPECT_TRUE(started);
        if (started) server = std::move(*started);
    }
    Ears ears;
    std::atomic<std::int64_t> second = 1'700'000'000;
    std::unique_ptr<BmpServer> server;
};

TEST_F(BmpRouters, ARouterIsHeardAndLost) {
    {
        RouterSide router(server->port());
        router.say(made::operator+(initiation(), route()));
        EXPECT_EQ(ears.wait_for(1), std::vector<std::string>{"heard bmp-r1"});
        EXPECT_TRUE(server->health().connected);
    }
    EXPECT_EQ(ears.wait_for(2).back(), "lost bmp-r1: the router closed the connection");
}

TEST_F(BmpRouters, AConnectedRouterIsASignOfLifeOfItsPeers) {
    RouterSide router(server->port());
    router.say(made::operator+(initiation(), peer_up()));
    EXPECT_EQ(ears.wait_for(1).size(), 1U);
    second += 900;
    EXPECT_EQ(ears.wait_for(2), std::vector<std::string>(2, "heard bmp-r1"));
}

TEST_F(BmpRouters, WhoConnectsAgainReplacesItself) {
    RouterSide older(server->port());
    older.say(made::operator+(initiation(), route()));
    EXPECT_EQ(ears.wait_for(1).size(), 1U);
    RouterSide newer(server->port());
    newer.say(made::operator+(initiation(), route()));
    EXPECT_EQ(ears.wait_for(3),
              (std::vector<std::string>{"heard bmp-r1", "lost bmp-r1: the router connected again",
                                        "heard bmp-r1"}));
    older.wait_for_end();
    EXPECT_EQ(server->health().reconnects, 1U);
}

TEST_F(BmpRouters, WhatIsNoBmpIsShownOut) {
    RouterSide stranger(server->port());
    const std::string hello = "GET / HTTP/1.1\r\n\r\n";
    stranger.say(Buffer(hello.begin(), hello.end()));
    stranger.wait_for_end();
    EXPECT_EQ(server->health().refused, 1U);
}

TEST_F(BmpRouters, OnlySoManyAtATime) {
    RouterSide first(server->port());
    RouterSide second(server->port());
    first.say(made::operator+(initiation(), route()));
    EXPECT_EQ(ears.wait_for(1).size(), 1U);
    RouterSide third(server->port());
    third.wait_for_end();
    EXPECT_EQ(server->health().refused, 1U);
}

TEST_F(BmpRouters, TheEndOfTheServerIsToldToo) {
    RouterSide router(server->port());
    router.say(made::operator+(initiation(), route()));
    EXPECT_EQ(ears.wait_for(1).size(), 1U);
    server.reset();
    EXPECT_EQ(ears.wait_for(2).back(), "lost bmp-r1: dimout stopped listening");
}

TEST(BmpRouter, SaysWhyItCannotListen) {
    Ears ears;
    for (const std::string wrong : {"nowhere", "127.0.0.1", "::1:99", "256.1.1.1:1", ":1"}) {
        const auto started = BmpServer::start(ears, {.listen = wrong}, [] { return EventTime(); });
        ASSERT_FALSE(started) << wrong;
        EXPECT_NE(started.error().message.find(wrong), std::string::npos) << wrong;
    }
}

}  // namespace
}  // namespace dimout::source
