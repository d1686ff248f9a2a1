#include "app/rerun.h"

#include <fmt/format.h>

#include <algorithm>

#include "app/judge.h"
#include "app/recording_lines.h"
#include "app/recording_words.h"
#include "app/route_feed.h"
#include "app/stop.h"
#include "source/mrt_file.h"

namespace dimout::app {
namespace {

/// Of one shard: the tables are small.
std::vector<std::unique_ptr<ShardWorker>> one_shard(const EntityMap& map, const PathLookup& paths) {
    std::vector<std::unique_ptr<ShardWorker>> shards;
    shards.push_back(std::make_unique<ShardWorker>(map, paths));
    return shards;
}

constexpr std::int64_t kCountMax = std::int64_t{1} << 40;
constexpr std::int64_t kBinMax = std::int64_t{UINT32_MAX} / kBinWidth.count();

class Rerun {
public:
    Rerun(const RerunHead& head, const std::vector<std::string_view>& records,
          source::SeriesFiles& samples, const EntityMap& map, store::Writer& writer)
        : head_(head),
          samples_(samples),
          decoder_(peers_),
          shards_(one_shard(map, paths_)),
          feed_(peers_, paths_, shards_, KeptPaths::Whole),
          judge_(map, shards_, paths_, &writer, StoreHistory(head.known, head.watched), {}),
          lanes_(records.begin(), records.end()),
          statuses_(head.peers.size()),
          sizes_{std::vector<std::uint64_t>(head.peers.size()),
                 std::vector<std::uint64_t>(head.peers.size())},
          tallies_{std::vector<signal::PeerTally>(head.peers.size()),
                   std::vector<signal::PeerTally>(head.peers.size())} {
        feed_.take_sessions_as_told();
    }

    Result<void> run(std::string_view entries) {
        for (std::size_t i = 0; i < head_.peers.size(); ++i) {
            const auto id = peers_.id_of(head_.peers[i]);
            if (!id || index(*id) != i) return fail("recording.txt: a peer stands twice.");
        }
        RecordingLines lines(entries);
        for (auto line = lines.next(); line; line = lines.next()) {
            if (stop_requested()) return fail("stopped before the recording was read.");
            if (!tell(*line)) return fail(line->complaint());
        }
        feed_.flush();
        const auto judged = judge_.finish(position_);
        if (!judged) return std::unexpected(judged.error());
        return {};
    }

private:
    bool tell(const RecordingLine& line) {
        const std::string_view word = line.word(0);
        if (word == "records") return tell_records(line);
        if (word == "tally") return tell_tally(line);
        if (word == "status") return tell_status(line);
        if (word == "seal") return tell_seal(line);
        if (word == "size") return tell_size(line);
        if (word == "first") return tell_first(line);
        if (word == "end") return tell_end(line);
        return tell_session(line);
    }

    [[nodiscard]] std::optional<std::size_t> index_at(const RecordingLine& line, std::size_t i,
                                                      std::size_t count) const {
        const auto number = line.number(i, 0, static_cast<std::int64_t>(count) - 1);
        return number ? std::optional(static_cast<std::size_t>(*number)) : std::nullopt;
    }

    bool tell_records(const RecordingLine& line) {
        const auto lane = index_at(line, 1, lanes_.size());
        const auto count = line.number(2, 1, kCountMax);
        if (!lane || !count || line.words() != 3) return false;
        for (std::int64_t i = 0; i < *count; ++i) {
            if (!apply_record(*lane)) return false;
        }
        return true;
    }

    bool apply_record(std::size_t lane) {
        std::string_view& left = lanes_[lane];
        Frame frame = frame_of(lane);
        if (left.size() < source::kMrtHeaderSize) return false;
        const Bytes bytes(reinterpret_cast<const std::uint8_t*>(left.data()), left.size());
        const source::MrtHeader header = source::header_of(bytes);
        const std::size_t size = source::kMrtHeaderSize + header.length;
        if (header.length > source::kLongestRecord || size > left.size()) return false;
        frame.time = event_time(header.stamp);
        frame.bytes = bytes.first(size);
        position_ = std::max(position_, frame.time);
        feed_.apply(frame, decoder_);
        left.remove_prefix(size);
        return true;
    }

    [[nodiscard]] Frame frame_of(std::size_t lane) const {
        Frame frame;
        frame.collector = CollectorId{static_cast<std::uint16_t>(lane / 2)};
        frame.position.file = FileId{static_cast<std::uint32_t>(lane)};
        return frame;
    }

    bool tell_end(const RecordingLine& line) {
        const auto lane = index_at(line, 1, lanes_.size());
        if (!lane || line.words() != 2) return false;
        Frame frame = frame_of(*lane);
        frame.kind = Frame::Kind::FileEnd;
        feed_.apply(frame, decoder_);
        return true;
    }

    bool tell_session(const RecordingLine& line) {
        const auto kind = value_of(kSessionWords, line.word(0));
        const auto peer = index_at(line, 1, head_.peers.size());
        const auto time = line.time(2);
        const auto since = line.time(3);
        if (!kind || !peer || !time || !since || line.words() != 4) return false;
        feed_.tell({.time = *time,
                    .since = *since,
                    .prefix = {},
                    .path = {},
                    .path_identifier = 0,
                    .peer = PeerId{static_cast<std::uint16_t>(*peer)},
                    .kind = *kind});
        return true;
    }

    bool tell_status(const RecordingLine& line) {
        const auto peer = index_at(line, 1, statuses_.size());
        const auto status = value_of(kStatusWords, line.word(2));
        if (!peer || !status || line.words() != 3) return false;
        statuses_[*peer] = *status;
        return true;
    }

    bool tell_size(const RecordingLine& line) {
        const auto peer = index_at(line, 1, head_.peers.size());
        const auto v4 = line.number(2, 0, kCountMax);
        const auto v6 = line.number(3, 0, kCountMax);
        if (!peer || !v4 || !v6 || line.words() != 4) return false;
        sizes_[0][*peer] = static_cast<std::uint64_t>(*v4);
        sizes_[1][*peer] = static_cast<std::uint64_t>(*v6);
        return true;
    }

    bool tell_tally(const RecordingLine& line) {
        const auto peer = index_at(line, 1, head_.peers.size());
        const auto family = line.number(2, 4, 6);
        const auto table = line.number(3, 0, kCountMax);
        const auto repeated = line.number(4, 0, kCountMax);
        const auto losses = line.number(5, 0, kCountMax);
        const auto gains = line.number(6, 0, kCountMax);
        if (!peer || !family || *family == 5 || !table || !repeated || !losses || !gains ||
            line.words() != 8)
            return false;
        const auto first = line.time(7);
        if (!first && (line.word(7) != "-" || *repeated > 0)) return false;
        signal::PeerTally& tally = tallies_[*family == 4 ? 0 : 1][*peer];
        tally.table = static_cast<std::uint64_t>(*table);
        tally.repeated = static_cast<std::uint64_t>(*repeated);
        tally.losses = static_cast<std::uint64_t>(*losses);
        tally.gains = static_cast<std::uint64_t>(*gains);
        tally.first_repeat = first.value_or(signal::PeerTally{}.first_repeat);
        return true;
    }

    /// The sessions known by now: never fewer than before.
    [[nodiscard]] std::optional<std::size_t> peers_at(const RecordingLine& line, std::size_t i) {
        const auto count = line.number(i, static_cast<std::int64_t>(known_peers_),
                                       static_cast<std::int64_t>(head_.peers.size()));
        if (!count) return std::nullopt;
        known_peers_ = static_cast<std::size_t>(*count);
        return known_peers_;
    }

    [[nodiscard]] std::vector<signal::PeerInfo> peer_infos() const {
        std::vector<signal::PeerInfo> infos;
        for (std::size_t i = 0; i < known_peers_; ++i)
            infos.push_back({.peer = head_.peers[i], .status = statuses_[i]});
        return infos;
    }

    void hear_verdict() {
        if (verdict_due_) voters_ = judge_.take_verdict().next;
        verdict_due_ = false;
    }

    bool tell_first(const RecordingLine& line) {
        const auto bin = line.number(1, 0, kBinMax);
        const auto time = line.time(2);
        const auto floor = line.number(4, 0, 1);
        if (!bin || !time || !peers_at(line, 3) || !floor || line.words() != 5) return false;
        feed_.flush();
        hear_verdict();
        voters_ = nullptr;
        const auto peers = peer_infos();
        const auto voters = judge_.first_voters(Bin{*bin},
                                                {.known_at = *time,
                                                 .unwatched_since = {},
                                                 .peers = peers,
                                                 .full_feed = {.no_floor = *floor == 0},
                                                 .health = {}},
                                                {&sizes_, 1});
        for (auto& shard : shards_) shard->adopt(voters, *time);
        for (auto& sizes : sizes_) std::ranges::fill(sizes, 0);
        return true;
    }

    bool tell_seal(const RecordingLine& line) {
        const auto bin = line.number(1, last_ ? last_->index + 1 : 0, kBinMax);
        const auto known_at = line.time(2);
        const auto unwatched = line.time(3);
        const auto floor = line.number(5, 0, 1);
        if (!bin || !known_at || (!unwatched && line.word(3) != "-") || !peers_at(line, 4) ||
            !floor || line.words() != 6)
            return false;
        feed_.flush();
        hear_verdict();
        SealedBin sealed{.bin = Bin{*bin},
                         .known_at = *known_at,
                         .unwatched_since = unwatched,
                         .peers = peer_infos(),
                         .health = {},
                         .gaps = {},
                         .samples = samples_.take(Bin{*bin}),
                         .facts = last_ ? std::nullopt : std::optional(facts()),
                         .no_floor = *floor == 0,
                         .has_paths = false,
                         .whole_tables = tallies_};
        for (auto& shard : shards_) shard->seal({.bin = sealed.bin, .voters = voters_});
        voters_ = nullptr;
        last_ = sealed.bin;
        judge_.submit(std::move(sealed));
        verdict_due_ = true;
        for (auto& family : tallies_) {
            for (signal::PeerTally& tally : family) tally = {.table = tally.table};
        }
        return true;
    }

    [[nodiscard]] store::RunFacts facts() const {
        store::RunFacts facts{
            .collectors = head_.collectors, .peers = {}, .registry = {}, .inputs = {}};
        for (const Peer& peer : head_.peers) {
            facts.peers.push_back({.collector = head_.collectors.at(index(peer.collector)),
                                   .address = peer.address,
                                   .asn = peer.asn,
                                   .route_server = false,
                                   .full_feed = false});
        }
        return facts;
    }

    const RerunHead& head_;
    source::SeriesFiles& samples_;
    decode::PeerTable peers_;
    decode::Decoder decoder_;
    rib::PathPool paths_;
    std::vector<std::unique_ptr<ShardWorker>> shards_;
    RouteFeed feed_;
    Judge judge_;
    std::vector<std::string_view> lanes_;  ///< What is left of each.
    std::vector<signal::PeerStatus> statuses_;
    signal::TableSizes sizes_;
    std::array<std::vector<signal::PeerTally>, 2> tallies_;
    std::size_t known_peers_ = 0;
    std::shared_ptr<const signal::VoterSet> voters_;
    bool verdict_due_ = false;
    std::optional<Bin> last_;
    EventTime position_;
};

}  // namespace

Result<void> rerun(const RerunHead& head, std::string_view entries,
                   const std::vector<std::string_view>& records, source::SeriesFiles& samples,
                   const EntityMap& map, store::Writer& writer) {
    return Rerun(head, records, samples, map, writer).run(entries);
}

}  // namespace dimout::app
