// The user's own groups of networks, and the prefixes that are followed one by one.
//
//   followed = ["175.45.176.0/22"]
//   [group.mine]
//   asns = [64500]
//   prefixes = ["192.0.2.0/24", "2001:db8::/32"]
//   public = false      # the default: a group is its owner's business
//   zone = "Asia/Seoul" # in which its owner reads the clock
//
// A group holds a prefix that one of its ASes originates or one of its prefixes covers. A prefix
// wider than the group's is not in it, since most of it is somebody else's.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "model/asn.h"
#include "model/prefix.h"

namespace dimout::registry {

/// What the owner wrote of one group; sorted.
struct GroupMembers {
    std::vector<Asn> asns;
    std::vector<Prefix> prefixes;
};

/// Groups in the order of names.
class Groups {
public:
    Groups() = default;

    /// `file` stands in the messages. Fails with every fault of the text, one a line. `others`:
    /// keys that somebody else reads.
    [[nodiscard]] static Result<Groups> parse(std::string_view text, std::string_view file,
                                              std::span<const std::string_view> others = {});
    [[nodiscard]] static Result<Groups> read(const std::filesystem::path& file,
                                             std::span<const std::string_view> others = {});

    /// Adds to the followed prefixes; they stay sorted and distinct.
    void follow(const std::vector<Prefix>& prefixes);

    /// Appends the indices of the groups that hold the route, ascending. O(log n) a distinct
    /// length.
    void holding(const Prefix& prefix, Asn origin, std::vector<std::uint32_t>& groups) const;
    [[nodiscard]] const std::vector<std::string>& names() const { return names_; }
    /// Fails with the names that there are.
    [[nodiscard]] Result<GroupMembers> members(std::string_view name) const;
    [[nodiscard]] const std::vector<Prefix>& followed() const { return followed_; }
    [[nodiscard]] bool is_public(std::uint32_t group) const { return public_.at(group) != 0; }
    /// As tzdata calls it, unchecked; empty when none was given.
    [[nodiscard]] const std::string& zone(std::uint32_t group) const { return zones_.at(group); }

private:
    friend class GroupsParser;
    struct AsnMember {
        Asn asn;
        std::uint32_t group = 0;
        auto operator<=>(const AsnMember&) const = default;
    };
    struct PrefixMember {
        Prefix prefix;
        std::uint32_t group = 0;
        auto operator<=>(const PrefixMember&) const = default;
    };
    void finish();

    std::vector<std::string> names_;
    std::vector<std::uint8_t> public_;
    std::vector<std::string> zones_;
    std::vector<AsnMember> asns_;
    std::vector<PrefixMember> prefixes_;
    std::vector<std::uint8_t> lengths_;  ///< Distinct lengths among `prefixes_`, ascending.
    std::vector<Prefix> followed_;
};

}  // namespace dimout::registry
