// The files behind the paths that a user gave.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"

namespace dimout::source {

struct InputFile {
    std::string path;  ///< `-` is standard input.
    std::string collector;
    bool named =
        true;  ///< By the user, or by a list; false: found in a folder, where other things may lie.
    bool is_pipe = false;  ///< Can be read once only.
    std::uint64_t size = 0;
};

/// Walks folders (hidden names are left out, links to folders not followed), reads lists (text
/// files with a path a line, `#` begins a comment, relative to the list) and drops repetitions.
/// Sorted by path.
[[nodiscard]] Result<std::vector<InputFile>> find_inputs(const std::vector<std::string>& paths,
                                                         const std::string& collector);

}  // namespace dimout::source
