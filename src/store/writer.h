// The one writer of a store: append, commit, and now and then compact.
//
// What `commit` acknowledged is on the disk and survives kill -9 and a power cut. A bin is one
// record, so there is never half of one. Appending what is there already changes nothing: a rerun
// of the same input is verified bin by bin against the store and goes on where the store ends;
// another input is refused.
//
// After any failure the writer is spent: every later call returns the first error. Open it again.
//
// Not thread-safe. Cost: docs/formats/store.md.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>

#include "base/files.h"
#include "model/frame.h"
#include "store/path_rows.h"
#include "store/rows.h"

namespace dimout::store {

struct WriterOptions {
    /// Turn a log into an hour's segment when the hour is over, and a day's hours into a day's.
    bool compact_automatically = true;
    std::uint64_t memory_limit_mb =
        512;  ///< DuckDB's, while compacting; 256 takes thrice the time.
    std::uint64_t path_days = kPathDays;
};

class Writer {
public:
    /// Makes the store, or resumes it: cuts an unfinished record off the log and removes files that
    /// no manifest names. Fails when another writer is at it, when the format is newer than ours,
    /// and when the folder holds something else.
    [[nodiscard]] static Result<Writer> open(const std::string& folder,
                                             const WriterOptions& options = {},
                                             Disk& disk = real_disk());
    Writer(Writer&&) noexcept;
    Writer& operator=(Writer&&) noexcept;
    ~Writer();

    /// The newest bin that was acknowledged or appended. Empty in a new store.
    [[nodiscard]] std::optional<Bin> last_sealed_bin() const;
    /// Everything that runs have said about themselves so far.
    [[nodiscard]] const RunFacts& facts() const;

    /// Gives the names behind this run's CollectorIds and PeerIds, and the rest. Call it before the
    /// first append and whenever there is more to say; what is known already is not written again.
    [[nodiscard]] Result<void> describe(const RunFacts& facts);

    /// Bins come in order. Up to `last_sealed_bin()` they are compared with the store instead.
    /// `samples` end in the bin and come by (entity, signal, from); they are one with it.
    [[nodiscard]] Result<void> append(const VisibilityBin& bin,
                                      std::span<const Sample> samples = {});
    /// Paths of a bin that was appended, in order of bins. Those of bins of which the store has
    /// paths already are not looked at: they follow from what was compared.
    [[nodiscard]] Result<void> append(const PathBin& bin);
    /// Revisions of one outage come in order: 1, 2, 3, …; those known already are compared.
    [[nodiscard]] Result<void> append(const Outage& outage);
    [[nodiscard]] Result<void> append(const Gap& gap);

    /// Acknowledges all that was appended.
    [[nodiscard]] Result<void> commit();
    /// Commits, then compacts every complete hour and day.
    [[nodiscard]] Result<void> compact();
    /// Commits, publishes the paths of the hour that is not over, and removes what compaction has
    /// replaced.
    [[nodiscard]] Result<void> close();
    /// How many days of paths were dropped for their age.
    [[nodiscard]] std::size_t path_days_dropped() const;

private:
    class State;
    explicit Writer(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace dimout::store
