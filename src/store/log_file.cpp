#include "store/log_file.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <charconv>
#include <optional>

#include "store/rows.h"
#include "store/wire.h"

namespace dimout::store {
namespace {

constexpr std::string_view kMagic = "dimoutlg";
constexpr std::size_t kHeadSize = 16;
constexpr std::size_t kFrameSize = 24;
constexpr std::size_t kHashedFrame = 16;

void put_u32(std::string& out, std::uint32_t value) {
    for (unsigned i = 0; i < 4; ++i) out += static_cast<char>(value >> (8 * i));
}

std::uint64_t get(std::string_view bytes, std::size_t at, std::size_t width) {
    std::uint64_t value = 0;
    for (std::size_t i = width; i-- > 0;)
        value = value << 8 | static_cast<std::uint8_t>(bytes[at + i]);
    return value;
}

std::uint64_t hash_of(std::string_view frame, std::string_view payload, std::uint64_t seed) {
    const std::uint64_t of_frame = XXH3_64bits_withSeed(frame.data(), kHashedFrame, seed);
    return XXH3_64bits_withSeed(payload.data(), payload.size(), of_frame);
}

std::uint64_t seed_of(std::uint64_t file, std::uint64_t ordinal) { return (file << 32) + ordinal; }

/// The record at `at`, when one verifies there.
std::optional<LogRecord> record_at(std::string_view content, std::size_t at, std::uint64_t seed) {
    if (content.size() < at + kFrameSize) return std::nullopt;
    const std::uint64_t length = get(content, at, 4);
    const std::uint64_t type = get(content, at + 4, 4);
    if (type < 1 || type > 4 || length > content.size() - at - kFrameSize) return std::nullopt;
    const std::string_view payload = content.substr(at + kFrameSize, length);
    if (hash_of(content.substr(at), payload, seed) != get(content, at + 16, 8)) return std::nullopt;
    return LogRecord{static_cast<RecordType>(type), get(content, at + 8, 8), payload};
}

struct Damage {
    std::size_t at = 0;
    std::uint64_t ordinal = 0;
    std::uint64_t batch = 0;  ///< Of the damaged record, as far as one can tell.
};

/// The commit that a damaged record belonged to: what its frame says when that can be, else the
/// next one.
std::uint64_t claimed_batch(std::string_view content, std::size_t at, std::uint64_t last_batch) {
    if (content.size() - at < kFrameSize) return last_batch + 1;
    return get(content, at + 8, 8) == last_batch ? last_batch : last_batch + 1;
}

/// Follows whole records from `offset`; true when one of them belongs to a later commit.
bool reaches_later_batch(std::string_view content, std::size_t offset, std::uint64_t seed,
                         std::uint64_t batch) {
    while (const auto record = record_at(content, offset, seed++)) {
        if (record->batch > batch) return true;
        offset += kFrameSize + record->payload.size();
    }
    return false;
}

/// Whether a whole record of a later commit lies behind the damage: then the damaged one was
/// acknowledged. Looks at every offset, but hashes only where type and batch can be true.
bool later_batch_follows(std::string_view content, std::uint64_t file, const Damage& damage) {
    constexpr std::uint64_t kLookAhead = 64;
    for (std::size_t offset = damage.at + 1; offset + kFrameSize <= content.size(); ++offset) {
        const std::uint64_t type = get(content, offset + 4, 4);
        const std::uint64_t batch = get(content, offset + 8, 8);
        if (type < 1 || type > 4 || batch < damage.batch || batch > damage.batch + kLookAhead)
            continue;
        for (std::uint64_t ahead = 1; ahead <= kLookAhead; ++ahead) {
            if (reaches_later_batch(content, offset, seed_of(file, damage.ordinal + ahead),
                                    damage.batch))
                return true;
        }
    }
    return false;
}

}  // namespace

std::string log_name(std::uint64_t number) { return fmt::format("{:08}.log", number); }

std::uint64_t log_number(std::string_view name) {
    std::uint64_t number = 0;
    if (!name.ends_with(".log")) return 0;
    name.remove_suffix(4);
    const auto [stop, error] = std::from_chars(name.data(), name.data() + name.size(), number);
    return error == std::errc{} && stop == name.data() + name.size() ? number : 0;
}

std::string log_head() {
    std::string head(kMagic);
    put_u32(head, static_cast<std::uint32_t>(kFormat));
    put_u32(head, 0);
    return head;
}

void frame_record(std::string& out, std::uint64_t file, std::uint64_t ordinal, std::uint64_t batch,
                  RecordType type, std::string_view payload) {
    const std::size_t start = out.size();
    put_u32(out, static_cast<std::uint32_t>(payload.size()));
    put_u32(out, static_cast<std::uint32_t>(type));
    WireWriter(out).fixed(batch);
    WireWriter(out).fixed(
        hash_of(std::string_view(out).substr(start), payload, seed_of(file, ordinal)));
    out += payload;
}

Result<LogScan> scan_log(std::string_view content, std::uint64_t file, const std::string& name) {
    LogScan scan;
    if (content.substr(0, kHeadSize) != log_head()) {
        // The head is synced before the first record is written, so behind a torn one there is
        // none.
        if (content.size() < kHeadSize || !record_at(content, kHeadSize, seed_of(file, 0)))
            return scan;
        return fail(
            name +
            ": its head is damaged although it was acknowledged. Restore the file from a copy.");
    }
    std::size_t at = kHeadSize;
    while (const auto record = record_at(content, at, seed_of(file, scan.records.size()))) {
        scan.records.push_back(*record);
        scan.last_batch = record->batch;
        at += kFrameSize + record->payload.size();
    }
    scan.whole_bytes = at;
    const Damage damage{at, scan.records.size(), claimed_batch(content, at, scan.last_batch)};
    if (later_batch_follows(content, file, damage)) {
        return fail(fmt::format(
            "{}: record {} at byte {} is damaged although it was acknowledged. Restore the file "
            "from a copy, or replay the archive into a new store.",
            name, scan.records.size(), at));
    }
    return scan;
}

}  // namespace dimout::store
