// What is to be told and was not sent yet, kept on disk: what was decided here is sent, whatever
// happens to the machine.
//
// A revision that is safe in the store is heard here, decided upon at the commit of its bin, and
// kept before anything is sent. After a crash the journal is read again and all revisions are heard
// again; what the outbox knows of them it does not tell twice. A message is marked as sent after
// it was: a crash in between repeats that one message, with the same id.
//
// One file, `outbox.json`, is replaced as a whole (base/files.h, `publish`). It holds what waits,
// what was given up, the last kRecent messages, and what was told of outages that are open or ended
// within kMemory.
//
// Thread safety: all calls may come from any thread.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/files.h"
#include "notify/ledger.h"
#include "notify/quiet.h"

namespace dimout::notify {

inline constexpr std::size_t kRecent = 100;
inline constexpr std::chrono::days kMemory{30};
/// So many that wait at once become one, for people: half an hour without a network should not
/// ring thirty times afterwards.
inline constexpr std::size_t kDigestFrom = 3;
inline constexpr std::size_t kDigestMost = 20;
/// A channel that fails is tried again after 5 s, 10 s, … 15 min, and given up after a day.
inline constexpr std::chrono::seconds kFirstPause{5};
inline constexpr std::chrono::seconds kLongestPause{900};
inline constexpr std::chrono::hours kGiveUpAfter{24};

/// As far as the outbox must know it.
struct ChannelTraits {
    std::string name;
    bool for_people = true;  ///< Quiet hours hold, and many become one.
};

/// How one try ended.
struct Outcome {
    enum class Kind : std::uint8_t { Sent, Retry, Refused };
    Kind kind = Kind::Sent;
    std::string trouble{};              ///< In words, without secrets.
    std::chrono::seconds not_before{};  ///< The receiver asked for so much patience.
};

class Outbox {
public:
    struct Options {
        std::vector<ChannelTraits> channels;
        std::vector<Silence> silences{};
        std::optional<QuietHours> quiet{};
    };
    /// Opens the folder, or makes it: then it begins at `now`, and what was over before is never
    /// told. Fails when somebody else holds it, or it is damaged. `disk` and `naming` outlive it.
    [[nodiscard]] static Result<std::unique_ptr<Outbox>> open(Disk& disk, const std::string& folder,
                                                              const present::Naming& naming,
                                                              Options options, EventTime now);

    /// A revision that is safe in the store.
    void hear(const Outage& outage);
    /// All that was known at `known_at` was heard: decides, and keeps what is to be told.
    [[nodiscard]] Result<void> advance(EventTime known_at, EventTime wall);
    /// Tells something else than an outage.
    [[nodiscard]] Result<void> post(Message message, EventTime wall);
    /// The newest message of an open thread whose id begins so.
    [[nodiscard]] std::optional<Message> open_thread(std::string_view prefix) const;

    /// What the channel is to send now. The same again until `settle` says how it went.
    [[nodiscard]] std::optional<Message> next(const std::string& channel, EventTime wall);
    [[nodiscard]] Result<void> settle(const std::string& channel, const std::string& id,
                                      const Outcome& outcome, EventTime wall);
    /// The newest message of each open thread that is not back, when the channel has sent it.
    [[nodiscard]] std::vector<Message> open_messages(const std::string& channel) const;
    /// The newest kRecent, the newest last.
    [[nodiscard]] std::vector<Message> recent() const;

    /// Gives up what waits for channels that are not there any more.
    void drop_unknown_channels();
    [[nodiscard]] Ledger ledger() const;
    /// What was given up waits again. How many those were.
    [[nodiscard]] Result<std::size_t> retry_dead(EventTime wall);

private:
    Outbox(Disk& disk, std::string folder, const present::Naming& naming, Options options)
        : disk_(disk), folder_(std::move(folder)), naming_(naming), options_(std::move(options)) {}

    [[nodiscard]] bool silenced(const Outage& outage, EventTime now) const;
    void consider(const Outage& outage, EventTime known_at, EventTime wall);
    void pass_over(const Outage& outage, EventTime known_at);
    void queue(Message message, EventTime wall);
    [[nodiscard]] const ChannelTraits* traits(const std::string& channel) const;
    [[nodiscard]] std::vector<Entry*> due(const ChannelTraits& channel, EventTime wall);
    Message join(const std::vector<Entry*>& parts, const std::string& channel, EventTime wall);
    void forget(EventTime known_at);
    void forget_entries(EventTime known_at);
    [[nodiscard]] Result<void> keep();

    Disk& disk_;
    const std::string folder_;
    const present::Naming& naming_;
    const Options options_;
    std::unique_ptr<FileLock> lock_;

    mutable std::mutex mutex_;
    Ledger ledger_;
    std::map<std::string, Outage> heard_;  ///< The newest of each outage that may be told yet.
    bool changed_ = false;                 ///< Since it was kept.
};

/// What an outbox holds, whoever writes it.
[[nodiscard]] Result<Ledger> read_outbox(const std::string& folder);

}  // namespace dimout::notify
