// A bundle as a whole: members, the manifest of their hashes, and the signature over that.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "bundle/manifest.h"
#include "bundle/signature.h"
#include "bundle/zip.h"

namespace dimout::bundle {

inline constexpr std::string_view kManifestName = "manifest.json";
inline constexpr std::string_view kSignatureName = "signature.json";

/// The bytes of a ZIP; unsigned without a key. The same input gives the same bytes.
[[nodiscard]] Result<std::string> seal(std::string_view made_by, std::string_view subject,
                                       std::vector<Member> members, const SigningKey* key);

struct Opened {
    Manifest manifest;
    std::vector<MemberView> members;     ///< Those of the manifest, in its order.
    std::optional<Signature> signature;  ///< Right for this manifest; whose it is, it cannot say.

    /// Empty when there is none of that name.
    [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const;
};

/// Views of `file`. Fails, with the first reason, unless every byte is as `seal` would write it.
[[nodiscard]] Result<Opened> open_sealed(std::string_view file);

}  // namespace dimout::bundle
