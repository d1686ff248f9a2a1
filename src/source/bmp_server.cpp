#include "source/bmp_server.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <thread>
#include <vector>

#include "base/endpoint.h"
#include "source/bmp.h"

namespace dimout::source {
namespace {

constexpr std::size_t kReadBytes = std::size_t{1} << 16;

/// How often routers that are connected count as a sign of life of their peers, by the clock that
/// is given; and how often that clock is looked at when no router says anything.
constexpr std::chrono::seconds kAliveEvery{900};
constexpr int kLookMilliseconds = 1000;

/// Closed when it goes.
class Socket {
public:
    explicit Socket(int descriptor = -1) : descriptor_(descriptor) {}
    Socket(Socket&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
    Socket& operator=(Socket&& other) noexcept {
        std::swap(descriptor_, other.descriptor_);
        return *this;
    }
    ~Socket() {
        if (descriptor_ >= 0) ::close(descriptor_);
    }
    [[nodiscard]] int get() const { return descriptor_; }

private:
    int descriptor_;
};

std::unexpected<Error> system_failure(const std::string& where) {
    return fail(fmt::format("{}: {}.", where, std::strerror(errno)));
}

Result<Socket> listen_on(const std::string& text) {
    const auto endpoint = parse_endpoint(text);
    if (!endpoint) return std::unexpected(endpoint.error());
    addrinfo hints{};
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE;
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    const int wrong = ::getaddrinfo(endpoint->host.c_str(), std::to_string(endpoint->port).c_str(),
                                    &hints, &found);
    if (wrong != 0) return fail(fmt::format("{}: {}.", text, ::gai_strerror(wrong)));
    const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> address(found, &::freeaddrinfo);
    Socket socket(::socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    const int yes = 1;
    ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    if (socket.get() < 0 || ::bind(socket.get(), found->ai_addr, found->ai_addrlen) != 0 ||
        ::listen(socket.get(), 16) != 0) {
        return system_failure("cannot listen for BMP on " + text);
    }
    return socket;
}

Address address_of(const sockaddr_storage& storage) {
    std::array<std::uint8_t, 16> octets{};
    if (storage.ss_family == AF_INET) {
        in_addr_t word = reinterpret_cast<const sockaddr_in&>(storage).sin_addr.s_addr;
        return Address::v4(ntohl(word));
    }
    std::memcpy(octets.data(), &reinterpret_cast<const sockaddr_in6&>(storage).sin6_addr, 16);
    Cursor cursor(octets);
    const std::uint64_t high = cursor.u64();
    return Address::v6(high, cursor.u64());
}

/// A router that is gone without a word is noticed after some two minutes.
void keep_alive(int socket) {
    const int yes = 1;
    const int idle = 60;
    const int probes = 3;
    const int pause = 20;
    ::setsockopt(socket, SOL_SOCKET, SO_KEEPALIVE, &yes, sizeof(yes));
    ::setsockopt(socket, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof(idle));
    ::setsockopt(socket, IPPROTO_TCP, TCP_KEEPCNT, &probes, sizeof(probes));
    ::setsockopt(socket, IPPROTO_TCP, TCP_KEEPINTVL, &pause, sizeof(pause));
}

class Server final : public BmpServer {
public:
    Server(Socket socket, Listener& listener, std::size_t most, std::function<EventTime()> clock)
        : socket_(std::move(socket)),
          wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
          listener_(listener),
          most_(most),
          clock_(std::move(clock)),
          thread_([this] { run(); }) {}

    ~Server() override {
        stop_ = true;
        const std::uint64_t one = 1;
        static_cast<void>(::write(wake_.get(), &one, sizeof(one)));
        thread_.join();
    }

    std::uint16_t port() const override {
        sockaddr_storage bound{};
        socklen_t size = sizeof(bound);
        ::getsockname(socket_.get(), reinterpret_cast<sockaddr*>(&bound), &size);
        return ntohs(bound.ss_family == AF_INET
                         ? reinterpret_cast<const sockaddr_in&>(bound).sin_port
                         : reinterpret_cast<const sockaddr_in6&>(bound).sin6_port);
    }

    SourceHealth health() const override {
        return {.connected = connected_ > 0,
                .messages = messages_,
                .refused = refused_,
                .reconnects = reconnects_,
                .lag = {}};
    }

private:
    struct Router {
        Socket socket;
        std::unique_ptr<BmpTranslator> translator;
        bool over = false;
    };

    void run() {
        while (!stop_) {
            std::vector<pollfd> waits{{.fd = wake_.get(), .events = POLLIN, .revents = 0},
                                      {.fd = socket_.get(), .events = POLLIN, .revents = 0}};
            for (const auto& router : routers_)
                waits.push_back({.fd = router->socket.get(), .events = POLLIN, .revents = 0});
            if (::poll(waits.data(), waits.size(), kLookMilliseconds) < 0) continue;
            for (std::size_t i = 2; i < waits.size(); ++i) {
                if (waits[i].revents != 0 && !routers_[i - 2]->over) read(*routers_[i - 2]);
            }
            if (waits[1].revents != 0) accept();
            std::erase_if(routers_, [](const auto& router) { return router->over; });
            connected_ = routers_.size();
            tell_alive();
        }
        for (const auto& router : routers_) router->translator->close("dimout stopped listening");
    }

    void tell_alive() {
        const EventTime now = clock_();
        if (now < alive_told_ + kAliveEvery) return;
        alive_told_ = now;
        for (const auto& router : routers_) router->translator->alive(now);
    }

    void accept() {
        sockaddr_storage from{};
        socklen_t size = sizeof(from);
        Socket socket(::accept4(socket_.get(), reinterpret_cast<sockaddr*>(&from), &size,
                                SOCK_CLOEXEC | SOCK_NONBLOCK));
        if (socket.get() < 0) return;
        if (routers_.size() >= most_) return void(++refused_);
        keep_alive(socket.get());
        auto router = std::make_unique<Router>();
        Router* self = router.get();
        router->socket = std::move(socket);
        router->translator = std::make_unique<BmpTranslator>(
            listener_, address_of(from),
            [this, self](const std::string& name) { replace(*self, name); });
        routers_.push_back(std::move(router));
    }

    /// The older connection of a router that connects again.
    void replace(const Router& fresh, const std::string& name) {
        for (const auto& router : routers_) {
            if (router.get() == &fresh || router->over || router->translator->collector() != name)
                continue;
            ++reconnects_;
            end(*router, "the router connected again");
        }
    }

    void read(Router& router) {
        const ssize_t got = ::read(router.socket.get(), buffer_.data(), buffer_.size());
        if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
        if (got <= 0)
            return end(router,
                       got == 0 ? "the router closed the connection" : std::strerror(errno));
        const BmpCounts before = router.translator->counts();
        const auto taken =
            router.translator->take(Bytes(buffer_).first(static_cast<std::size_t>(got)), clock_());
        const BmpCounts& after = router.translator->counts();
        messages_ += after.messages - before.messages;
        refused_ += after.refused - before.refused + (taken ? 0 : 1);
        if (!taken) end(router, taken.error().message);
    }

    void end(Router& router, const std::string& reason) {
        router.over = true;
        router.translator->close(reason);
    }

    Socket socket_;
    Socket wake_;
    Listener& listener_;
    const std::size_t most_;
    const std::function<EventTime()> clock_;
    std::vector<std::unique_ptr<Router>> routers_;
    EventTime alive_told_ = clock_();
    std::vector<std::uint8_t> buffer_ = std::vector<std::uint8_t>(kReadBytes);
    std::atomic<std::uint64_t> messages_ = 0;
    std::atomic<std::uint64_t> refused_ = 0;
    std::atomic<std::uint64_t> reconnects_ = 0;
    std::atomic<std::size_t> connected_ = 0;
    std::atomic<bool> stop_ = false;
    std::thread thread_;  ///< Last: it uses all of the above.
};

}  // namespace

Result<std::unique_ptr<BmpServer>> BmpServer::start(Listener& listener,
                                                    const BmpServerOptions& options,
                                                    std::function<EventTime()> clock) {
    auto socket = listen_on(options.listen);
    if (!socket) return std::unexpected(socket.error());
    return std::make_unique<Server>(std::move(*socket), listener, options.most_routers,
                                    std::move(clock));
}

}  // namespace dimout::source
