#include "app/output.h"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "app/exit_code.h"

namespace dimout::app {
namespace {

/// The first error of stdout that is not a reader who went away.
int lost_output = 0;

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

void complain(std::string_view sentence) {
    std::fprintf(stderr, "dimout: %.*s\n", static_cast<int>(sentence.size()), sentence.data());
}

}  // namespace dimout::app
