#include "source/lane_reader.h"

#include <algorithm>
#include <utility>

#include "source/decompress.h"

namespace dimout::source {
namespace {

/// Records of one file lie closer together than this.
constexpr std::int64_t kDay = 86400;

std::int64_t stamp(const RecordBatch& batch, std::size_t record) {
    return header_of(batch.bytes(batch.records[record])).stamp;
}

bool are_close(std::int64_t one, std::int64_t other) {
    return std::max(one, other) - std::min(one, other) <= kDay;
}

}  // namespace

OpenedFile OpenedFile::open(const std::string& path, std::size_t bytes,
                            const std::shared_ptr<BlockPool>& pool) {
    OpenedFile file;
    auto input = open_file(path);
    if (!input) {
        file.failure = input.error().message;
        return file;
    }
    file.reader = std::make_unique<MrtReader>(decompress(std::move(*input), pool));
    static_cast<void>(file.reader->next_batch(file.first, bytes));
    return file;
}

std::optional<EventTime> OpenedFile::first_stamp() const {
    if (first.records.empty()) return std::nullopt;
    const std::int64_t one = stamp(first, 0);
    if (first.records.size() < 3) return event_time(one);
    const std::int64_t two = stamp(first, 1);
    const bool alone = !are_close(one, two) && are_close(two, stamp(first, 2));
    return event_time(alone ? two : one);
}

bool OpenedFile::begins_with_table_dump() const {
    return !first.records.empty() && header_of(first.bytes(first.records.front())).is_table_dump();
}

bool OpenedFile::looks_like_mrt() const {
    return !first.records.empty() && source::looks_like_mrt(first.bytes(first.records.front()));
}

bool LaneReader::next(LaneBatch& batch) {
    if (reader_) {
        static_cast<void>(reader_->next_batch(batch.batch));
    } else {
        if (next_ == files_.size()) return false;
        open_next(batch);
    }
    batch.file = next_ - 1;
    batch.bytes_taken = reader_ ? reader_->bytes_taken() : 0;
    if (batch.batch.last) reader_.reset();
    return true;
}

void LaneReader::open_next(LaneBatch& batch) {
    LaneFile& file = files_[next_++];
    OpenedFile opened = file.opened ? std::move(*file.opened)
                                    : OpenedFile::open(file.path, MrtReader::kBatchBytes, pool_);
    file.opened.reset();
    reader_ = std::move(opened.reader);
    batch.batch = std::move(opened.first);
    if (opened.failure.empty()) return;
    batch.batch.errors.push_back(
        {.code = "read_failed", .position = {}, .reason = std::move(opened.failure)});
    batch.batch.complete = false;
    batch.batch.last = true;
}

}  // namespace dimout::source
