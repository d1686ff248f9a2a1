#include "app/stop.h"

#include <csignal>
#include <thread>

namespace dimout::app {
namespace {

volatile std::sig_atomic_t stop_signal = 0;

void remember(int signal) {
    stop_signal = signal;
    // A second signal is not asked twice.
    std::signal(signal, SIG_DFL);
}

volatile std::sig_atomic_t reload_asked = 0;

}  // namespace

void catch_reload_signal() {
    std::signal(SIGHUP, [](int) { reload_asked = 1; });
}

bool take_reload_request() {
    if (reload_asked == 0) return false;
    reload_asked = 0;
    return true;
}

void catch_stop_signals() {
    std::signal(SIGINT, remember);
    std::signal(SIGTERM, remember);
}

bool stop_requested() { return stop_signal != 0; }

bool pause_for(std::chrono::seconds duration) {
    const auto until = std::chrono::steady_clock::now() + duration;
    while (!stop_requested() && std::chrono::steady_clock::now() < until)
        std::this_thread::sleep_for(std::chrono::milliseconds(200));
    return !stop_requested();
}

int exit_code_after(int code) { return stop_signal != 0 ? 128 + stop_signal : code; }

}  // namespace dimout::app
