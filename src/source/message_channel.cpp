// The only file that knows Beast's classes. Everything runs on the caller's thread: an operation is
// started, and the context is run until it is done, too late, or nobody wants it any more.
#include "source/message_channel.h"

#include <fmt/format.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <exception>
#include <functional>
#include <memory>
#include <optional>

namespace dimout::source {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using asio::ip::tcp;
using boost::system::error_code;
using Plain = beast::tcp_stream;
using Secure = beast::ssl_stream<beast::tcp_stream>;
using Time = std::chrono::steady_clock::time_point;

std::string name_of(const WebAddress& address) { return address.host + ":" + address.port; }

/// An operation that was started. It stays where it is until the loop is gone.
struct Pending {
    bool done = true;
    error_code error;
};

/// Runs operations. What was started and not finished dies with the context, unheard.
class Loop {
public:
    explicit Loop(std::stop_token stop)
        : stop_(std::move(stop)), wake_(stop_, [this] { context_.stop(); }) {}

    asio::io_context& context() { return context_; }

    /// What to give to an asynchronous operation.
    auto handler(Pending& pending) {
        pending.done = false;
        return
            [&pending](error_code error, auto&&...) { pending = {.done = true, .error = error}; };
    }

    /// Whether the operation came to its end before `deadline`.
    bool run(const Pending& pending, Time deadline) {
        context_.restart();
        while (!pending.done && !stop_.stop_requested()) {
            if (context_.run_one_until(deadline) == 0) break;
        }
        return pending.done;
    }
    /// Its error, also when it did not come to its end.
    error_code wait(const Pending& pending, Time deadline) {
        if (run(pending, deadline)) return pending.error;
        if (stop_.stop_requested()) return asio::error::operation_aborted;
        return asio::error::timed_out;
    }

private:
    asio::io_context context_{1};
    std::stop_token stop_;
    std::stop_callback<std::function<void()>> wake_;
};

/// What TLS is verified with.
Result<void> trust(asio::ssl::context& tls, const std::string& authorities) {
    error_code error;
    tls.set_verify_mode(asio::ssl::verify_peer);
    if (authorities.empty())
        tls.set_default_verify_paths(error);
    else
        tls.load_verify_file(authorities, error);
    if (!error) return {};
    return fail(fmt::format("{}: {}.", authorities.empty() ? "certificates" : authorities,
                            error.message()));
}

/// The streams that a connection can have, made the same way.
template <typename Stream>
struct Maker;
template <>
struct Maker<Plain> {
    static Plain make(Loop& loop, asio::ssl::context&) { return Plain(loop.context()); }
    static error_code handshake(Plain&, Loop&, const std::string&, Pending&, Time) { return {}; }
};
template <>
struct Maker<Secure> {
    static Secure make(Loop& loop, asio::ssl::context& tls) { return {loop.context(), tls}; }
    static error_code handshake(Secure& stream, Loop& loop, const std::string& host, Pending& step,
                                Time deadline) {
        // An address is no name to send (RFC 6066 §3), but is compared with the certificate.
        error_code numeric;
        asio::ip::make_address(host, numeric);
        if (numeric) SSL_set_tlsext_host_name(stream.native_handle(), host.c_str());
        stream.set_verify_callback(asio::ssl::host_name_verification(host));
        stream.async_handshake(asio::ssl::stream_base::client, loop.handler(step));
        return loop.wait(step, deadline);
    }
};

/// Name, connection and TLS.
template <typename Stream>
error_code connect(Stream& stream, Loop& loop, const WebAddress& address, Pending& step,
                   Time deadline) {
    tcp::resolver resolver(loop.context());
    auto found = std::make_shared<tcp::resolver::results_type>();
    resolver.async_resolve(address.host, address.port,
                           [found, done = loop.handler(step)](error_code error, auto results) {
                               *found = std::move(results);
                               done(error);
                           });
    if (const auto error = loop.wait(step, deadline)) return error;
    auto& lowest = beast::get_lowest_layer(stream);
    lowest.expires_never();
    lowest.async_connect(*found, loop.handler(step));
    if (const auto error = loop.wait(step, deadline)) return error;
    error_code ignored;  // Without it all works, a little later.
    lowest.socket().set_option(tcp::no_delay(true), ignored);
    return Maker<Stream>::handshake(stream, loop, address.host, step, deadline);
}

template <typename Stream>
class Channel : public MessageChannel {
protected:
    Channel(const WebAddress& address, const ChannelOptions& options, std::stop_token stop)
        : name_(name_of(address)), options_(options), loop_(std::move(stop)) {}

    [[nodiscard]] std::unexpected<Error> failed(error_code error) const {
        if (error == websocket::error::closed || error == asio::error::eof ||
            error == http::error::end_of_stream)
            return fail(name_ + ": the connection was closed.");
        return fail(fmt::format("{}: {}.", name_, error.message()));
    }
    [[nodiscard]] Time deadline() const {
        return std::chrono::steady_clock::now() + options_.connect_timeout;
    }

    std::string name_;
    ChannelOptions options_;
    asio::ssl::context tls_{asio::ssl::context::tls_client};
    Pending step_;  ///< Of what is waited for at once.
    Pending read_;  ///< Of what may take long, and goes on from one `receive` to the next.
    Loop loop_;
    beast::flat_buffer buffer_;
};

template <typename Stream>
class Socket final : public Channel<Stream> {
public:
    Socket(const WebAddress& address, const ChannelOptions& options, std::stop_token stop)
        : Channel<Stream>(address, options, std::move(stop)) {}

    Result<void> open(const WebAddress& address) {
        if (auto trusted = trust(this->tls_, this->options_.authorities); !trusted) return trusted;
        socket_.emplace(Maker<Stream>::make(this->loop_, this->tls_));
        const Time deadline = this->deadline();
        if (const auto error =
                connect(socket_->next_layer(), this->loop_, address, this->step_, deadline))
            return this->failed(error);
        arrange();
        websocket::response_type response;
        socket_->async_handshake(response, this->name_, address.target,
                                 this->loop_.handler(this->step_));
        if (const auto error = this->loop_.wait(this->step_, deadline)) return this->failed(error);
        return {};
    }

    [[nodiscard]] bool takes_messages() const override { return true; }

    Result<void> send(std::string_view text) override {
        sending_ = text;
        socket_->async_write(asio::buffer(sending_), this->loop_.handler(this->step_));
        if (const auto error = this->loop_.wait(this->step_, this->deadline()))
            return this->failed(error);
        return {};
    }

    Result<std::optional<std::string_view>> receive(std::chrono::milliseconds wait) override {
        if (!reading_) {
            this->buffer_.clear();
            socket_->async_read(this->buffer_, this->loop_.handler(this->read_));
            reading_ = true;
        }
        if (!this->loop_.run(this->read_, std::chrono::steady_clock::now() + wait))
            return std::nullopt;
        reading_ = false;
        if (this->read_.error) return this->failed(this->read_.error);
        const auto data = this->buffer_.cdata();
        return std::string_view(static_cast<const char*>(data.data()), data.size());
    }

private:
    void arrange() {
        const ChannelOptions& options = this->options_;
        // Beast's own pings start a timer anew for every message, which costs as much as reading
        // it; whoever listens knows best when a silence is too long, and asks.
        const websocket::stream_base::timeout timeout{
            .handshake_timeout = options.connect_timeout,
            .idle_timeout = websocket::stream_base::none(),
            .keep_alive_pings = false};
        socket_->set_option(timeout);
        socket_->read_message_max(options.message_max);
        websocket::permessage_deflate deflate;
        deflate.client_enable = options.compression;
        socket_->set_option(deflate);
        socket_->set_option(
            websocket::stream_base::decorator([options](websocket::request_type& request) {
                request.set(http::field::user_agent, options.user_agent);
                for (const auto& [name, content] : options.headers) request.set(name, content);
            }));
        socket_->text(true);
    }

    std::optional<websocket::stream<Stream>> socket_;
    std::string sending_;
    bool reading_ = false;
};

template <typename Stream>
class Response final : public Channel<Stream> {
public:
    Response(const WebAddress& address, const ChannelOptions& options, std::stop_token stop)
        : Channel<Stream>(address, options, std::move(stop)) {}

    Result<void> open(const WebAddress& address) {
        if (auto trusted = trust(this->tls_, this->options_.authorities); !trusted) return trusted;
        stream_.emplace(Maker<Stream>::make(this->loop_, this->tls_));
        const Time deadline = this->deadline();
        if (const auto error = connect(*stream_, this->loop_, address, this->step_, deadline))
            return this->failed(error);
        http::request<http::empty_body> request(http::verb::get, address.target, 11);
        request.set(http::field::host, this->name_);
        request.set(http::field::user_agent, this->options_.user_agent);
        for (const auto& [name, content] : this->options_.headers) request.set(name, content);
        request_ = std::move(request);
        http::async_write(*stream_, request_, this->loop_.handler(this->step_));
        if (const auto error = this->loop_.wait(this->step_, deadline)) return this->failed(error);
        parser_.body_limit(boost::none);
        http::async_read_header(*stream_, this->buffer_, parser_, this->loop_.handler(this->step_));
        if (const auto error = this->loop_.wait(this->step_, deadline)) return this->failed(error);
        if (parser_.get().result() == http::status::ok) return {};
        return fail(fmt::format("{}: HTTP status {}.", this->name_, parser_.get().result_int()));
    }

    [[nodiscard]] bool takes_messages() const override { return false; }
    Result<void> send(std::string_view) override {
        return fail(this->name_ + ": nothing can be sent on an HTTP response.");
    }

    Result<std::optional<std::string_view>> receive(std::chrono::milliseconds wait) override {
        const Time until = std::chrono::steady_clock::now() + wait;
        for (;;) {
            if (const auto line = take_line()) return line;
            if (lines_.size() - begin_ > this->options_.message_max)
                return fail(this->name_ + ": a line is longer than any message.");
            if (!reading_ && parser_.is_done()) return this->failed(http::error::end_of_stream);
            if (!reading_)
                http::async_read_some(*stream_, this->buffer_, parser_,
                                      this->loop_.handler(this->read_));
            reading_ = true;
            if (!this->loop_.run(this->read_, until)) return std::nullopt;
            reading_ = false;
            if (this->read_.error) return this->failed(this->read_.error);
            lines_.erase(0, begin_);
            begin_ = 0;
            lines_ += parser_.get().body();
            parser_.get().body().clear();
        }
    }

private:
    /// The next line that is not empty; servers send empty ones to keep the connection alive.
    std::optional<std::string_view> take_line() {
        for (;;) {
            const std::size_t end = lines_.find('\n', begin_);
            if (end == std::string::npos) return std::nullopt;
            std::string_view line = std::string_view(lines_).substr(begin_, end - begin_);
            begin_ = end + 1;
            if (line.ends_with('\r')) line.remove_suffix(1);
            if (!line.empty()) return line;
        }
    }

    std::optional<Stream> stream_;
    http::request<http::empty_body> request_;
    http::response_parser<http::string_body> parser_;
    std::string lines_;
    std::size_t begin_ = 0;
    bool reading_ = false;
};

template <typename Kind>
Result<std::unique_ptr<MessageChannel>> open(const WebAddress& address,
                                             const ChannelOptions& options, std::stop_token stop) {
    auto channel = std::make_unique<Kind>(address, options, std::move(stop));
    if (auto opened = channel->open(address); !opened)
        return std::unexpected(std::move(opened.error()));
    return channel;
}

}  // namespace

Result<std::unique_ptr<MessageChannel>> open_channel(const WebAddress& address,
                                                     const ChannelOptions& options,
                                                     std::stop_token stop) {
    try {
        if (address.is_socket)
            return address.tls ? open<Socket<Secure>>(address, options, std::move(stop))
                               : open<Socket<Plain>>(address, options, std::move(stop));
        return address.tls ? open<Response<Secure>>(address, options, std::move(stop))
                           : open<Response<Plain>>(address, options, std::move(stop));
    } catch (const std::exception& error) {
        return fail(fmt::format("{}: {}.", name_of(address), error.what()));
    }
}

}  // namespace dimout::source
