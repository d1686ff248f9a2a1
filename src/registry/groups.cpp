#include "registry/groups.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/sort_distinct.h"
#include "base/toml.h"
#include "model/entity.h"
#include "registry/files.h"

namespace dimout::registry {

/// Walks the TOML tree and collects faults instead of stopping at the first.
class GroupsParser {
public:
    GroupsParser(std::string_view file, std::span<const std::string_view> others)
        : file_(file), others_(others) {}

    void root(const toml::table& table) {
        for (const auto& [key, node] : table) {
            if (key == "followed") {
                each(node, "followed", "a list of prefixes such as \"192.0.2.0/24\"",
                     [&](const toml::node& item) { return prefix(item, groups_.followed_); });
            } else if (key == "group" && node.is_table()) {
                for (const auto& [name, group] : *node.as_table()) one_group(name.str(), group);
            } else if (std::ranges::find(others_, key.str()) == others_.end()) {
                fault(node, key.str(), "`followed` or a table such as [group.mine]");
            }
        }
    }

    Result<Groups> finish() && {
        if (!faults_.empty()) return fail(std::move(faults_));
        groups_.finish();
        return std::move(groups_);
    }

private:
    void fault(const toml::node& node, std::string_view key, std::string_view expected) {
        faults_ += fmt::format("{}{}:{}: {}: expected {}.", faults_.empty() ? "" : "\n", file_,
                               node.source().begin.line, key, expected);
    }

    void one_group(std::string_view name, const toml::node& node) {
        const std::string key = fmt::format("group.{}", name);
        if (!parse_entity(fmt::format("group/{}", name))) {
            return fault(node, key, "a name of letters, digits, '-', '_' and '.'");
        }
        const toml::table* table = node.as_table();
        if (table == nullptr) return fault(node, key, "a table");
        const auto index = static_cast<std::uint32_t>(groups_.names_.size());
        groups_.names_.emplace_back(name);
        groups_.public_.push_back(0);
        groups_.zones_.emplace_back();
        bool has_members = false;
        for (const auto& [inner, value] : *table) {
            has_members = has_members || inner == "asns" || inner == "prefixes";
            member_key(index, key, inner.str(), value);
        }
        if (!has_members) fault(node, key, "`asns` or `prefixes`");
    }

    void member_key(std::uint32_t index, const std::string& group, std::string_view inner,
                    const toml::node& value) {
        const std::string key = fmt::format("{}.{}", group, inner);
        if (inner == "asns") {
            each(value, key, "a list of AS numbers such as 64500",
                 [&](const toml::node& item) { return asn(item, index); });
        } else if (inner == "prefixes") {
            std::vector<Prefix> found;
            each(value, key, "a list of prefixes such as \"192.0.2.0/24\"",
                 [&](const toml::node& item) { return prefix(item, found); });
            for (const Prefix& each_prefix : found)
                groups_.prefixes_.push_back({each_prefix, index});
        } else if (inner == "public" && value.is_boolean()) {
            groups_.public_[index] = value.as_boolean()->get() ? 1 : 0;
        } else if (inner == "zone" && value.is_string()) {
            groups_.zones_[index] = value.as_string()->get();
        } else {
            fault(value, key, expected_of(inner));
        }
    }

    static std::string_view expected_of(std::string_view inner) {
        if (inner == "public") return "true or false";
        if (inner == "zone") return "a time zone such as \"Asia/Pyongyang\"";
        return "one of `asns`, `prefixes`, `public`, `zone`";
    }

    template <typename Take>
    void each(const toml::node& node, std::string_view key, std::string_view expected, Take take) {
        const toml::array* array = node.as_array();
        if (array == nullptr) return fault(node, key, expected);
        for (const toml::node& item : *array) {
            if (!take(item)) fault(item, key, expected);
        }
    }

    bool asn(const toml::node& item, std::uint32_t index) {
        const auto number = item.value_exact<std::int64_t>();
        if (!number || *number < 1 || *number > 0xFFFFFFFF) return false;
        groups_.asns_.push_back({Asn{static_cast<std::uint32_t>(*number)}, index});
        return true;
    }

    static bool prefix(const toml::node& item, std::vector<Prefix>& prefixes) {
        const auto text = item.value_exact<std::string_view>();
        const auto parsed = text ? parse_prefix(*text) : std::nullopt;
        if (parsed) prefixes.push_back(*parsed);
        return parsed.has_value();
    }

    std::string_view file_;
    std::span<const std::string_view> others_;
    Groups groups_;
    std::string faults_;
};

Result<Groups> Groups::parse(std::string_view text, std::string_view file,
                             std::span<const std::string_view> others) {
    const toml::parse_result parsed = parse_toml(text);
    if (!parsed) {
        const toml::parse_error& error = parsed.error();
        return fail(
            fmt::format("{}:{}: {}.", file, error.source().begin.line, error.description()));
    }
    GroupsParser parser(file, others);
    parser.root(parsed.table());
    return std::move(parser).finish();
}

Result<Groups> Groups::read(const std::filesystem::path& file,
                            std::span<const std::string_view> others) {
    const auto text = read_text(file);
    if (!text) return std::unexpected(text.error());
    return parse(*text, file.string(), others);
}

Result<GroupMembers> Groups::members(std::string_view name) const {
    const auto found = std::ranges::find(names_, name);
    if (found == names_.end()) {
        return fail(fmt::format(
            "group/{}: no such group; there {}: {}.", name, names_.size() == 1 ? "is" : "are",
            names_.empty() ? "none" : fmt::format("{}", fmt::join(names_, ", "))));
    }
    const auto group = static_cast<std::uint32_t>(found - names_.begin());
    GroupMembers members;
    for (const AsnMember& one : asns_) {
        if (one.group == group) members.asns.push_back(one.asn);
    }
    for (const PrefixMember& one : prefixes_) {
        if (one.group == group) members.prefixes.push_back(one.prefix);
    }
    return members;
}

void Groups::finish() {
    sort_distinct(asns_);
    sort_distinct(prefixes_);
    sort_distinct(followed_);
    for (const PrefixMember& member : prefixes_) lengths_.push_back(member.prefix.length);
    sort_distinct(lengths_);
}

void Groups::follow(const std::vector<Prefix>& prefixes) {
    followed_.insert(followed_.end(), prefixes.begin(), prefixes.end());
    sort_distinct(followed_);
}

void Groups::holding(const Prefix& prefix, Asn origin, std::vector<std::uint32_t>& groups) const {
    const auto begin = static_cast<std::ptrdiff_t>(groups.size());
    const auto append = [&](const auto& members) {
        for (const auto& member : members) groups.push_back(member.group);
    };
    append(std::ranges::equal_range(asns_, origin, {}, &AsnMember::asn));
    for (const std::uint8_t length : lengths_) {
        if (length > prefix.length) break;
        append(std::ranges::equal_range(prefixes_, Prefix::make(prefix.address(), length), {},
                                        &PrefixMember::prefix));
    }
    std::sort(groups.begin() + begin, groups.end());
    groups.erase(std::unique(groups.begin() + begin, groups.end()), groups.end());
}

}  // namespace dimout::registry
