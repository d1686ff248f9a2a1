#include "registry/delegated.h"

#include <algorithm>
#include <array>
#include <optional>

#include "registry/text.h"

namespace dimout::registry {
namespace {

constexpr CountryCode kNobody = CountryCode::of('Z', 'Z');
enum class Type : std::uint8_t { Asn, Ipv4, Ipv6 };
constexpr std::array<std::string_view, 3> kTypeNames{"asn", "ipv4",
                                                     "ipv6"};  // In the order of Type.

bool is_comment(std::string_view line) {
    return line.find_first_not_of(" \t") == std::string_view::npos || line.starts_with('#');
}

/// `20140214` as a day; empty for zeros, epoch serials and everything else.
std::optional<EventTime> parse_day(std::string_view digits) {
    if (digits.size() != 8 || !parse_number(digits)) return std::nullopt;
    return parse_time(
        fmt::format("{}-{}-{}", digits.substr(0, 4), digits.substr(4, 2), digits.substr(6, 2)));
}

std::optional<Type> parse_type(std::string_view text) {
    const auto* found = std::ranges::find(kTypeNames, text);
    if (found == kTypeNames.end()) return std::nullopt;
    return static_cast<Type>(found - kTypeNames.begin());
}

std::optional<DelegatedHeader> parse_header_line(std::string_view line) {
    const auto fields = split<7>(line, '|');
    if (fields.count < 6 || line.empty() || line[0] < '0' || line[0] > '9') return std::nullopt;
    DelegatedHeader header;
    if (const auto rir = parse_rir(fields.at[1])) {
        header.registries.add(*rir);
    } else if (fields.at[1] == "nro") {
        header.registries = RirSet::all();
    } else {
        return std::nullopt;
    }
    auto date = parse_day(fields.at[2]);
    if (!date) date = parse_day(fields.at[5]);
    const auto records = parse_number(fields.at[3]);
    if (!date || !records) return std::nullopt;
    header.date = *date;
    header.records = *records;
    header.extended = fields.at[0] != "1" && fields.at[0] != "2";
    return header;
}

/// Address `count - 1` places after an IPv4 address; empty when that leaves the family.
std::optional<Address> v4_end(const Address& first, std::uint64_t count) {
    constexpr std::uint64_t kLast = 0xFFFFFFFF;
    if (count == 0 || count - 1 > kLast - first.v4_word()) return std::nullopt;
    return Address::v4(static_cast<std::uint32_t>(first.v4_word() + (count - 1)));
}

std::optional<Address> v6_end(const Address& first, std::uint64_t length) {
    if (length > 128) return std::nullopt;
    const MaskWords mask = mask_words(static_cast<unsigned>(length));
    if ((first.hi & ~mask.hi) != 0 || (first.lo & ~mask.lo) != 0) return std::nullopt;
    return Address::v6(first.hi | ~mask.hi, first.lo | ~mask.lo);
}

class Reader {
public:
    Reader(Delegated& result, std::string_view file) : result_(result), file_(file) {}

    void line(std::string_view text, std::uint64_t number) {
        if (is_comment(text)) return;
        if (!has_header_) return header(text, number);
        const auto fields = split<7>(text, '|');
        if (fields.count >= 6 && fields.at[5] == "summary") return summary(fields, number);
        ++records_;
        if (const std::string_view fault = record(fields); !fault.empty()) warn(number, fault);
    }

    /// Compares what the file says of itself with what it holds.
    Result<void> finish() {
        if (!has_header_)
            return fail(fmt::format("{}: no delegated statistics: no header line.", file_));
        if (result_.header.records != records_) {
            warn(1,
                 fmt::format("header says {} records, found {}", result_.header.records, records_));
        }
        for (std::size_t i = 0; i < kTypeNames.size(); ++i) {
            if (announced_[i] && *announced_[i] != counted_[i]) {
                warn(1, fmt::format("summary says {} {} rows, found {}", *announced_[i],
                                    kTypeNames[i], counted_[i]));
            }
        }
        return {};
    }

private:
    void warn(std::uint64_t number, std::string_view what) {
        result_.warnings.add(file_, number, what);
    }

    void header(std::string_view text, std::uint64_t number) {
        if (const auto header = parse_header_line(text)) {
            result_.header = *header;
            has_header_ = true;
        } else {
            warn(number, "expected a header line first");
        }
    }

    void summary(const Fields<7>& fields, std::uint64_t number) {
        const auto type = parse_type(fields.at[2]);
        const auto count = parse_number(fields.at[4]);
        if (!type || !count) return warn(number, "a summary line without type or count");
        auto& announced = announced_[static_cast<std::size_t>(*type)];
        announced = announced.value_or(0) + *count;
    }

    /// Returns what is wrong with the row; empty when nothing is.
    std::string_view record(const Fields<7>& fields) {
        if (fields.count < 7) return "expected seven fields";
        const auto type = parse_type(fields.at[2]);
        if (!type) return "expected asn, ipv4 or ipv6";
        ++counted_[static_cast<std::size_t>(*type)];
        const std::string_view status = fields.at[6];
        const bool held = status == "allocated" || status == "assigned";
        if (!held && status != "available" && status != "reserved") return unknown_status(fields);
        const auto rir = parse_rir(fields.at[0]);
        if (!rir)
            return fields.at[0] == "iana" ? std::string_view{} : "expected the name of a registry";
        if (!result_.header.registries.holds(*rir)) return "a row of another registry";
        CountryCode country = kNobody;
        if (held && !fields.at[1].empty()) {
            const auto code = CountryCode::parse(fields.at[1]);
            if (!code) return "expected a country of two capital letters";
            country = *code;
        }
        const auto value = parse_number(fields.at[4]);
        if (!value) return "expected a count or a length";
        if (*type == Type::Asn) return asns(*rir, country, held, fields.at[3], *value);
        return range({.rir = *rir, .country = country, .held = held, .first = {}, .last = {}},
                     *type, fields.at[3], *value);
    }

    /// The NRO's file marks what the IETF and IANA hold with their own words.
    static std::string_view unknown_status(const Fields<7>& fields) {
        return fields.at[0] == "iana" || fields.at[6] == "ietf" ? std::string_view{}
                                                                : "unknown status";
    }

    std::string_view asns(Rir rir, CountryCode country, bool held, std::string_view start,
                          std::uint64_t count) {
        const auto first = parse_number<std::uint32_t>(start);
        if (!first || count == 0 || count - 1 > 0xFFFFFFFFU - *first)
            return "expected a range of AS numbers";
        const Asn last{static_cast<std::uint32_t>(*first + (count - 1))};
        if (held)
            result_.asns.push_back(
                {.rir = rir, .country = country, .first = Asn{*first}, .last = last});
        return {};
    }

    std::string_view range(DelegatedRange row, Type type, std::string_view start,
                           std::uint64_t value) {
        const auto first = parse_address(start);
        const Family family = type == Type::Ipv4 ? Family::v4 : Family::v6;
        if (!first || first->family != family) return "expected an address of the row's type";
        const auto last = type == Type::Ipv4 ? v4_end(*first, value) : v6_end(*first, value);
        if (!last) return "the range leaves the address space or does not begin at its length";
        row.first = *first;
        row.last = *last;
        result_.ranges.push_back(row);
        return {};
    }

    Delegated& result_;
    std::string_view file_;
    bool has_header_ = false;
    std::uint64_t records_ = 0;
    std::array<std::uint64_t, 3> counted_{};
    std::array<std::optional<std::uint64_t>, 3> announced_{};
};

}  // namespace

Result<DelegatedHeader> parse_delegated_header(std::string_view text, std::string_view file) {
    std::optional<DelegatedHeader> found;
    bool first = true;
    for_each_line(text, [&](std::string_view line, std::uint64_t) {
        if (!first || is_comment(line)) return;
        first = false;
        found = parse_header_line(line);
    });
    if (!found) return fail(fmt::format("{}: no delegated statistics: no header line.", file));
    return *found;
}

Result<Delegated> parse_delegated(std::string_view text, std::string_view file) {
    Delegated result;
    Reader reader(result, file);
    for_each_line(text,
                  [&](std::string_view line, std::uint64_t number) { reader.line(line, number); });
    if (const auto done = reader.finish(); !done) return std::unexpected(done.error());
    return result;
}

}  // namespace dimout::registry
