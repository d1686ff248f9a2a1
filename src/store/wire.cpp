#include "store/wire.h"

#include <xxhash.h>

#include <bit>
#include <cmath>
#include <cstring>

namespace dimout::store {
namespace {

constexpr std::uint64_t kHasV4 = 1;
constexpr std::uint64_t kHasV6 = 2;
constexpr std::uint64_t kHasChurn = 4;
constexpr std::uint64_t kKeyframe = 1;
constexpr std::uint64_t kHasSamples = 2;
/// Numbers of a level and of churn; each is one LEB128 number.
constexpr std::size_t kLevelNumbers = 23;
constexpr std::size_t kChurnNumbers = 6;

/// Thirty thousand years on either side of 1970: sums of such times do not overflow.
constexpr std::int64_t kFarthest = 1'000'000'000'000;

bool is_near(std::int64_t seconds) { return -kFarthest <= seconds && seconds <= kFarthest; }

using Thresholds = std::array<std::uint64_t, 5>;

std::uint64_t zigzag(std::uint64_t value) {
    return value << 1 ^ (value >> 63 != 0 ? ~std::uint64_t{0} : std::uint64_t{0});
}

std::uint64_t unzigzag(std::uint64_t value) {
    return value >> 1 ^ ((value & 1) != 0 ? ~std::uint64_t{0} : std::uint64_t{0});
}

std::uint64_t stamp(EventTime time) { return static_cast<std::uint64_t>(unix_seconds(time)); }
EventTime time_of(std::uint64_t stamp) { return event_time(static_cast<std::int64_t>(stamp)); }

void write_steps(WireWriter& out, const Thresholds& values) {
    out.number(values[0]);
    for (std::size_t i = 1; i < values.size(); ++i) out.difference(values[i] - values[i - 1]);
}

void read_steps(WireReader& in, Thresholds& values) {
    values[0] = in.number();
    for (std::size_t i = 1; i < values.size(); ++i) values[i] = values[i - 1] + in.difference();
}

void write_against(WireWriter& out, const Thresholds& values, const Thresholds& base) {
    for (std::size_t i = 0; i < values.size(); ++i) out.difference(values[i] - base[i]);
}

void read_against(WireReader& in, Thresholds& values, const Thresholds& base) {
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = base[i] + in.difference();
}

void write_level(WireWriter& out, const VisibilityLevel& level) {
    write_steps(out, level.addresses);
    write_steps(out, level.blocks);
    write_against(out, level.addresses_any_cover, level.addresses);
    write_against(out, level.blocks_any_cover, level.blocks);
    for (const auto value : {level.votes, level.carried, level.known}) out.number(value);
}

void read_level(WireReader& in, VisibilityLevel& level) {
    read_steps(in, level.addresses);
    read_steps(in, level.blocks);
    read_against(in, level.addresses_any_cover, level.addresses);
    read_against(in, level.blocks_any_cover, level.blocks);
    for (auto* value : {&level.votes, &level.carried, &level.known}) *value = in.number();
}

void write_churn(WireWriter& out, const ChurnCounts& churn) {
    for (const auto value : {churn.announcements, churn.withdrawals, churn.path_changes,
                             churn.flaps, churn.addresses_fallen_v4, churn.blocks_fallen_v6}) {
        out.number(value);
    }
}

void read_churn(WireReader& in, ChurnCounts& churn) {
    for (auto* value : {&churn.announcements, &churn.withdrawals, &churn.path_changes, &churn.flaps,
                        &churn.addresses_fallen_v4, &churn.blocks_fallen_v6}) {
        *value = in.number();
    }
}

void write_coverage(WireWriter& out, const Coverage& coverage) {
    for (const auto value :
         {coverage.live, coverage.usual, coverage.collectors, coverage.unhealthy})
        out.number(value);
}

void read_coverage(WireReader& in, Coverage& coverage) {
    for (auto* value :
         {&coverage.live, &coverage.usual, &coverage.collectors, &coverage.unhealthy}) {
        *value = static_cast<std::uint32_t>(in.number());
    }
}

void write_health(WireWriter& out, const HealthRow& row) {
    out.number(static_cast<std::uint64_t>(row.kind));
    out.text(row.collector);
    out.number(row.peer ? 1 : 0);
    out.text(row.peer ? to_string(*row.peer) : std::string());
    out.number(row.asn.value);
    out.difference(stamp(row.time));
}

bool read_health(WireReader& in, HealthRow& row) {
    const std::uint64_t kind = in.number();
    row.kind = static_cast<HealthEvent::Kind>(kind);
    row.collector = in.text();
    const bool about_peer = in.number() != 0;
    const std::string_view address = in.text();
    row.asn = Asn{static_cast<std::uint32_t>(in.number())};
    row.time = time_of(in.difference());
    if (about_peer) row.peer = parse_address(address);
    return in.ok() && kind <= static_cast<std::uint64_t>(HealthEvent::Kind::CollectorBack) &&
           row.peer.has_value() == about_peer;
}

void write_sample(WireWriter& out, Bin bin, const Sample& sample) {
    out.text(to_string(sample.entity));
    out.text(sample.signal);
    out.difference(static_cast<std::uint64_t>((sample.from - bin.start()).count()));
    out.number(static_cast<std::uint64_t>(sample.width.count()));
    out.number(sample.value ? 1 : 0);
    if (sample.value) out.fixed(std::bit_cast<std::uint64_t>(*sample.value));
}

/// Steps over the samples and keeps where they lie.
bool read_samples(WireReader& in, BinRecord& record) {
    record.samples = in.number();
    const char* const begin = in.position();
    PackedSample sample;
    for (std::uint64_t i = 0; i < record.samples; ++i) {
        if (!read_sample(in, record.bin.bin, sample)) return false;
    }
    record.packed_samples = {begin, static_cast<std::size_t>(in.position() - begin)};
    return in.ok();
}

bool read_head(WireReader& in, BinRecord& record) {
    record.bin.known_at = time_of(in.difference());
    read_coverage(in, record.bin.v4);
    read_coverage(in, record.bin.v6);
    const std::uint64_t events = in.number();
    for (std::uint64_t i = 0; i < events && in.ok(); ++i) {
        HealthRow row;
        if (!read_health(in, row)) return false;
        row.bin = record.bin.bin;
        record.health.push_back(std::move(row));
    }
    return in.ok();
}

}  // namespace

void WireWriter::number(std::uint64_t value) {
    char bytes[10];
    std::size_t count = 0;
    while (value >= 0x80) {
        bytes[count++] = static_cast<char>(value | 0x80);
        value >>= 7;
    }
    bytes[count++] = static_cast<char>(value);
    out_.append(bytes, count);
}

void WireWriter::difference(std::uint64_t value) { number(zigzag(value)); }

void WireWriter::fixed(std::uint64_t value) {
    char bytes[8];
    for (std::size_t i = 0; i < 8; ++i) bytes[i] = static_cast<char>(value >> (8 * i));
    out_.append(bytes, 8);
}

void WireWriter::text(std::string_view value) {
    number(value.size());
    out_.append(value);
}

std::uint64_t WireReader::failed() {
    ok_ = false;
    bytes_ = {};
    return 0;
}

std::uint64_t WireReader::number() {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < 10 && i < bytes_.size(); ++i) {
        const auto byte = static_cast<std::uint8_t>(bytes_[i]);
        value |= std::uint64_t{byte & 0x7Fu} << (7 * i);
        if (byte < 0x80) {
            bytes_.remove_prefix(i + 1);
            return value;
        }
    }
    return failed();
}

std::uint64_t WireReader::difference() { return unzigzag(number()); }

std::uint64_t WireReader::fixed() {
    if (bytes_.size() < 8) return failed();
    std::uint64_t value = 0;
    for (std::size_t i = 8; i-- > 0;) value = value << 8 | static_cast<std::uint8_t>(bytes_[i]);
    bytes_.remove_prefix(8);
    return value;
}

std::string_view WireReader::text() {
    const std::uint64_t size = number();
    if (size > bytes_.size()) {
        failed();
        return {};
    }
    const std::string_view value = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    return value;
}

void pack_levels(std::string& out, const VisibilityLevel& v4, const VisibilityLevel& v6) {
    WireWriter writer(out);
    const bool has_v4 = v4 != VisibilityLevel{};
    const bool has_v6 = v6 != VisibilityLevel{};
    writer.number((has_v4 ? kHasV4 : 0) | (has_v6 ? kHasV6 : 0));
    if (has_v4) write_level(writer, v4);
    if (has_v6) write_level(writer, v6);
}

void write_row(std::string& out, std::string_view entity, std::string_view packed_levels,
               const ChurnCounts& churn) {
    WireWriter writer(out);
    writer.text(entity);
    out += static_cast<char>(static_cast<unsigned char>(packed_levels[0]) |
                             (churn.none() ? 0 : kHasChurn));
    out += packed_levels.substr(1);
    if (!churn.none()) write_churn(writer, churn);
}

std::string PackedRow::levels() const {
    VisibilityLevel v4;
    VisibilityLevel v6;
    ChurnCounts churn;
    std::string packed;
    if (unpack(numbers, v4, v6, churn)) pack_levels(packed, v4, v6);
    return packed;
}

bool read_packed(WireReader& reader, PackedRow& row) {
    row.entity = reader.text();
    const char* start = reader.position();
    const std::uint64_t presence = reader.number();
    const std::size_t count = ((presence & kHasV4) != 0 ? kLevelNumbers : 0) +
                              ((presence & kHasV6) != 0 ? kLevelNumbers : 0) +
                              ((presence & kHasChurn) != 0 ? kChurnNumbers : 0);
    for (std::size_t i = 0; i < count; ++i) reader.number();
    if (!reader.ok() || presence > (kHasV4 | kHasV6 | kHasChurn)) return false;
    row.numbers = {start, static_cast<std::size_t>(reader.position() - start)};
    return true;
}

bool unpack(std::string_view numbers, VisibilityLevel& v4, VisibilityLevel& v6,
            ChurnCounts& churn) {
    WireReader reader(numbers);
    const std::uint64_t presence = reader.number();
    v4 = {};
    v6 = {};
    churn = {};
    if ((presence & kHasV4) != 0) read_level(reader, v4);
    if ((presence & kHasV6) != 0) read_level(reader, v6);
    if ((presence & kHasChurn) != 0) read_churn(reader, churn);
    return reader.ok();
}

bool read_sample(WireReader& reader, Bin bin, PackedSample& sample) {
    sample.entity = reader.text();
    sample.signal = reader.text();
    sample.from = time_of(stamp(bin.start()) + reader.difference());
    sample.width = std::chrono::seconds{static_cast<std::int64_t>(reader.number())};
    sample.value.reset();
    const std::uint64_t measured = reader.number();
    if (measured == 1) sample.value = std::bit_cast<double>(reader.fixed());
    return reader.ok() && measured <= 1 && is_near(unix_seconds(sample.from)) &&
           is_near(sample.width.count()) && sample.width.count() > 0 &&
           (!sample.value || std::isfinite(*sample.value));
}

Sample unpacked(const PackedSample& sample) {
    return {.entity = parse_entity(sample.entity).value_or(Entity{}),
            .signal = std::string(sample.signal),
            .from = sample.from,
            .width = sample.width,
            .value = sample.value};
}

std::string head_of(const BinRow& bin, const std::vector<HealthRow>& health,
                    std::span<const Sample> samples) {
    std::string head;
    WireWriter writer(head);
    writer.difference(stamp(bin.known_at));
    write_coverage(writer, bin.v4);
    write_coverage(writer, bin.v6);
    writer.number(health.size());
    for (const HealthRow& row : health) write_health(writer, row);
    if (samples.empty()) return head;
    writer.number(samples.size());
    for (const Sample& sample : samples) write_sample(writer, bin.bin, sample);
    return head;
}

std::string bin_payload(const BinRow& bin, std::uint64_t appended, std::string_view head_and_rows,
                        std::string_view added_rows, bool has_samples) {
    std::string payload;
    payload.reserve(head_and_rows.size() + added_rows.size() + 64);
    WireWriter writer(payload);
    writer.difference(static_cast<std::uint64_t>(bin.bin.index));
    writer.number((bin.keyframe ? kKeyframe : 0) | (has_samples ? kHasSamples : 0));
    writer.number(appended);
    writer.number(bin.entities - appended);
    writer.fixed(bin.fingerprint);
    payload += head_and_rows;
    payload += added_rows;
    return payload;
}

bool read_bin(std::string_view payload, BinRecord& record) {
    WireReader reader(payload);
    record = {};
    record.bin.bin.index = static_cast<std::int64_t>(reader.difference());
    const std::uint64_t flags = reader.number();
    record.bin.keyframe = (flags & kKeyframe) != 0;
    record.bin.entities = reader.number();
    record.bin.entities += reader.number();
    record.bin.fingerprint = reader.fixed();
    if (!is_near(record.bin.bin.index)) return false;
    if (!reader.ok() || flags > (kKeyframe | kHasSamples) || !read_head(reader, record))
        return false;
    if ((flags & kHasSamples) != 0 && !read_samples(reader, record)) return false;
    record.rows = payload.substr(payload.size() - reader.left());
    return true;
}

bool fingerprint_holds(std::string_view payload) {
    BinRecord record;
    if (!read_bin(payload, record)) return false;
    WireReader head(payload);
    head.difference();
    head.number();
    const std::uint64_t appended = head.number();
    head.number();
    head.fixed();
    WireReader rows(record.rows);
    const char* end_of_appended = rows.position();
    PackedRow row;
    for (std::uint64_t i = 0; i < record.bin.entities; ++i) {
        if (!read_packed(rows, row)) return false;
        if (i + 1 == appended) end_of_appended = rows.position();
    }
    const auto size = static_cast<std::size_t>(end_of_appended - head.position());
    return rows.left() == 0 && fingerprint_of({head.position(), size}) == record.bin.fingerprint;
}

std::uint64_t fingerprint_of(std::string_view bytes) {
    return XXH3_64bits(bytes.data(), bytes.size());
}

}  // namespace dimout::store
