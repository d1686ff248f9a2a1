// How far a long work is, for a person: one line that renews itself on a terminal, a line every ten
// seconds otherwise, nothing when quiet. Wall time is used here and nowhere in results.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "base/time.h"

namespace dimout::app {

struct ProgressState {
    std::uint64_t bytes_done = 0;
    std::uint64_t bytes_total = 0;  ///< 0: unknown (stdin).
    std::uint64_t records = 0;
    std::optional<EventTime> position;  ///< Where in event time we are.
};

class Progress {
public:
    Progress(std::string label, bool quiet);
    ~Progress();
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    /// Cheap: prints only when it is time to.
    void show(const ProgressState& state);

    [[nodiscard]] std::chrono::duration<double> elapsed() const;
    /// Whether there is one to draw on.
    [[nodiscard]] static bool on_terminal();

private:
    using Wall = std::chrono::steady_clock;

    [[nodiscard]] std::string line(const ProgressState& state) const;

    std::string label_;
    bool quiet_;
    bool terminal_;
    bool drawn_ = false;
    Wall::time_point started_;
    Wall::time_point next_;
};

}  // namespace dimout::app
