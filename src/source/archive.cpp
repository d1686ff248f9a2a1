#include "source/archive.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "source/archive_plan.h"
#include "source/block_pool.h"
#include "source/gap_watch.h"
#include "source/read_ahead.h"

namespace dimout::source {
namespace {

/// A lone stamp this much ahead of its lane is damage.
constexpr std::chrono::hours kLeap{1};
/// The same for the last record of a lane, which has no successor to speak for it.
constexpr std::chrono::hours kLastLeap{24};

/// Where a lane stands in the merge.
struct Lane {
    struct File {
        FileId id{};
        EventTime first;
    };

    CollectorId collector{};
    bool watched = false;  ///< For gaps.
    std::vector<File> files{};
    LaneBatch current{};
    LaneBatch following{};
    bool has_following = false;
    std::size_t index = 0;  ///< Of the head in `current`; at its end, the head is a FileEnd.
    std::optional<EventTime> high{};  ///< Highest stamp believed so far.
    EventTime key{};
    EventTime last_time{};
    Position end{};  ///< Behind the newest record.
    std::uint64_t bytes_counted = 0;

    [[nodiscard]] bool at_record() const { return index < current.batch.records.size(); }
    [[nodiscard]] Bytes bytes() const { return current.batch.bytes(current.batch.records[index]); }
    [[nodiscard]] EventTime stamp() const { return event_time(header_of(bytes()).stamp); }
    [[nodiscard]] Position position() const {
        return {.file = files[current.file].id,
                .offset = current.batch.records[index].offset,
                .record = current.batch.first_record + index};
    }
};

std::vector<LaneReader> readers_of(std::vector<LanePlan>& lanes,
                                   const std::shared_ptr<BlockPool>& pool) {
    std::vector<LaneReader> readers;
    readers.reserve(lanes.size());
    for (LanePlan& lane : lanes) readers.emplace_back(std::move(lane.files), pool);
    return readers;
}

std::vector<Lane> merge_lanes(const std::vector<LanePlan>& plans) {
    std::vector<Lane> lanes;
    for (const LanePlan& plan : plans) {
        const auto same = [&](const LanePlan& other) { return other.collector == plan.collector; };
        const bool only = std::ranges::count_if(plans, same) == 1;
        Lane lane{.collector = plan.collector, .watched = only || !plan.table_dumps};
        for (const LaneFile& file : plan.files)
            lane.files.push_back({.id = file.id, .first = file.first});
        lanes.push_back(std::move(lane));
    }
    return lanes;
}

std::string leap_reason(EventTime stamp, EventTime high) {
    return "the stamp " + to_rfc3339(stamp) + " is alone, far from " + to_rfc3339(high) +
           "; the record is left out";
}

}  // namespace

class Archive::Impl {
public:
    Impl(ArchivePlan plan, const ArchiveOptions& options, const std::shared_ptr<BlockPool>& pool)
        : files_(std::move(plan.files)),
          collectors_(std::move(plan.collectors)),
          until_(options.until),
          errors_(options.errors_kept),
          watch_(collectors_.size()),
          lanes_(merge_lanes(plan.lanes)),
          ahead_(readers_of(plan.lanes, pool), lanes_.empty() ? 0 : options.readers) {
        for (InputError& error : plan.errors) errors_.add(std::move(error));
        progress_.bytes_total = plan.bytes;
        for (const Lane& lane : lanes_) progress_.files_total += lane.files.size();
    }

    bool next(Frame& frame) {
        if (!begun_) begin();
        if (delivered_) advance(waiting_.back().second);
        if (waiting_.empty()) {
            watch_.pass(passed_);
            return false;
        }
        Lane& lane = lanes_[waiting_.back().second];
        passed_ = lane.key;
        watch_.pass(passed_);
        delivered_ = true;
        if (lane.at_record()) {
            deliver_record(lane, frame);
        } else {
            deliver_end(lane, frame);
        }
        return true;
    }

    std::vector<ArchiveFile> files_;
    std::vector<std::string> collectors_;
    std::optional<EventTime> until_;
    ErrorLog errors_;
    GapWatch watch_;
    ArchiveProgress progress_;

private:
    /// (key, number of the lane): lanes are numbered by collector, table dumps first.
    using Place = std::pair<EventTime, std::size_t>;

    /// `waiting_` is sorted with the lane whose turn it is at the back. There are tens of lanes,
    /// and the one at the back mostly stays there, which costs one comparison.
    void begin() {
        begun_ = true;
        for (std::size_t i = 0; i < lanes_.size(); ++i) {
            if (fetch(i) && find_head(i)) waiting_.emplace_back(lanes_[i].key, i);
        }
        std::ranges::sort(waiting_, std::greater{});
    }

    void advance(std::size_t number) {
        delivered_ = false;
        Lane& lane = lanes_[number];
        const bool more = lane.at_record() ? (++lane.index, true) : fetch(number);
        if (!more || !find_head(number)) {
            waiting_.pop_back();
            if (!more && lane.watched) watch_.expect(lane.collector, std::nullopt);
            return;
        }
        waiting_.back().first = lane.key;
        for (std::size_t i = waiting_.size() - 1; i > 0 && waiting_[i - 1] < waiting_[i]; --i) {
            std::swap(waiting_[i - 1], waiting_[i]);
        }
    }

    bool fetch(std::size_t number) {
        Lane& lane = lanes_[number];
        const std::size_t file_before = lane.current.file;
        lane.index = 0;
        if (lane.has_following) {
            std::swap(lane.current, lane.following);
            lane.has_following = false;
        } else if (!ahead_.next(number, lane.current)) {
            return false;
        }
        if (lane.current.file != file_before) lane.bytes_counted = 0;
        if (lane.current.batch.first_record == 0)
            lane.end = {.file = lane.files[lane.current.file].id};
        progress_.bytes_read +=
            lane.current.bytes_taken - std::exchange(lane.bytes_counted, lane.current.bytes_taken);
        return true;
    }

    /// Goes on to the next record that is believed, or to the end of the file. False when the lane
    /// is over.
    bool find_head(std::size_t number) {
        Lane& lane = lanes_[number];
        while (true) {
            if (lane.at_record()) {
                if (is_believed(number)) return take_record(number);
                leave_out(lane);
                ++lane.index;
            } else if (lane.current.batch.last) {
                return take_end(lane);
            } else if (!fetch(number)) {
                return false;
            }
        }
    }

    bool take_record(std::size_t number) {
        Lane& lane = lanes_[number];
        lane.key = std::max(lane.stamp(), lane.high.value_or(lane.stamp()));
        lane.high = lane.key;
        if (lane.watched && !header_of(lane.bytes()).is_table_dump())
            watch_.expect(lane.collector, lane.key);
        if (!until_ || lane.key < *until_) return true;
        ahead_.close(number);
        return false;
    }

    bool take_end(Lane& lane) {
        lane.key = lane.high.value_or(lane.files[lane.current.file].first);
        for (InputError& error : lane.current.batch.errors) {
            error.position.file = lane.files[lane.current.file].id;
            errors_.add(std::move(error));
        }
        if (!lane.current.batch.complete && lane.watched) watch_.lose_tail(lane.collector);
        return true;
    }

    void leave_out(const Lane& lane) {
        const EventTime other = lane.high.value_or(lane.files[lane.current.file].first);
        errors_.add({.code = "mrt_time",
                     .position = lane.position(),
                     .reason = leap_reason(lane.stamp(), other)});
    }

    bool is_believed(std::size_t number) {
        const Lane& lane = lanes_[number];
        const EventTime stamp = lane.stamp();
        const bool first = lane.current.batch.first_record + lane.index == 0;
        if (first) return stamp == lane.files[lane.current.file].first;
        if (!lane.high || stamp <= *lane.high + kLeap) return true;
        const auto successor = stamp_after(number);
        return successor ? *successor >= stamp - kLeap : stamp <= *lane.high + kLastLeap;
    }

    /// Of the record after the head of the lane, in this file or the next.
    std::optional<EventTime> stamp_after(std::size_t number) {
        Lane& lane = lanes_[number];
        if (lane.index + 1 < lane.current.batch.records.size()) {
            const auto& record = lane.current.batch.records[lane.index + 1];
            return event_time(header_of(lane.current.batch.bytes(record)).stamp);
        }
        if (!lane.current.batch.last) {
            if (!lane.has_following) lane.has_following = ahead_.next(number, lane.following);
            if (lane.has_following && !lane.following.batch.records.empty()) {
                const RecordBatch& batch = lane.following.batch;
                return event_time(header_of(batch.bytes(batch.records.front())).stamp);
            }
        }
        if (lane.current.file + 1 == lane.files.size()) return std::nullopt;
        return lane.files[lane.current.file + 1].first;
    }

    void deliver_record(Lane& lane, Frame& frame) {
        frame = {.kind = Frame::Kind::Record,
                 .complete = true,
                 .collector = lane.collector,
                 .time = lane.stamp(),
                 .position = lane.position(),
                 .bytes = lane.bytes()};
        lane.last_time = frame.time;
        lane.end = frame.position;
        lane.end.offset += frame.bytes.size();
        ++lane.end.record;
        ++progress_.records;
        if (lane.watched && !header_of(frame.bytes).is_table_dump())
            watch_.hear(lane.collector, lane.key);
    }

    void deliver_end(const Lane& lane, Frame& frame) {
        frame = {.kind = Frame::Kind::FileEnd,
                 .complete = lane.current.batch.complete,
                 .collector = lane.collector,
                 .time = lane.last_time,
                 .position = lane.end,
                 .bytes = {}};
        ++progress_.files_done;
    }

    std::vector<Lane> lanes_;
    std::vector<Place> waiting_;
    EventTime passed_;
    bool begun_ = false;
    bool delivered_ = false;
    ReadAhead ahead_;  ///< Last: its threads end first.
};

Archive::Archive(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Archive::Archive(Archive&&) noexcept = default;
Archive& Archive::operator=(Archive&&) noexcept = default;
Archive::~Archive() = default;

Result<Archive> Archive::open(const std::vector<std::string>& paths,
                              const ArchiveOptions& options) {
    const auto pool = std::make_shared<BlockPool>(options.helpers);
    auto plan = plan_archive(paths, options, pool);
    if (!plan) return std::unexpected(plan.error());
    return Archive(std::make_unique<Impl>(std::move(*plan), options, pool));
}

Archive Archive::none() {
    return Archive(std::make_unique<Impl>(ArchivePlan{}, ArchiveOptions{.readers = 0}, nullptr));
}

bool Archive::next(Frame& frame) { return impl_->next(frame); }
bool Archive::has_gaps() const { return impl_->watch_.any(); }
std::vector<Gap> Archive::take_gaps() { return impl_->watch_.take(); }
const std::vector<std::string>& Archive::collectors() const { return impl_->collectors_; }
const std::vector<ArchiveFile>& Archive::files() const { return impl_->files_; }
const ErrorLog& Archive::errors() const { return impl_->errors_; }
void Archive::add_error(InputError error) { impl_->errors_.add(std::move(error)); }
ArchiveProgress Archive::progress() const { return impl_->progress_; }

std::string Archive::describe(const InputError& error) const {
    return source::describe(error, files()[static_cast<std::size_t>(error.position.file)].path);
}

}  // namespace dimout::source
