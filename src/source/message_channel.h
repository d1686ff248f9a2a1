// A connection over the Web that gives texts, one whole message at a time: a WebSocket (RFC 6455;
// ws, wss) or the lines of an endless HTTP response (http, https).
//
// TLS is verified against the name that was asked for. Whoever stops is not kept waiting: every
// wait ends at once when the stop token of `open_channel` says so.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"

namespace dimout::source {

struct WebAddress {
    bool tls = false;
    bool is_socket = false;  ///< A WebSocket, else an HTTP response.
    std::string host;
    std::string port;
    std::string target;  ///< Path and query, at least `/`.
};

/// Takes `wss://host[:port][/path][?query]`, likewise ws, https, http; `[v6]` as host.
[[nodiscard]] Result<WebAddress> parse_web_address(std::string_view url);

struct ChannelOptions {
    std::chrono::milliseconds connect_timeout{30'000};  ///< For name, connection, TLS, handshake.
    std::size_t message_max = std::size_t{1} << 20;  ///< A longer one ends the connection.
    bool compression = true;                         ///< permessage-deflate (RFC 7692), if offered.
    std::string authorities{};  ///< File of certificates to trust instead of the system's.
    std::string user_agent = "dimout";
    std::vector<std::pair<std::string, std::string>> headers{};  ///< Further ones of the request.
};

class MessageChannel {
public:
    virtual ~MessageChannel() = default;
    /// Whether `send` can do anything: not on an HTTP response.
    [[nodiscard]] virtual bool takes_messages() const = 0;
    [[nodiscard]] virtual Result<void> send(std::string_view text) = 0;
    /// The next message, valid until the next call; nothing when none came within `wait`. Fails
    /// when the connection is over, for good.
    [[nodiscard]] virtual Result<std::optional<std::string_view>> receive(
        std::chrono::milliseconds wait) = 0;
};

/// Connects, or says why not: "ris-live.ripe.net:443: Connection refused."
[[nodiscard]] Result<std::unique_ptr<MessageChannel>> open_channel(const WebAddress& address,
                                                                   const ChannelOptions& options,
                                                                   std::stop_token stop);

}  // namespace dimout::source
