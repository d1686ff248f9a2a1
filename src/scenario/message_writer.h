// What one collector writes into its update files: UPDATEs with as many prefixes as share one path,
// and state changes.
#pragma once

#include <cstdint>
#include <vector>

#include "scenario/encode.h"
#include "scenario/paths.h"

namespace dimout::scenario {

/// How the records of one collector look.
struct RecordStyle {
    EventTime start;  ///< Second 0.
    Asn local_asn;
    bool microseconds = false;
};

class MessageWriter {
public:
    MessageWriter(const Internet& internet, Paths& paths, const RecordStyle& style, Wire& records)
        : internet_(internet), paths_(paths), style_(style), records_(records) {}

    /// What follows is said by `session` in this second.
    void speak(const Session& session, std::int32_t second);
    /// Announces the route, or withdraws it when `cell` is kAbsent.
    void say(RouteIndex route, Cell cell);
    void say_end_of_rib();
    void say_state(unsigned old_state, unsigned new_state);
    /// Writes the message that is being filled.
    void flush();

    [[nodiscard]] std::uint64_t records_written() const { return written_; }

private:
    [[nodiscard]] SessionEnds ends() const;
    [[nodiscard]] Stamp stamp();
    void write_message();

    const Internet& internet_;
    Paths& paths_;
    const RecordStyle style_;
    Wire& records_;
    const Session* session_ = nullptr;
    std::int32_t second_ = -1;
    std::uint32_t in_second_ = 0;

    // The message that is being filled: one session, one second, one path.
    std::vector<Prefix> prefixes_;
    Cell cell_ = kAbsent;
    NetworkIndex network_ = 0;
    Wire message_;
    std::uint64_t written_ = 0;
};

}  // namespace dimout::scenario
