// The daemon's listening half: sources into a journal that is kept a few times a second.
//
// It knows nothing of tables and outages. Whoever follows the journal does (journal_run.h).
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "app/wall_clock.h"
#include "app/watch_status.h"
#include "source/archive.h"
#include "source/journal_writer.h"

namespace dimout::app {

/// What is heard; it may change while the daemon runs.
struct Sources {
    std::vector<std::string> bmp;  ///< Addresses to listen on for routers.
    /// RIS Live: its collectors to hear (`rrc00`), or `all`; empty: none.
    std::vector<std::string> ris_live;
    std::string ris_live_url;  ///< Another server of its kind; empty: RIPE's.

    bool operator==(const Sources&) const = default;
};

struct ListenOptions {
    std::string journal;  ///< A folder.
    Sources sources;
    std::vector<std::string> archive;  ///< What begins the tables when the journal is new.
};

class Listening {
public:
    /// Opens the journal, keeps a first batch, and begins to listen. `clock` outlives it.
    [[nodiscard]] static Result<std::unique_ptr<Listening>> start(const ListenOptions& options,
                                                                  const WallClock& clock);
    /// Stops listening, and keeps what was heard to the end.
    ~Listening();

    [[nodiscard]] const source::JournalWriter& journal() const { return *journal_; }
    /// Ends the sources that are no longer wanted, begins those that are new, and leaves the others
    /// alone. Fails with what could not begin; the rest is done. For one thread at a time.
    [[nodiscard]] Result<void> listen_to(const Sources& wanted);
    /// By source: "BMP on 127.0.0.1:11019". Any thread.
    [[nodiscard]] std::vector<std::pair<std::string, source::SourceHealth>> health() const;
    /// Any thread.
    [[nodiscard]] JournalHealth journal_health() const;
    /// Whether any router is connected: one that has nothing to say is alive too. Any
    /// thread.
    [[nodiscard]] bool hears_routers() const;

private:
    /// A source in a thread of its own, which ends with it.
    struct Source {
        std::string name;
        Sources what;  ///< The part that it hears.
        std::function<source::SourceHealth()> health;
        std::shared_ptr<void> running;
    };

    Listening(std::unique_ptr<source::JournalWriter> journal, const WallClock& clock);
    [[nodiscard]] Result<Source> listen_to_routers(const std::string& address);
    [[nodiscard]] Result<Source> listen_to_ris(const Sources& wanted);
    void add_archive(source::Archive archive);
    void keep_journal();

    const WallClock& clock_;
    std::unique_ptr<source::JournalWriter> journal_;
    mutable std::mutex sources_mutex_;
    std::vector<Source> sources_;              ///< Changed by `listen_to` alone, under the mutex.
    std::atomic<std::uint64_t> failures_ = 0;  ///< Of the keeper.
    std::atomic<bool> failing_ = false;
    std::atomic<std::chrono::steady_clock::time_point> turned_;  ///< When it last tried.
    std::atomic<bool> stop_ = false;                             ///< Nothing more is to be heard.
    std::atomic<bool> ended_ = false;                            ///< Nothing more will be.
    std::thread keeper_;
    std::thread seeder_;
};

}  // namespace dimout::app
