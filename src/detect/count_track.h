// One signal of one entity as a stream of counts: what is usual, what was seen, and whether the
// difference can be chance.
//
// The level with its day and week (`seasonal_level.h`), the scatter (`dispersion.h`), four
// sequential tests for a drop (`drop_cusum.h`), the exact test for a trickle that stopped
// (`silence.h`). Each sample is judged by what came before it and learnt from afterwards. 760 bytes
// a track, 1,344 more once the week is known; about 1.3 microseconds a sample.
#pragma once

#include <cstdint>
#include <optional>

#include "detect/count_law.h"
#include "detect/dispersion.h"
#include "detect/drop_cusum.h"
#include "detect/level_shift.h"
#include "detect/seasonal_level.h"
#include "detect/silence.h"
#include "model/evidence.h"
#include "model/sample.h"

namespace dimout::detect {

struct CountOptions {
    SignalKind kind = SignalKind::Traffic;
    /// Series watched × samples between two false alarms of the whole installation; one series and
    /// one false alarm a year of five-minute bins are 105,192.
    double budget = 105'192;
    /// From when on an abnormal level is the new usual one.
    std::chrono::seconds patience = std::chrono::days{7};
};

/// What the track can tell at all; for people.
enum class Sight : std::uint8_t {
    Learning,  ///< Less than a day of history, or fewer than ten requests in it.
    TooQuiet,  ///< Below 1.5 requests an hour: it cannot tell silence from chance in useful time.
    Clear,
};

class CountTrack {
public:
    explicit CountTrack(const CountOptions& options);

    /// Samples come in time order; one that overlaps an earlier one counts as missing. Missing
    /// samples change nothing: an alarm stands, the silence grows no older.
    [[nodiscard]] Evidence judge(const Sample& sample);
    /// The same for hot loops: `evidence` keeps its entity and signal.
    void judge(EventTime from, std::chrono::seconds width, std::optional<double> value,
               Evidence& evidence);

    /// The fused verdict on the entity: while it is abnormal nothing is learnt, for `patience` at
    /// most.
    void hold(bool abnormal) { held_ = abnormal; }

    /// What is expected in [from, from + width), by all that was learnt so far.
    [[nodiscard]] CountLaw predict(EventTime from, std::chrono::seconds width) const;
    [[nodiscard]] Sight sight() const;
    /// How long silence must last before it can be called, at the level of the whole day. Empty:
    /// it cannot (`Sight` says why).
    [[nodiscard]] std::optional<std::chrono::seconds> time_to_silence() const;
    /// The newest change of level that lasted longer than `patience`.
    [[nodiscard]] const std::optional<LevelChange>& level_change() const { return change_; }
    /// Usual requests an hour over the whole day.
    [[nodiscard]] double hourly() const { return hourly_; }
    /// Nothing is being learnt: abnormal, suspicious, or held.
    [[nodiscard]] bool frozen() const { return frozen_since_.has_value(); }
    /// Bytes of this track with what it allocated.
    [[nodiscard]] std::size_t bytes() const { return sizeof *this + level_.allocated(); }

private:
    struct Seen {
        EventTime from;
        EventTime until;
        double value = 0;
    };

    [[nodiscard]] double doubt(const CountLaw& law) const;
    [[nodiscard]] bool alarmed() const { return silence_.called() || drop_.alarmed(); }
    [[nodiscard]] bool may_learn(const Seen& seen);
    void describe(const CountLaw& law, double value, Evidence& evidence) const;
    void test(const CountLaw& law, const Seen& seen);
    void note_alarm();
    void report_alarm(Evidence& evidence) const;
    void follow_shift(const CountLaw& law, const Seen& seen, bool above);
    void learn(const CountLaw& law, const Seen& seen);
    void learn_first_day(const Seen& seen);
    void clear_alarm();

    CountOptions options_;
    SeasonalLevel level_;
    Dispersion dispersion_;
    DropCusum drop_;
    Silence silence_;
    LevelShift shift_;
    std::optional<LevelChange> change_;
    std::optional<TimeRange> alarm_since_;
    std::optional<EventTime> frozen_since_;
    EventTime seen_until_{EventTime::min()};  ///< The end of the newest sample that was there.
    float previous_ = -1;                     ///< Its value.
    float hourly_ = 0;
    float above_ = 0;  ///< How many of the last hours' samples lay above all that is usual.
    std::uint32_t width_ = 0;
    bool held_ = false;
};

}  // namespace dimout::detect
