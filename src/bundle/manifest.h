// What should be in a bundle: name, size and SHA-256 of each member, as JSON in one form only.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace dimout::bundle {

/// Of docs/formats/bundle.md.
inline constexpr std::uint64_t kFormat = 1;

struct Manifest {
    struct Line {
        std::string name;
        std::uint64_t bytes = 0;
        std::string sha256;

        bool operator==(const Line&) const = default;
    };

    std::string made_by;  ///< `dimout 0.1.0`.
    std::string subject;  ///< The outage's id.
    std::vector<Line> members;

    bool operator==(const Manifest&) const = default;
};

[[nodiscard]] std::string manifest_text(const Manifest& manifest);

/// Only what `manifest_text` writes. A newer format is refused with a sentence.
[[nodiscard]] Result<Manifest> parse_manifest(std::string_view text);

}  // namespace dimout::bundle
