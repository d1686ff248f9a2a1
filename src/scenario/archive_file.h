// A file that is being written, compressed as its collector does it.
//
// gzip at its fastest level with an empty stamp, bzip2 at its best: the same input gives the same
// bytes.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

#include "base/bytes.h"
#include "base/error.h"
#include "scenario/scenario.h"

namespace dimout::scenario {

class ArchiveFile {
public:
    /// Creates missing folders.
    [[nodiscard]] static Result<std::unique_ptr<ArchiveFile>> create(
        const std::filesystem::path& path, Compression compression);
    virtual ~ArchiveFile() = default;
    ArchiveFile(const ArchiveFile&) = delete;
    ArchiveFile& operator=(const ArchiveFile&) = delete;

    virtual void write(Bytes bytes) = 0;
    /// Ends the file; its size on disk, or what went wrong since it was created.
    [[nodiscard]] virtual Result<std::uint64_t> close() = 0;

protected:
    ArchiveFile() = default;
};

/// `.bz2`, `.gz` or nothing.
[[nodiscard]] std::string_view extension_of(Compression compression);

}  // namespace dimout::scenario
