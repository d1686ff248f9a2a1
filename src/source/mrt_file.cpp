#include "source/mrt_file.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "source/decompress.h"

namespace dimout::source {
namespace {

/// Types of RFC 6396 §4 and appendix B. Type 0 is left out: no file begins with it, but zeros do.
bool is_assigned(std::uint16_t type) {
    return (type >= 1 && type <= 13) || type == 16 || type == 17 || type == 32 || type == 33 ||
           type == 48 || type == 49;
}

std::string bytes_wanted(std::uint64_t wanted, std::uint64_t have) {
    return "MRT record wants " + std::to_string(wanted) + " bytes, the file has " +
           std::to_string(have);
}

std::string too_long(std::uint32_t length) {
    return "MRT record claims " + std::to_string(length) +
           " bytes, more than any real one; the rest of the file is left out";
}

}  // namespace

bool looks_like_mrt(Bytes head) {
    if (head.size() < kMrtHeaderSize) return false;
    const MrtHeader header = header_of(head);
    return is_assigned(header.type) && header.subtype <= 64 && header.length <= kLongestRecord;
}

bool MrtReader::next_batch(RecordBatch& batch, std::size_t target) {
    batch.records.clear();
    batch.errors.clear();
    batch.last = false;
    batch.complete = true;
    batch.first_record = records_;
    if (ended_) {
        batch.buffer.clear();
        return false;
    }
    // Not cleared, for then all of it would be made zeros before it is filled.
    batch.buffer.resize(std::max(batch.buffer.size(), carried_.size()));
    std::ranges::copy(carried_, batch.buffer.begin());
    bool more = fill(batch, carried_.size(), std::max(target, kMrtHeaderSize));
    carried_.clear();
    split(batch);
    // A record longer than the target: its header says how much there must be.
    while (batch.records.empty() && more && !ended_) {
        const MrtHeader header = header_of(batch.buffer);
        more = fill(batch, batch.buffer.size(), kMrtHeaderSize + header.length);
        split(batch);
    }
    if (!more && !ended_) finish(batch, {});
    offset_ += batch.buffer.size();
    records_ += batch.records.size();
    return true;
}

/// Reads behind the first `have` bytes until there are `size`; false when the content ended before.
bool MrtReader::fill(RecordBatch& batch, std::size_t have, std::size_t size) {
    batch.buffer.resize(std::max(have, size));
    while (have < size) {
        const std::size_t count = content_->read(std::span(batch.buffer).subspan(have));
        if (count == 0) break;
        have += count;
    }
    batch.buffer.resize(have);
    return have >= size;
}

/// Finds the whole records and moves the begun one at the end aside.
void MrtReader::split(RecordBatch& batch) {
    std::size_t begin = 0;
    while (batch.buffer.size() - begin >= kMrtHeaderSize) {
        const MrtHeader header = header_of(Bytes(batch.buffer).subspan(begin));
        if (header.length > kLongestRecord) {
            const Position place{
                .file = {}, .offset = offset_ + begin, .record = records_ + batch.records.size()};
            batch.buffer.resize(begin);
            return finish(
                batch,
                {.code = "mrt_length", .position = place, .reason = too_long(header.length)});
        }
        const std::size_t size = kMrtHeaderSize + header.length;
        if (batch.buffer.size() - begin < size) break;
        batch.records.push_back({.offset = offset_ + begin,
                                 .begin = static_cast<std::uint32_t>(begin),
                                 .size = static_cast<std::uint32_t>(size)});
        begin += size;
    }
    if (batch.records.empty()) return;
    carried_.assign(batch.buffer.begin() + static_cast<std::ptrdiff_t>(begin), batch.buffer.end());
    batch.buffer.resize(begin);
}

/// Ends the file: at a record's end, within a record, or because of `error`.
void MrtReader::finish(RecordBatch& batch, InputError error) {
    ended_ = true;
    batch.last = true;
    add_stream_faults(batch);
    const std::vector<std::uint8_t>& torn = batch.records.empty() ? batch.buffer : carried_;
    if (error.code.empty() && !torn.empty()) {
        const std::size_t begin = batch.records.empty() ? 0 : batch.buffer.size();
        const std::uint64_t wanted =
            torn.size() < kMrtHeaderSize ? kMrtHeaderSize : kMrtHeaderSize + header_of(torn).length;
        error = {.code = "mrt_truncated",
                 .position = {.file = {},
                              .offset = offset_ + begin,
                              .record = records_ + batch.records.size()},
                 .reason = bytes_wanted(wanted, torn.size())};
    }
    if (error.code.empty()) return;
    batch.complete = false;
    batch.errors.push_back(std::move(error));
}

void MrtReader::add_stream_faults(RecordBatch& batch) {
    for (const StreamFault& fault : content_->faults()) {
        const Position place{.file = {},
                             .offset = offset_ + batch.buffer.size(),
                             .record = records_ + batch.records.size()};
        batch.errors.push_back({.code = fault.code, .position = place, .reason = fault.reason});
        if (fault.lost) batch.complete = false;
    }
}

Result<MrtFile> MrtFile::open(const std::string& path, FileId id, CollectorId collector) {
    auto input = open_file(path);
    if (!input) return std::unexpected(input.error());
    return MrtFile(std::move(*input), id, collector);
}

MrtFile::MrtFile(std::unique_ptr<ByteStream> input, FileId id, CollectorId collector)
    : reader_(decompress(std::move(input))), id_(id), collector_(collector) {}

bool MrtFile::next(Frame& frame) {
    while (index_ == batch_.records.size()) {
        if (batch_.last) return end(frame);
        static_cast<void>(reader_.next_batch(batch_));
        index_ = 0;
    }
    const RecordBatch::Record& record = batch_.records[index_];
    frame = {
        .collector = collector_,
        .time = event_time(header_of(batch_.bytes(record)).stamp),
        .position = {.file = id_, .offset = record.offset, .record = batch_.first_record + index_},
        .bytes = batch_.bytes(record)};
    last_ = {
        .file = id_, .offset = record.offset + record.size, .record = frame.position.record + 1};
    last_time_ = frame.time;
    ++index_;
    return true;
}

bool MrtFile::end(Frame& frame) {
    if (ended_) return false;
    ended_ = true;
    last_.file = id_;
    frame = {.kind = Frame::Kind::FileEnd,
             .complete = batch_.complete,
             .collector = collector_,
             .time = last_time_,
             .position = last_,
             .bytes = {}};
    return true;
}

std::vector<InputError> MrtFile::take_errors() {
    // The errors of a batch lie after its records.
    if (index_ < batch_.records.size()) return {};
    std::vector<InputError> errors = std::exchange(batch_.errors, {});
    for (InputError& error : errors) error.position.file = id_;
    return errors;
}

}  // namespace dimout::source
