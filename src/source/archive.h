// Many files of many collectors as one stream, in the order of (second, collector, position in that
// collector's stream).
//
// Files are told apart by content, collectors by where the file lies (collector_name.h), and times
// come from the records, never from names. Per collector there are two lanes: files that begin with
// a table dump, and all others. A lane reads its files in the order of their first stamps, and a
// file in its own order; a record's place is the highest stamp of its lane so far, so a late record
// is neither lost nor holds anybody up. Within a second a collector's dump rows come before its
// updates: an update of that second is the newer word. The stream, but for files and offsets, does
// not depend on how it was cut into files.
//
// A stamp more than an hour ahead whose successor is back is damage, not time: that record is
// stepped over and counted as `mrt_time`.
//
// Opening costs one short read a file (for bzip2: one block, up to 8 ms), spread over the readers;
// at most one file a lane is open after that.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/time.h"
#include "model/frame.h"
#include "source/error_log.h"
#include "source/frame_stream.h"

namespace dimout::source {

struct ArchiveOptions {
    std::string collector{};           ///< Not empty: all files are of this collector.
    std::optional<EventTime> from{};   ///< Skips files that end before, but for the newest table
                                       ///< dump and what follows it.
    std::optional<EventTime> until{};  ///< The stream ends before the first record at or after it.
    unsigned readers = 1;         ///< Threads that decompress ahead; 0: all is done inside `next`.
    unsigned helpers = 0;         ///< Threads that help them with the blocks of bzip2 files.
    std::size_t errors_kept = 5;  ///< Of each code.
    bool dumps_only = false;      ///< Files that do not begin with a table dump are skipped.
};

struct ArchiveFile {
    std::string path;  ///< As found, with the name that the user gave in front.
    CollectorId collector{};
    std::optional<EventTime> first;  ///< Stamp of its first record; empty: it holds none.
    bool table_dump = false;         ///< Begins with a table dump.
    bool skipped = false;            ///< By `from` or `until`, or because it holds no record.
};

struct ArchiveProgress {
    std::uint64_t bytes_read = 0;   ///< As they lie on disk.
    std::uint64_t bytes_total = 0;  ///< 0 when unknown (standard input).
    std::uint64_t files_done = 0;
    std::uint64_t files_total = 0;
    std::uint64_t records = 0;
};

class Archive final : public FrameStream {
public:
    /// `paths`: files, folders (walked, in any of the known layouts), text files that list paths,
    /// `-`.
    [[nodiscard]] static Result<Archive> open(const std::vector<std::string>& paths,
                                              const ArchiveOptions& options);
    /// One that holds nothing.
    [[nodiscard]] static Archive none();
    Archive(Archive&&) noexcept;
    Archive& operator=(Archive&&) noexcept;
    ~Archive() override;

    /// Records and FileEnds.
    bool next(Frame& frame) override;

    /// A gap is knowable once the stream has passed `from` plus the silence that this collector's
    /// rhythm allows; `until` is then already filled in, as the archive knows what comes next.
    [[nodiscard]] bool has_gaps() const override;
    [[nodiscard]] std::vector<Gap> take_gaps() override;

    [[nodiscard]] const std::vector<std::string>& collectors() const override;
    [[nodiscard]] bool empty() const override { return files().empty(); }
    [[nodiscard]] const std::vector<ArchiveFile>& files() const;  ///< By FileId.
    [[nodiscard]] const ErrorLog& errors() const;
    /// Errors found by others (decode) are counted with ours.
    void add_error(InputError error);
    /// `describe` with the file's name.
    [[nodiscard]] std::string describe(const InputError& error) const;
    [[nodiscard]] ArchiveProgress progress() const;

private:
    class Impl;
    explicit Archive(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace dimout::source
