// A few words to systemd, when it is the one who started us (sd_notify(3)): a datagram to the
// socket that $NOTIFY_SOCKET names. Without it nothing happens.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace dimout::app {

/// `READY=1`, `WATCHDOG=1`, `STATUS=…`; several with line feeds between them.
void tell_systemd(std::string_view words);
/// How often systemd wants to hear `WATCHDOG=1` at least; empty: it does not.
[[nodiscard]] std::optional<std::chrono::microseconds> watchdog_period();

}  // namespace dimout::app
