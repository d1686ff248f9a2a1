// One file of the append log: framing, checksums, and what to believe after a crash.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace dimout::store {

enum class RecordType : std::uint32_t { Bin = 1, Outage = 2, Gap = 3, Facts = 4 };

/// `log/00000007.log` is number 7.
[[nodiscard]] std::string log_name(std::uint64_t number);
/// 0 when `name` is no log's.
[[nodiscard]] std::uint64_t log_number(std::string_view name);

[[nodiscard]] std::string log_head();
/// Appends one framed record to `out`. `ordinal` counts the records of the file from 0.
void frame_record(std::string& out, std::uint64_t file, std::uint64_t ordinal, std::uint64_t batch,
                  RecordType type, std::string_view payload);

struct LogRecord {
    RecordType type = RecordType::Bin;
    std::uint64_t batch = 0;
    std::string_view payload;  ///< Into the file's content.
};

struct LogScan {
    std::vector<LogRecord> records;
    std::uint64_t whole_bytes =
        0;  ///< Up to here every record verifies; 0 when not even the head does.
    std::uint64_t last_batch = 0;
};

/// Reads as far as records verify. A torn tail is not an error; damage to what was acknowledged is.
/// `name` is for the sentence.
[[nodiscard]] Result<LogScan> scan_log(std::string_view content, std::uint64_t file,
                                       const std::string& name);

}  // namespace dimout::store
