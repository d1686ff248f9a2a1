#include "registry/packed.h"

#include <algorithm>

namespace dimout::registry {
namespace {

constexpr std::string_view kMagic = "DIMOUTRG";
constexpr std::string_view kNoDate = "0000-00-00";
constexpr std::size_t kLongestNumber = 9;  ///< Bytes of seven bits.

void put_number(std::string& bytes, std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) bytes.push_back(static_cast<char>(0x80 | (value & 0x7F)));
    bytes.push_back(static_cast<char>(value));
}

void put_runs(std::string& bytes, std::span<const CountryRun> runs) {
    put_number(bytes, runs.size());
    std::uint64_t free = 0;
    for (const CountryRun& run : runs) {
        put_number(bytes, run.first - free);
        put_number(bytes, run.last - run.first);
        bytes += run.country.text();
        free = run.last + 1;
    }
}

/// Yields zeros and `ok() == false` when the bytes end too early.
class Unpacker {
public:
    explicit Unpacker(std::string_view bytes) : bytes_(bytes) {}

    [[nodiscard]] bool ok() const { return ok_; }

    std::vector<CountryRun> runs(std::uint64_t limit) {
        std::vector<CountryRun> result;
        std::uint64_t free = 0;
        std::uint64_t left = number();
        constexpr std::size_t kLeastBytes = 4;  // Of a run; a count that lies must not cost memory.
        result.reserve(std::min<std::uint64_t>(left, bytes_.size() / kLeastBytes));
        for (; ok_ && left > 0; --left) {
            const std::uint64_t first = free + number();
            const std::uint64_t last = first + number();
            const auto country = CountryCode::parse(take(2));
            ok_ = ok_ && country && free <= first && first <= last && last <= limit;
            if (!ok_) break;
            result.push_back({.first = first, .last = last, .country = *country});
            free = last + 1;
        }
        return result;
    }

private:
    std::string_view take(std::size_t count) {
        ok_ = ok_ && bytes_.size() >= count;
        if (!ok_) return {};
        const std::string_view taken = bytes_.substr(0, count);
        bytes_.remove_prefix(count);
        return taken;
    }

    std::uint64_t number() {
        std::uint64_t value = 0;
        for (std::size_t at = 0; at < kLongestNumber && at < bytes_.size(); ++at) {
            const auto bits = static_cast<std::uint8_t>(bytes_[at]);
            value |= std::uint64_t{bits & 0x7FU} << (7 * at);
            if (bits >= 0x80) continue;
            bytes_.remove_prefix(at + 1);
            return value;
        }
        ok_ = false;
        return 0;
    }

    std::string_view bytes_;
    bool ok_ = true;
};

}  // namespace

std::string pack(const CountryRanges& ranges, std::string_view date) {
    std::string bytes{kMagic};
    bytes += date.size() == kNoDate.size() && parse_time(date) ? date : kNoDate;
    put_runs(bytes, ranges.runs(Family::v4));
    put_runs(bytes, ranges.runs(Family::v6));
    return bytes;
}

Result<PackedMap> unpack(std::string_view bytes) {
    const std::size_t head = kMagic.size() + kNoDate.size();
    if (bytes.size() < head || !bytes.starts_with(kMagic))
        return fail("packed country map: not one.");
    PackedMap map;
    map.date = parse_time(bytes.substr(kMagic.size(), kNoDate.size()));
    Unpacker unpacker(bytes.substr(head));
    std::vector<CountryRun> v4 = unpacker.runs(0xFFFFFFFF);
    std::vector<CountryRun> v6 = unpacker.runs(0xFFFFFFFFFFFF);
    if (!unpacker.ok())
        return fail("packed country map: its bytes end too early or contradict each other.");
    map.ranges = CountryRanges(std::move(v4), std::move(v6));
    return map;
}

}  // namespace dimout::registry
