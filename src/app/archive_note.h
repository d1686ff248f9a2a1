// What a synthetic archive says of itself: the file archive.toml that `simulate` leaves in its
// folder.
//
// Synthetic data are called synthetic wherever they are shown, and a small invented Internet cannot
// be measured by the size that the real table had on that day.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace dimout::app {

struct ArchiveNote {
    std::string kind;  ///< `reconstruction`, `synthetic`.
    std::string title;

    /// "Reconstruction, not a recording: North Korea, December 2014".
    [[nodiscard]] std::string sentence() const;
};

/// The note of the first of `archives` that is a folder with one.
[[nodiscard]] std::optional<ArchiveNote> find_archive_note(
    const std::vector<std::string>& archives);

}  // namespace dimout::app
