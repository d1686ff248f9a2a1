// SIGINT and SIGTERM ask; the work stops at the next bin and leaves a store that can be resumed.
#pragma once

#include <chrono>

namespace dimout::app {

void catch_stop_signals();
/// Whether somebody asked us to stop.
[[nodiscard]] bool stop_requested();
/// From now on SIGHUP asks for the configuration to be read anew, and does not end us.
void catch_reload_signal();
/// Whether somebody did since the last call.
[[nodiscard]] bool take_reload_request();
/// Waits; false when somebody asked us to stop meanwhile.
[[nodiscard]] bool pause_for(std::chrono::seconds duration);
/// 130 or 143 when a signal stopped us, else `code`.
[[nodiscard]] int exit_code_after(int code);

}  // namespace dimout::app
