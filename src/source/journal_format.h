// What stands in a journal file: zstd-compressed MRT, with marks between the records.
//
// A mark is an MRT record of a type that nobody else uses, so any MRT tool reads a journal and
// steps over the marks. A batch is what was heard between two Time marks; it is there whole or not
// at all. docs/formats/journal.md describes it for readers of other programs.
#pragma once

#include <cstdint>
#include <string_view>

namespace dimout::source {

/// How the names of a journal's files end.
inline constexpr std::string_view kJournalSuffix = ".mrt.zst";

/// In the range that RFC 6396 §6.1 leaves unassigned.
inline constexpr std::uint16_t kMarkType = 53562;

enum class Mark : std::uint16_t {
    Time = 1,       ///< u64 microseconds since 1970, u64 run, u64 number: ends a batch, all of
                    ///< which was heard by then. A number that its run had before is a repetition.
    Collector = 2,  ///< u16 number, name: what a number means in this file.
    From = 3,       ///< u16 number, u8 lane, u32 archive file: whose the records that follow are.
    Loss = 4,       ///< u16 number, reason: nothing is heard of this collector from here on.
    FileEnd = 5,    ///< u16 number, u8 complete, u32 archive file: it ended.
    SeedBegin = 6,  ///< Archives that begin the tables follow; what is live waits for SeedEnd.
    SeedEnd = 7,
    ArchiveFile = 8,  ///< u32 number, name: what a number of an archive's file means.
};

/// Where a record comes from.
enum class Lane : std::uint8_t {
    Live = 0,     ///< In the order in which it was heard.
    Archive = 1,  ///< In its archive's order, with the times of its own.
};

}  // namespace dimout::source
