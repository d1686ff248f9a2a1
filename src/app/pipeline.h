// All stages joined, in the order in which the data flows.
//
//   stream  → decoder → route feed ─┬→ shard 0: tables, counters ─┐
//                                   ├→ shard 1 …                  ├→ judge: merge, detect, assess,
//                                   store └→ …                          ┘
//
// One thread reads and decodes, one a shard counts, one judges. A bin is sealed when the stream
// passes its end. What the judge decides at the seal of bin k reaches the tables with the seal of
// bin k+1 and holds from bin k+2, however fast the threads are: the same input gives the same
// result.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "app/judge.h"
#include "app/path_watch.h"
#include "app/route_feed.h"
#include "source/frame_stream.h"
#include "source/series_file.h"

namespace dimout::app {

/// After how long the slowest archive has published a bin: RouteViews closes its update files every
/// 15 minutes. Until then nobody could have known.
inline constexpr std::chrono::seconds kArchiveLateness{900};

struct PipelineOptions {
    unsigned threads = 1;
    bool synthetic = false;  ///< The archive's Internet is smaller than the real one of its date.
    StoreHistory history{};  ///< What is known from before, for ranks.
    bool ribs_only = false;  ///< Only table dumps are read: a bin is sealed for each, none between.
    KeptPaths paths = KeptPaths::Whole;
    bool path_history = false;  ///< Of whole paths, into the store.
    RunWatch* watch = nullptr;  ///< Outlives the pipeline.
    /// How long after a bin's end it could be known.
    std::chrono::seconds lateness = kArchiveLateness;
    bool commit_each_bin = false;  ///< Somebody is waiting; else an hour's bins at once.
    /// The stream may go on where it ends now: nothing is concluded from its end.
    bool open_ended = false;
    /// Told each revision once it is safe in the store, in the judge's thread.
    std::function<void(const Outage&)> on_outage{};
    /// Told each bin after that, in the same thread.
    std::function<void(const VisibilityBin&, const store::RunFacts&)> on_bin{};
};

/// Bins in which no collector said anything for longer than this are left out: they are missing,
/// and a folder of files from different years is not ten years of zeros.
inline constexpr std::chrono::hours kLongSilence{24};

struct PipelineFigures {
    FeedFigures feed;
    JudgeFigures judge;
    std::uint64_t peer_asns = 0;
    std::uint64_t peers = 0;              ///< That spoke, or stood in a dump's index.
    std::uint64_t peers_with_routes = 0;  ///< Now.
    /// At the last seal, by family.
    struct FullFeeds {
        std::size_t sessions = 0;
        std::uint32_t asns = 0;
    };
    FullFeeds full_feeds_v4;
    FullFeeds full_feeds_v6;
    std::uint64_t prefixes = 0;
    std::uint64_t routes = 0;
    std::uint64_t table_bytes = 0;  ///< Tables and paths.
    std::uint64_t paths = 0;
    std::uint64_t gaps = 0;
};

class Pipeline {
public:
    /// `writer` may be null. All outlive the pipeline.
    Pipeline(source::FrameStream& stream, source::SeriesFiles& series, const EntityMap& map,
             store::Writer* writer, std::vector<std::string> registry, PipelineOptions options);

    /// Feeds the next frame; false at the end of the stream, or when the store failed. When there
    /// is no stream at all, samples of other signals make the bins.
    bool step();
    /// Waits for all threads. The bin that is open is not sealed: more of it may come with a later
    /// file, or after an interruption. Only when it is the first and the archive was read to its
    /// end (a single table dump) it stands for all there is.
    Result<PipelineFigures> finish();

    [[nodiscard]] std::optional<EventTime> position() const { return position_; }
    /// What was wrong within records; what was wrong with files, the stream knows.
    [[nodiscard]] const decode::ErrorLog& decode_errors() const { return decoder_.errors(); }

private:
    void apply_gaps();
    bool step_series();
    void seal_until(EventTime time);
    [[nodiscard]] Bin bin_after(Bin sealed, EventTime time) const;
    void seal(Bin bin);
    [[nodiscard]] std::optional<EventTime> unwatched_since(Bin bin) const;
    void hear_verdict();
    void count_tables(PipelineFigures& figures);
    void adopt_first_voters();
    [[nodiscard]] std::optional<store::RunFacts> facts_if_new();
    /// Whether tables may be smaller than the global one of their date (signal/full_feed.h).
    [[nodiscard]] bool no_floor() const { return synthetic_ || feed_.only_torn_dumps(); }

    source::FrameStream& stream_;
    source::SeriesFiles& series_;
    decode::PeerTable peers_;
    decode::Decoder decoder_;
    rib::PathPool paths_;
    std::vector<std::unique_ptr<ShardWorker>> shards_;
    RouteFeed feed_;
    Judge judge_;
    std::vector<std::string> registry_;
    RunWatch* watch_;
    bool synthetic_;
    bool ribs_only_;
    std::chrono::seconds lateness_;
    bool open_ended_;
    std::optional<PathWatch> path_watch_;
    std::optional<EventTime> position_;
    std::optional<Bin> open_;
    std::shared_ptr<const signal::VoterSet> voters_;
    bool verdict_due_ = false;
    std::vector<HealthEvent> health_;
    std::vector<Gap> gaps_;
    std::uint64_t gaps_seen_ = 0;
    std::size_t peers_described_ = 0;
    std::vector<bool> route_servers_described_;
    std::optional<Bin> last_sealed_;
    bool routes_began_ = false;
    /// When the newest dump ended of which nobody votes yet; none after a bin was sealed.
    std::optional<EventTime> dump_ended_;
    bool routes_sealed_ = false;  ///< Samples may have made bins before there were any routes.
    bool at_end_ = false;
};

}  // namespace dimout::app
