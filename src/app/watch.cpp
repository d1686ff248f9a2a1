#include "app/watch.h"

#include <algorithm>
#include <chrono>

#include "app/journal_run.h"
#include "app/output.h"
#include "source/bmp_server.h"
#include "source/journal_seed.h"
#include "source/ris_live_source.h"

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
    if (!options.archive.empty() && source::has_unfinished_seed(options.journal)) {
        complain(
            "the last run ended while it read its archives; they are read again from the "
            "beginning, and what it had heard is set aside in " +
            options.journal + ".");
        if (auto done = source::set_journal_aside(options.journal); !done)
            return std::unexpected(done.error());
    }
    const bool fresh = !first_heard(options.journal);
    const bool seeds = fresh && !options.archive.empty();
    auto archive = seeds ? source::Archive::open(options.archive, {}) : source::Archive::none();
    if (!archive) return std::unexpected(archive.error());
    auto journal = source::JournalWriter::open(options.journal);
    if (!journal) return std::unexpected(journal.error());
    if (seeds) (*journal)->begin_seed();
    if (auto kept = (*journal)->flush(clock.now()); !kept) return std::unexpected(kept.error());
    std::unique_ptr<Listening> listening(new Listening(std::move(*journal), clock));
    for (const std::string& address : options.bmp) {
        if (auto heard = listening->listen_to_routers(address); !heard)
            return std::unexpected(heard.error());
    }
    if (!options.ris_live.empty()) {
        if (auto heard = listening->listen_to_ris(options); !heard)
            return std::unexpected(heard.error());
    }
    listening->keeper_ = std::thread([self = listening.get()] { self->keep_journal(); });
    if (seeds) listening->add_archive(std::move(*archive));
    return listening;
}

Result<void> Listening::listen_to_routers(const std::string& address) {
    auto server = source::BmpServer::start(*journal_, {.listen = address},
                                           [this] { return clock_.second(); });
    if (!server) return std::unexpected(server.error());
    const std::shared_ptr<source::BmpServer> running = std::move(*server);
    sources_.push_back({"BMP on " + address, [running] { return running->health(); }, running});
    return {};
}

Result<void> Listening::listen_to_ris(const ListenOptions& options) {
    source::RisLiveOptions wanted;
    wanted.retry_seed = static_cast<std::uint64_t>(clock_.now());
    if (!options.ris_live_url.empty()) wanted.url = options.ris_live_url;
    if (std::ranges::find(options.ris_live, "all") == options.ris_live.end()) {
        wanted.subscriptions.clear();
        for (const std::string& host : options.ris_live)
            wanted.subscriptions.push_back({.host = host});
    }
    auto source = source::RisLiveSource::start(*journal_, wanted);
    if (!source) return std::unexpected(source.error());
    const std::shared_ptr<source::RisLiveSource> running = std::move(*source);
    sources_.push_back({"RIS Live", [running] { return running->health(); }, running});
    return {};
}

/// What comes live meanwhile waits in the journal behind it.
void Listening::add_archive(source::Archive archive) {
    seeder_ = std::thread([this, archive = std::move(archive)]() mutable {
        Frame frame;
        while (!stop_ && archive.next(frame)) {
            const std::string& collector = archive.collectors()[index(frame.collector)];
            const std::string& file =
                archive.files()[static_cast<std::size_t>(frame.position.file)].path;
            if (frame.kind == Frame::Kind::Record)
                journal_->add_archived(collector, file, frame.bytes);
            else
                journal_->end_archive_file(collector, file, frame.complete);
        }
        if (!stop_) journal_->end_seed();
    });
}

Listening::~Listening() {
    stop_ = true;
    sources_.clear();
    if (seeder_.joinable()) seeder_.join();
    ended_ = true;
    if (keeper_.joinable()) keeper_.join();
}

/// A disk that refuses is told of once, and again when it takes what waited.
void Listening::keep_journal() {
    bool refused = false;
    bool last = false;
    while (!last) {
        last = ended_;
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
    for (const Source& source : sources_) all.emplace_back(source.name, source.health());
    return all;
}

}  // namespace dimout::app
