#include "app/systemd.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <charconv>
#include <cstddef>
#include <cstring>
#include <string>

#include "base/environment.h"

namespace dimout::app {

void tell_systemd(std::string_view words) {
    const std::string name = environment("NOTIFY_SOCKET").value_or("");
    sockaddr_un address{};
    if (name.empty() || name.size() >= sizeof(address.sun_path)) return;
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, name.data(), name.size());
    // An abstract socket's name begins with a zero, written as @.
    if (name.front() == '@') address.sun_path[0] = '\0';
    const int socket = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (socket < 0) return;
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
    static_cast<void>(::sendto(socket, words.data(), words.size(), MSG_NOSIGNAL | MSG_DONTWAIT,
                               reinterpret_cast<const sockaddr*>(&address), size));
    ::close(socket);
}

std::optional<std::chrono::microseconds> watchdog_period() {
    const auto text = environment("WATCHDOG_USEC");
    if (!text) return std::nullopt;
    std::int64_t period = 0;
    const auto [stop, error] = std::from_chars(text->data(), text->data() + text->size(), period);
    if (error != std::errc{} || period <= 0) return std::nullopt;
    return std::chrono::microseconds(period);
}

}  // namespace dimout::app
