// A small HTTP/1.1 server: one thread, every request bounded in size and time, connections in
// number. What to answer is somebody else's business. Beast stays in one file.
//
// It speaks no TLS and knows no users: it listens on loopback, or behind somebody who does both.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/endpoint.h"
#include "base/error.h"

namespace dimout::serve {

struct Request {
    std::string method;  ///< `GET`; HEAD is asked as GET.
    std::string path;    ///< As it was sent, without the query: `/metrics`.
    std::string query;   ///< What follows the `?`, as it was sent.
    std::string body;
};

struct Reply {
    int status = 200;
    std::string type = "text/plain; charset=utf-8";
    std::string body{};
};

/// Called by the server's thread, one request at a time: quick, and without exceptions.
using Handler = std::function<Reply(const Request&)>;

struct HttpServerOptions {
    Endpoint listen;                    ///< Port 0: any.
    std::size_t most_connections = 64;  ///< More are told to come back, and closed.
    std::uint32_t most_head_bytes = 8'192;
    std::uint64_t most_body_bytes = 0;  ///< Of a request.
    std::size_t most_requests = 1'000;  ///< On one connection.
    /// From the first byte of a request to its last, and from that of its answer to its last; how
    /// long a connection may say nothing.
    std::chrono::milliseconds patience{10'000};
};

class HttpServer {
public:
    /// Listens from now on. Fails when the address is taken or not ours.
    [[nodiscard]] static Result<std::unique_ptr<HttpServer>> start(const HttpServerOptions& options,
                                                                   Handler handler);
    /// Cuts what is under way.
    virtual ~HttpServer() = default;
    [[nodiscard]] virtual std::uint16_t port() const = 0;
};

}  // namespace dimout::serve
