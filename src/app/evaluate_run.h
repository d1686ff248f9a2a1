// One archive of an evaluation: replayed as `replay` does it, and read back as claims, ours and
// those of IODA's median rule on the same store.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/commands.h"
#include "app/work_folder.h"
#include "base/error.h"
#include "evaluate/truth.h"
#include "scenario/scenario.h"

namespace dimout::app {

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
