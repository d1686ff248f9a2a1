// The journal: all that is heard, kept before anybody acts on it.
//
// Listening threads append to a batch in memory; one thread calls `flush` a few times a second,
// which writes the batch, makes it safe on the disk and only then shows it to readers. So nothing
// is ever acted upon that a crash could take back, and a replay of the journal hears what we heard.
// Compressed with zstd, block by block; a file lasts `rotate_after`. An existing file is never
// appended to: a restart begins a new one.
//
// When the disk fails, the batch is kept and tried again at the next flush, in a new file;
// listeners wait once it is full. Cost: one copy of each record and ~0.3 s of CPU for each 100 MB
// heard.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <tuple>
#include <string>

#include "base/error.h"
#include "base/files.h"
#include "model/wire.h"
#include "source/journal_format.h"
#include "source/live.h"

namespace dimout::source {

/// Microseconds since 1970, as a clock on the wall shows them.
using WallTime = std::int64_t;

struct JournalOptions {
    std::chrono::seconds rotate_after{300};
    std::size_t batch_limit = std::size_t{32} << 20;  ///< Bytes of a batch; then listeners wait.
};

/// How far a journal may be read: whole batches, safe on the disk.
struct JournalEnd {
    std::string file;         ///< Name within the folder; empty before the first batch.
    std::uint64_t bytes = 0;  ///< Of that file; those before it may be read whole.
};

class JournalWriter final : public Listener {
public:
    /// Makes the folder if it is not there. `disk` outlives the writer.
    [[nodiscard]] static Result<std::unique_ptr<JournalWriter>> open(
        const std::string& folder, const JournalOptions& options = {}, Disk& disk = real_disk());
    ~JournalWriter() override;

    void hear(std::string_view collector, Bytes record) override;
    void lose(std::string_view collector, std::string_view reason) override;

    /// Archives that begin the tables are added between the two.
    void begin_seed();
    void end_seed();
    /// A record of an archive's file, as it stands there; the file's end.
    void add_archived(std::string_view collector, std::string_view file, Bytes record);
    void end_archive_file(std::string_view collector, std::string_view file, bool complete);

    /// Keeps what came since the last call as one batch, heard by `now`; an empty batch too, for
    /// that is how silence is told. `now` never goes back: an earlier one counts as the last.
    [[nodiscard]] Result<void> flush(WallTime now);
    /// Lets waiting listeners go; what they bring from now on is dropped. For the way out.
    void close();

    [[nodiscard]] JournalEnd end() const;
    /// Heard, and waiting for the next flush.
    [[nodiscard]] std::size_t waiting_bytes() const;
    /// Waits until there is more than `known`, or `patience` is over.
    [[nodiscard]] JournalEnd wait_beyond(const JournalEnd& known,
                                         std::chrono::milliseconds patience) const;

private:
    class Packer;

    JournalWriter(std::string folder, const JournalOptions& options, Disk& disk);

    /// Whose a record is: collector, lane, file of an archive.
    using Origin = std::tuple<std::uint16_t, Lane, std::uint32_t>;
    void add(const Origin& origin, Bytes record);
    void begin_mark(Wire& wire, Mark mark, std::size_t length) const;
    void name_collector(Wire& wire, std::uint16_t number, std::string_view name) const;
    void name_file(Wire& wire, std::uint32_t number, std::string_view name) const;
    [[nodiscard]] std::uint16_t number_of(std::string_view collector);
    [[nodiscard]] std::uint32_t number_of_file(std::string_view file);
    [[nodiscard]] bool wait_for_room(std::unique_lock<std::mutex>& lock);
    void take_batch(WallTime now);
    [[nodiscard]] Result<void> keep();
    [[nodiscard]] Result<void> begin_file();
    [[nodiscard]] Wire names() const;

    const std::string folder_;
    const JournalOptions options_;
    Disk& disk_;

    mutable std::mutex mutex_;
    mutable std::condition_variable changed_;
    Wire batch_;
    std::map<std::string, std::uint16_t, std::less<>> numbers_;
    std::optional<Origin> from_;  ///< Of the newest record in `batch_`.
    std::map<std::string, std::uint32_t, std::less<>> archive_files_;  ///< That have not ended.
    std::uint32_t archive_files_seen_ = 0;
    std::uint32_t stamp_ = 0;
    bool closed_ = false;
    JournalEnd end_;

    // Of the flushing thread alone.
    Wire unkept_;  ///< Batches that are not safe yet, in order.
    std::unique_ptr<Packer> packer_;
    std::unique_ptr<AppendFile> file_;  ///< Empty: the next flush begins a file.
    std::string file_name_;
    std::uint64_t file_bytes_ = 0;
    WallTime file_began_ = 0;
    std::int64_t newest_name_ = 0;  ///< Seconds; names rise even when the clock does not.
    WallTime now_ = 0;
    WallTime run_ = 0;
    std::uint64_t number_ = 0;
};

}  // namespace dimout::source
