#include "app/watch.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>

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

/// Takes `part` out of `whole`, if all of it is in there.
bool take_from(Sources& whole, const Sources& part) {
    if (!part.ris_live.empty() && part.ris_live_url != whole.ris_live_url) return false;
    const auto holds = [](const std::vector<std::string>& all,
                          const std::vector<std::string>& some) {
        return std::ranges::all_of(
            some, [&](const std::string& one) { return std::ranges::find(all, one) != all.end(); });
    };
    if (!holds(whole.bmp, part.bmp) || !holds(whole.ris_live, part.ris_live)) return false;
    for (const std::string& one : part.bmp) std::erase(whole.bmp, one);
    for (const std::string& one : part.ris_live) std::erase(whole.ris_live, one);
    return true;
}

}  // namespace

Listening::Listening(std::unique_ptr<source::JournalWriter> journal, const WallClock& clock)
    : clock_(clock), journal_(std::move(journal)), turned_(std::chrono::steady_clock::now()) {}

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
    if (auto heard = listening->listen_to(options.sources); !heard)
        return std::unexpected(heard.error());
    listening->keeper_ = std::thread([self = listening.get()] { self->keep_journal(); });
    if (seeds) listening->add_archive(std::move(*archive));
    return listening;
}

/// RIS Live tells no tables, so a connection is only cut when it tells what nobody wants any more;
/// what is new gets one of its own.
Result<void> Listening::listen_to(const Sources& wanted) {
    Sources missing = wanted;
    std::vector<Source> ended;
    {
        const std::lock_guard lock(sources_mutex_);
        const auto unwanted = std::ranges::partition(
            sources_, [&](const Source& source) { return take_from(missing, source.what); });
        std::ranges::move(unwanted, std::back_inserter(ended));
        sources_.erase(unwanted.begin(), unwanted.end());
    }
    // To end takes as long as its thread does: nobody waits for it under the mutex.
    ended.clear();
    std::string troubles;
    const auto begin = [&](Result<Source> source) {
        if (!source) {
            troubles += (troubles.empty() ? "" : "\n") + source.error().message;
            return;
        }
        const std::lock_guard lock(sources_mutex_);
        sources_.push_back(std::move(*source));
    };
    for (const std::string& address : missing.bmp) begin(listen_to_routers(address));
    missing.bmp.clear();
    if (!missing.ris_live.empty()) begin(listen_to_ris(missing));
    if (!troubles.empty()) return fail(std::move(troubles));
    return {};
}

Result<Listening::Source> Listening::listen_to_routers(const std::string& address) {
    auto server = source::BmpServer::start(*journal_, {.listen = address},
                                           [this] { return clock_.second(); });
    if (!server) return std::unexpected(server.error());
    const std::shared_ptr<source::BmpServer> running = std::move(*server);
    return Source{.name = "BMP on " + address,
                  .what = {.bmp = {address}, .ris_live = {}, .ris_live_url = {}},
                  .health = [running] { return running->health(); },
                  .running = running};
}

Result<Listening::Source> Listening::listen_to_ris(const Sources& wanted) {
    source::RisLiveOptions options;
    options.retry_seed = static_cast<std::uint64_t>(clock_.now());
    if (!wanted.ris_live_url.empty()) options.url = wanted.ris_live_url;
    if (std::ranges::find(wanted.ris_live, "all") == wanted.ris_live.end()) {
        options.subscriptions.clear();
        for (const std::string& host : wanted.ris_live)
            options.subscriptions.push_back({.host = host});
    }
    auto source = source::RisLiveSource::start(*journal_, options);
    if (!source) return std::unexpected(source.error());
    const std::shared_ptr<source::RisLiveSource> running = std::move(*source);
    return Source{.name = fmt::format("RIS Live ({})", fmt::join(wanted.ris_live, ", ")),
                  .what = wanted,
                  .health = [running] { return running->health(); },
                  .running = running};
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
        failures_ += kept ? 0 : 1;
        failing_ = refused;
        turned_ = std::chrono::steady_clock::now();
        if (!last) std::this_thread::sleep_for(refused ? kTryAgain : kKeepEvery);
    }
    journal_->close();
}

std::vector<std::pair<std::string, source::SourceHealth>> Listening::health() const {
    const std::lock_guard lock(sources_mutex_);
    std::vector<std::pair<std::string, source::SourceHealth>> all;
    all.reserve(sources_.size());
    for (const Source& source : sources_) all.emplace_back(source.name, source.health());
    return all;
}

JournalHealth Listening::journal_health() const {
    const std::chrono::duration<double> since = std::chrono::steady_clock::now() - turned_.load();
    return {.failures = failures_,
            .failing = failing_,
            .waiting_bytes = journal_->waiting_bytes(),
            .seconds_since_turn = since.count()};
}

bool Listening::hears_routers() const {
    const std::lock_guard lock(sources_mutex_);
    return std::ranges::any_of(sources_, [](const Source& source) {
        return !source.what.bmp.empty() && source.health().connected;
    });
}

}  // namespace dimout::app
