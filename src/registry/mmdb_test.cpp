#include "registry/mmdb.h"

#include <gtest/gtest.h>

#include "registry/test_files.h"

namespace dimout::registry {
namespace {

/// Writes MaxMind DB files (format 2.0, 24-bit records): a tree of bits, then data, then metadata.
class MmdbWriter {
public:
    explicit MmdbWriter(int version) : version_(version) {}

    void put(const Prefix& where, const std::string& data) {
        put(where, std::uint32_t{kData | offset_of(data)});
    }

    /// Makes `where` another name of the subtree at `target`, as real files do for 2002::/16.
    void alias(const Prefix& where, const Prefix& target) { put(where, node_at(target)); }

    [[nodiscard]] std::string file() const {
        std::string bytes;
        for (const auto& node : nodes_) {
            for (const std::uint32_t record : node) append_record(bytes, record);
        }
        return bytes + std::string(16, '\0') + data_ + "\xab\xcd\xefMaxMind.com" + metadata();
    }

    static std::string text(std::string_view value) {
        return std::string(1, static_cast<char>(0x40 | value.size())).append(value);
    }
    static std::string map(std::string_view key, const std::string& value) {
        return std::string("\xe1").append(text(key)).append(value);
    }

private:
    static constexpr std::uint32_t kData = 0x80000000;
    static constexpr std::uint32_t kEmpty = 0x40000000;

    std::uint32_t offset_of(const std::string& data) {
        const auto offset = static_cast<std::uint32_t>(data_.size());
        data_ += data;
        return offset;
    }

    [[nodiscard]] unsigned depth_offset(const Prefix& where) const {
        return version_ == 6 && where.family == Family::v4 ? 96 : 0;
    }

    static bool bit(const Prefix& where, unsigned offset, unsigned depth) {
        if (depth < offset) return false;
        const unsigned at = depth - offset;
        return ((at < 64 ? where.hi >> (63 - at) : where.lo >> (127 - at)) & 1) != 0;
    }

    std::uint32_t* walk(const Prefix& where) {
        const unsigned offset = depth_offset(where);
        std::uint32_t node = 0;
        for (unsigned depth = 0;; ++depth) {
            std::uint32_t& record = nodes_[node][bit(where, offset, depth) ? 1 : 0];
            if (depth + 1 == where.length + offset) return &record;
            if (record == kEmpty) {
                const auto fresh = static_cast<std::uint32_t>(nodes_.size());
                record = fresh;
                node = fresh;
                nodes_.push_back({kEmpty, kEmpty});
            } else {
                node = record;
            }
        }
    }

    void put(const Prefix& where, std::uint32_t record) { *walk(where) = record; }
    std::uint32_t node_at(const Prefix& where) { return *walk(where); }

    void append_record(std::string& bytes, std::uint32_t record) const {
        const auto count = static_cast<std::uint32_t>(nodes_.size());
        std::uint32_t value = record;
        if (record == kEmpty) value = count;
        if ((record & kData) != 0) value = count + 16 + (record & ~kData);
        for (const unsigned shift : {16U, 8U, 0U})
            bytes.push_back(static_cast<char>(value >> shift & 0xFF));
    }

    static std::string number(unsigned type, std::uint64_t value, unsigned size) {
        std::string bytes = type <= 7
                                ? std::string(1, static_cast<char>(type << 5 | size))
                                : std::string{static_cast<char>(size), static_cast<char>(type - 7)};
        for (unsigned i = size; i-- > 0;)
            bytes.push_back(static_cast<char>(value >> (8 * i) & 0xFF));
        return bytes;
    }

    [[nodiscard]] std::string metadata() const {
        return std::string("\xe9").append(text("node_count")) + number(6, nodes_.size(), 4) +
               text("record_size") + number(5, 24, 2) + text("ip_version") +
               number(5, static_cast<std::uint64_t>(version_), 2) + text("database_type") +
               text("Test") + text("languages") + std::string{'\x01', '\x04'} + text("en") +
               text("binary_format_major_version") + number(5, 2, 2) +
               text("binary_format_minor_version") + number(5, 0, 2) + text("build_epoch") +
               number(9, 1403000000, 8) + text("description") + map("en", text("x"));
    }

    int version_;
    std::vector<std::array<std::uint32_t, 2>> nodes_{{kEmpty, kEmpty}};
    std::string data_;
};

std::string iso(std::string_view letters) {
    return MmdbWriter::map("country", MmdbWriter::map("iso_code", MmdbWriter::text(letters)));
}

MmdbWriter both_families() {
    MmdbWriter writer(6);
    writer.put(prefix("175.45.176.0/22"), iso("KP"));
    writer.put(prefix("194.71.107.0/24"), MmdbWriter::map("country_code", MmdbWriter::text("SE")));
    writer.put(prefix("10.0.0.0/8"), MmdbWriter::map("city", MmdbWriter::text("nowhere")));
    writer.put(prefix("2001:db8::/33"), iso("FI"));
    // The root of IPv4 is what hangs at ::/96; 2002::/16 is another name of it.
    writer.alias(prefix("2002::/16"), prefix("::/96"));
    return writer;
}

TEST(Mmdb, countries_of_both_families_are_read_once_each) {
    const ScratchFolder folder;
    const auto found = read_mmdb(folder.write("x.mmdb", both_families().file()));
    ASSERT_TRUE(found) << found.error().message;
    ASSERT_EQ(found->ranges.size(), 3U)
        << "an alias of IPv4 is no IPv6 space; a place without country is nobody's";
    EXPECT_EQ(found->ranges[0].country, code("KP"));
    EXPECT_EQ(to_string(found->ranges[0].first), "175.45.176.0");
    EXPECT_EQ(to_string(found->ranges[0].last), "175.45.179.255");
    EXPECT_EQ(found->ranges[1].country, code("SE"));
    EXPECT_EQ(found->ranges[2].country, code("FI"));
    EXPECT_EQ(to_string(found->ranges[2].last), "2001:db8:7fff:ffff:ffff:ffff:ffff:ffff");
    EXPECT_EQ(to_rfc3339(found->date), "2014-06-17T10:13:20Z");
}

TEST(Mmdb, a_file_of_ipv4_alone_is_read) {
    const ScratchFolder folder;
    MmdbWriter writer(4);
    writer.put(prefix("0.0.0.0/1"), iso("KP"));
    writer.put(prefix("255.255.255.255/32"), iso("SE"));
    const auto found = read_mmdb(folder.write("x.mmdb", writer.file()));
    ASSERT_TRUE(found) << found.error().message;
    ASSERT_EQ(found->ranges.size(), 2U);
    EXPECT_EQ(to_string(found->ranges[0].last), "127.255.255.255");
    EXPECT_EQ(to_string(found->ranges[1].first), "255.255.255.255");
}

TEST(Mmdb, a_tree_that_turns_back_on_itself_is_refused) {
    const ScratchFolder folder;
    std::string bytes = both_families().file();
    bytes[3] = bytes[4] = bytes[5] = '\0';  // The right half of the root is the root.
    const auto found = read_mmdb(folder.write("x.mmdb", bytes));
    ASSERT_FALSE(found);
    EXPECT_NE(found.error().message.find("contradicts itself"), std::string::npos);
}

TEST(Mmdb, damaged_files_are_refused_or_read_but_never_crash) {
    const ScratchFolder folder;
    const std::string whole = both_families().file();
    // Not in the metadata: libmaxminddb 1.7 leaks a few kB when it gives up on a damaged
    // description.
    const std::size_t metadata = whole.find("MaxMind.com");
    for (std::size_t i = 0; i < metadata; i += 3) {
        std::string damaged = whole;
        damaged[i] = static_cast<char>(damaged[i] ^ 0xFF);
        static_cast<void>(read_mmdb(folder.write("x.mmdb", damaged)));
        static_cast<void>(read_mmdb(folder.write("x.mmdb", whole.substr(0, i))));
    }
}

TEST(Mmdb, a_missing_file_is_named) { EXPECT_FALSE(read_mmdb("/nowhere/x.mmdb")); }

}  // namespace
}  // namespace dimout::registry
