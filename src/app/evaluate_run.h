// One archive of an evaluation: replayed as `replay` does it, and read back as claims, ours and
// those of IODA's median rule on the same store.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/commands.h"
#include "base/error.h"
#include "evaluate/truth.h"
#include "scenario/scenario.h"

namespace dimout::app {

/// A folder of its own that is gone with it, unless it is the user's.
class WorkFolder {
public:
    explicit WorkFolder(const std::optional<std::filesystem::path>& keep);
    ~WorkFolder();
    WorkFolder(const WorkFolder&) = delete;
    WorkFolder& operator=(const WorkFolder&) = delete;

    /// A new, empty folder in it; empty when there is none.
    [[nodiscard]] std::filesystem::path fresh(const std::string& name) const;
    /// Removes what `fresh` made, unless it is to be kept.
    void drop(const std::filesystem::path& folder) const;

private:
    std::filesystem::path path_;
    bool ours_ = false;
};

struct ReplayedArchive {
    std::vector<evaluate::Claim> claims;
    std::vector<evaluate::Claim> reference;
    std::uint64_t entities = 0;  ///< That are judged.
    std::uint64_t bins = 0;
    std::uint64_t errors = 0;
};

struct ArchiveToJudge {
    std::filesystem::path archive;
    std::vector<std::filesystem::path> registry{};
    std::optional<std::filesystem::path> groups{};
    std::filesystem::path store;
};

[[nodiscard]] Result<ReplayedArchive> replay_for_claims(const ArchiveToJudge& input,
                                                        const CommonOptions& common);

/// Simulates into a fresh folder, replays, and removes what was written.
[[nodiscard]] Result<ReplayedArchive> simulate_and_replay(const scenario::Scenario& scenario,
                                                          const WorkFolder& work,
                                                          const CommonOptions& common);

/// The claims that a store holds: every outage that was public in one of its revisions.
[[nodiscard]] std::vector<evaluate::Claim> claims_of(std::vector<Outage> revisions);

/// Tells a person, on stderr, what is being done.
void tell(const CommonOptions& common, const std::string& what);

}  // namespace dimout::app
