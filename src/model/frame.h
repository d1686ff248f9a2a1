// One record of an archive, as a view, with where it came from.
#pragma once

#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "base/time.h"
#include "model/peer.h"

namespace dimout {

/// Dense number of an input file within one run; `source` knows its name.
enum class FileId : std::uint32_t {};

/// Where a record lies: for messages a person can act on.
struct Position {
    FileId file{};
    std::uint64_t offset = 0;  ///< First byte of the record in the uncompressed file.
    std::uint64_t record = 0;  ///< Number of the record in its file, from 0.
};

/// One whole MRT record, header included (RFC 6396 §2). `bytes` are valid until the next read.
struct Frame {
    enum class Kind : std::uint8_t {
        Record,   ///< `bytes` is a record.
        FileEnd,  ///< The file of `position` ended; `complete` says whether at a record's end.
        Clock,    ///< Nobody said anything, and it is `time` now. Live streams only.
    };

    Kind kind = Kind::Record;
    bool complete = true;
    CollectorId collector{};
    EventTime time;  ///< The stamp of the header; of FileEnd, that of the last record.
    Position position;
    Bytes bytes;
};

/// `Gap::until` when the collector is not heard of again in this archive.
inline constexpr EventTime kNeverAgain = event_time(INT64_MAX);

/// An interval in which a collector gave us no data. Grey, never red: it is our outage.
struct Gap {
    CollectorId collector{};
    EventTime from;
    EventTime until;
    std::string reason;
};

/// One thing wrong with the input, counted by `code` and shown with its place.
struct InputError {
    std::string code;  ///< A word for the counter, e.g. `mrt_truncated`.
    Position position;
    std::string reason;  ///< "BGP UPDATE wants 61 bytes, record has 44".
};

}  // namespace dimout
