// The daemon's listening half: sources into a journal that is kept a few times a second.
//
// It knows nothing of tables and outages. Whoever follows the journal does (journal_run.h).
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "app/wall_clock.h"
#include "source/archive.h"
#include "source/journal_writer.h"

namespace dimout::app {

struct ListenOptions {
    std::string journal;           ///< A folder.
    std::vector<std::string> bmp;  ///< Addresses to listen on for routers.
    /// RIS Live: its collectors to hear (`rrc00`), or `all`; empty: none.
    std::vector<std::string> ris_live;
    std::string ris_live_url;          ///< Another server of its kind; empty: RIPE's.
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
    /// By source: "BMP on 127.0.0.1:11019".
    [[nodiscard]] std::vector<std::pair<std::string, source::SourceHealth>> health() const;

private:
    /// A source in a thread of its own, which ends with it.
    struct Source {
        std::string name;
        std::function<source::SourceHealth()> health;
        std::shared_ptr<void> running;
    };

    Listening(std::unique_ptr<source::JournalWriter> journal, const WallClock& clock);
    [[nodiscard]] Result<void> listen_to_routers(const std::string& address);
    [[nodiscard]] Result<void> listen_to_ris(const ListenOptions& options);
    void add_archive(source::Archive archive);
    void keep_journal();

    const WallClock& clock_;
    std::unique_ptr<source::JournalWriter> journal_;
    std::vector<Source> sources_;
    std::atomic<bool> stop_ = false;   ///< Nothing more is to be heard.
    std::atomic<bool> ended_ = false;  ///< Nothing more will be.
    std::thread keeper_;
    std::thread seeder_;
};

}  // namespace dimout::app
