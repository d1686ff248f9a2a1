#include "app/judge.h"

#include <fmt/format.h>

#include <algorithm>

#include "app/path_book.h"

namespace dimout::app {
namespace {

/// New facts know no full feeds; those that were marked stay so.
store::RunFacts with_marks_of(const store::RunFacts& old, store::RunFacts facts) {
    for (std::size_t i = 0; i < old.peers.size(); ++i)
        facts.peers[i].full_feed = old.peers[i].full_feed;
    return facts;
}

}  // namespace

Judge::Judge(const EntityMap& map, std::vector<std::unique_ptr<ShardWorker>>& shards,
             const PathLookup& paths, store::Writer* writer, StoreHistory history,
             JudgeOptions options)
    : shards_(shards),
      paths_(paths),
      merge_(map),
      assessor_(*this),
      writer_(writer),
      history_(std::move(history)),
      options_(std::move(options)) {
    thread_ = std::thread([this] { run(); });
}

Judge::~Judge() {
    bins_.close();
    verdicts_.close();
    if (thread_.joinable()) thread_.join();
}

void Judge::run() {
    while (auto bin = bins_.pop()) verdicts_.push(judge(std::move(*bin)));
}

std::string Judge::collector(CollectorId id) const { return facts_.collectors.at(index(id)); }

std::string Judge::peer(PeerId id) const {
    const store::PeerRow& row = facts_.peers.at(index(id));
    return fmt::format("AS{} at {} of {}", row.asn.value, to_string(row.address), row.collector);
}

bool Judge::mark_full_feeds(const signal::VoterSet& voters) {
    bool news = false;
    for (const Family family : signal::kFamilies) {
        for (const signal::Voter& voter : voters.of(family)) {
            bool& mark = facts_.peers.at(index(voter.peer)).full_feed;
            news = news || !mark;
            mark = true;
        }
    }
    return news;
}

Verdict Judge::judge(SealedBin sealed) {
    const bool described = sealed.facts.has_value();
    if (described) facts_ = with_marks_of(facts_, std::move(*sealed.facts));
    std::vector<signal::PartialBin> partials;
    for (auto& shard : shards_) partials.push_back(shard->take_partial());
    if (options_.watch != nullptr) options_.watch->counted(partials);
    if (sealed.whole_tables) {
        for (signal::PartialBin& partial : partials) partial.peers = {};
        partials.front().peers = std::move(*sealed.whole_tables);
    }
    signal::MergedBin merged = merge_.seal({.known_at = sealed.known_at,
                                            .unwatched_since = sealed.unwatched_since,
                                            .peers = sealed.peers,
                                            .full_feed = {.no_floor = sealed.no_floor},
                                            .health = sealed.health},
                                           partials);
    const bool news = mark_full_feeds(*merged.next) || described;
    assess(merged.bin, sealed.samples);
    if (writer_ != nullptr && !failed_) {
        if (news) keep(writer_->describe(facts_));
        store(sealed, merged);
    }
    if (sealed.has_paths) store_paths(sealed.bin, *merged.next);
    take_outages(true);
    if (sealed.bin.index % options_.bins_a_commit == options_.bins_a_commit - 1) commit();
    ++figures_.bins;
    if (options_.on_bin && !failed_) options_.on_bin(merged.bin, facts_);
    return {.next = std::move(merged.next), .resets = std::move(merged.resets)};
}

void Judge::assess(const VisibilityBin& bin, std::span<const Sample> samples) {
    if (figures_.bins == 0) {
        history_.tell(assessor_, bin.bin.start());
        history_ = {};  // Years of it need not stay in memory.
    }
    const bool routes_seen = bin.v4.live > 0 || bin.v6.live > 0;
    BinAlerts alerts = detector_.add(bin);
    counts_.add(samples, routes_seen ? &detector_ : nullptr, alerts);
    assessor_.add(alerts);
}

void Judge::store(const SealedBin& sealed, const signal::MergedBin& merged) {
    for (const Gap& gap : sealed.gaps) keep(writer_->append(gap));
    keep(writer_->append(merged.bin, sealed.samples));
}

void Judge::store_paths(Bin bin, const signal::VoterSet& voters) {
    std::vector<PathShare> shares;
    for (auto& shard : shards_) shares.push_back(shard->take_paths());
    if (failed_) return;
    const store::PathBin joined = join_paths(bin, shares, voters, paths_);
    keep(writer_->append(joined));
}

void Judge::take_outages(bool to_store) {
    for (Outage& outage : assessor_.take_revisions()) {
        if (to_store && writer_ != nullptr && !failed_) keep(writer_->append(outage));
        if (to_store && options_.on_outage) untold_.push_back(outage);
        const auto known = std::ranges::find(figures_.outages, outage.id, &Outage::id);
        if (known != figures_.outages.end()) {
            *known = std::move(outage);
        } else {
            figures_.outages.push_back(std::move(outage));
        }
    }
}

/// What is told is in the store: nobody can hear of what a crash takes back.
void Judge::commit() {
    if (writer_ != nullptr && !failed_) keep(writer_->commit());
    if (failed_) return;
    for (const Outage& outage : std::exchange(untold_, {})) options_.on_outage(outage);
}

void Judge::keep(Result<void> done) {
    if (done || error_) return;
    error_ = done.error();
    failed_ = true;
}

Verdict Judge::take_verdict() {
    auto verdict = verdicts_.pop();
    DIMOUT_CHECK(verdict.has_value());
    return std::move(*verdict);
}

Result<JudgeFigures> Judge::finish(EventTime end_of_data) {
    bins_.close();
    if (thread_.joinable()) thread_.join();
    // "At least" is said of what was read; a store may be told more later, so it does not keep it.
    assessor_.finish(end_of_data);
    take_outages(false);
    if (writer_ != nullptr && !failed_) keep(writer_->close());
    if (error_) return std::unexpected(*error_);
    return std::move(figures_);
}

}  // namespace dimout::app
