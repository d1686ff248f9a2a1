#include "app/pipeline.h"

#include <algorithm>
#include <set>

namespace dimout::app {
namespace {

std::vector<std::unique_ptr<ShardWorker>> make_shards(unsigned count, const EntityMap& map,
                                                      const PathLookup& paths) {
    std::vector<std::unique_ptr<ShardWorker>> shards;
    for (unsigned i = 0; i < count; ++i)
        shards.push_back(std::make_unique<ShardWorker>(map, paths));
    return shards;
}

}  // namespace

Pipeline::Pipeline(source::FrameStream& stream, source::SeriesFiles& series, const EntityMap& map,
                   store::Writer* writer, std::vector<std::string> registry,
                   PipelineOptions options)
    : stream_(stream),
      series_(series),
      decoder_(peers_),
      shards_(make_shards(options.threads, map, paths_)),
      feed_(peers_, paths_, shards_, options.paths, options.watch),
      judge_(map, shards_, paths_, writer, std::move(options.history),
             {.bins_a_commit = options.commit_each_bin ? 1 : kBinsACommit,
              .on_outage = std::move(options.on_outage),
              .on_bin = std::move(options.on_bin),
              .watch = options.watch}),
      registry_(std::move(registry)),
      watch_(options.watch),
      synthetic_(options.synthetic),
      ribs_only_(options.ribs_only),
      lateness_(options.lateness),
      open_ended_(options.open_ended) {
    if (options.path_history && writer != nullptr && options.paths == KeptPaths::Whole)
        path_watch_.emplace();
}

bool Pipeline::step() {
    Frame frame;
    if (judge_.failed()) return false;
    if (!stream_.next(frame)) {
        at_end_ = true;
        return stream_.empty() && step_series();
    }
    // A record that is late against its collector's stream belongs to the bin that is open.
    position_ = std::max(position_.value_or(frame.time), frame.time);
    if (!open_)
        open_ = std::min(Bin::of(*position_), series_.next_bin().value_or(Bin::of(*position_)));
    if (stream_.has_gaps()) apply_gaps();
    seal_until(*position_);
    if (frame.kind == Frame::Kind::Clock) return true;
    routes_began_ = true;
    const bool is_update = frame.kind == Frame::Kind::Record && !decode::is_of_dump(frame.bytes);
    if (dump_ended_ && is_update) adopt_first_voters();
    feed_.apply(frame, decoder_);
    if (!routes_sealed_ && feed_.take_dump_ended()) dump_ended_ = position_;
    return true;
}

/// Seals what lies before the bin after the open one that has a sample. The last bin of all stays
/// open: more of it may come.
bool Pipeline::step_series() {
    if (!open_) open_ = series_.next_bin();
    const auto later = open_ ? series_.next_bin_after(*open_) : std::nullopt;
    if (!later) return false;
    position_ = later->start();
    seal_until(*position_);
    return true;
}

void Pipeline::apply_gaps() {
    for (Gap& gap : stream_.take_gaps()) {
        // A live gap is told again when it ends.
        const bool over = position_ && gap.until <= *position_;
        if (over) {
            gaps_.push_back(std::move(gap));
            continue;
        }
        ++gaps_seen_;
        feed_.collector_lost(gap.collector, gap.from);
        health_.push_back({.kind = HealthEvent::Kind::CollectorSilent,
                           .collector = gap.collector,
                           .peer = {},
                           .time = gap.from});
        gaps_.push_back(std::move(gap));
    }
}

void Pipeline::seal_until(EventTime time) {
    while (open_->end() <= time) {
        seal(*open_);
        open_ = bin_after(*open_, time);
    }
}

/// The bin to open while the stream passes on to `time`. None that has samples is left out.
Bin Pipeline::bin_after(Bin sealed, EventTime time) const {
    const Bin before_next{Bin::of(time).index - 1};
    const bool nothing_between = before_next.start() - sealed.end() > kLongSilence;
    Bin next = nothing_between ? before_next : sealed.next();
    if (ribs_only_) next = Bin::of(time);
    return std::min(next, series_.next_bin_after(sealed).value_or(next));
}

void Pipeline::seal(Bin bin) {
    if (dump_ended_) adopt_first_voters();
    feed_.advance(bin.end());
    if (watch_ != nullptr) watch_->bin_over();
    if (verdict_due_) hear_verdict();
    SealedBin sealed{.bin = bin,
                     .known_at = bin.end() + lateness_,
                     .unwatched_since = unwatched_since(bin),
                     .peers = feed_.peer_infos(),
                     .health = std::exchange(health_, {}),
                     .gaps = std::exchange(gaps_, {}),
                     .samples = series_.take(bin),
                     .facts = facts_if_new(),
                     .no_floor = no_floor()};
    std::ranges::copy(feed_.take_health(), std::back_inserter(sealed.health));
    for (auto& shard : shards_) shard->seal({.bin = bin, .voters = voters_});
    if (path_watch_) {
        const PathLook look = path_watch_->next(bin, sealed.peers, feed_.take_dropped());
        for (auto& shard : shards_) shard->ask_paths(look);
        sealed.has_paths = true;
    }
    voters_ = nullptr;
    if (watch_ != nullptr) watch_->sealed(sealed);
    judge_.submit(std::move(sealed));
    verdict_due_ = true;
    last_sealed_ = bin;
    routes_sealed_ = routes_began_;
}

/// With dumps alone: when that collector was last looked at whose last look is oldest.
std::optional<EventTime> Pipeline::unwatched_since(Bin bin) const {
    if (!ribs_only_) return std::nullopt;
    std::optional<EventTime> oldest;
    for (const NewestDumps& dumps : feed_.newest_dumps()) {
        const bool now = dumps.last && Bin::of(*dumps.last) == bin;
        const auto before = now ? dumps.before : dumps.last;
        if (before && (!oldest || *before < *oldest)) oldest = before;
    }
    return oldest ? oldest : std::optional(bin.start());
}

void Pipeline::hear_verdict() {
    Verdict verdict = judge_.take_verdict();
    voters_ = std::move(verdict.next);
    for (const signal::InferredReset& reset : verdict.resets)
        feed_.reset_inferred(reset, open_->end());
    verdict_due_ = false;
}

/// Of the dumps that ended since. Those of several collectors follow each other, and to ask after
/// each of them would go over all prefixes as often: it is done before anything else is heard.
void Pipeline::adopt_first_voters() {
    const EventTime now = *std::exchange(dump_ended_, std::nullopt);
    feed_.flush();
    // Bins of samples alone had no voters; what they decided must not come after this.
    if (verdict_due_) hear_verdict();
    voters_ = nullptr;
    std::vector<signal::TableSizes> sizes;
    for (auto& shard : shards_) sizes.push_back(shard->table_sizes());
    const auto peers = feed_.peer_infos();
    const signal::SealContext context{.known_at = now,
                                      .unwatched_since = {},
                                      .peers = peers,
                                      .full_feed = {.no_floor = no_floor()},
                                      .health = {}};
    if (watch_ != nullptr) watch_->first_look(*open_, context, sizes);
    const auto voters = judge_.first_voters(*open_, context, sizes);
    for (auto& shard : shards_) shard->adopt(voters, now);
}

std::optional<store::RunFacts> Pipeline::facts_if_new() {
    std::vector<bool> route_servers;
    for (std::size_t i = 0; i < peers_.size(); ++i) {
        route_servers.push_back(feed_.is_route_server(PeerId{static_cast<std::uint16_t>(i)}));
    }
    if (last_sealed_ && peers_.size() == peers_described_ &&
        route_servers == route_servers_described_)
        return std::nullopt;
    peers_described_ = peers_.size();
    route_servers_described_ = route_servers;
    store::RunFacts facts{
        .collectors = stream_.collectors(), .peers = {}, .registry = registry_, .inputs = {}};
    for (std::size_t i = 0; i < peers_.size(); ++i) {
        const Peer& peer = peers_.peer(PeerId{static_cast<std::uint16_t>(i)});
        facts.peers.push_back({.collector = stream_.collectors().at(index(peer.collector)),
                               .address = peer.address,
                               .asn = peer.asn,
                               .route_server = route_servers[i],
                               .full_feed = false});
    }
    return facts;
}

Result<PipelineFigures> Pipeline::finish() {
    if (stream_.has_gaps()) apply_gaps();
    // The last bin is whole only when it is a dump's; else it may have gone on after our last
    // record.
    if (open_ && at_end_ && !open_ended_ && routes_began_ && (ribs_only_ || !routes_sealed_))
        seal(*open_);
    feed_.flush();
    auto judged = judge_.finish(position_.value_or(EventTime{}));
    if (!judged) return std::unexpected(judged.error());
    PipelineFigures figures;
    figures.feed = feed_.figures();
    figures.judge = std::move(*judged);
    figures.peers = peers_.size();
    std::set<Asn> asns;
    for (const Peer& peer : peers_.peers()) asns.insert(peer.asn);
    figures.peer_asns = asns.size();
    figures.paths = paths_.size();
    figures.gaps = gaps_seen_;
    if (verdict_due_) {
        const Verdict last = judge_.take_verdict();
        figures.full_feeds_v4 = {.sessions = last.next->v4.size(),
                                 .asns = signal::count_asns(last.next->v4)};
        figures.full_feeds_v6 = {.sessions = last.next->v6.size(),
                                 .asns = signal::count_asns(last.next->v6)};
    }
    count_tables(figures);
    return figures;
}

void Pipeline::count_tables(PipelineFigures& figures) {
    std::vector<bool> has_routes(peers_.size());
    figures.table_bytes = paths_.bytes();
    for (auto& shard : shards_) {
        const ShardFigures part = shard->finish();
        figures.prefixes += part.prefixes;
        figures.routes += part.routes;
        figures.table_bytes += part.bytes;
        for (std::size_t i = 0; i < part.peers.size(); ++i)
            has_routes[i] = has_routes[i] || part.peers[i].routes > 0;
    }
    figures.peers_with_routes = static_cast<std::uint64_t>(std::ranges::count(has_routes, true));
}

}  // namespace dimout::app
