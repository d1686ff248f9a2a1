#include "serve/http_server.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <atomic>

namespace dimout::serve {
namespace {

/// A plain client, so that anything can be sent.
class Client {
public:
    explicit Client(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        const timeval limit{.tv_sec = 20, .tv_usec = 0};
        ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
        connected_ =
            ::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0;
    }
    ~Client() { ::close(socket_); }
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    void send(std::string_view text) const {
        static_cast<void>(::send(socket_, text.data(), text.size(), MSG_NOSIGNAL));
    }
    /// All until the server closes.
    [[nodiscard]] std::string rest() const {
        std::string text;
        char piece[4096];
        for (ssize_t got = 1; got > 0;) {
            got = ::recv(socket_, piece, sizeof(piece), 0);
            if (got > 0) text.append(piece, static_cast<std::size_t>(got));
        }
        return text;
    }
    /// Until the text that ends the answer.
    [[nodiscard]] std::string until(std::string_view end) const {
        std::string text;
        char letter = 0;
        while (!text.ends_with(end) && ::recv(socket_, &letter, 1, 0) == 1) text += letter;
        return text;
    }
    [[nodiscard]] bool connected() const { return connected_; }

private:
    int socket_;
    bool connected_ = false;
};

Reply echo(const Request& request) {
    if (request.path == "/missing") return {.status = 404, .body = "No such page.\n"};
    return {.body = request.method + " " + request.path + " " + request.query + " " + request.body};
}

std::unique_ptr<HttpServer> server_with(HttpServerOptions options, Handler handler = echo) {
    options.listen = {.host = "127.0.0.1", .port = 0};
    auto server = HttpServer::start(options, std::move(handler));
    EXPECT_TRUE(server) << server.error().message;
    return std::move(*server);
}

std::string ask(const HttpServer& server, std::string_view text) {
    const Client client(server.port());
    client.send(text);
    return client.rest();
}

TEST(HttpServer, answers_what_the_handler_says) {
    const auto server = server_with({});
    const std::string got =
        ask(*server, "GET /a/b?c=d&e HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    EXPECT_TRUE(got.starts_with("HTTP/1.1 200 OK\r\n")) << got;
    EXPECT_TRUE(got.ends_with("\r\n\r\nGET /a/b c=d&e ")) << got;
    EXPECT_TRUE(
        ask(*server, "GET /missing HTTP/1.0\r\n\r\n").starts_with("HTTP/1.0 404 Not Found"));
    const std::string head = ask(*server, "HEAD /a HTTP/1.0\r\n\r\n");
    EXPECT_TRUE(head.contains("Content-Length: 8\r\n")) << head;
    EXPECT_TRUE(head.ends_with("\r\n\r\n")) << head;
}

TEST(HttpServer, a_connection_is_kept_for_as_many_requests_as_it_may_have) {
    const auto server = server_with({.listen = {}, .most_requests = 2});
    const Client client(server->port());
    client.send("GET /1 HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_TRUE(client.until("GET /1  ").ends_with("GET /1  "));
    client.send("GET /2 HTTP/1.1\r\nHost: x\r\n\r\n");
    const std::string second = client.rest();
    EXPECT_TRUE(second.contains("Connection: close")) << second;
    EXPECT_TRUE(second.ends_with("GET /2  ")) << second;
}

TEST(HttpServer, what_is_too_much_or_no_request_is_refused) {
    const auto server = server_with({.listen = {}, .most_body_bytes = 4});
    EXPECT_TRUE(ask(*server, "GET / HTTP/1.1\r\nX: " + std::string(9'000, 'x') + "\r\n\r\n")
                    .starts_with("HTTP/1.1 431 "));
    EXPECT_TRUE(ask(*server, "GET /" + std::string(1 << 20, 'x')).starts_with("HTTP/1.1 431 "));
    EXPECT_TRUE(ask(*server, "POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\n12345")
                    .starts_with("HTTP/1.1 413 "));
    EXPECT_TRUE(ask(*server, "POST / HTTP/1.0\r\nContent-Length: 4\r\n\r\n1234").ends_with("1234"));
    for (const char* garbage : {"\x16\x03\x01\x02", "hello\r\n\r\n", "GET\r\n\r\n", "\r\n\r\n\r\n",
                                "GET / HTTP/9.9\r\n\r\n"}) {
        const std::string got = ask(*server, std::string(garbage) + "\r\n\r\n\r\n");
        EXPECT_TRUE(got.starts_with("HTTP/1.1 400 ")) << garbage << " gave " << got;
    }
}

TEST(HttpServer, who_is_too_slow_is_cut_and_the_others_are_served) {
    const auto server = server_with({.listen = {}, .patience = std::chrono::milliseconds(300)});
    const Client slow(server->port());
    slow.send("GET / HTT");
    EXPECT_TRUE(ask(*server, "GET /quick HTTP/1.0\r\n\r\n").contains("/quick"));
    const std::string got = slow.rest();
    EXPECT_TRUE(got.empty() || got.starts_with("HTTP/1.1 408 ")) << got;
}

TEST(HttpServer, more_connections_than_allowed_are_turned_away) {
    const auto server = server_with({.listen = {}, .most_connections = 2});
    const Client one(server->port());
    one.send("GET /1 HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_TRUE(one.until("GET /1  ").ends_with("/1  "));
    {
        const Client two(server->port());
        two.send("GET /2 HTTP/1.1\r\nHost: x\r\n\r\n");
        EXPECT_TRUE(two.until("GET /2  ").ends_with("/2  "));
        EXPECT_TRUE(Client(server->port()).rest().starts_with("HTTP/1.1 503 "));
    }
    std::string got = "HTTP/1.1 503 ";
    for (int tries = 0; tries < 1'000 && got.starts_with("HTTP/1.1 503 "); ++tries)
        got = ask(*server, "GET /3 HTTP/1.0\r\n\r\n");
    EXPECT_TRUE(got.ends_with("GET /3  ")) << "room again: " << got;
}

TEST(HttpServer, an_address_that_is_taken_is_told) {
    const auto server = server_with({});
    const auto second =
        HttpServer::start({.listen = {.host = "127.0.0.1", .port = server->port()}}, echo);
    ASSERT_FALSE(second);
    EXPECT_TRUE(second.error().message.starts_with("cannot serve on 127.0.0.1, port "))
        << second.error().message;
}

TEST(HttpServer, ends_while_somebody_is_connected) {
    auto server = server_with({});
    const Client client(server->port());
    client.send("GET / HTTP/1.1\r\n");
    server = nullptr;
    EXPECT_EQ(client.rest(), "");
}

}  // namespace
}  // namespace dimout::serve
