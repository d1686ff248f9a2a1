// A journal to a store: what `watch` does with what it hears, and `replay --journal` does again.
//
// The two differ only in where the journal ends. So what a daemon stored is what a replay of its
// journal stores, and a restart is a replay that goes on.
#pragma once

#include <functional>

#include "app/commands.h"
#include "app/pipeline.h"
#include "registry/registry.h"
#include "source/journal_reader.h"
#include "source/live_stream.h"

namespace dimout::app {

/// The batches of a journal that nobody writes, or of one that `writer` goes on writing.
class JournalFeed final : public source::BatchFeed {
public:
    /// `writer` may be null; it outlives the feed. Ends when `stop` says so, and without a writer
    /// at the end of the journal.
    JournalFeed(source::JournalReader reader, const source::JournalWriter* writer,
                std::function<bool()> stop)
        : reader_(std::move(reader)), writer_(writer), stop_(std::move(stop)) {}

    bool next(source::JournalBatch& batch) override;
    [[nodiscard]] const std::vector<std::string>& collectors() const override {
        return reader_.collectors();
    }
    [[nodiscard]] const source::JournalReader& reader() const { return reader_; }
    [[nodiscard]] bool is_live() const { return writer_ != nullptr; }

private:
    source::JournalReader reader_;
    const source::JournalWriter* writer_;
    std::function<bool()> stop_;
    source::JournalEnd end_ = source::kWholeJournal;
};

struct JournalRun {
    PipelineFigures figures;
    source::LiveCounts heard;
    std::vector<std::string> errors;  ///< As in ReplayResult.
    std::uint64_t error_count = 0;
    std::vector<std::string> registry;  ///< Where countries come from.
};

/// When the journal's first batch was heard: the date whose country map is wanted. Empty: it holds
/// none.
[[nodiscard]] std::optional<EventTime> first_heard(const std::string& folder);

/// Who wants to hear of a run while it goes on; as in PipelineOptions.
struct RunListeners {
    std::function<void(const registry::Registry&)> on_registry{};  ///< Before all else.
    std::function<void(const Outage&)> on_outage{};
    std::function<void(const VisibilityBin&, const store::RunFacts&)> on_bin{};
    /// In the calling thread, each time that the stream's time has moved.
    std::function<void(EventTime, const source::LiveCounts&)> on_position{};
};

/// Runs until the feed ends or the store fails.
[[nodiscard]] Result<JournalRun> run_journal(JournalFeed& feed, const ReplayOptions& options,
                                             const CommonOptions& common,
                                             RunListeners listeners = {});

}  // namespace dimout::app
