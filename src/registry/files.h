// The files that a registry can be made of: read whole (gz or plain), told apart by content.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/error.h"

namespace dimout::registry {

enum class FileKind : std::uint8_t {
    Delegated,  ///< Delegated statistics of an RIR or the NRO.
    RangeList,  ///< `start,end,CC`.
    Mmdb,       ///< MaxMind DB.
    AsRanges,   ///< `start,end,asn,name`.
    AsNames,    ///< JSON `{"64500": "NAME …"}`.
    Other,
};

struct FoundFile {
    std::filesystem::path path;
    FileKind kind = FileKind::Other;
    std::string head;    ///< The first 8 KiB, decompressed.
    bool named = false;  ///< Given by name, not found in a folder.
};

/// The whole file, decompressed when it is gz. Fails on a damaged or cut stream, and past 1 GiB.
[[nodiscard]] Result<std::string> read_text(const std::filesystem::path& path);

/// What stands at the path, or, for a folder, everything under it in the order of names.
[[nodiscard]] Result<std::vector<FoundFile>> find_files(const std::filesystem::path& path);

}  // namespace dimout::registry
