// What was heard, as one stream in the order of event time: (second, collector, order of hearing).
//
// Live sources speak at the same time, with delays of their own. A record waits until everything of
// its second must have been heard: `lateness` after it, by the clock of the journal. So the order
// is a function of the journal alone, and a replay of the journal gives the same stream as
// listening did. When nobody speaks, Clock frames say that time passes.
//
// A stamp that lies before what was already given out (a late message, a table told anew by BMP
// with the times at which its routes were learnt) counts as now: the earliest time that is still
// open. One from the future counts as heard. Both are told by the times in their records.
//
// Archives that begin the tables (the seed) come first, with their own times; what is heard
// meanwhile waits, and what an archive says of the time from then on is left out, for it is heard
// twice. When more than kBridged lies between the two, the collector's tables are not known. Later
// table dumps are given out at once: their rows say of what time they are.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "source/frame_stream.h"
#include "source/journal_reader.h"

namespace dimout::source {

/// Gives batches, as a journal has them.
class BatchFeed {
public:
    virtual ~BatchFeed() = default;
    /// Waits when there is none yet; false at the end. Views are valid until the next call.
    [[nodiscard]] virtual bool next(JournalBatch& batch) = 0;
    /// By CollectorId.
    [[nodiscard]] virtual const std::vector<std::string>& collectors() const = 0;
};

/// So much may be missing between an archive's end and the first word heard live. What changed in
/// between stays wrong until it changes again, so it is the length of an update file or two.
inline constexpr std::chrono::seconds kBridged{600};

struct LiveCounts {
    std::uint64_t records = 0;
    std::uint64_t late = 0;    ///< Stamped before what was already given out.
    std::uint64_t early = 0;   ///< Stamped after they were heard.
    std::uint64_t losses = 0;  ///< Times that a collector fell silent.
    std::uint64_t twice = 0;   ///< Told by an archive, and heard live too.
};

class LiveStream final : public FrameStream {
public:
    /// `feed` outlives the stream. `lateness`: how long a record may be under way.
    LiveStream(BatchFeed& feed, std::chrono::seconds lateness) : feed_(feed), lateness_(lateness) {}

    bool next(Frame& frame) override;
    [[nodiscard]] bool has_gaps() const override { return !gaps_.empty(); }
    [[nodiscard]] std::vector<Gap> take_gaps() override { return std::exchange(gaps_, {}); }
    [[nodiscard]] const std::vector<std::string>& collectors() const override {
        return feed_.collectors();
    }
    [[nodiscard]] bool empty() const override { return false; }

    [[nodiscard]] const LiveCounts& counts() const { return counts_; }
    /// Everything before it was given out.
    [[nodiscard]] EventTime open_from() const { return open_; }

private:
    /// What waits, by the second that it counts for.
    struct Second {
        struct Held {
            JournalItem::Kind kind;
            CollectorId collector;
            Position position;
            std::size_t begin;
            std::size_t size;
        };
        std::vector<Held> held;
        std::vector<std::uint8_t> bytes;
    };

    [[nodiscard]] bool take_batch();
    [[nodiscard]] bool take_item(const JournalItem& item, Frame& frame);
    void lose_all(std::string_view reason);
    [[nodiscard]] bool take_archived(const JournalItem& item, Frame& frame);
    void end_seed();
    [[nodiscard]] bool take_live(const JournalItem& item, Frame& frame);
    [[nodiscard]] EventTime time_of(const JournalItem& item);
    void hold(const JournalItem& item, EventTime time);
    [[nodiscard]] bool release(Frame& frame);
    void begin_release();
    [[nodiscard]] Second& second_of(EventTime time);
    void count_stamp(std::span<std::uint8_t> record);
    [[nodiscard]] bool begin_gap(CollectorId collector, Bytes reason, Frame& frame);
    [[nodiscard]] bool give(const Second::Held& held, std::span<std::uint8_t> bytes, Frame& frame);
    void end_gap(CollectorId collector, EventTime time);
    void give_clock(EventTime time, Frame& frame);

    BatchFeed& feed_;
    const std::chrono::seconds lateness_;
    JournalBatch batch_;
    std::size_t item_ = 0;
    EventTime heard_;  ///< Of `batch_`.
    EventTime open_;   ///< Nothing before it will be given out any more.
    EventTime due_;    ///< What counts for a second before it is to be given out.
    bool seeding_ = false;
    std::map<EventTime, Second> waiting_;
    std::vector<Second> spare_;  ///< Their memory is used again.
    std::optional<Second> going_;
    std::size_t going_index_ = 0;
    std::vector<std::uint8_t> passing_;                ///< A record that does not wait.
    std::vector<EventTime> newest_;                    ///< Time of what each collector said last.
    std::map<CollectorId, EventTime> archived_until_;  ///< While seeding.
    std::map<CollectorId, EventTime> heard_from_;      ///< Live, while seeding.
    std::map<CollectorId, Gap> silent_;                ///< Lost, and not heard of since.
    std::vector<Gap> gaps_;
    LiveCounts counts_;
};

}  // namespace dimout::source
