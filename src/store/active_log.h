// The log that is being written: numbering, what waits for a commit, and the commit itself.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/files.h"
#include "store/snapshot.h"

namespace dimout::store {

class ActiveLog {
public:
    ActiveLog(Disk& disk, std::string folder) : disk_(disk), folder_(std::move(folder)) {}

    [[nodiscard]] std::uint64_t number() const { return number_; }
    /// The hour of the bins in it; empty when it has none.
    [[nodiscard]] const std::optional<Bin>& hour() const { return hour_; }

    /// Goes on behind the last whole record of `log`; what follows it is cut off.
    [[nodiscard]] Result<void> resume(const LogFile& log);
    [[nodiscard]] Result<void> start(std::uint64_t number);

    /// Kept in memory until `commit`, or until there is much of it.
    [[nodiscard]] Result<void> append(RecordType type, std::string_view payload);
    [[nodiscard]] Result<void> append_bin(Bin bin, std::string_view payload);
    [[nodiscard]] Result<void> commit();

private:
    [[nodiscard]] std::string path() const;
    [[nodiscard]] Result<void> open_at(std::uint64_t size);
    [[nodiscard]] Result<void> write_out();

    Disk& disk_;
    std::string folder_;
    std::unique_ptr<AppendFile> file_;
    std::uint64_t number_ = 0;
    std::uint64_t ordinal_ = 0;
    std::uint64_t batch_ = 0;  ///< Of the last commit.
    std::optional<Bin> hour_;
    std::string pending_;
    bool unsynced_ = false;
};

}  // namespace dimout::store
