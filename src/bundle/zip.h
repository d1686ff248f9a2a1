// A ZIP in one form only: members stored one after the other, no gaps, no dates, no attributes.
//
// APPNOTE 6.3.10 §4.3 allows the same members in endless forms, and hostile files live in the
// difference: two names for one member, members that lie over each other, a directory that says
// something else than the headers, bytes that belong to nobody. Here each byte of a header follows
// from name, size and CRC-32, so the reader works out what it must be and refuses the rest.
// Members are not compressed by the ZIP, so none can grow.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace dimout::bundle {

inline constexpr std::size_t kMembersMax = 1000;
inline constexpr std::size_t kNameMax = 120;
inline constexpr std::size_t kZipMax = std::size_t{1} << 30;

struct Member {
    std::string name;  ///< See `is_member_name`.
    std::string content;
};

/// A view of a member of the file that was read.
struct MemberView {
    std::string_view name;
    std::string_view content;
};

/// Parts of ASCII letters, digits, `.`, `_` and `-`, divided by `/`; no part is empty or begins
/// with a dot, so none leads out of a folder.
[[nodiscard]] bool is_member_name(std::string_view name);

/// In the order given. Fails beyond a limit, for a name that is none, or that stands twice.
[[nodiscard]] Result<std::string> write_zip(std::span<const Member> members);

/// The members of a file that `write_zip` could have made; views of `file`. Anything else fails
/// with the reason.
[[nodiscard]] Result<std::vector<MemberView>> read_zip(std::string_view file);

}  // namespace dimout::bundle
