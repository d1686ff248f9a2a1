// One RIB dump, record by record: nothing of it is held but the record at hand.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "scenario/encode.h"
#include "scenario/paths.h"

namespace dimout::scenario {

/// What the collector heard of one route of one session.
struct Heard {
    Cell cell = kAbsent;
    std::int32_t since = 0;  ///< Second of the scenario; negative: before it began.
};

class RibWriter {
public:
    RibWriter(const Internet& internet, Paths& paths, EventTime start, Wire& records)
        : internet_(internet), paths_(paths), start_(start), records_(records) {}

    /// The table of peers (RFC 6396 §4.3.1), which must come first.
    void write_index(EventTime time, std::string_view view, std::span<const Session> sessions);
    /// The entries of one route; nothing when nobody has it. `heard` is in the order of `sessions`.
    void write_route(EventTime time, RouteIndex route, std::span<const Session> sessions,
                     std::span<const Heard> heard);

    [[nodiscard]] std::uint64_t records_written() const { return written_; }
    [[nodiscard]] std::uint64_t entries_written() const { return entries_written_; }

private:
    void append_entry(const Session& session, const Route& route, const Heard& heard);

    const Internet& internet_;
    Paths& paths_;
    const EventTime start_;
    Wire& records_;
    Wire body_;
    Wire entries_;
    std::uint32_t sequence_ = 0;
    std::uint64_t written_ = 0;
    std::uint64_t entries_written_ = 0;
};

}  // namespace dimout::scenario
