// Bins as bytes of the log (docs/formats/store.md, "Payload of a bin").
//
// Five thresholds mostly agree, so all but the first are differences: a typical row takes 30 to 60
// bytes where the struct takes 430. Unknown bytes never crash the decoder; they make it say
// `false`.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/rows.h"

namespace dimout::store {

/// Appends to a string. Numbers are LEB128.
class WireWriter {
public:
    explicit WireWriter(std::string& out) : out_(out) {}
    void number(std::uint64_t value);
    /// Zigzag: small for small magnitudes of either sign.
    void difference(std::uint64_t value);
    void fixed(std::uint64_t value);
    void text(std::string_view value);

private:
    std::string& out_;
};

/// Reads what WireWriter wrote. After a failure everything is zero and `ok()` is false.
class WireReader {
public:
    explicit WireReader(std::string_view bytes) : bytes_(bytes) {}
    [[nodiscard]] bool ok() const { return ok_; }
    [[nodiscard]] std::size_t left() const { return bytes_.size(); }
    [[nodiscard]] const char* position() const { return bytes_.data(); }
    std::uint64_t number();
    std::uint64_t difference();
    std::uint64_t fixed();
    std::string_view text();

private:
    std::uint64_t failed();
    std::string_view bytes_;
    bool ok_ = true;
};

/// Presence and levels of an entity: comparable as bytes, and what a keyframe repeats.
void pack_levels(std::string& out, const VisibilityLevel& v4, const VisibilityLevel& v6);
/// `pack_levels` of two levels that are all zero.
inline constexpr std::string_view kNoLevels{"\0", 1};

void write_row(std::string& out, std::string_view entity, std::string_view packed_levels,
               const ChurnCounts& churn);

/// A row whose numbers are still bytes: `entity` and `numbers` point into the payload.
struct PackedRow {
    std::string_view entity;
    std::string_view numbers;

    /// The part that `pack_levels` made, without churn.
    [[nodiscard]] std::string levels() const;
};

/// Takes one row's bytes off `reader` without unpacking the numbers.
[[nodiscard]] bool read_packed(WireReader& reader, PackedRow& row);
/// The numbers of a PackedRow.
[[nodiscard]] bool unpack(std::string_view numbers, VisibilityLevel& v4, VisibilityLevel& v6,
                          ChurnCounts& churn);

/// A bin as it is in the log.
struct BinRecord {
    BinRow bin;
    std::vector<HealthRow> health;
    std::uint64_t samples = 0;
    std::string_view packed_samples;  ///< So many, into the payload.
    std::string_view rows;            ///< `bin.entities` packed rows, into the payload.
};

/// A sample whose names are still views into the payload.
struct PackedSample {
    std::string_view entity;
    std::string_view signal;
    EventTime from;
    std::chrono::seconds width{};
    std::optional<double> value;
};

/// Takes one sample of `bin` off `reader`.
[[nodiscard]] bool read_sample(WireReader& reader, Bin bin, PackedSample& sample);
/// Its names parsed.
[[nodiscard]] Sample unpacked(const PackedSample& sample);

/// Head and appended rows, over which the fingerprint is made.
[[nodiscard]] std::string head_of(const BinRow& bin, const std::vector<HealthRow>& health,
                                  std::span<const Sample> samples = {});
/// The whole payload. `fingerprint` and `entities` of `bin` are given by the caller.
[[nodiscard]] std::string bin_payload(const BinRow& bin, std::uint64_t appended,
                                      std::string_view head_and_rows, std::string_view added_rows,
                                      bool has_samples = false);
[[nodiscard]] bool read_bin(std::string_view payload, BinRecord& record);
/// Whether the payload still hashes to the fingerprint that it carries, and every row unpacks.
[[nodiscard]] bool fingerprint_holds(std::string_view payload);

[[nodiscard]] std::uint64_t fingerprint_of(std::string_view bytes);

}  // namespace dimout::store
