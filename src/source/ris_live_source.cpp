#include "source/ris_live_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <utility>

#include "base/json.h"

namespace dimout::source {
namespace {

using std::chrono::milliseconds;

/// More names than there are collectors: a server that invents them gets no further.
constexpr std::size_t kMostCollectors = 256;
constexpr milliseconds kLookEvery{1'000};

class MachineClock final : public LiveClock {
public:
    milliseconds monotonic() override {
        return std::chrono::duration_cast<milliseconds>(
            std::chrono::steady_clock::now().time_since_epoch());
    }
    std::chrono::microseconds wall() override {
        return std::chrono::duration_cast<std::chrono::microseconds>(
            std::chrono::system_clock::now().time_since_epoch());
    }
    void wait(milliseconds time, const std::stop_token& stop) override {
        std::mutex mutex;
        std::unique_lock lock(mutex);
        std::condition_variable_any never;
        never.wait_for(lock, stop, time, [] { return false; });
    }
};

/// The members of a subscription, as `data` of `ris_subscribe` or as a request's header.
std::string subscription_json(const RisSubscription& wanted, bool include_raw) {
    JsonWriter json;
    json.begin_object();
    const auto field = [&](std::string_view name, const std::string& value) {
        if (!value.empty()) json.field(name, value);
    };
    field("host", wanted.host);
    field("type", wanted.type);
    field("peer", wanted.peer);
    field("prefix", wanted.prefix);
    field("path", wanted.path);
    json.field("moreSpecific", wanted.more_specific).field("lessSpecific", wanted.less_specific);
    json.key("socketOptions").begin_object();
    json.field("includeRaw", include_raw).field("acknowledge", true).end_object();
    return json.end_object().text();
}

}  // namespace

std::unique_ptr<LiveClock> machine_clock() { return std::make_unique<MachineClock>(); }

RisLiveReader::RisLiveReader(Listener& listener, const RisLiveOptions& options, Open open,
                             LiveClock& clock)
    : listener_(listener),
      options_(options),
      open_(std::move(open)),
      clock_(clock),
      random_(options.retry_seed),
      retry_(options.retry_first) {}

RisLiveStatus RisLiveReader::status() const {
    const std::lock_guard lock(mutex_);
    return status_;
}

void RisLiveReader::step(const std::stop_token& stop) {
    if (channel_ != nullptr)
        read_one();
    else if (tired_)
        rest(stop);
    else
        connect(stop);
}

void RisLiveReader::stop() { break_off("we stopped listening"); }

void RisLiveReader::connect(const std::stop_token& stop) {
    auto opened = open_(stop);
    Result<void> ready{};
    if (opened) {
        channel_ = std::move(*opened);
        ready = subscribe();
    }
    if (!opened || !ready) {
        return break_off(opened ? ready.error().message : opened.error().message);
    }
    heard_ = looked_ = clock_.monotonic();
    asked_ = false;
    const std::lock_guard lock(mutex_);
    status_.health.connected = true;
    status_.health.reconnects += was_connected_ ? 1 : 0;
    was_connected_ = true;
}

Result<void> RisLiveReader::subscribe() {
    if (!channel_->takes_messages()) return {};
    for (const RisSubscription& wanted : options_.subscriptions) {
        const std::string data = subscription_json(wanted, options_.include_raw);
        if (auto sent = channel_->send(R"({"type":"ris_subscribe","data":)" + data + "}"); !sent)
            return sent;
    }
    return {};
}

void RisLiveReader::rest(const std::stop_token& stop) {
    const auto half = static_cast<std::uint32_t>(retry_.count() / 2);
    clock_.wait(retry_ - milliseconds(random_.below(half + 1)), stop);
    retry_ = std::min(retry_ * 2, options_.retry_most);
    tired_ = false;
}

void RisLiveReader::read_one() {
    const milliseconds patience = std::min(options_.heartbeat / 4, kLookEvery);
    const auto text = channel_->receive(std::max(patience, milliseconds(1)));
    if (!text) return break_off(text.error().message);
    const milliseconds now = clock_.monotonic();
    if (*text) {
        heard_ = now;
        asked_ = false;
        take(**text);
    }
    if (now - looked_ >= patience || !*text) look_at_silence(now);
}

void RisLiveReader::take(std::string_view text) {
    const RisHeard heard = translator_.translate(text);
    {
        const std::lock_guard lock(mutex_);
        status_.health.messages = translator_.messages();
        status_.health.refused = translator_.refused().total();
        status_.repeats = translator_.repeats();
        status_.subscribed += heard.kind == RisHeard::Kind::Subscribed ? 1 : 0;
    }
    if (heard.kind == RisHeard::Kind::Records) tell(heard);
    if (heard.kind != RisHeard::Kind::Error) return;
    // Something was kept from us, or the subscription is none. The server closes what it will not
    // serve, and an answer is an answer: the connection is left to it.
    const std::string reason = fmt::format("the server says: {}", heard.text);
    note_trouble(reason);
    lose_all(reason);
}

void RisLiveReader::tell(const RisHeard& heard) {
    auto at = collectors_.find(heard.collector);
    if (at == collectors_.end()) {
        if (collectors_.size() == kMostCollectors) return note_trouble("too many collectors");
        at = collectors_.emplace(heard.collector, Collector{}).first;
    }
    const bool is_back = std::exchange(at->second.lost, false);
    at->second.heard = heard_;
    retry_ = options_.retry_first;
    {
        const std::lock_guard lock(mutex_);
        status_.records += heard.records.size();
        status_.collectors += is_back ? 1 : 0;
        status_.lag = clock_.wall() - std::chrono::seconds(unix_seconds(heard.stamp.time)) -
                      std::chrono::microseconds(heard.stamp.microseconds);
    }
    for (const Bytes record : heard.records) listener_.hear(heard.collector, record);
}

/// Silence of everybody, and of one among many.
void RisLiveReader::look_at_silence(milliseconds now) {
    looked_ = now;
    const milliseconds silence = now - heard_;
    if (silence >= options_.heartbeat)
        return break_off(
            fmt::format("nothing was heard for {} s", options_.heartbeat.count() / 1000));
    for (auto& [name, collector] : collectors_) {
        if (collector.lost || now - collector.heard < options_.collector_silence) continue;
        lose(name, collector,
             fmt::format("silent for {} s", options_.collector_silence.count() / 1000));
    }
    if (silence < options_.heartbeat / 2 || asked_ || !channel_->takes_messages()) return;
    asked_ = true;
    if (auto sent = channel_->send(R"({"type":"ping","data":null})"); !sent)
        break_off(sent.error().message);
}

void RisLiveReader::lose(const std::string& name, Collector& collector, const std::string& reason) {
    collector.lost = true;
    listener_.lose(name, reason);
    const std::lock_guard lock(mutex_);
    ++status_.losses;
    --status_.collectors;
}

void RisLiveReader::lose_all(const std::string& reason) {
    for (auto& [name, collector] : collectors_) {
        if (!collector.lost) lose(name, collector, reason);
    }
}

void RisLiveReader::break_off(const std::string& reason) {
    lose_all(reason);
    collectors_.clear();
    channel_.reset();
    tired_ = true;
    note_trouble(reason);
    const std::lock_guard lock(mutex_);
    status_.health.connected = false;
}

void RisLiveReader::note_trouble(const std::string& what) {
    const std::lock_guard lock(mutex_);
    status_.last_trouble = what;
}

Result<std::unique_ptr<RisLiveSource>> RisLiveSource::start(Listener& listener,
                                                            const RisLiveOptions& options) {
    auto address = parse_web_address(options.url);
    if (!address) return std::unexpected(std::move(address.error()));
    if (options.subscriptions.empty())
        return fail("RIS Live: no subscription, so nothing would be told.");
    if (!address->is_socket && options.subscriptions.size() != 1)
        return fail(options.url + ": an HTTP stream takes one subscription; use wss.");
    if (!address->target.contains('?') && !options.client.empty())
        address->target += "?client=" + options.client;
    ChannelOptions channel{.connect_timeout = options.connect_timeout,
                           .compression = options.compression,
                           .authorities = options.authorities,
                           .user_agent = options.client.empty() ? "dimout" : options.client,
                           .headers = {}};
    if (!address->is_socket) {
        channel.headers.emplace_back(
            "X-RIS-Subscribe",
            subscription_json(options.subscriptions.front(), options.include_raw));
    }
    const auto open = [where = std::move(*address), channel](const std::stop_token& stop) {
        return open_channel(where, channel, stop);
    };
    return std::make_unique<RisLiveSource>(listener, options, open);
}

RisLiveSource::RisLiveSource(Listener& listener, const RisLiveOptions& options,
                             RisLiveReader::Open open)
    : reader_(listener, options, std::move(open), *clock_),
      thread_([this](const std::stop_token& stop) {
          while (!stop.stop_requested()) reader_.step(stop);
          reader_.stop();
      }) {}

}  // namespace dimout::source
