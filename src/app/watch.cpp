#include "app/watch.h"

#include <chrono>

#include "app/output.h"

namespace dimout::app {
namespace {

/// How often a batch is kept: what is heard waits no longer than that for the disk.
constexpr std::chrono::milliseconds kKeepEvery{200};
/// While the disk refuses.
constexpr std::chrono::milliseconds kTryAgain{1000};

}  // namespace

Listening::Listening(std::unique_ptr<source::JournalWriter> journal, const WallClock& clock)
    : clock_(clock), journal_(std::move(journal)) {}

Result<std::unique_ptr<Listening>> Listening::start(const ListenOptions& options,
                                                    const WallClock& clock) {
    auto journal = source::JournalWriter::open(options.journal);
    if (!journal) return std::unexpected(journal.error());
    if (auto kept = (*journal)->flush(clock.now()); !kept) return std::unexpected(kept.error());
    std::unique_ptr<Listening> listening(new Listening(std::move(*journal), clock));
    for (const std::string& address : options.bmp) {
        auto server = source::BmpServer::start(*listening->journal_, {.listen = address},
                                               [&clock] { return clock.second(); });
        if (!server) return std::unexpected(server.error());
        listening->bmp_.emplace_back("BMP on " + address, std::move(*server));
    }
    listening->keeper_ = std::thread([self = listening.get()] { self->keep_journal(); });
    return listening;
}

Listening::~Listening() {
    bmp_.clear();
    stop_ = true;
    if (keeper_.joinable()) keeper_.join();
}

/// A disk that refuses is told of once, and again when it takes what waited.
void Listening::keep_journal() {
    bool refused = false;
    bool last = false;
    while (!last) {
        last = stop_;
        const auto kept = journal_->flush(clock_.now());
        if (!kept && !refused)
            complain(kept.error().message + " What is heard waits in memory until it can be kept.");
        if (kept && refused) complain("The journal can be written again; nothing was lost.");
        refused = !kept;
        if (!last) std::this_thread::sleep_for(refused ? kTryAgain : kKeepEvery);
    }
    journal_->close();
}

std::vector<std::pair<std::string, source::SourceHealth>> Listening::health() const {
    std::vector<std::pair<std::string, source::SourceHealth>> all;
    for (const auto& [name, server] : bmp_) all.emplace_back(name, server->health());
    return all;
}

}  // namespace dimout::app
