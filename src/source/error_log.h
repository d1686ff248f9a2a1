// Counts of what was wrong with the input, by code, with the first few of each kept for people to
// read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "model/frame.h"

namespace dimout::source {

class ErrorLog {
public:
    struct Entry {
        std::uint64_t count = 0;
        std::vector<InputError> first;  ///< At most `kept`, in the order of `add`.
    };

    explicit ErrorLog(std::size_t kept = 5) : kept_(kept) {}

    void add(InputError error);
    /// By code, in the order of the words.
    [[nodiscard]] const std::map<std::string, Entry>& by_code() const { return by_code_; }
    [[nodiscard]] std::uint64_t total() const { return total_; }

private:
    std::map<std::string, Entry> by_code_;
    std::size_t kept_;
    std::uint64_t total_ = 0;
};

/// "rrc00/updates.20250301.0005.gz: record 18231 at byte 4102776: BGP UPDATE wants 61 bytes, record
/// has 44."
[[nodiscard]] std::string describe(const InputError& error, const std::string& file_name);

}  // namespace dimout::source
