#include "app/recorder.h"

#include <fmt/format.h>

#include <algorithm>

#include "app/judge.h"
#include "app/recording_words.h"
#include "bundle/zip.h"
#include "source/archive.h"

namespace dimout::app {

Result<void> Recorder::begins(const source::Archive& archive, const EntityMap& map) {
    auto space = space_of(question_, map);
    if (!space) return std::unexpected(space.error());
    space_ = std::move(*space);
    archive_ = &archive;
    recording_.map = range_list(space_, map);
    recording_.collectors = archive.collectors();
    for (const std::string& collector : archive.collectors()) {
        for (const bool tables : {true, false})
            recording_.lanes.push_back({.collector = collector, .tables = tables, .records = {}});
    }
    for (const source::ArchiveFile& file : archive.files()) recording_.files.push_back(file.path);
    recording_.used.resize(archive.files().size());
    recording_.read.resize(archive.files().size());
    return {};
}

void Recorder::route(const Prefix& prefix) {
    if (wanted_ && route_seen_) return;
    if (!signal::is_counted(prefix) || !space_.meets(prefix)) return;
    wanted_ = true;
    route_seen_ = true;
}

void Recorder::note(const std::string& line) {
    end_run_of_records();
    text_ += line;
}

void Recorder::end_run_of_records() {
    if (run_ > 0) text_ += fmt::format("records {} {}\n", lane_, run_);
    run_ = 0;
}

void Recorder::session(const RouteEvent& event) {
    const std::string line =
        fmt::format("{} {} {} {}\n", *word_of(kSessionWords, event.kind), index(event.peer),
                    unix_seconds(event.time), unix_seconds(event.since));
    if (route_seen_) {
        after_ += line;
    } else {
        note(line);
    }
}

void Recorder::applied(const Frame& frame) {
    const auto file = static_cast<std::size_t>(frame.position.file);
    const std::size_t lane =
        2 * std::size_t{index(frame.collector)} + (archive_->files()[file].table_dump ? 0 : 1);
    recording_.read[file] = true;
    if (dump_ended_) note(fmt::format("end {}\n", lane));
    if (wanted_) keep(frame, lane);
    if (!after_.empty()) note(after_);
    after_.clear();
    wanted_ = route_seen_ = dump_ended_ = false;
}

void Recorder::keep(const Frame& frame, std::size_t lane) {
    if (lane != lane_) end_run_of_records();
    lane_ = lane;
    ++run_;
    ++recording_.records;
    recording_.used[static_cast<std::size_t>(frame.position.file)] = true;
    std::string& records = recording_.lanes[lane].records;
    records.append(reinterpret_cast<const char*>(frame.bytes.data()), frame.bytes.size());
    if (records.size() > bundle::kZipMax) too_much_ = enough_ = true;
}

void Recorder::note_peers(std::span<const signal::PeerInfo> peers) {
    for (std::size_t i = recording_.peers.size(); i < peers.size(); ++i)
        recording_.peers.push_back(peers[i].peer);
    statuses_.resize(std::max(statuses_.size(), peers.size()));
    for (std::size_t i = 0; i < peers.size(); ++i) {
        if (statuses_[i] == peers[i].status) continue;
        statuses_[i] = peers[i].status;
        note(fmt::format("status {} {}\n", i, *word_of(kStatusWords, peers[i].status)));
    }
}

void Recorder::first_look(Bin bin, const signal::SealContext& context,
                          std::span<const signal::TableSizes> sizes) {
    note_peers(context.peers);
    for (std::size_t i = 0; i < context.peers.size(); ++i) {
        std::array<std::uint64_t, 2> sums{};
        for (const signal::TableSizes& shard : sizes) {
            for (std::size_t family = 0; family < sums.size(); ++family)
                sums[family] += i < shard[family].size() ? shard[family][i] : 0;
        }
        if (sums[0] + sums[1] > 0) note(fmt::format("size {} {} {}\n", i, sums[0], sums[1]));
    }
    note(fmt::format("first {} {} {} {}\n", bin.index, unix_seconds(context.known_at),
                     context.peers.size(), context.full_feed.no_floor ? 0 : 1));
}

void Recorder::bin_over() {
    end_run_of_records();
    bins_.push_back(std::exchange(text_, {}));
}

void Recorder::sealed(const SealedBin& bin) {
    std::string rest = std::exchange(text_, {});  // Of the bins to come.
    note_peers(bin.peers);
    for (const Sample& sample : bin.samples) {
        if (sample.entity == question_.entity) note_sample(sample);
    }
    note(fmt::format("seal {} {} {} {} {}\n", bin.bin.index, unix_seconds(bin.known_at),
                     bin.unwatched_since ? std::to_string(unix_seconds(*bin.unwatched_since)) : "-",
                     bin.peers.size(), bin.no_floor ? 0 : 1));
    seals_.push_back(std::exchange(text_, std::move(rest)));
    if (seals_.size() == 1) recording_.first = bin.bin.start();
    enough_ = enough_ || bin.known_at >= question_.until;
}

void Recorder::note_sample(const Sample& sample) {
    if (recording_.samples.empty()) recording_.samples = "time,entity,signal,value,width\n";
    recording_.samples += fmt::format(
        "{},{},{},{},{}\n", to_rfc3339(sample.from), to_string(sample.entity), sample.signal,
        sample.value ? fmt::format("{}", *sample.value) : "", sample.width.count());
}

void Recorder::counted(std::span<const signal::PartialBin> shards) {
    std::string text;
    for (std::size_t family = 0; family < tables_.size(); ++family) {
        std::vector<signal::PeerTally> sums;
        for (const signal::PartialBin& shard : shards) {
            const std::vector<signal::PeerTally>& part = shard.peers[family];
            sums.resize(std::max(sums.size(), part.size()));
            for (std::size_t i = 0; i < part.size(); ++i) sums[i] += part[i];
        }
        tables_[family].resize(std::max(tables_[family].size(), sums.size()));
        for (std::size_t i = 0; i < sums.size(); ++i) {
            const signal::PeerTally& sum = sums[i];
            if (sum.table == tables_[family][i] && sum.repeated + sum.losses + sum.gains == 0)
                continue;
            tables_[family][i] = sum.table;
            text += fmt::format(
                "tally {} {} {} {} {} {} {}\n", i, family == 0 ? 4 : 6, sum.table, sum.repeated,
                sum.losses, sum.gains,
                sum.repeated > 0 ? std::to_string(unix_seconds(sum.first_repeat)) : "-");
        }
    }
    tallies_.push_back(std::move(text));
}

Result<Recording> Recorder::take() {
    if (too_much_)
        return fail(
            fmt::format("the records of {} alone are more than {} MiB: begin later with "
                        "--from.",
                        to_string(question_.entity), bundle::kZipMax >> 20));
    if (seals_.empty()) return fail("the archive ends before its first five minutes are over.");
    DIMOUT_CHECK(seals_.size() == tallies_.size() && seals_.size() == bins_.size());
    for (std::size_t i = 0; i < seals_.size(); ++i)
        recording_.entries += bins_[i] + tallies_[i] + seals_[i];
    return std::move(recording_);
}

}  // namespace dimout::app
