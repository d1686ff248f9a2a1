#include "store/writer.h"

#include <fmt/format.h>

#include <map>
#include <set>

#include "store/active_log.h"
#include "store/compactor.h"
#include "store/fingerprints.h"
#include "store/level_table.h"
#include "store/segment.h"
#include "store/text.h"

namespace dimout::store {
namespace {

constexpr std::string_view kOtherInput = "this is not the input that filled it. Use another store.";

Result<void> make_store(Disk& disk, const std::string& folder) {
    const auto names = list_folder(folder);
    if (!names) return std::unexpected(names.error());
    for (const std::string& name : *names) {
        if (name == "lock" || name == "log" || name == "segments" || name == "manifest.json.new")
            continue;
        return fail(fmt::format(
            "{}: holds {} but no manifest.json, so it is not a dimout store. Use another folder.",
            folder, name));
    }
    for (const char* sub : {"/log", "/segments"}) {
        if (auto done = disk.make_folder(folder + sub); !done) return done;
    }
    if (auto done = disk.sync_folder(folder_of(folder)); !done) return done;
    return publish_manifest(disk, folder, {});
}

std::uint64_t hash_of(const Outage& outage) { return fingerprint_of(outage_text(outage)); }

bool about_peer(HealthEvent::Kind kind) {
    return kind != HealthEvent::Kind::CollectorSilent && kind != HealthEvent::Kind::CollectorBack;
}

}  // namespace

class Writer::State {
public:
    State(Disk& disk, const WriterOptions& options, std::unique_ptr<FileLock> lock,
          const Snapshot& snapshot)
        : folder_(snapshot.folder),
          options_(options),
          lock_(std::move(lock)),
          log_(disk, folder_),
          compactor_(disk, folder_, options.memory_limit_mb, snapshot.manifest),
          last_bin_(snapshot.last_bin()),
          facts_(snapshot.facts),
          gaps_(snapshot.gaps.begin(), snapshot.gaps.end()) {
        const auto& paths = snapshot.manifest.path_segments;
        if (!paths.empty()) last_path_bin_ = paths.back().last_bin;
        for (const Outage& outage : snapshot.outages)
            outages_[outage.id].push_back(hash_of(outage));
    }

    Result<void> resume(const Snapshot& snapshot) {
        if (auto done = compactor_.remove_strangers(); !done) return done;
        if (auto done = load_levels(snapshot); !done) return done;
        if (snapshot.logs.empty()) return log_.start(compactor_.manifest().first_log);
        return log_.resume(*snapshot.logs.back());
    }

    Result<void> describe(const RunFacts& facts) {
        run_ = facts;
        RunFacts both = merge(facts_, facts);
        if (both == facts_) return {};
        RunFacts news = facts;
        std::erase_if(news.peers, [&](const PeerRow& peer) { return is_known(peer); });
        facts_ = std::move(both);
        return log_.append(RecordType::Facts, facts_text(news));
    }

    Result<void> append(const VisibilityBin& bin, std::span<const Sample> samples) {
        for (const Sample& sample : samples) DIMOUT_CHECK(bin_of(sample) == bin.bin);
        const BinRow row{.bin = bin.bin, .known_at = bin.known_at, .v4 = bin.v4, .v6 = bin.v6};
        const std::string head = head_of(row, health_rows(bin), samples);
        if (last_bin_ && bin.bin <= *last_bin_) return verify(bin, head);
        if (auto done = rotate(bin.bin); !done) return done;
        return append_new(bin, row, head, !samples.empty());
    }

    Result<void> append(const PathBin& bin) {
        if (last_path_bin_ && bin.bin <= *last_path_bin_) return {};
        const bool hour_is_over =
            !path_hour_.empty() && hour_of(path_hour_.last_bin()) != hour_of(bin.bin);
        if (hour_is_over) {
            if (auto done = publish_paths(); !done) return done;
        }
        if (!bin.tables.empty() || !bin.changes.empty()) path_hour_.add(bin);
        return {};
    }

    Result<void> append(const Outage& outage) {
        auto& revisions = outages_[outage.id];
        const std::size_t revision = outage.revision;
        if (revision >= 1 && revision <= revisions.size()) {
            if (revisions[revision - 1] == hash_of(outage)) return {};
            return fail(fmt::format("{}: revision {} of {} differs from what the store holds: {}",
                                    folder_, revision, outage.id, kOtherInput));
        }
        if (revision != revisions.size() + 1) {
            return fail(fmt::format("{}: revision {} of {} does not follow revision {}.", folder_,
                                    revision, outage.id, revisions.size()));
        }
        revisions.push_back(hash_of(outage));
        return log_.append(RecordType::Outage, outage_text(outage));
    }

    Result<void> append(const Gap& gap) {
        const GapRow row{collector_name(gap.collector), gap.from, gap.until, gap.reason};
        if (!gaps_.insert(row).second) return {};
        return log_.append(RecordType::Gap, gap_text(row));
    }

    Result<void> commit() { return log_.commit(); }

    Result<void> compact() {
        if (auto done = commit(); !done) return done;
        return compactor_.compact(log_.number(), last_bin_);
    }

    Result<void> close() {
        if (auto done = commit(); !done) return done;
        if (!path_hour_.empty()) {
            if (auto done = publish_paths(); !done) return done;
        }
        return compactor_.remove_replaced();
    }

    /// Does `work` unless something failed before, and remembers when it fails.
    template <typename Work>
    Result<void> attempt(Work work) {
        if (broken_) return std::unexpected(*broken_);
        auto done = work();
        if (!done) broken_ = done.error();
        return done;
    }

    [[nodiscard]] std::size_t path_days_dropped() const { return path_days_dropped_; }
    [[nodiscard]] const std::optional<Bin>& last_bin() const { return last_bin_; }
    [[nodiscard]] const RunFacts& facts() const { return facts_; }

private:
    [[nodiscard]] const std::string& collector_name(CollectorId id) const {
        DIMOUT_CHECK(index(id) < run_.collectors.size());
        return run_.collectors[index(id)];
    }

    [[nodiscard]] bool is_known(const PeerRow& peer) const {
        RunFacts alone;
        alone.peers.push_back(peer);
        return merge(facts_, alone) == facts_;
    }

    [[nodiscard]] std::vector<HealthRow> health_rows(const VisibilityBin& bin) const {
        std::vector<HealthRow> rows;
        for (const HealthEvent& event : bin.health) {
            rows.push_back({.bin = bin.bin,
                            .kind = event.kind,
                            .collector = collector_name(event.collector),
                            .peer = {},
                            .asn = {},
                            .time = event.time});
            if (!about_peer(event.kind)) continue;
            DIMOUT_CHECK(index(event.peer) < run_.peers.size());
            rows.back().peer = run_.peers[index(event.peer)].address;
            rows.back().asn = run_.peers[index(event.peer)].asn;
        }
        return rows;
    }

    Result<void> append_new(const VisibilityBin& bin, BinRow row, std::string body,
                            bool has_samples) {
        std::string added;
        row.keyframe = !last_bin_ || day_of(*last_bin_) != day_of(bin.bin);
        levels_.begin(bin.bin);
        for (const EntityBin& entity : bin.changed) levels_.put(entity, body);
        row.entities = bin.changed.size() + levels_.finish(bin.keyframe, row.keyframe, added);
        row.fingerprint = fingerprint_of(body);
        last_bin_ = bin.bin;
        fingerprints_.add(row);
        return log_.append_bin(bin.bin,
                               bin_payload(row, bin.changed.size(), body, added, has_samples));
    }

    /// A rerun comes by: is it the same bin?
    Result<void> verify(const VisibilityBin& bin, std::string body) {
        std::string packed;
        for (const EntityBin& entity : bin.changed) {
            packed.clear();
            pack_levels(packed, entity.v4, entity.v6);
            write_row(body, to_string(entity.entity), packed, entity.churn);
        }
        const auto stored = fingerprints_.of(bin.bin, compactor_, folder_);
        if (!stored) return std::unexpected(stored.error());
        if (*stored == fingerprint_of(body)) return {};
        return fail(fmt::format(
            "{}: the bin of {} {}: {}", folder_, to_rfc3339(bin.bin.start()),
            *stored ? "differs from what the store holds" : "is older than what the store holds",
            kOtherInput));
    }

    /// A bin of a later hour: the log is complete, another begins.
    Result<void> rotate(Bin bin) {
        if (!log_.hour() || hour_of(bin) == *log_.hour()) return {};
        if (auto done = commit(); !done) return done;
        if (auto done = log_.start(log_.number() + 1); !done) return done;
        if (!options_.compact_automatically) return {};
        return compactor_.compact(log_.number(), bin);
    }

    /// Only after the bins: paths are never ahead of what is acknowledged.
    Result<void> publish_paths() {
        if (auto done = commit(); !done) return done;
        const auto dropped = compactor_.add_paths(path_hour_, run_.peers, options_.path_days);
        if (!dropped) return std::unexpected(dropped.error());
        path_days_dropped_ += *dropped;
        last_path_bin_ = path_hour_.last_bin();
        path_hour_.clear();
        return {};
    }

    /// The levels after the last bin: its day's keyframe, and all changes since.
    Result<void> load_levels(const Snapshot& snapshot) {
        if (!last_bin_) return {};
        for (const Segment& segment : snapshot.manifest.segments) {
            if (day_of(segment.first_bin) != day_of(*last_bin_)) continue;
            if (auto done = load_segment(segment); !done) return done;
        }
        for (const auto& log : snapshot.logs) {
            for (const BinRecord& record : log->bins) {
                fingerprints_.add(record.bin);
                if (day_of(record.bin.bin) == day_of(*last_bin_)) load_bin(record);
            }
        }
        return {};
    }

    Result<void> load_segment(const Segment& segment) {
        const auto engine = compactor_.engine();
        if (!engine) return std::unexpected(engine.error());
        const std::string path = folder_ + "/" + segment.file(SegmentTable::Levels);
        return read_levels(**engine, {.paths = {path}, .where = {}, .order = {}},
                           [&](const EntityRow& row) {
                               std::string packed;
                               pack_levels(packed, row.v4, row.v6);
                               levels_.restore(row.entity, std::move(packed));
                           });
    }

    void load_bin(const BinRecord& record) {
        WireReader reader(record.rows);
        PackedRow row;
        for (std::uint64_t i = 0; i < record.bin.entities && read_packed(reader, row); ++i) {
            if (const auto entity = parse_entity(row.entity))
                levels_.restore(*entity, row.levels());
        }
    }

    std::string folder_;
    WriterOptions options_;
    std::unique_ptr<FileLock> lock_;
    ActiveLog log_;
    Compactor compactor_;
    std::optional<Bin> last_bin_;
    RunFacts facts_;  ///< Of all runs.
    RunFacts run_;    ///< Of this one, by its numbers.
    LevelTable levels_;
    Fingerprints fingerprints_;
    std::map<std::string, std::vector<std::uint64_t>> outages_;  ///< Hash of each revision.
    std::set<GapRow> gaps_;
    PathHour path_hour_;
    std::optional<Bin> last_path_bin_;
    std::size_t path_days_dropped_ = 0;
    std::optional<Error> broken_;
};

Writer::Writer(std::unique_ptr<State> state) : state_(std::move(state)) {}
Writer::Writer(Writer&&) noexcept = default;
Writer& Writer::operator=(Writer&&) noexcept = default;
Writer::~Writer() = default;

Result<Writer> Writer::open(const std::string& folder, const WriterOptions& options, Disk& disk) {
    if (auto done = disk.make_folder(folder); !done) return std::unexpected(done.error());
    auto lock = FileLock::try_lock(folder + "/lock");
    if (!lock) return std::unexpected(lock.error());
    if (*lock == nullptr) {
        return fail(
            folder +
            ": another dimout is writing to this store. Wait for it, or use another folder.");
    }
    if (!file_exists(folder + "/" + std::string(kManifestName))) {
        if (auto done = make_store(disk, folder); !done) return std::unexpected(done.error());
    }
    const auto snapshot = read_snapshot(folder);
    if (!snapshot) return std::unexpected(snapshot.error());
    auto state = std::make_unique<State>(disk, options, std::move(*lock), *snapshot);
    if (auto done = state->resume(*snapshot); !done) return std::unexpected(done.error());
    return Writer(std::move(state));
}

std::optional<Bin> Writer::last_sealed_bin() const { return state_->last_bin(); }
const RunFacts& Writer::facts() const { return state_->facts(); }
std::size_t Writer::path_days_dropped() const { return state_->path_days_dropped(); }

Result<void> Writer::describe(const RunFacts& facts) {
    return state_->attempt([&] { return state_->describe(facts); });
}
Result<void> Writer::append(const VisibilityBin& bin, std::span<const Sample> samples) {
    return state_->attempt([&] { return state_->append(bin, samples); });
}
Result<void> Writer::append(const PathBin& bin) {
    return state_->attempt([&] { return state_->append(bin); });
}
Result<void> Writer::append(const Outage& outage) {
    return state_->attempt([&] { return state_->append(outage); });
}
Result<void> Writer::append(const Gap& gap) {
    return state_->attempt([&] { return state_->append(gap); });
}
Result<void> Writer::commit() {
    return state_->attempt([&] { return state_->commit(); });
}
Result<void> Writer::compact() {
    return state_->attempt([&] { return state_->compact(); });
}
Result<void> Writer::close() {
    return state_->attempt([&] { return state_->close(); });
}

}  // namespace dimout::store
