#include "app/notifier.h"

#include <fmt/format.h>

#include <chrono>

#include "app/output.h"
#include "notify/courier.h"

namespace dimout::app {
namespace {

/// How often to look for what is to be sent.
constexpr std::chrono::milliseconds kLookEvery{200};
constexpr std::chrono::seconds kBeatEvery{60};
/// Bins are sealed every five minutes. When none was for so long, the daemon lives and does not
/// work.
constexpr std::chrono::minutes kStalledAfter{20};

/// When people are told less, and where what waits is kept.
Result<std::unique_ptr<notify::Outbox>> open_outbox(const WatchOptions& options,
                                                    const std::string& folder,
                                                    const std::vector<OpenChannel>& channels,
                                                    const present::Naming& naming, EventTime now) {
    notify::Outbox::Options wanted;
    for (const OpenChannel& open : channels) {
        wanted.channels.push_back(
            {.name = open.channel->name(), .for_people = open.channel->for_people()});
    }
    if (!options.quiet_hours.empty()) {
        auto quiet = notify::parse_quiet_hours(options.quiet_hours, options.quiet_zone);
        if (!quiet) return std::unexpected(quiet.error());
        wanted.quiet = std::move(*quiet);
    }
    for (const std::string& text : options.silences) {
        auto silence = notify::parse_silence(text);
        if (!silence) return std::unexpected(silence.error());
        wanted.silences.push_back(std::move(*silence));
    }
    return notify::Outbox::open(real_disk(), folder, naming, std::move(wanted), now);
}

}  // namespace

Result<std::unique_ptr<Notifier>> Notifier::start(const WatchOptions& options,
                                                  const present::Naming& naming,
                                                  const WallClock& clock) {
    if (options.notify.empty() && options.heartbeat.empty()) return nullptr;
    std::unique_ptr<Notifier> notifier(
        new Notifier(options.outbox.empty() ? options.run.store + ".outbox" : options.outbox,
                     options.heartbeat, clock));
    auto channels =
        open_channels(options.notify, [stop = &notifier->stop_] { return stop->load(); });
    if (!channels) return std::unexpected(channels.error());
    notifier->channels_ = std::move(*channels);
    auto outbox =
        open_outbox(options, notifier->folder_, notifier->channels_, naming, clock.second());
    if (!outbox) return std::unexpected(outbox.error());
    notifier->outbox_ = std::move(*outbox);
    notifier->outbox_->drop_unknown_channels();
    for (const OpenChannel& open : notifier->channels_) notifier->counts_[open.channel->name()];
    for (OpenChannel& open : notifier->channels_) {
        notifier->threads_.emplace_back(
            [self = notifier.get(), &open] { self->carry(*open.channel); });
    }
    return notifier;
}

Notifier::~Notifier() {
    stop_ = true;
    threads_.clear();
}

void Notifier::watch(std::function<SignsOfLife()> signs) {
    signs_ = std::move(signs);
    threads_.emplace_back([this] { look(); });
}

void Notifier::advance(EventTime known_at) {
    const EventTime now = clock_.second();
    sealed_ = unix_seconds(now);
    note(outbox_->advance(known_at, now));
}

std::vector<ChannelHealth> Notifier::health() const {
    const notify::Ledger ledger = outbox_->ledger();
    std::vector<ChannelHealth> all;
    all.reserve(counts_.size());
    for (const auto& [name, counts] : counts_) {
        ChannelHealth health{.name = name,
                             .sent = counts.sent,
                             .failures = counts.failures,
                             .waiting = 0,
                             .given_up = 0};
        for (const notify::Entry& entry : ledger.entries) {
            for (const notify::Delivery& delivery : entry.deliveries) {
                if (delivery.channel != name) continue;
                health.waiting += delivery.progress == notify::Progress::Waiting ? 1 : 0;
                health.given_up += delivery.progress == notify::Progress::Dead ? 1 : 0;
            }
        }
        all.push_back(std::move(health));
    }
    return all;
}

void Notifier::carry(notify::Channel& channel) {
    notify::Courier courier(*outbox_, channel);
    Counts& counts = counts_.find(channel.name())->second;
    while (!stop_) {
        const auto step = courier.step(clock_.second());
        if (stop_) break;
        counts.failures += step.failed ? 1 : 0;
        counts.sent += step.tried && !step.failed ? 1 : 0;
        if (!step.trouble.empty()) {
            complain(fmt::format("{} It is tried again; what waits for {} is in {}.", step.trouble,
                                 channel.name(), folder_));
        }
        if (step.well_again) complain(fmt::format("{} takes messages again.", channel.place()));
        note(step.kept);
        if (!step.tried) std::this_thread::sleep_for(kLookEvery);
    }
}

void Notifier::look() {
    const auto http = make_http_client({.user_agent = "dimout/" DIMOUT_VERSION,
                                        .within = std::chrono::seconds(20),
                                        .redirects = 0,
                                        .stop = [this] { return stop_.load(); }});
    notify::BlindWatch watch(clock_.second(), outbox_->open_thread(notify::kBlindThread));
    std::uint64_t heard = 0;
    while (!stop_) {
        const EventTime now = clock_.second();
        const SignsOfLife signs = signs_();
        const bool alive = signs.routers || signs.messages != std::exchange(heard, signs.messages);
        if (auto news = watch.look(now, alive)) {
            complain(news->subject + '.');
            note(outbox_->post(std::move(*news), now));
        }
        const bool works = now - event_time(sealed_) < kStalledAfter;
        beat(*http, now, works && !watch.is_blind());
        std::this_thread::sleep_for(kLookEvery);
    }
}

void Notifier::beat(HttpClient& http, EventTime now, bool well) {
    if (heartbeat_.empty() || !well || now - beaten_ < kBeatEvery) return;
    beaten_ = now;
    const auto reply = http.send({.url = heartbeat_, .name = "the heartbeat's receiver"},
                                 [](const HttpReply&, Bytes) { return true; });
    const bool fine = reply && reply->succeeded();
    if (!fine && !heartless_ && !stop_) {
        complain(reply ? fmt::format("the heartbeat's receiver answers {}.", reply->status)
                       : reply.error().message);
    }
    heartless_ = !fine;
}

void Notifier::note(const Result<void>& kept) {
    if (!kept && !refused_.exchange(true))
        complain(kept.error().message + " What is told meanwhile may be told again after a crash.");
    if (kept) refused_ = false;
}

}  // namespace dimout::app
