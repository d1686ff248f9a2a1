#include "source/live_stream.h"

#include <algorithm>

#include "source/mrt_file.h"

namespace dimout::source {
namespace {

/// BGP4MP and BGP4MP_ET (RFC 6396 §4.4): their stamp is when the message was seen.
bool is_message(const MrtHeader& header) { return header.type == 16 || header.type == 17; }

void write_stamp(std::uint8_t* record, EventTime time) {
    const auto stamp = static_cast<std::uint32_t>(unix_seconds(time));
    for (int i = 0; i < 4; ++i) record[i] = static_cast<std::uint8_t>(stamp >> (24 - 8 * i));
}

/// As the journal would tell it. `reason` outlives the item.
JournalItem loss_of(CollectorId collector, std::string_view reason) {
    return {.kind = JournalItem::Kind::Loss,
            .collector = collector,
            .position = {},
            .bytes = Bytes(reinterpret_cast<const std::uint8_t*>(reason.data()), reason.size())};
}

}  // namespace

bool LiveStream::next(Frame& frame) {
    while (true) {
        while (item_ < batch_.items.size()) {
            if (take_item(batch_.items[item_++], frame)) return true;
        }
        if (!seeding_) due_ = std::max(due_, heard_ - lateness_);
        if (release(frame)) return true;
        if (open_ < due_) return give_clock(due_, frame), true;
        if (!take_batch()) return false;
    }
}

bool LiveStream::take_batch() {
    if (!feed_.next(batch_)) return false;
    item_ = 0;
    if (batch_.new_run) lose_all("dimout was not running");
    const bool first = heard_ == EventTime{};
    heard_ = event_time(batch_.heard / 1'000'000);
    if (first) open_ = heard_ - lateness_;
    return true;
}

/// From when the newest batch was heard.
void LiveStream::lose_all(std::string_view reason) {
    for (std::size_t i = 0; i < collectors().size(); ++i) {
        const JournalItem loss = loss_of(CollectorId{static_cast<std::uint16_t>(i)}, reason);
        hold(loss, time_of(loss));
    }
    seeding_ = false;
}

/// What an archive says is given out at once; the rest waits for its second.
bool LiveStream::take_item(const JournalItem& item, Frame& frame) {
    using Kind = JournalItem::Kind;
    if (item.kind == Kind::SeedBegin) {
        seeding_ = true;
        // Nothing was given out yet: time begins with the archive.
        if (counts_.records == 0) open_ = EventTime{};
        return false;
    }
    if (item.kind == Kind::SeedEnd) return end_seed(), false;
    const bool archived = item.lane == Lane::Archive && item.kind == Kind::Record;
    return archived || item.kind == Kind::FileEnd ? take_archived(item, frame)
                                                  : take_live(item, frame);
}

bool LiveStream::take_archived(const JournalItem& item, Frame& frame) {
    const bool record = item.kind == JournalItem::Kind::Record;
    frame = {.kind = record ? Frame::Kind::Record : Frame::Kind::FileEnd,
             .complete = item.complete,
             .collector = item.collector,
             .time = open_,
             .position = item.position,
             .bytes = item.bytes};
    if (!record) return true;
    const MrtHeader header = header_of(item.bytes);
    frame.time = event_time(header.stamp);
    const auto heard = heard_from_.find(item.collector);
    if (is_message(header) && heard != heard_from_.end() && frame.time >= heard->second)
        return ++counts_.twice, false;
    ++counts_.records;
    if (!seeding_) return true;
    open_ = std::max(open_, frame.time);
    EventTime& until = archived_until_[item.collector];
    until = std::max(until, frame.time);
    return true;
}

/// The collectors whose archive ends too long before they were heard are lost in between.
void LiveStream::end_seed() {
    constexpr std::string_view kReason = "between the archive's end and the first word heard live";
    seeding_ = false;
    for (const auto& [collector, until] : archived_until_) {
        const auto heard = heard_from_.find(collector);
        const EventTime from = heard != heard_from_.end() ? heard->second : heard_;
        if (from - until <= kBridged) continue;
        hold(loss_of(collector, kReason), open_);
    }
    archived_until_.clear();
    heard_from_.clear();
}

bool LiveStream::take_live(const JournalItem& item, Frame& frame) {
    const EventTime time = time_of(item);
    if (seeding_) heard_from_.try_emplace(item.collector, time);
    if (time > open_ || seeding_) return hold(item, time), false;
    passing_.assign(item.bytes.begin(), item.bytes.end());
    return give({.kind = item.kind,
                 .collector = item.collector,
                 .position = item.position,
                 .begin = 0,
                 .size = passing_.size()},
                passing_, frame);
}

/// What the item counts for, as far as can be said now.
EventTime LiveStream::time_of(const JournalItem& item) {
    EventTime time = heard_;
    if (item.kind == JournalItem::Kind::Record && is_message(header_of(item.bytes)))
        time = std::min(time, event_time(header_of(item.bytes).stamp));
    if (newest_.size() <= index(item.collector)) newest_.resize(index(item.collector) + 1U);
    EventTime& newest = newest_[index(item.collector)];
    return newest = std::max({time, newest, open_});
}

void LiveStream::hold(const JournalItem& item, EventTime time) {
    Second& second = second_of(time);
    second.held.push_back({.kind = item.kind,
                           .collector = item.collector,
                           .position = item.position,
                           .begin = second.bytes.size(),
                           .size = item.bytes.size()});
    second.bytes.insert(second.bytes.end(), item.bytes.begin(), item.bytes.end());
}

LiveStream::Second& LiveStream::second_of(EventTime time) {
    const auto known = waiting_.find(time);
    if (known != waiting_.end()) return known->second;
    Second fresh;
    if (!spare_.empty()) {
        fresh = std::move(spare_.back());
        spare_.pop_back();
    }
    return waiting_.emplace(time, std::move(fresh)).first->second;
}

/// The next that is due, if any is.
bool LiveStream::release(Frame& frame) {
    while (true) {
        if (going_) {
            while (going_index_ < going_->held.size()) {
                const Second::Held& held = going_->held[going_index_++];
                const std::span bytes = std::span(going_->bytes).subspan(held.begin, held.size);
                if (give(held, bytes, frame)) return true;
            }
            going_->held.clear();
            going_->bytes.clear();
            spare_.push_back(std::move(*going_));
            going_.reset();
        }
        if (waiting_.empty() || waiting_.begin()->first >= due_) return false;
        begin_release();
    }
}

void LiveStream::begin_release() {
    const auto first = waiting_.begin();
    open_ = std::max(open_, first->first);
    going_ = std::move(first->second);
    going_index_ = 0;
    waiting_.erase(first);
    const std::vector<std::string>& names = collectors();
    std::ranges::stable_sort(going_->held, [&](const auto& a, const auto& b) {
        return a.collector != b.collector && names[index(a.collector)] < names[index(b.collector)];
    });
}

/// False when there is nothing to give: who is lost already is not lost again.
bool LiveStream::give(const Second::Held& held, std::span<std::uint8_t> bytes, Frame& frame) {
    if (held.kind == JournalItem::Kind::Loss) return begin_gap(held.collector, bytes, frame);
    end_gap(held.collector, open_);
    count_stamp(bytes);
    frame = {.kind = Frame::Kind::Record,
             .complete = true,
             .collector = held.collector,
             .time = open_,
             .position = held.position,
             .bytes = bytes};
    return true;
}

/// The record says the time that it counts for.
void LiveStream::count_stamp(std::span<std::uint8_t> record) {
    ++counts_.records;
    const MrtHeader header = header_of(record);
    const EventTime stamp = event_time(header.stamp);
    if (!is_message(header) || stamp == open_) return;
    ++(stamp < open_ ? counts_.late : counts_.early);
    write_stamp(record.data(), open_);
}

bool LiveStream::begin_gap(CollectorId collector, Bytes reason, Frame& frame) {
    const Gap gap{.collector = collector,
                  .from = open_,
                  .until = kNeverAgain,
                  .reason = std::string(reason.begin(), reason.end())};
    if (!silent_.emplace(collector, gap).second) return false;
    gaps_.push_back(gap);
    ++counts_.losses;
    give_clock(open_, frame);
    return true;
}

/// The gap is told a second time, with its end.
void LiveStream::end_gap(CollectorId collector, EventTime time) {
    const auto silent = silent_.find(collector);
    if (silent == silent_.end()) return;
    silent->second.until = time;
    gaps_.push_back(std::move(silent->second));
    silent_.erase(silent);
}

void LiveStream::give_clock(EventTime time, Frame& frame) {
    open_ = std::max(open_, time);
    frame = {.kind = Frame::Kind::Clock,
             .complete = true,
             .collector = {},
             .time = open_,
             .position = {},
             .bytes = {}};
}

}  // namespace dimout::source
