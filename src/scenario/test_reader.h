// A reader of MRT for the tests only: plain, slow, and written apart from the encoders it checks.
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "model/prefix.h"

namespace dimout::scenario::test {

struct Record {
    std::uint32_t time = 0;
    unsigned type = 0;
    unsigned subtype = 0;
    std::vector<std::uint8_t> body;
};

/// A peer's address and what it said of one prefix. An empty path: withdrawn.
struct Said {
    std::uint32_t time = 0;
    std::string peer;
    Prefix prefix;
    std::vector<std::uint32_t> path;
};

using Table = std::map<std::pair<std::string, Prefix>, std::vector<std::uint32_t>>;

inline std::vector<std::uint8_t> read_whole(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// Empty when the bytes are not a whole number of records.
inline std::vector<Record> records_in(Bytes bytes) {
    std::vector<Record> records;
    Cursor cursor(bytes);
    while (!cursor.empty() && cursor.ok()) {
        Record record{
            .time = cursor.u32(), .type = cursor.u16(), .subtype = cursor.u16(), .body = {}};
        const Bytes body = cursor.take(cursor.u32());
        record.body.assign(body.begin(), body.end());
        records.push_back(std::move(record));
    }
    return cursor.ok() ? records : std::vector<Record>{};
}

inline Address take_address(Cursor& cursor, Family family) {
    if (family == Family::v4) return Address::v4(cursor.u32());
    const std::uint64_t hi = cursor.u64();
    return Address::v6(hi, cursor.u64());
}

inline Prefix take_prefix(Cursor& cursor, Family family) {
    const unsigned length = cursor.u8();
    const Bytes bytes = cursor.take((length + 7) / 8);
    Address address{.hi = 0, .lo = 0, .family = family};
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (i < 8)
            address.hi |= std::uint64_t{bytes[i]} << (56 - 8 * i);
        else
            address.lo |= std::uint64_t{bytes[i]} << (120 - 8 * i);
    }
    return Prefix::make(address, length);
}

inline std::vector<Prefix> take_prefixes(Cursor cursor, Family family) {
    std::vector<Prefix> prefixes;
    while (!cursor.empty() && cursor.ok()) prefixes.push_back(take_prefix(cursor, family));
    return prefixes;
}

struct Attributes {
    std::vector<std::uint32_t> path;
    std::vector<std::uint32_t> as4_path;
    std::vector<Prefix> reached;
    std::vector<Prefix> unreached;
};

inline std::vector<std::uint32_t> take_path(Bytes bytes, bool two_octet) {
    Cursor cursor(bytes);
    std::vector<std::uint32_t> path;
    while (!cursor.empty() && cursor.ok()) {
        cursor.u8();
        for (unsigned left = cursor.u8(); left > 0; --left)
            path.push_back(two_octet ? cursor.u16() : cursor.u32());
    }
    return path;
}

inline Attributes take_attributes(Bytes bytes, bool two_octet) {
    Attributes attributes;
    Cursor cursor(bytes);
    while (!cursor.empty() && cursor.ok()) {
        const unsigned flags = cursor.u8();
        const unsigned type = cursor.u8();
        const Bytes value = cursor.take((flags & 0x10) != 0 ? cursor.u16() : cursor.u8());
        Cursor inner(value);
        if (type == 2) attributes.path = take_path(value, two_octet);
        if (type == 17) attributes.as4_path = take_path(value, false);
        if (type == 14 && value.size() > 17) {
            inner.skip(3);
            inner.skip(inner.u8() + 1U);
            attributes.reached = take_prefixes(Cursor(inner.rest()), Family::v6);
        }
        if (type == 15) {
            inner.skip(3);
            attributes.unreached = take_prefixes(Cursor(inner.rest()), Family::v6);
        }
    }
    return attributes;
}

/// The peer's address of a BGP4MP or BGP4MP_ET record; leaves the cursor behind the local address.
inline std::string take_ends(Cursor& cursor, const Record& record) {
    if (record.type == 17) cursor.skip(4);
    const bool two_octet = record.subtype <= 1;
    cursor.skip(two_octet ? 4 : 8);
    cursor.skip(2);
    const Family family = cursor.u16() == 1 ? Family::v4 : Family::v6;
    const std::string peer = to_string(take_address(cursor, family));
    take_address(cursor, family);
    return peer;
}

/// What an update record says, in its order; nothing for state changes.
inline std::vector<Said> said_in(const Record& record) {
    if (record.subtype != 4 && record.subtype != 1) return {};
    Cursor cursor(record.body);
    const std::string peer = take_ends(cursor, record);
    cursor.skip(18);
    if (cursor.u8() != 2) return {};
    const std::vector<Prefix> withdrawn =
        take_prefixes(Cursor(cursor.take(cursor.u16())), Family::v4);
    const Attributes attributes = take_attributes(cursor.take(cursor.u16()), record.subtype == 1);
    std::vector<Said> said;
    for (const auto* list : {&withdrawn, &attributes.unreached}) {
        for (const Prefix& prefix : *list) said.push_back({record.time, peer, prefix, {}});
    }
    const auto& path = attributes.as4_path.empty() ? attributes.path : attributes.as4_path;
    for (const Prefix& prefix : attributes.reached)
        said.push_back({record.time, peer, prefix, path});
    for (const Prefix& prefix : take_prefixes(cursor, Family::v4))
        said.push_back({record.time, peer, prefix, path});
    return said;
}

/// The table that a TABLE_DUMP_V2 file holds.
inline Table table_in(const std::vector<Record>& records) {
    Table table;
    std::vector<std::string> peers;
    for (const Record& record : records) {
        Cursor cursor(record.body);
        if (record.subtype == 1) {
            cursor.skip(4);
            cursor.skip(cursor.u16());
            for (unsigned left = cursor.u16(); left > 0; --left) {
                const Family family = (cursor.u8() & 1) == 0 ? Family::v4 : Family::v6;
                cursor.skip(4);
                peers.push_back(to_string(take_address(cursor, family)));
                cursor.skip(4);
            }
            continue;
        }
        cursor.skip(4);
        const Prefix prefix = take_prefix(cursor, record.subtype == 2 ? Family::v4 : Family::v6);
        for (unsigned left = cursor.u16(); left > 0; --left) {
            const std::string& peer = peers.at(cursor.u16());
            cursor.skip(4);
            table[{peer, prefix}] = take_attributes(cursor.take(cursor.u16()), false).path;
        }
    }
    return table;
}

}  // namespace dimout::scenario::test
