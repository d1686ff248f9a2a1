// Brings files of an archive to a folder: whole ones only, each once.
//
// A file grows as `.NAME.part`, which a later try goes on with, and takes its name when it is whole
// and can be unpacked to its end. A server that is busy or ill is asked again, later each time; one
// that says when, not before then.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include "base/error.h"
#include "base/files.h"
#include "base/http_client.h"

namespace dimout::source {

/// The last try gives up; a second wait, a fourth, … up to a minute come between.
inline constexpr int kTries = 6;
/// A server that asks for more patience than this is not asked again.
inline constexpr std::chrono::seconds kLongestPatience{600};

enum class Fetched : std::uint8_t {
    New,
    There,    ///< It was there already.
    Missing,  ///< The server has no such file.
    Damaged,  ///< Whole as the server has it, but it cannot be unpacked to its end. Kept.
};

struct DownloadTools {
    HttpClient& client;
    Disk& disk;
    /// Waits; false when somebody asked to stop.
    std::function<bool(std::chrono::seconds)> wait;
    /// Bytes that came; also after a file that had to begin anew.
    std::function<void(std::uint64_t)> count = [](std::uint64_t) {};
};

/// Where `path` grows: a hidden name, which no walk of the folder takes for an archive.
[[nodiscard]] std::string part_of(const std::string& path);

/// Brings `url` to `path`; the folder must be there. Fails when the server cannot be reached, keeps
/// refusing, or the disk does.
[[nodiscard]] Result<Fetched> download(const std::string& url, const std::string& path,
                                       const DownloadTools& tools);

}  // namespace dimout::source
