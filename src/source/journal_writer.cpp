#include "source/journal_writer.h"

#include <fmt/format.h>
#include <zstd.h>

#include <algorithm>

#include "model/mrt_record.h"

namespace dimout::source {
namespace {

/// The default of `zstd`.
constexpr int kLevel = 3;
constexpr std::int64_t kMicroseconds = 1'000'000;

std::string name_of(std::int64_t second) {
    std::string text = to_rfc3339(event_time(second));
    std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
    return text.append(kJournalSuffix);
}

/// The second that `name_of` made a name of; 0 for other names.
std::int64_t second_of(const std::string& name) {
    if (name.size() != std::string_view("20141222T161500Z.mrt.zst").size()) return 0;
    const auto time = parse_time(
        fmt::format("{}-{}-{}T{}:{}:{}Z", name.substr(0, 4), name.substr(4, 2), name.substr(6, 2),
                    name.substr(9, 2), name.substr(11, 2), name.substr(13, 2)));
    return time ? unix_seconds(*time) : 0;
}

}  // namespace

/// One zstd frame, flushed block by block: what was flushed can be read while the rest is not
/// there.
class JournalWriter::Packer {
public:
    Packer() : state_(ZSTD_createCCtx()) {
        DIMOUT_CHECK(state_ != nullptr);
        ZSTD_CCtx_setParameter(state_, ZSTD_c_compressionLevel, kLevel);
    }
    Packer(const Packer&) = delete;
    Packer& operator=(const Packer&) = delete;
    ~Packer() { ZSTD_freeCCtx(state_); }

    std::string pack(Bytes bytes, ZSTD_EndDirective how) {
        std::string packed;
        ZSTD_inBuffer input{.src = bytes.data(), .size = bytes.size(), .pos = 0};
        std::size_t left = 1;
        while (left > 0) {
            char room[1 << 16];
            ZSTD_outBuffer output{.dst = room, .size = sizeof(room), .pos = 0};
            left = ZSTD_compressStream2(state_, &output, &input, how);
            DIMOUT_CHECK(!ZSTD_isError(left));
            packed.append(room, output.pos);
        }
        return packed;
    }

private:
    ZSTD_CCtx* state_;
};

JournalWriter::JournalWriter(std::string folder, const JournalOptions& options, Disk& disk)
    : folder_(std::move(folder)), options_(options), disk_(disk) {}

JournalWriter::~JournalWriter() = default;

Result<std::unique_ptr<JournalWriter>> JournalWriter::open(const std::string& folder,
                                                           const JournalOptions& options,
                                                           Disk& disk) {
    if (auto made = disk.make_folder(folder); !made) return std::unexpected(made.error());
    const auto names = list_folder(folder);
    if (!names) return std::unexpected(names.error());
    std::unique_ptr<JournalWriter> writer(new JournalWriter(folder, options, disk));
    for (const std::string& name : *names)
        writer->newest_name_ = std::max(writer->newest_name_, second_of(name));
    return writer;
}

void JournalWriter::hear(std::string_view collector, Bytes record) {
    std::unique_lock lock(mutex_);
    if (wait_for_room(lock)) add({number_of(collector), Lane::Live, 0}, record);
}

void JournalWriter::add_archived(std::string_view collector, std::string_view file, Bytes record) {
    std::unique_lock lock(mutex_);
    if (wait_for_room(lock))
        add({number_of(collector), Lane::Archive, number_of_file(file)}, record);
}

void JournalWriter::add(const Origin& origin, Bytes record) {
    if (from_ != origin) {
        begin_mark(batch_, Mark::From, 7);
        batch_.u16(std::get<0>(origin));
        batch_.u8(static_cast<std::uint8_t>(std::get<1>(origin)));
        batch_.u32(std::get<2>(origin));
        from_ = origin;
    }
    batch_.append(record);
}

void JournalWriter::lose(std::string_view collector, std::string_view reason) {
    std::unique_lock lock(mutex_);
    if (!wait_for_room(lock)) return;
    const std::uint16_t number = number_of(collector);
    begin_mark(batch_, Mark::Loss, 2 + reason.size());
    batch_.u16(number);
    batch_.text(reason);
}

void JournalWriter::end_archive_file(std::string_view collector, std::string_view file,
                                     bool complete) {
    std::unique_lock lock(mutex_);
    if (!wait_for_room(lock)) return;
    const std::uint16_t number = number_of(collector);
    const std::uint32_t file_number = number_of_file(file);
    begin_mark(batch_, Mark::FileEnd, 7);
    batch_.u16(number);
    batch_.u8(complete ? 1 : 0);
    batch_.u32(file_number);
    archive_files_.erase(archive_files_.find(file));
}

void JournalWriter::begin_seed() {
    const std::lock_guard lock(mutex_);
    begin_mark(batch_, Mark::SeedBegin, 0);
}

void JournalWriter::end_seed() {
    const std::lock_guard lock(mutex_);
    begin_mark(batch_, Mark::SeedEnd, 0);
}

void JournalWriter::begin_mark(Wire& wire, Mark mark, std::size_t length) const {
    append_header(wire, event_time(stamp_), kMarkType, static_cast<unsigned>(mark), length);
}

void JournalWriter::name_collector(Wire& wire, std::uint16_t number, std::string_view name) const {
    begin_mark(wire, Mark::Collector, 2 + name.size());
    wire.u16(number);
    wire.text(name);
}

void JournalWriter::name_file(Wire& wire, std::uint32_t number, std::string_view name) const {
    begin_mark(wire, Mark::ArchiveFile, 4 + name.size());
    wire.u32(number);
    wire.text(name);
}

/// Numbers hold for the writer's life; each file says at its beginning what they mean.
std::uint16_t JournalWriter::number_of(std::string_view collector) {
    const auto known = numbers_.find(collector);
    if (known != numbers_.end()) return known->second;
    const auto number = static_cast<std::uint16_t>(numbers_.size());
    numbers_.emplace(collector, number);
    name_collector(batch_, number, collector);
    return number;
}

std::uint32_t JournalWriter::number_of_file(std::string_view file) {
    const auto known = archive_files_.find(file);
    if (known != archive_files_.end()) return known->second;
    const std::uint32_t number = archive_files_seen_++;
    archive_files_.emplace(file, number);
    name_file(batch_, number, file);
    return number;
}

bool JournalWriter::wait_for_room(std::unique_lock<std::mutex>& lock) {
    changed_.wait(lock, [&] { return closed_ || batch_.size() < options_.batch_limit; });
    return !closed_;
}

Result<void> JournalWriter::flush(WallTime now) {
    take_batch(now);
    if (auto kept = keep(); !kept) {
        // What the file holds beyond its last good byte is not known; the batches are numbered, so
        // telling them again in another file does no harm.
        file_.reset();
        return kept;
    }
    unkept_.clear();
    const std::lock_guard lock(mutex_);
    end_ = {.file = file_name_, .bytes = file_bytes_};
    changed_.notify_all();
    return {};
}

void JournalWriter::take_batch(WallTime now) {
    now_ = std::max(now_, now);
    if (run_ == 0) run_ = now_;
    const std::lock_guard lock(mutex_);
    // While the disk fails, what waits must not grow beyond two batches.
    if (unkept_.size() >= options_.batch_limit) return;
    stamp_ = static_cast<std::uint32_t>(now_ / kMicroseconds);
    begin_mark(batch_, Mark::Time, 24);
    batch_.u64(static_cast<std::uint64_t>(now_));
    batch_.u64(static_cast<std::uint64_t>(run_));
    batch_.u64(number_++);
    from_.reset();
    if (unkept_.size() == 0) {
        std::swap(unkept_, batch_);
    } else {
        unkept_.append(batch_.bytes());
        batch_.clear();
    }
    changed_.notify_all();
}

Result<void> JournalWriter::keep() {
    const bool old = now_ - file_began_ >= options_.rotate_after.count() * kMicroseconds;
    if (file_ && old) {
        const std::string rest = packer_->pack({}, ZSTD_e_end);
        if (auto done = file_->append(rest); !done) return done;
        if (auto done = file_->sync(); !done) return done;
        file_.reset();
    }
    if (!file_) {
        if (auto begun = begin_file(); !begun) return begun;
    }
    const std::string packed = packer_->pack(unkept_.bytes(), ZSTD_e_flush);
    if (auto done = file_->append(packed); !done) return done;
    if (auto done = file_->sync(); !done) return done;
    file_bytes_ += packed.size();
    return {};
}

Result<void> JournalWriter::begin_file() {
    newest_name_ = std::max(newest_name_ + 1, now_ / kMicroseconds);
    const std::string name = name_of(newest_name_);
    auto file = disk_.open_append(folder_ + "/" + name, 0);
    if (!file) return std::unexpected(file.error());
    if (auto done = disk_.sync_folder(folder_); !done) return done;
    packer_ = std::make_unique<Packer>();
    const std::string head = packer_->pack(names().bytes(), ZSTD_e_flush);
    if (auto done = (*file)->append(head); !done) return done;
    file_ = std::move(*file);
    file_name_ = name;
    file_bytes_ = head.size();
    file_began_ = now_;
    return {};
}

Wire JournalWriter::names() const {
    const std::lock_guard lock(mutex_);
    Wire marks;
    for (const auto& [name, number] : numbers_) name_collector(marks, number, name);
    for (const auto& [name, number] : archive_files_) name_file(marks, number, name);
    return marks;
}

void JournalWriter::close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    changed_.notify_all();
}

JournalEnd JournalWriter::end() const {
    const std::lock_guard lock(mutex_);
    return end_;
}

std::size_t JournalWriter::waiting_bytes() const {
    const std::lock_guard lock(mutex_);
    return batch_.size();
}

JournalEnd JournalWriter::wait_beyond(const JournalEnd& known,
                                      std::chrono::milliseconds patience) const {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, patience, [&] {
        return closed_ || end_.file != known.file || end_.bytes != known.bytes;
    });
    return end_;
}

}  // namespace dimout::source
