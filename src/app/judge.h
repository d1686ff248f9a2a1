// From counted shards to outages: merge, detect, assess, store; in a thread of its own.
//
// One bin goes in with what the pipeline knows of the sessions at its seal, and one answer comes
// out: who votes next, and which peers were reset without saying so. The pipeline reads the answer
// to bin k when it seals bin k+1, never sooner, so the result does not depend on which thread was
// faster.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include "app/run_watch.h"
#include "app/shard_worker.h"
#include "app/store_history.h"
#include "assess/assessor.h"
#include "base/error.h"
#include "base/queue.h"
#include "detect/count_detector.h"
#include "detect/detector.h"
#include "signal/merge.h"
#include "store/writer.h"

namespace dimout::app {

/// A sealed bin on its way to judgement. Owns what SealContext only views.
struct SealedBin {
    Bin bin;
    EventTime known_at;
    std::optional<EventTime> unwatched_since{};  ///< As in VisibilityBin.
    std::vector<signal::PeerInfo> peers;
    std::vector<HealthEvent> health;
    std::vector<Gap> gaps;
    std::vector<Sample> samples;  ///< Whose intervals ended in this bin; by (entity, signal, from).
    std::optional<store::RunFacts> facts;  ///< When they changed since the bin before.
    bool no_floor = false;
    bool has_paths = false;  ///< The shards were asked for them.
    /// By family's place and peer: what was counted of whole tables, where the shards have but a
    /// part of them.
    std::optional<std::array<std::vector<signal::PeerTally>, 2>> whole_tables{};
};

/// What the tables need to know of a judged bin.
struct Verdict {
    std::shared_ptr<const signal::VoterSet> next;
    std::vector<signal::InferredReset> resets;
};

struct JudgeFigures {
    std::uint64_t bins = 0;
    std::vector<Outage> outages;  ///< The newest revision of each, in order of birth.
};

/// How many bins are acknowledged together, of an archive: an hour of event time.
inline constexpr std::int64_t kBinsACommit = 12;

struct JudgeOptions {
    std::int64_t bins_a_commit = kBinsACommit;
    /// Told each revision once it is safe in the store.
    std::function<void(const Outage&)> on_outage{};
    /// Told each bin once it is judged and stored, with what is known of the peers.
    std::function<void(const VisibilityBin&, const store::RunFacts&)> on_bin{};
    RunWatch* watch = nullptr;  ///< May be null; outlives the judge.
};

class Judge final : private assess::ObserverNames {
public:
    /// `writer` may be null: `--store none`. All outlive the judge.
    Judge(const EntityMap& map, std::vector<std::unique_ptr<ShardWorker>>& shards,
          const PathLookup& paths, store::Writer* writer, StoreHistory history,
          JudgeOptions options);
    ~Judge() override;
    Judge(const Judge&) = delete;
    Judge& operator=(const Judge&) = delete;

    /// After the seal was sent to the shards: the judge waits for their answers.
    void submit(SealedBin bin) { bins_.push(std::move(bin)); }
    /// The answer to the oldest bin not asked for yet.
    [[nodiscard]] Verdict take_verdict();
    /// Only while no bin is on its way: the set to adopt after a first dump.
    [[nodiscard]] std::shared_ptr<const signal::VoterSet> first_voters(
        Bin bin, const signal::SealContext& context, std::span<const signal::TableSizes> sizes) {
        return merge_.first_voters(bin, context, sizes);
    }
    /// Judges what is still on its way, brings open outages up to date, commits. The first failure
    /// of the store, if there was one.
    Result<JudgeFigures> finish(EventTime end_of_data);
    /// Whether the store failed; the pipeline stops then.
    [[nodiscard]] bool failed() const { return failed_; }

private:
    [[nodiscard]] std::string collector(CollectorId id) const override;
    [[nodiscard]] std::string peer(PeerId id) const override;

    void run();
    Verdict judge(SealedBin sealed);
    void assess(const VisibilityBin& bin, std::span<const Sample> samples);
    void store(const SealedBin& sealed, const signal::MergedBin& merged);
    /// Marks who votes as full feeds; whether that was news.
    bool mark_full_feeds(const signal::VoterSet& voters);
    /// What the shards say of paths; it must be taken from them even when the store failed.
    void store_paths(Bin bin, const signal::VoterSet& voters);
    void take_outages(bool to_store);
    void commit();
    void keep(Result<void> done);

    std::vector<std::unique_ptr<ShardWorker>>& shards_;
    const PathLookup& paths_;
    signal::Merge merge_;
    detect::Detector detector_;
    detect::CountDetector counts_;
    assess::Assessor assessor_;
    store::Writer* writer_;
    StoreHistory history_;
    JudgeOptions options_;
    std::vector<Outage> untold_;  ///< Not committed yet.
    store::RunFacts facts_;
    JudgeFigures figures_;
    std::optional<Error> error_;
    std::atomic<bool> failed_ = false;
    BoundedQueue<SealedBin> bins_{4};
    BoundedQueue<Verdict> verdicts_{16};
    std::thread thread_;
};

}  // namespace dimout::app
