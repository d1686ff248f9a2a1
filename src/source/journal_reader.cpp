#include "source/journal_reader.h"

#include <fmt/format.h>
#include <zstd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "source/mrt_file.h"

namespace dimout::source {
namespace {

constexpr std::size_t kPiece = std::size_t{1} << 17;

std::string_view text_of(Bytes bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

/// One file that may still grow. Nothing is ever taken back; a fault ends it.
class JournalReader::Unpacker {
public:
    explicit Unpacker(const std::string& path)
        : file_(std::fopen(path.c_str(), "rb")), state_(ZSTD_createDStream()), packed_(kPiece) {
        DIMOUT_CHECK(state_ != nullptr);
    }
    Unpacker(const Unpacker&) = delete;
    Unpacker& operator=(const Unpacker&) = delete;
    ~Unpacker() {
        if (file_ != nullptr) std::fclose(file_);
        ZSTD_freeDStream(state_);
    }

    /// Appends some more to `out`, of the first `limit` bytes of the file; false: there is no more.
    bool read(std::vector<std::uint8_t>& out, std::uint64_t limit) {
        if (file_ == nullptr || !fault_.empty()) return false;
        while (true) {
            if (input_.pos == input_.size && !read_packed(limit) && !starved_) return false;
            const std::size_t before = out.size();
            out.resize(before + kPiece);
            ZSTD_outBuffer output{.dst = out.data() + before, .size = kPiece, .pos = 0};
            const std::size_t status = ZSTD_decompressStream(state_, &output, &input_);
            out.resize(before + output.pos);
            // A full buffer may hide more that needs no further input.
            starved_ = output.pos == kPiece;
            if (ZSTD_isError(status)) {
                fault_ = ZSTD_getErrorName(status);
                return output.pos > 0;
            }
            if (output.pos > 0) return true;
        }
    }

    [[nodiscard]] const std::string& fault() const { return fault_; }

private:
    bool read_packed(std::uint64_t limit) {
        const std::uint64_t left = limit > taken_ ? limit - taken_ : 0;
        const std::size_t wanted = std::min<std::uint64_t>(left, packed_.size());
        std::clearerr(file_);
        const std::size_t got = wanted > 0 ? std::fread(packed_.data(), 1, wanted, file_) : 0;
        taken_ += got;
        input_ = {.src = packed_.data(), .size = got, .pos = 0};
        return got > 0;
    }

    std::FILE* file_;
    ZSTD_DStream* state_;
    std::vector<std::uint8_t> packed_;
    ZSTD_inBuffer input_{.src = nullptr, .size = 0, .pos = 0};
    std::uint64_t taken_ = 0;
    bool starved_ = false;
    std::string fault_;
};

JournalReader::JournalReader(std::string folder) : folder_(std::move(folder)) {}
JournalReader::JournalReader(JournalReader&&) noexcept = default;
JournalReader& JournalReader::operator=(JournalReader&&) noexcept = default;
JournalReader::~JournalReader() = default;

Result<JournalReader> JournalReader::open(const std::string& folder) {
    if (!std::filesystem::is_directory(folder))
        return fail(folder + ": not a folder, so no journal. `dimout watch` writes one.");
    return JournalReader(folder);
}

bool JournalReader::next(JournalBatch& batch, const JournalEnd& end) {
    if (given_) forget_items();
    given_ = false;
    while (!take_items()) {
        // What is there of a batch stays until the rest comes, or the next file begins.
        if (!fill(end) && !open_next(end)) return false;
    }
    given_ = true;
    for (std::size_t i = 0; i < items_.size(); ++i)
        items_[i].bytes = Bytes(buffer_).subspan(places_[i].first, places_[i].second);
    batch = {.items = items_, .heard = heard_, .new_run = new_run_};
    return true;
}

void JournalReader::forget_items() {
    items_.clear();
    places_.clear();
    begin_ = at_;
}

/// The next file in the order of names that may be read, once this one has nothing more to give.
bool JournalReader::open_next(const JournalEnd& end) {
    if (unpacker_ && name_ >= end.file) return false;
    const auto names = list_folder(folder_);
    if (!names) return false;
    const auto found = std::ranges::find_if(*names, [&](const std::string& name) {
        return name > name_ && name.ends_with(kJournalSuffix);
    });
    if (found == names->end() || *found > end.file) return false;
    leave_file();
    name_ = *found;
    file_ = FileId{static_cast<std::uint32_t>(files_.size())};
    files_.push_back(name_);
    unpacker_ = std::make_unique<Unpacker>(folder_ + "/" + *found);
    return true;
}

void JournalReader::leave_file() {
    if (unpacker_ && !unpacker_->fault().empty())
        note("journal_damaged", "the rest cannot be unpacked: " + unpacker_->fault());
    if (unpacker_ && buffer_.size() > begin_)
        note("journal_torn", fmt::format("{} bytes of a batch that was never finished are left out",
                                         buffer_.size() - begin_));
    buffer_.clear();
    begin_ = at_ = 0;
    offset_ = records_ = 0;
    forget_items();
    numbers_.clear();
}

bool JournalReader::fill(const JournalEnd& end) {
    if (!unpacker_) return false;
    if (begin_ > 0) {
        buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(begin_));
        for (auto& [place, size] : places_) place -= begin_;
        offset_ += begin_;
        at_ -= begin_;
        begin_ = 0;
    }
    const bool whole = name_ < end.file;
    return unpacker_->read(buffer_, whole ? UINT64_MAX : end.bytes);
}

/// Goes on from `at_`; true at the end of a batch.
bool JournalReader::take_items() {
    while (buffer_.size() - at_ >= kMrtHeaderSize) {
        const MrtHeader header = header_of(Bytes(buffer_).subspan(at_));
        if (header.length > kLongestRecord) {
            note("journal_length", fmt::format("a record says it has {} bytes", header.length));
            buffer_.resize(at_);
            return false;
        }
        const std::size_t size = kMrtHeaderSize + header.length;
        if (buffer_.size() - at_ < size) return false;
        const std::size_t place = at_;
        at_ += size;
        ++records_;
        if (header.type == kMarkType) {
            const Bytes body = Bytes(buffer_).subspan(place + kMrtHeaderSize, header.length);
            if (take_mark(static_cast<Mark>(header.subtype), body)) return true;
            continue;
        }
        keep(JournalItem::Kind::Record, from_, false, Bytes(buffer_).subspan(place, size));
    }
    return false;
}

void JournalReader::keep(JournalItem::Kind kind, CollectorId collector, bool complete,
                         Bytes bytes) {
    const auto place = static_cast<std::size_t>(bytes.data() - buffer_.data());
    places_.emplace_back(place, bytes.size());
    items_.push_back(
        {.kind = kind,
         .lane = lane_,
         .complete = complete,
         .collector = collector,
         .position = {.file = from_file_, .offset = offset_ + place, .record = records_ - 1},
         .bytes = {}});
}

/// True at the end of a batch that was not handed out before.
bool JournalReader::take_mark(Mark mark, Bytes body) {
    using Kind = JournalItem::Kind;
    Cursor cursor(body);
    switch (mark) {
        case Mark::Time: return end_batch(body);
        case Mark::Collector: {
            const std::uint16_t number = cursor.u16();
            const std::string_view name = text_of(cursor.rest());
            const auto known = std::ranges::find(collectors_, name);
            numbers_[number] = CollectorId{static_cast<std::uint16_t>(known - collectors_.begin())};
            if (known == collectors_.end()) collectors_.emplace_back(name);
            break;
        }
        case Mark::From:
            from_ = collector_of(cursor.u16());
            lane_ = static_cast<Lane>(cursor.u8());
            from_file_ = lane_ == Lane::Live ? file_ : archive_file(cursor.u32());
            break;
        case Mark::Loss: {
            const CollectorId collector = collector_of(cursor.u16());
            keep(Kind::Loss, collector, false, cursor.rest());
            break;
        }
        case Mark::FileEnd: {
            const CollectorId collector = collector_of(cursor.u16());
            const bool complete = cursor.u8() != 0;
            from_file_ = archive_file(cursor.u32());
            keep(Kind::FileEnd, collector, complete, body.first(0));
            break;
        }
        case Mark::SeedBegin: keep(Kind::SeedBegin, {}, false, body.first(0)); break;
        case Mark::SeedEnd: keep(Kind::SeedEnd, {}, false, body.first(0)); break;
        case Mark::ArchiveFile: {
            const std::uint32_t number = cursor.u32();
            name_archive_file(number, text_of(cursor.rest()));
            break;
        }
        default: note("journal_mark", "a mark of a kind that this version does not know"); break;
    }
    if (!cursor.ok()) note("journal_mark", "a mark is shorter than it must be");
    return false;
}

bool JournalReader::end_batch(Bytes body) {
    Cursor cursor(body);
    const auto heard = static_cast<WallTime>(cursor.u64());
    const BatchId id{.run = cursor.u64(), .number = cursor.u64()};
    const bool again = id.run == last_.run && id.number <= last_.number && heard_ != 0;
    if (!cursor.ok() || again) {
        if (!cursor.ok()) note("journal_mark", "a mark is shorter than it must be");
        forget_items();
        return false;
    }
    new_run_ = heard_ != 0 && id.run != last_.run;
    last_ = id;
    heard_ = std::max(heard_, heard);
    return true;
}

/// A file that is named again in the journal's next file stays the same one.
void JournalReader::name_archive_file(std::uint32_t number, std::string_view name) {
    const auto known = archive_files_.find(number);
    const bool same =
        known != archive_files_.end() && files_[static_cast<std::size_t>(known->second)] == name;
    if (same) return;
    archive_files_[number] = FileId{static_cast<std::uint32_t>(files_.size())};
    files_.emplace_back(name);
}

FileId JournalReader::archive_file(std::uint32_t number) const {
    const auto known = archive_files_.find(number);
    return known != archive_files_.end() ? known->second : file_;
}

CollectorId JournalReader::collector_of(std::uint16_t number) const {
    const auto known = numbers_.find(number);
    return known != numbers_.end() ? known->second : CollectorId{};
}

void JournalReader::note(std::string code, std::string reason) {
    errors_.add({.code = std::move(code),
                 .position = {.file = file_, .offset = offset_ + at_, .record = records_},
                 .reason = std::move(reason)});
}

}  // namespace dimout::source
