#include "registry/mmdb.h"

#include <maxminddb.h>

#include <memory>
#include <optional>
#include <unordered_map>

#include <fmt/format.h>

namespace dimout::registry {
namespace {

struct CloseMmdb {
    void operator()(MMDB_s* mmdb) const {
        MMDB_close(mmdb);
        delete mmdb;
    }
};
using Mmdb = std::unique_ptr<MMDB_s, CloseMmdb>;

std::optional<CountryCode> code_of(const MMDB_entry_data_s& data) {
    if (!data.has_data || data.type != MMDB_DATA_TYPE_UTF8_STRING) return std::nullopt;
    return CountryCode::parse({data.utf8_string, data.data_size});
}

std::optional<CountryCode> country_of(MMDB_entry_s entry) {
    MMDB_entry_data_s data{};
    if (MMDB_get_value(&entry, &data, "country", "iso_code", nullptr) == MMDB_SUCCESS)
        return code_of(data);
    if (MMDB_get_value(&entry, &data, "country_code", nullptr) == MMDB_SUCCESS)
        return code_of(data);
    return std::nullopt;
}

/// One branch of the tree still to be walked: `depth` bits of `address` are fixed.
struct Branch {
    std::uint32_t node = 0;
    Prefix prefix;
};

Prefix child_of(const Prefix& parent, bool right) {
    Prefix child = parent;
    if (right && parent.length < 64) child.hi |= std::uint64_t{1} << (63 - parent.length);
    if (right && parent.length >= 64) child.lo |= std::uint64_t{1} << (127 - parent.length);
    ++child.length;
    return child;
}

class Walk {
public:
    Walk(const MMDB_s& mmdb, MmdbCountries& result) : mmdb_(mmdb), result_(result) {}

    /// False when the tree is deeper or larger than it can be.
    bool from(std::uint32_t root, Family family, std::optional<std::uint32_t> except) {
        std::vector<Branch> stack{{root, Prefix::make({.hi = 0, .lo = 0, .family = family}, 0)}};
        while (!stack.empty()) {
            const Branch branch = stack.back();
            stack.pop_back();
            if (except && branch.node == *except) continue;
            MMDB_search_node_s node{};
            const bool sane = ++visited_ <= mmdb_.metadata.node_count &&
                              branch.prefix.length < max_length(family);
            if (!sane || MMDB_read_node(&mmdb_, branch.node, &node) != MMDB_SUCCESS) return false;
            // The left half is pushed last so that it is walked first: addresses come in order.
            const bool right = record(stack, node.right_record_type, node.right_record,
                                      node.right_record_entry, child_of(branch.prefix, true));
            const bool left = record(stack, node.left_record_type, node.left_record,
                                     node.left_record_entry, child_of(branch.prefix, false));
            if (!left || !right) return false;
        }
        return true;
    }

private:
    bool record(std::vector<Branch>& stack, std::uint8_t type, std::uint64_t value,
                MMDB_entry_s entry, const Prefix& prefix) {
        switch (type) {
            case MMDB_RECORD_TYPE_SEARCH_NODE:
                stack.push_back({static_cast<std::uint32_t>(value), prefix});
                return true;
            case MMDB_RECORD_TYPE_EMPTY: return true;
            case MMDB_RECORD_TYPE_DATA: data(entry, prefix); return true;
            default: return false;
        }
    }

    void data(MMDB_entry_s entry, const Prefix& prefix) {
        const auto [known, is_new] = countries_.try_emplace(entry.offset);
        if (is_new) known->second = country_of(entry);
        if (!known->second) return;
        const MaskWords mask = mask_words(prefix.length);
        Address last = prefix.address();
        last.hi |= ~mask.hi;
        if (prefix.family == Family::v6) last.lo |= ~mask.lo;
        if (prefix.family == Family::v4) last.hi &= mask_words(32).hi;
        result_.ranges.push_back(
            {.first = prefix.address(), .last = last, .country = *known->second});
    }

    const MMDB_s& mmdb_;
    MmdbCountries& result_;
    std::uint64_t visited_ = 0;
    std::unordered_map<std::uint32_t, std::optional<CountryCode>>
        countries_;  // Asked, never iterated.
};

/// Where the IPv4 tree hangs; empty when there is none of its own.
std::optional<std::uint32_t> ipv4_root(const MMDB_s& mmdb) {
    if (mmdb.metadata.ip_version == 4) return 0;
    if (mmdb.ipv4_start_node.netmask != 96 ||
        mmdb.ipv4_start_node.node_value >= mmdb.metadata.node_count) {
        return std::nullopt;
    }
    return mmdb.ipv4_start_node.node_value;
}

}  // namespace

Result<MmdbCountries> read_mmdb(const std::filesystem::path& path) {
    auto opened = std::make_unique<MMDB_s>();
    if (const int status = MMDB_open(path.c_str(), MMDB_MODE_MMAP, opened.get());
        status != MMDB_SUCCESS) {
        return fail(fmt::format("{}: {}.", path.string(), MMDB_strerror(status)));
    }
    const Mmdb mmdb(opened.release());
    MmdbCountries result;
    result.date = event_time(static_cast<std::int64_t>(mmdb->metadata.build_epoch));
    Walk walk(*mmdb, result);
    const auto v4 = ipv4_root(*mmdb);
    bool whole = !v4 || walk.from(*v4, Family::v4, std::nullopt);
    if (whole && mmdb->metadata.ip_version == 6) whole = walk.from(0, Family::v6, v4);
    if (!whole)
        return fail(
            fmt::format("{}: the search tree of the mmdb contradicts itself.", path.string()));
    return result;
}

}  // namespace dimout::registry
