// The evidence bundle of one outage (docs/formats/bundle.md): made from a store and the archive
// that the store was made from, and read again.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/commands.h"
#include "base/error.h"
#include "bundle/sealed.h"

namespace dimout::app {

/// What to bundle: the newest revision in a store, and the replay that found it.
struct BundleQuestion {
    ExplainOptions about;
    ReplayOptions replay;  ///< `store`, `until` and `registry` are not looked at.
};

/// The bytes of the ZIP. Replays the archive up to when the outage was last known, derives the
/// outage again from what it bundled, and fails, saying where they differ, unless that is what the
/// store has.
[[nodiscard]] Result<std::string> make_bundle(const BundleQuestion& question,
                                              const bundle::SigningKey* key,
                                              const CommonOptions& common);

/// `outage.json` as it follows from the other members. Touches nothing but a temporary folder.
[[nodiscard]] Result<std::string> derive_again(const bundle::Opened& opened);

/// Where two texts part, for people; empty when they are equal.
[[nodiscard]] std::string first_difference(std::string_view bundled, std::string_view derived);

}  // namespace dimout::app
