// By which ways some origins were reached over many days, and when each was last in use.
//
// Reads the looks and the changes of the days in the window, of these origins alone: files are in
// order of origin, and what is equal is joined before it leaves the engine.
#pragma once

#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <string>
#include <vector>

#include "base/error.h"
#include "store/path_tables.h"

namespace dimout::store {

/// Ways are gathered here, each once.
class WaysSeen {
public:
    /// To one of `origins`, which outlive it and are not none: ways to others are left out.
    explicit WaysSeen(const Origins& origins) : origins_(origins) {}
    WaysSeen(const WaysSeen&) = delete;
    WaysSeen& operator=(const WaysSeen&) = delete;

    void add(Family family, std::string_view path, EventTime first, EventTime last);
    void add(Family family, const PlainPath& path, EventTime time);

    [[nodiscard]] const Origins& origins() const { return origins_; }
    /// By (family, path).
    [[nodiscard]] std::vector<WaySeen> list() &&;

private:
    [[nodiscard]] WaySeen& way_of(Family family, std::string_view path);

    const Origins& origins_;
    std::array<boost::unordered_flat_map<std::string, WaySeen>, 2> by_text_;
    WaySeen* last_ = nullptr;  ///< Rows of one path follow each other.
    std::string last_text_;
};

/// Adds those of all sessions, looked at, taken or left in [from, until). None of days that have no
/// paths.
[[nodiscard]] Result<void> read_ways(const std::string& folder, const TimeRange& window,
                                     WaysSeen& ways);

}  // namespace dimout::store
