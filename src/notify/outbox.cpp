#include "notify/outbox.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/json_value.h"

namespace dimout::notify {
namespace {

constexpr std::string_view kFile = "/outbox.json";

/// Twice as long each time.
std::chrono::seconds pause_after(std::int64_t tries) {
    const auto doublings = std::clamp<std::int64_t>(tries - 1, 0, 20);
    return std::min(kLongestPause, kFirstPause * (std::int64_t{1} << doublings));
}

Delivery* delivery_of(Entry& entry, const std::string& channel) {
    const auto found = std::ranges::find(entry.deliveries, channel, &Delivery::channel);
    return found == entry.deliveries.end() ? nullptr : &*found;
}

/// A name that somebody's router sent may not be UTF-8, which JSON must be.
Message cleaned(Message message) {
    for (std::string* text : {&message.subject, &message.body, &message.name, &message.outage})
        *text = clean(std::move(*text));
    return message;
}

}  // namespace

Result<Ledger> read_outbox(const std::string& folder) {
    const std::string path = folder + std::string(kFile);
    const auto text = read_file(path);
    if (!text) return std::unexpected(text.error());
    auto ledger = read_ledger(*text);
    if (!ledger) {
        return fail(path +
                    ": this is no outbox. Move it away, and a new one begins; what waited in it "
                    "is lost.");
    }
    return std::move(*ledger);
}

Result<std::unique_ptr<Outbox>> Outbox::open(Disk& disk, const std::string& folder,
                                             const present::Naming& naming, Options options,
                                             EventTime now) {
    if (auto made = disk.make_folder(folder); !made) return std::unexpected(made.error());
    std::unique_ptr<Outbox> outbox(new Outbox(disk, folder, naming, std::move(options)));
    auto lock = FileLock::try_lock(folder + "/lock");
    if (!lock) return std::unexpected(lock.error());
    if (*lock == nullptr) return fail(folder + ": another dimout tells what is in this outbox.");
    outbox->lock_ = std::move(*lock);
    if (file_exists(folder + std::string(kFile))) {
        auto ledger = read_outbox(folder);
        if (!ledger) return std::unexpected(ledger.error());
        outbox->ledger_ = std::move(*ledger);
        return outbox;
    }
    outbox->ledger_.begins = now;
    outbox->changed_ = true;
    if (auto kept = outbox->keep(); !kept) return std::unexpected(kept.error());
    return outbox;
}

void Outbox::hear(const Outage& outage) {
    const std::lock_guard lock(mutex_);
    heard_.insert_or_assign(outage.id, outage);
}

Result<void> Outbox::advance(EventTime known_at, EventTime wall) {
    const std::lock_guard lock(mutex_);
    if (known_at < ledger_.begins) return {};
    for (const auto& [id, outage] : heard_) consider(outage, known_at, wall);
    std::erase_if(heard_, [](const auto& heard) { return is_over(heard.second); });
    forget(known_at);
    return keep();
}

bool Outbox::silenced(const Outage& outage, EventTime now) const {
    const std::string entity = to_string(outage.entity);
    return std::ranges::any_of(options_.silences,
                               [&](const Silence& silence) { return silence.holds(entity, now); });
}

void Outbox::consider(const Outage& outage, EventTime known_at, EventTime wall) {
    const Story* story = ledger_.story(outage.id);
    const bool untold = story == nullptr || !story->open;
    if (untold && is_over(outage) && outage.known_at < ledger_.begins) return;
    if (untold && silenced(outage, known_at)) {
        if (is_over(outage)) pass_over(outage, known_at);
        return;
    }
    const auto kind = decide(outage, story, known_at);
    if (!kind) return;
    Message message = cleaned(outage_message(*kind, outage, naming_));
    ledger_.tell(told(outage, message, story, known_at));
    queue(std::move(message), wall);
}

/// It began and ended in silence, and is not told when the silence is taken out of a configuration.
void Outbox::pass_over(const Outage& outage, EventTime known_at) {
    const Story* story = ledger_.story(outage.id);
    if (story != nullptr && story->revision >= outage.revision) return;
    Message nothing;
    nothing.at = outage.known_at;
    nothing.start = outage.start.best;
    ledger_.tell(told(outage, std::move(nothing), story, known_at));
    changed_ = true;
}

void Outbox::queue(Message message, EventTime wall) {
    Entry entry{.message = std::move(message), .since = wall, .deliveries = {}};
    for (const ChannelTraits& channel : options_.channels)
        entry.deliveries.push_back({.channel = channel.name, .next = wall, .trouble = {}});
    ledger_.entries.push_back(std::move(entry));
    changed_ = true;
}

Result<void> Outbox::post(Message message, EventTime wall) {
    const std::lock_guard lock(mutex_);
    message = cleaned(std::move(message));
    if (message.kind == Kind::Open || message.kind == Kind::Close) {
        ledger_.tell({.thread = message.thread,
                      .open = message.kind == Kind::Open,
                      .told = {},
                      .told_at = message.at,
                      .last = message});
    }
    queue(std::move(message), wall);
    return keep();
}

std::optional<Message> Outbox::open_thread(std::string_view prefix) const {
    const std::lock_guard lock(mutex_);
    const auto found = std::ranges::find_if(ledger_.stories, [&](const Story& story) {
        return story.open && story.thread.starts_with(prefix);
    });
    return found == ledger_.stories.end() ? std::nullopt : std::optional(found->last);
}

const ChannelTraits* Outbox::traits(const std::string& channel) const {
    const auto found = std::ranges::find(options_.channels, channel, &ChannelTraits::name);
    return found == options_.channels.end() ? nullptr : &*found;
}

/// What may go now, in order. While the channel rests after a failure nothing does, so that an end
/// never overtakes its beginning.
std::vector<Entry*> Outbox::due(const ChannelTraits& channel, EventTime wall) {
    const bool hushed = channel.for_people && options_.quiet && options_.quiet->holds(wall);
    std::vector<Entry*> due;
    for (Entry& entry : ledger_.entries) {
        const Delivery* delivery = delivery_of(entry, channel.name);
        if (delivery == nullptr || delivery->progress != Progress::Waiting) continue;
        if (hushed && entry.message.level != Level::Critical) continue;
        if (delivery->next > wall) return {};
        due.push_back(&entry);
    }
    return due;
}

std::optional<Message> Outbox::next(const std::string& channel, EventTime wall) {
    const std::lock_guard lock(mutex_);
    const ChannelTraits* known = traits(channel);
    if (known == nullptr) return std::nullopt;
    std::vector<Entry*> waiting = due(*known, wall);
    if (waiting.empty()) return std::nullopt;
    std::vector<Entry*> parts = waiting;
    std::erase_if(parts, [](const Entry* entry) {
        return entry->message.level == Level::Critical || entry->message.kind == Kind::Digest;
    });
    const bool joins =
        known->for_people && parts.size() >= kDigestFrom && parts.size() == waiting.size();
    if (!joins) return waiting.front()->message;
    if (parts.size() > kDigestMost) parts.resize(kDigestMost);
    return join(parts, channel, wall);
}

/// The digest is kept before it is sent, so that it is the same one after a crash.
Message Outbox::join(const std::vector<Entry*>& parts, const std::string& channel, EventTime wall) {
    std::vector<Message> messages;
    for (Entry* part : parts) {
        messages.push_back(part->message);
        delivery_of(*part, channel)->progress = Progress::Joined;
    }
    const Message digest = digest_message(messages, wall);
    Entry entry{.message = digest, .since = wall, .deliveries = {}};
    entry.deliveries.push_back({.channel = channel, .next = wall, .trouble = {}});
    const auto place = std::ranges::find(ledger_.entries, parts.front()->message.id,
                                         [](const Entry& one) { return one.message.id; });
    ledger_.entries.insert(place, std::move(entry));
    changed_ = true;
    static_cast<void>(keep());  // A disk that fails is told of by the next who keeps.
    return digest;
}

Result<void> Outbox::settle(const std::string& channel, const std::string& id,
                            const Outcome& outcome, EventTime wall) {
    const std::lock_guard lock(mutex_);
    for (Entry& entry : ledger_.entries) {
        Delivery* delivery = entry.message.id == id ? delivery_of(entry, channel) : nullptr;
        if (delivery == nullptr || delivery->progress != Progress::Waiting) continue;
        ++delivery->tries;
        delivery->trouble = clean(outcome.trouble);
        delivery->next = wall + std::max(outcome.not_before, pause_after(delivery->tries));
        const bool too_old = wall - entry.since >= kGiveUpAfter;
        if (outcome.kind == Outcome::Kind::Sent) delivery->progress = Progress::Sent;
        if (outcome.kind == Outcome::Kind::Refused ||
            (outcome.kind == Outcome::Kind::Retry && too_old))
            delivery->progress = Progress::Dead;
        changed_ = true;
    }
    return keep();
}

std::vector<Message> Outbox::open_messages(const std::string& channel) const {
    const std::lock_guard lock(mutex_);
    std::vector<Message> open;
    for (const Story& story : ledger_.stories) {
        const auto entry = std::ranges::find(ledger_.entries, story.last.id,
                                             [](const Entry& one) { return one.message.id; });
        const bool waits =
            entry != ledger_.entries.end() &&
            std::ranges::any_of(entry->deliveries, [&](const Delivery& delivery) {
                return delivery.channel == channel && delivery.progress == Progress::Waiting;
            });
        if (story.open && !story.last.end && !waits) open.push_back(story.last);
    }
    return open;
}

std::vector<Message> Outbox::recent() const {
    const std::lock_guard lock(mutex_);
    std::vector<Message> recent;
    for (const Entry& entry : ledger_.entries) {
        if (entry.message.kind != Kind::Digest) recent.push_back(entry.message);
    }
    if (recent.size() > kRecent)
        recent.erase(recent.begin(), recent.end() - static_cast<std::ptrdiff_t>(kRecent));
    return recent;
}

void Outbox::drop_unknown_channels() {
    const std::lock_guard lock(mutex_);
    for (Entry& entry : ledger_.entries) {
        for (Delivery& delivery : entry.deliveries) {
            if (delivery.progress != Progress::Waiting || traits(delivery.channel) != nullptr)
                continue;
            delivery.progress = Progress::Dead;
            delivery.trouble = "nobody names this channel any more";
            changed_ = true;
        }
    }
}

Ledger Outbox::ledger() const {
    const std::lock_guard lock(mutex_);
    return ledger_;
}

Result<std::size_t> Outbox::retry_dead(EventTime wall) {
    const std::lock_guard lock(mutex_);
    std::size_t count = 0;
    for (Entry& entry : ledger_.entries) {
        for (Delivery& delivery : entry.deliveries) {
            if (delivery.progress != Progress::Dead) continue;
            delivery.progress = Progress::Waiting;
            delivery.next = wall;
            entry.since = wall;
            ++count;
        }
    }
    changed_ = changed_ || count > 0;
    if (auto kept = keep(); !kept) return std::unexpected(kept.error());
    return count;
}

/// What ended long ago cannot be told again once it lies before the outbox's beginning.
void Outbox::forget(EventTime known_at) {
    const EventTime horizon = known_at - kMemory;
    if (horizon > ledger_.begins) {
        const auto forgotten = std::erase_if(ledger_.stories, [&](const Story& story) {
            return !story.open && story.last.at < horizon;
        });
        if (forgotten > 0) {
            ledger_.begins = horizon;
            changed_ = true;
        }
    }
    forget_entries(known_at);
}

/// The newest stay, and what waits; what was given up stays for a while.
void Outbox::forget_entries(EventTime known_at) {
    std::size_t surplus = ledger_.entries.size() > kRecent ? ledger_.entries.size() - kRecent : 0;
    std::erase_if(ledger_.entries, [&](const Entry& entry) {
        const bool given_up = std::ranges::find(entry.deliveries, Progress::Dead,
                                                &Delivery::progress) != entry.deliveries.end();
        const bool kept = entry.waits() || (given_up && entry.message.at > known_at - kMemory);
        if (surplus == 0 || kept) return false;
        --surplus;
        return true;
    });
}

Result<void> Outbox::keep() {
    if (!changed_) return {};
    auto kept = publish(disk_, folder_ + std::string(kFile), ledger_text(ledger_));
    if (kept) changed_ = false;
    return kept;
}

}  // namespace dimout::notify
