#include "store/active_log.h"

#include "store/segment.h"

namespace dimout::store {
namespace {

/// Written, though not acknowledged, when so much is waiting.
constexpr std::size_t kPendingLimit = 16 << 20;

}  // namespace

std::string ActiveLog::path() const { return folder_ + "/log/" + log_name(number_); }

Result<void> ActiveLog::open_at(std::uint64_t size) {
    auto file = disk_.open_append(path(), size);
    if (!file) return std::unexpected(file.error());
    file_ = std::move(*file);
    return {};
}

Result<void> ActiveLog::resume(const LogFile& log) {
    if (log.scan.whole_bytes == 0) return start(log.number);
    number_ = log.number;
    ordinal_ = log.scan.records.size();
    batch_ = log.scan.last_batch;
    if (!log.bins.empty()) hour_ = hour_of(log.bins.front().bin.bin);
    if (auto done = open_at(log.scan.whole_bytes); !done) return done;
    // A record that was written but not acknowledged may be among what we build on from now on.
    return file_->sync();
}

Result<void> ActiveLog::start(std::uint64_t number) {
    number_ = number;
    ordinal_ = 0;
    batch_ = 0;
    hour_.reset();
    if (auto done = open_at(0); !done) return done;
    if (auto done = file_->append(log_head()); !done) return done;
    if (auto done = file_->sync(); !done) return done;
    return disk_.sync_folder(folder_ + "/log");
}

Result<void> ActiveLog::append(RecordType type, std::string_view payload) {
    frame_record(pending_, number_, ordinal_++, batch_ + 1, type, payload);
    unsynced_ = true;
    if (pending_.size() < kPendingLimit) return {};
    return write_out();
}

Result<void> ActiveLog::append_bin(Bin bin, std::string_view payload) {
    if (!hour_) hour_ = hour_of(bin);
    return append(RecordType::Bin, payload);
}

Result<void> ActiveLog::commit() {
    if (!unsynced_) return {};
    if (auto done = write_out(); !done) return done;
    if (auto done = file_->sync(); !done) return done;
    unsynced_ = false;
    ++batch_;
    return {};
}

Result<void> ActiveLog::write_out() {
    auto done = file_->append(pending_);
    pending_.clear();
    return done;
}

}  // namespace dimout::store
