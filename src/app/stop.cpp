#include "app/stop.h"

#include <csignal>

namespace dimout::app {
namespace {

volatile std::sig_atomic_t stop_signal = 0;

void remember(int signal) {
    stop_signal = signal;
    // A second signal is not asked twice.
    std::signal(signal, SIG_DFL);
}

}  // namespace

void catch_stop_signals() {
    std::signal(SIGINT, remember);
    std::signal(SIGTERM, remember);
}

bool stop_requested() { return stop_signal != 0; }

int exit_code_after(int code) { return stop_signal != 0 ? 128 + stop_signal : code; }

}  // namespace dimout::app
