// Routers connect here and tell by BMP what they hear (bmp.h). One thread serves all of them.
//
// BMP knows no passwords: who can connect is believed. So the server listens on loopback unless
// told otherwise, and takes only as many connections as it is allowed. A router that connects again
// takes the place of its older connection.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/error.h"
#include "base/time.h"
#include "source/live.h"

namespace dimout::source {

struct BmpServerOptions {
    std::string listen = "127.0.0.1:11019";  ///< `address:port`, `[v6]:port`; port 0: any.
    std::size_t most_routers = 64;
};

class BmpServer {
public:
    /// Listens from now on. `clock` says the time for routers that do not; both outlive the server.
    [[nodiscard]] static Result<std::unique_ptr<BmpServer>> start(Listener& listener,
                                                                  const BmpServerOptions& options,
                                                                  std::function<EventTime()> clock);
    /// Closes all connections; what they told is lost (`Listener::lose`).
    virtual ~BmpServer() = default;

    [[nodiscard]] virtual std::uint16_t port() const = 0;
    /// `connected`: whether any router is. Any thread may ask.
    [[nodiscard]] virtual SourceHealth health() const = 0;
};

}  // namespace dimout::source
