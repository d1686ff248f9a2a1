// Reads a journal batch by batch: a whole one from the past, or one that is still being written.
//
// Batches come in the order of writing. What a crash left of a batch is not handed out, and one
// that was written twice because the disk failed in between is handed out once. Not thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "model/frame.h"
#include "source/error_log.h"
#include "source/journal_format.h"
#include "source/journal_writer.h"

namespace dimout::source {

struct JournalItem {
    enum class Kind : std::uint8_t { Record, Loss, FileEnd, SeedBegin, SeedEnd };

    Kind kind = Kind::Record;
    Lane lane = Lane::Live;
    bool complete = false;    ///< Of a FileEnd.
    CollectorId collector{};  ///< Not of SeedBegin and SeedEnd.
    /// Of a record and of a FileEnd. `file` is the archive's, or the journal's for what was live;
    /// offset and number are those within the journal's file.
    Position position;
    Bytes bytes;  ///< A record, or the reason of a loss.
};

/// Views are valid until the next call.
struct JournalBatch {
    std::span<const JournalItem> items;
    WallTime heard = 0;    ///< All of it was heard by then.
    bool new_run = false;  ///< Nobody listened between the batch before and this one.
};

/// The end of a journal that nobody writes.
inline const JournalEnd kWholeJournal{.file = "~", .bytes = 0};

class JournalReader {
public:
    [[nodiscard]] static Result<JournalReader> open(const std::string& folder);
    JournalReader(JournalReader&&) noexcept;
    JournalReader& operator=(JournalReader&&) noexcept;
    ~JournalReader();

    /// The next batch that lies before `end`; false when there is none yet.
    [[nodiscard]] bool next(JournalBatch& batch, const JournalEnd& end = kWholeJournal);

    [[nodiscard]] const std::vector<std::string>& collectors() const { return collectors_; }
    /// By FileId: the journal's own files, and those of archives that were added to it.
    [[nodiscard]] const std::vector<std::string>& files() const { return files_; }
    [[nodiscard]] const ErrorLog& errors() const { return errors_; }
    /// When the newest batch that was handed out was heard; 0 before the first.
    [[nodiscard]] WallTime heard() const { return heard_; }

private:
    class Unpacker;
    struct BatchId {
        std::uint64_t run = 0;
        std::uint64_t number = 0;
    };

    explicit JournalReader(std::string folder);
    [[nodiscard]] bool open_next(const JournalEnd& end);
    [[nodiscard]] bool fill(const JournalEnd& end);
    [[nodiscard]] bool take_items();
    [[nodiscard]] bool take_mark(Mark mark, Bytes body);
    [[nodiscard]] bool end_batch(Bytes body);
    void keep(JournalItem::Kind kind, CollectorId collector, bool complete, Bytes bytes);
    void name_archive_file(std::uint32_t number, std::string_view name);
    [[nodiscard]] FileId archive_file(std::uint32_t number) const;
    void forget_items();
    void leave_file();
    void note(std::string code, std::string reason);
    [[nodiscard]] CollectorId collector_of(std::uint16_t number) const;

    std::string folder_;
    std::vector<std::string> collectors_;
    std::vector<std::string> files_;
    std::string name_;  ///< Of the journal's file that is being read.
    FileId file_{};
    std::map<std::uint32_t, FileId> archive_files_;
    ErrorLog errors_;
    std::unique_ptr<Unpacker> unpacker_;
    std::vector<std::uint8_t> buffer_;  ///< Unpacked; `begin_` is where the open batch begins.
    std::size_t begin_ = 0;
    std::size_t at_ = 0;         ///< Behind the last whole record.
    std::uint64_t offset_ = 0;   ///< Of `buffer_` in the unpacked file.
    std::uint64_t records_ = 0;  ///< In this file before `at_`.
    std::vector<JournalItem> items_;
    /// Where the items' bytes lie: views are made when the buffer stands still.
    std::vector<std::pair<std::size_t, std::size_t>> places_;
    std::map<std::uint16_t, CollectorId> numbers_;  ///< Of this file.
    CollectorId from_{};
    Lane lane_ = Lane::Live;
    FileId from_file_{};
    bool given_ = true;  ///< `items_` were handed out; else they are of a batch without an end yet.
    BatchId last_;
    bool new_run_ = false;
    WallTime heard_ = 0;
};

}  // namespace dimout::source
