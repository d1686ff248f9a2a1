// The files of one lane of one collector, one after the other, as batches of whole records.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/time.h"
#include "model/frame.h"
#include "source/mrt_file.h"

namespace dimout::source {

class BlockPool;

/// A file that was opened and of which the first batch was read, or why that failed.
struct OpenedFile {
    std::unique_ptr<MrtReader> reader;
    RecordBatch first;
    std::string failure;  ///< Not empty: it cannot be opened.

    [[nodiscard]] static OpenedFile open(const std::string& path, std::size_t bytes,
                                         const std::shared_ptr<BlockPool>& pool);
    /// Of the first record, or of the second when the first is alone with what it says. Empty: no
    /// record.
    [[nodiscard]] std::optional<EventTime> first_stamp() const;
    [[nodiscard]] bool begins_with_table_dump() const;
    [[nodiscard]] bool looks_like_mrt() const;
};

struct LaneFile {
    FileId id{};
    std::string path;
    EventTime first;
    std::unique_ptr<OpenedFile> opened;  ///< Kept open since the archive was opened, if it was.
};

struct LaneBatch {
    RecordBatch batch;
    std::size_t file = 0;           ///< Number in its lane.
    std::uint64_t bytes_taken = 0;  ///< Of its file, so far.
};

class LaneReader {
public:
    LaneReader(std::vector<LaneFile> files, std::shared_ptr<BlockPool> pool)
        : files_(std::move(files)), pool_(std::move(pool)) {}

    /// The next batch; the files follow each other, each with a batch that is its `last`. False at
    /// the end.
    bool next(LaneBatch& batch);
    [[nodiscard]] const LaneFile& file(std::size_t number) const { return files_[number]; }
    [[nodiscard]] std::size_t size() const { return files_.size(); }

private:
    void open_next(LaneBatch& batch);

    std::vector<LaneFile> files_;
    std::shared_ptr<BlockPool> pool_;
    std::unique_ptr<MrtReader> reader_;
    std::size_t next_ = 0;
};

}  // namespace dimout::source
