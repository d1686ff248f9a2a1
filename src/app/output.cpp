#include "app/output.h"

#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "app/exit_code.h"
#include "app/wall_clock.h"
#include "base/json.h"

namespace dimout::app {
namespace {

/// The first error of stdout that is not a reader who went away.
int lost_output = 0;

std::atomic<bool> as_json = false;

}  // namespace

bool write_out(std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = ::write(STDOUT_FILENO, text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) {
            if (errno != EPIPE) lost_output = errno;
            return false;
        }
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

int exit_code_after_output(int code) {
    if (lost_output == 0) return code;
    std::fprintf(stderr, "dimout: stdout: %s.\n", std::strerror(lost_output));
    return kFailed;
}

void complain_as_json() { as_json = true; }

void complain(std::string_view sentence) {
    if (as_json) {
        JsonWriter json;
        json.begin_object()
            .field("time", to_rfc3339(WallClock().second()))
            .field("message", sentence)
            .end_object();
        std::fprintf(stderr, "%s\n", json.text().c_str());
        return;
    }
    std::fprintf(stderr, "dimout: %.*s\n", static_cast<int>(sentence.size()), sentence.data());
}

}  // namespace dimout::app
