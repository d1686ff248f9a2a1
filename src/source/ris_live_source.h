// RIPE's RIS Live as a live source: subscribes, translates, tells a listener; connects again when
// it must.
//
// The server promises little: it repeats messages when subscriptions overlap, complains and cuts
// whoever reads too slowly, and a collector behind it can fall silent on its own. Each of these is
// a loss that the listener is told, so that nobody takes silence for an outage.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "base/random.h"
#include "source/live.h"
#include "source/message_channel.h"
#include "source/ris_live.h"

namespace dimout::source {

/// What to be told; an empty text stands for everything. Several overlap as they like.
struct RisSubscription {
    std::string host{};    ///< `rrc00`.
    std::string type{};    ///< `UPDATE`; but then a quiet collector cannot be told from a lost one.
    std::string peer{};    ///< Its address.
    std::string prefix{};  ///< This one, and what lies in it.
    std::string path{};    ///< AS numbers in a row with commas; `^` and `$` stand for its ends.
    bool more_specific = true;
    bool less_specific = false;
};

struct RisLiveOptions {
    std::string url = "wss://ris-live.ripe.net/v1/ws/";
    /// Who we are, told as `?client=` when the address has no query.
    std::string client = "dimout";
    std::vector<RisSubscription> subscriptions{RisSubscription{}};
    bool include_raw = true;
    /// Without any message for half of it we ask whether the server lives; after all of it, it does
    /// not.
    std::chrono::milliseconds heartbeat{60'000};
    /// A single collector that says nothing for so long is lost. RIS' peers send a KEEPALIVE at
    /// least every minute or so.
    std::chrono::milliseconds collector_silence{300'000};
    /// Before connecting again: doubled each time, less up to a half by chance so that not all
    /// clients come back at once.
    std::chrono::milliseconds retry_first{1'000};
    std::chrono::milliseconds retry_most{300'000};
    std::uint64_t retry_seed = 1;
    std::chrono::milliseconds connect_timeout{30'000};
    bool compression = true;
    std::string authorities{};  ///< File of certificates to trust instead of the system's.
};

/// Time as a live source sees it.
class LiveClock {
public:
    virtual ~LiveClock() = default;
    /// Since some beginning; never goes back.
    [[nodiscard]] virtual std::chrono::milliseconds monotonic() = 0;
    /// Since 1970.
    [[nodiscard]] virtual std::chrono::microseconds wall() = 0;
    /// Returns earlier when `stop` is requested.
    virtual void wait(std::chrono::milliseconds time, const std::stop_token& stop) = 0;
};
/// The machine's.
[[nodiscard]] std::unique_ptr<LiveClock> machine_clock();

struct RisLiveStatus {
    SourceHealth health;
    std::uint64_t records = 0;  ///< Told to the listener.
    std::uint64_t repeats = 0;
    std::uint64_t losses = 0;
    std::uint64_t subscribed = 0;      ///< Subscriptions that the server acknowledged.
    std::size_t collectors = 0;        ///< Heard on this connection, and not lost.
    std::chrono::microseconds lag{0};  ///< From the collector's stamp to us, of the last record.
    std::string last_trouble{};        ///< For people; empty: none yet.
};

/// The source without a thread of its own: each step connects, reads one message, or waits.
class RisLiveReader {
public:
    using Open =
        std::function<Result<std::unique_ptr<MessageChannel>>(const std::stop_token& stop)>;

    /// `listener`, `clock` and what `open` needs outlive the reader.
    RisLiveReader(Listener& listener, const RisLiveOptions& options, Open open, LiveClock& clock);

    void step(const std::stop_token& stop);
    /// Ends the connection; what was heard is lost.
    void stop();
    /// Any thread may ask.
    [[nodiscard]] RisLiveStatus status() const;

private:
    struct Collector {
        std::chrono::milliseconds heard{0};
        bool lost = true;  ///< Until the first record.
    };

    void connect(const std::stop_token& stop);
    [[nodiscard]] Result<void> subscribe();
    void rest(const std::stop_token& stop);
    void read_one();
    void take(std::string_view text);
    void tell(const RisHeard& heard);
    void look_at_silence(std::chrono::milliseconds now);
    void lose_all(const std::string& reason);
    void lose(const std::string& name, Collector& collector, const std::string& reason);
    void break_off(const std::string& reason);
    void note_trouble(const std::string& what);

    Listener& listener_;
    RisLiveOptions options_;
    Open open_;
    LiveClock& clock_;
    RisLiveTranslator translator_;
    Random random_;
    std::unique_ptr<MessageChannel> channel_;
    std::map<std::string, Collector, std::less<>> collectors_;
    std::chrono::milliseconds retry_;
    std::chrono::milliseconds heard_{0};   ///< When anything was.
    std::chrono::milliseconds looked_{0};  ///< When silence was last looked for.
    bool asked_ = false;                   ///< Whether the server lives.
    bool tired_ = false;                   ///< A rest is due before the next connection.
    bool was_connected_ = false;
    mutable std::mutex mutex_;
    RisLiveStatus status_;  ///< Guarded by `mutex_`.
};

/// The source with its thread. Stops when destroyed, within moments; what it had heard is lost.
class RisLiveSource {
public:
    /// Fails when the address or a subscription makes no sense, or cannot be told there.
    [[nodiscard]] static Result<std::unique_ptr<RisLiveSource>> start(
        Listener& listener, const RisLiveOptions& options);

    [[nodiscard]] RisLiveStatus status() const { return reader_.status(); }
    [[nodiscard]] SourceHealth health() const {
        RisLiveStatus now = status();
        if (now.records > 0) now.health.lag = now.lag;
        return now.health;
    }

    RisLiveSource(Listener& listener, const RisLiveOptions& options, RisLiveReader::Open open);

private:
    std::unique_ptr<LiveClock> clock_ = machine_clock();
    RisLiveReader reader_;
    std::jthread thread_;
};

}  // namespace dimout::source
