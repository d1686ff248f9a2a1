// The daemon's telling half: an outbox, a thread for each channel that carries what waits in it,
// and one that looks whether anything is heard at all.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "app/commands.h"
#include "app/notify_channels.h"
#include "app/wall_clock.h"
#include "app/watch_status.h"
#include "notify/blind.h"
#include "notify/outbox.h"

namespace dimout::app {

/// What the sources have said up to now.
struct SignsOfLife {
    std::uint64_t messages = 0;
    bool routers = false;  ///< A connected router may have nothing to say, and is alive.
};

class Notifier {
public:
    /// Null when nobody is to be told. `naming` and `clock` outlive it.
    [[nodiscard]] static Result<std::unique_ptr<Notifier>> start(const WatchOptions& options,
                                                                 const present::Naming& naming,
                                                                 const WallClock& clock);
    /// Ends what is being sent; it is sent again by the next daemon.
    ~Notifier();
    Notifier(const Notifier&) = delete;
    Notifier& operator=(const Notifier&) = delete;

    /// Begins to look whether anything is heard; `signs` is asked from another thread.
    void watch(std::function<SignsOfLife()> signs);
    /// A revision that is safe in the store, and then that its bin is.
    void hear(const Outage& outage) { outbox_->hear(outage); }
    void advance(EventTime known_at);
    /// Any thread.
    [[nodiscard]] std::vector<ChannelHealth> health() const;

private:
    Notifier(std::string outbox, std::string heartbeat, const WallClock& clock)
        : folder_(std::move(outbox)),
          heartbeat_(std::move(heartbeat)),
          clock_(clock),
          sealed_(unix_seconds(clock.second())) {}

    void carry(notify::Channel& channel);
    void look();
    void beat(HttpClient& http, EventTime now, bool well);
    /// A disk that refuses is told of once.
    void note(const Result<void>& kept);

    const std::string folder_;     ///< Of the outbox.
    const std::string heartbeat_;  ///< A URL, or empty.
    const WallClock& clock_;
    std::unique_ptr<notify::Outbox> outbox_;
    std::vector<OpenChannel> channels_;
    struct Counts {
        std::atomic<std::uint64_t> sent = 0;
        std::atomic<std::uint64_t> failures = 0;
    };
    std::map<std::string, Counts, std::less<>>
        counts_;  ///< By channel, one for each from the start.
    std::function<SignsOfLife()> signs_;
    std::atomic<bool> stop_ = false;
    std::atomic<bool> refused_ = false;  ///< The disk did.
    std::atomic<std::int64_t> sealed_;   ///< When a bin was last stored, on the wall.
    EventTime beaten_{};
    bool heartless_ = false;  ///< The heartbeat could not be delivered.
    std::vector<std::jthread> threads_;
};

}  // namespace dimout::app
