// The daemon's listening half: sources into a journal that is kept a few times a second.
//
// It knows nothing of tables and outages. Whoever follows the journal does (journal_run.h).
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "app/wall_clock.h"
#include "source/bmp_server.h"
#include "source/journal_writer.h"

namespace dimout::app {

struct ListenOptions {
    std::string journal;           ///< A folder.
    std::vector<std::string> bmp;  ///< Addresses to listen on for routers.
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
    Listening(std::unique_ptr<source::JournalWriter> journal, const WallClock& clock);
    void keep_journal();

    const WallClock& clock_;
    std::unique_ptr<source::JournalWriter> journal_;
    std::vector<std::pair<std::string, std::unique_ptr<source::BmpServer>>> bmp_;
    std::atomic<bool> stop_ = false;
    std::thread keeper_;
};

}  // namespace dimout::app
