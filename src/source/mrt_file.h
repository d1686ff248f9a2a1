// Splits a stream of bytes into MRT records (RFC 6396 §2), a batch at a time.
//
// A batch is one buffer that holds whole records, and an index of them; a record is a view of it.
// Only a record that lies across the end of a batch is copied, once, into the next. The batches of
// a file are the same however the bytes arrive, so they can be made in another thread.
//
// A last record that is cut, and a length beyond `kLongestRecord`, end the file with a counted
// error. Nothing after a wrong length is looked at: bytes found by guessing would be routes that
// nobody announced.
#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "model/frame.h"
#include "source/byte_stream.h"

namespace dimout::source {

/// Octets of timestamp, type, subtype and length (RFC 6396 §2).
inline constexpr std::size_t kMrtHeaderSize = 12;
/// Longest message part that is believed. The longest real one known is a PEER_INDEX_TABLE or a
/// pre-2001 TABLE_DUMP of less than 1 MiB.
inline constexpr std::uint32_t kLongestRecord = 16U << 20;

/// The common header of RFC 6396 §2. BGP4MP_ET's microseconds (§3) belong to the message part.
struct MrtHeader {
    std::uint32_t stamp = 0;
    std::uint16_t type = 0;
    std::uint16_t subtype = 0;
    std::uint32_t length = 0;

    [[nodiscard]] bool is_table_dump() const { return type == 12 || type == 13; }
};

/// Of at least `kMrtHeaderSize` bytes.
[[nodiscard]] inline MrtHeader header_of(Bytes record) {
    DIMOUT_CHECK(record.size() >= kMrtHeaderSize);
    std::uint64_t first = 0;
    std::uint32_t length = 0;
    std::memcpy(&first, record.data(), sizeof(first));
    std::memcpy(&length, record.data() + sizeof(first), sizeof(length));
    first = __builtin_bswap64(first);
    return {.stamp = static_cast<std::uint32_t>(first >> 32),
            .type = static_cast<std::uint16_t>(first >> 16),
            .subtype = static_cast<std::uint16_t>(first),
            .length = __builtin_bswap32(length)};
}
/// Whether `head` can be the beginning of an MRT file: a type of RFC 6396 §4 or §A, and a sane
/// length.
[[nodiscard]] bool looks_like_mrt(Bytes head);

struct RecordBatch {
    struct Record {
        std::uint64_t offset = 0;  ///< In the uncompressed file.
        std::uint32_t begin = 0;   ///< In `buffer`.
        std::uint32_t size = 0;    ///< Header included.
    };

    std::vector<std::uint8_t> buffer;
    std::vector<Record> records;
    std::vector<InputError> errors;  ///< Positions without a file; after the records of this batch.
    std::uint64_t first_record = 0;  ///< Number of `records[0]` in its file.
    bool last = false;               ///< No batch follows.
    bool complete = true;  ///< Of the last: the file ended at a record's end, nothing is missing.

    [[nodiscard]] Bytes bytes(const Record& record) const {
        return Bytes(buffer).subspan(record.begin, record.size);
    }
};

class MrtReader {
public:
    explicit MrtReader(std::unique_ptr<ByteStream> content) : content_(std::move(content)) {}

    /// Fills `batch` (its memory is reused) with at least `target` bytes, unless the file ends
    /// before. Returns false when the last batch was handed out before.
    bool next_batch(RecordBatch& batch, std::size_t target = kBatchBytes);

    [[nodiscard]] std::uint64_t bytes_taken() const { return content_->bytes_taken(); }

    static constexpr std::size_t kBatchBytes = 256U << 10;

private:
    bool fill(RecordBatch& batch, std::size_t have, std::size_t size);
    void split(RecordBatch& batch);
    void finish(RecordBatch& batch, InputError error);
    void add_stream_faults(RecordBatch& batch);

    std::unique_ptr<ByteStream> content_;
    std::vector<std::uint8_t> carried_;  ///< The begun record at the end of the batch before.
    std::uint64_t offset_ = 0;           ///< In the file, of the first byte of the batch.
    std::uint64_t records_ = 0;
    bool ended_ = false;
};

/// One file in its own order, as `inspect` reads it: no merging, no judgement of stamps.
class MrtFile {
public:
    /// `-` is standard input. `id` and `collector` are put into the frames as they are.
    [[nodiscard]] static Result<MrtFile> open(const std::string& path, FileId id = {},
                                              CollectorId collector = {});
    explicit MrtFile(std::unique_ptr<ByteStream> input, FileId id = {}, CollectorId collector = {});

    /// The next record, or once the FileEnd frame; then false. `frame.bytes` live until the next
    /// call.
    bool next(Frame& frame);
    /// What was found wrong up to the frame that `next` returned last: only after FileEnd is it
    /// all.
    [[nodiscard]] std::vector<InputError> take_errors();
    [[nodiscard]] std::uint64_t bytes_taken() const { return reader_.bytes_taken(); }

private:
    bool end(Frame& frame);

    MrtReader reader_;
    RecordBatch batch_;
    std::size_t index_ = 0;
    FileId id_{};
    CollectorId collector_{};
    Position last_;
    EventTime last_time_;
    bool ended_ = false;
};

}  // namespace dimout::source
