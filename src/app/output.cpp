#include "app/output.h"

#include <unistd.h>

#include <cerrno>
#include <cstdio>

namespace dimout::app {

bool write_out(std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = ::write(STDOUT_FILENO, text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return false;
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

void complain(std::string_view sentence) {
    std::fprintf(stderr, "dimout: %.*s\n", static_cast<int>(sentence.size()), sentence.data());
}

}  // namespace dimout::app
