#include "serve/http_server.h"

#include <fmt/format.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <thread>

namespace dimout::serve {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using boost::system::error_code;

/// After the system refused a connection (no descriptors left): not at once again.
constexpr std::chrono::milliseconds kRest{100};

auto told(error_code& error) { return asio::redirect_error(asio::use_awaitable, error); }

/// What is wrong with a request that could not be read; 0: nobody is there to be told.
unsigned status_of(error_code error) {
    if (error == http::error::header_limit || error == http::error::buffer_overflow) return 431;
    if (error == http::error::body_limit) return 413;
    if (error == beast::error::timeout) return 408;
    const bool is_ours = error.category() == make_error_code(http::error::bad_method).category();
    return is_ours && error != http::error::end_of_stream && error != http::error::partial_message
               ? 400
               : 0;
}

using Answer = http::response<http::string_body>;

Answer answer_of(Reply reply, unsigned version, bool keep_alive) {
    Answer answer{http::int_to_status(static_cast<unsigned>(reply.status)), version};
    answer.set(http::field::content_type, reply.type);
    answer.set(http::field::cache_control, "no-store");
    answer.set("X-Content-Type-Options", "nosniff");
    if (reply.status == 405) answer.set(http::field::allow, "GET, HEAD");
    answer.body() = std::move(reply.body);
    answer.keep_alive(keep_alive);
    answer.prepare_payload();
    return answer;
}

Answer refusal(unsigned status, std::string sentence) {
    Reply reply{.status = static_cast<int>(status), .body = std::move(sentence)};
    return answer_of(std::move(reply), 11, false);
}

Request request_of(http::request<http::string_body>&& parsed) {
    const std::string target(parsed.target().data(), parsed.target().size());
    const std::size_t query = std::min(target.find('?'), target.size());
    const auto method = parsed.method_string();
    return {.method = parsed.method() == http::verb::head
                          ? std::string("GET")
                          : std::string(method.data(), method.size()),
            .path = target.substr(0, query),
            .query = query < target.size() ? target.substr(query + 1) : std::string(),
            .body = std::move(parsed.body())};
}

class Server final : public HttpServer {
public:
    Server(const HttpServerOptions& options, Handler handler)
        : options_(options), handler_(std::move(handler)) {}

    ~Server() override {
        context_.stop();
        if (thread_.joinable()) thread_.join();
    }

    Result<void> listen() {
        const std::string where =
            fmt::format("{}, port {}", options_.listen.host, options_.listen.port);
        error_code error;
        const auto address = asio::ip::make_address(options_.listen.host, error);
        const tcp::endpoint endpoint(address, options_.listen.port);
        if (!error) acceptor_.open(endpoint.protocol(), error);
        if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
        if (!error) acceptor_.bind(endpoint, error);
        if (!error) acceptor_.listen(16, error);
        if (error) return fail(fmt::format("cannot serve on {}: {}.", where, error.message()));
        port_ = acceptor_.local_endpoint(error).port();
        asio::co_spawn(context_, accept(), asio::detached);
        thread_ = std::thread([this] { context_.run(); });
        return {};
    }

    std::uint16_t port() const override { return port_; }

private:
    asio::awaitable<void> accept() {
        while (true) {
            error_code error;
            tcp::socket socket = co_await acceptor_.async_accept(told(error));
            if (error) {
                asio::steady_timer rest(context_, kRest);
                co_await rest.async_wait(told(error));
                continue;
            }
            const bool full = connections_ >= options_.most_connections;
            asio::co_spawn(context_, full ? turn_away(std::move(socket)) : serve(std::move(socket)),
                           asio::detached);
        }
    }

    asio::awaitable<void> turn_away(tcp::socket socket) {
        beast::tcp_stream stream(std::move(socket));
        co_await write(stream, refusal(503, "Too many connections.\n"), false);
        close(stream);
    }

    asio::awaitable<void> serve(tcp::socket socket) {
        ++connections_;
        beast::tcp_stream stream(std::move(socket));
        error_code ignored;
        stream.socket().set_option(tcp::no_delay(true), ignored);
        beast::flat_buffer buffer(options_.most_head_bytes + options_.most_body_bytes + 1'024);
        for (std::size_t i = 0; i < options_.most_requests; ++i) {
            const bool last = i + 1 == options_.most_requests;
            if (!co_await serve_one(stream, buffer, last)) break;
        }
        close(stream);
        --connections_;
    }

    /// Whether the connection goes on.
    asio::awaitable<bool> serve_one(beast::tcp_stream& stream, beast::flat_buffer& buffer,
                                    bool last) {
        http::request_parser<http::string_body> parser;
        parser.header_limit(options_.most_head_bytes);
        parser.body_limit(options_.most_body_bytes);
        stream.expires_after(options_.patience);
        error_code error;
        co_await http::async_read(stream, buffer, parser, told(error));
        if (error) {
            const unsigned status = status_of(error);
            if (status == 0) co_return false;
            co_await write(stream, refusal(status, "This request is not understood.\n"), false);
            co_return false;
        }
        const unsigned version = parser.get().version();
        const bool head_only = parser.get().method() == http::verb::head;
        const bool keep_alive = parser.get().keep_alive() && !last;
        Answer answer = answer_of(handler_(request_of(parser.release())), version, keep_alive);
        const bool sent = co_await write(stream, std::move(answer), head_only);
        co_return sent&& keep_alive;
    }

    /// Whether all of it went out.
    asio::awaitable<bool> write(beast::tcp_stream& stream, Answer answer, bool head_only) {
        stream.expires_after(options_.patience);
        error_code error;
        http::response_serializer<http::string_body> serializer(answer);
        if (head_only)
            co_await http::async_write_header(stream, serializer, told(error));
        else
            co_await http::async_write(stream, serializer, told(error));
        co_return !error;
    }

    static void close(beast::tcp_stream& stream) {
        error_code ignored;
        stream.socket().shutdown(tcp::socket::shutdown_send, ignored);
        stream.close();
    }

    const HttpServerOptions options_;
    const Handler handler_;
    asio::io_context context_{1};
    tcp::acceptor acceptor_{context_};
    std::uint16_t port_ = 0;
    std::size_t connections_ = 0;  ///< Of the server's thread.
    std::thread thread_;
};

}  // namespace

Result<std::unique_ptr<HttpServer>> HttpServer::start(const HttpServerOptions& options,
                                                      Handler handler) {
    auto server = std::make_unique<Server>(options, std::move(handler));
    if (auto done = server->listen(); !done) return std::unexpected(done.error());
    return server;
}

}  // namespace dimout::serve
