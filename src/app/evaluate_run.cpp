#include "app/evaluate_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "app/evaluate_reference.h"
#include "app/pipeline.h"
#include "app/public_outages.h"
#include "app/replay.h"
#include "app/stop.h"
#include "scenario/simulate.h"
#include "store/reader.h"

namespace dimout::app {
namespace {

namespace fs = std::filesystem;

bool is_public(const Outage& outage) { return !public_outages({outage}).empty(); }

std::string phases_text(const Outage& outage) {
    std::string text;
    for (const PhaseSpan& span : outage.phases) {
        if (!text.empty()) text += ", ";
        text += to_string(span.phase);
    }
    return text;
}

evaluate::Claim claim_of(const Outage& outage, EventTime told) {
    return {.id = outage.id,
            .entity = outage.entity,
            .start = outage.start,
            .end = outage.end,
            .told = told,
            .withdrawn = outage.state == OutageState::Artifact,
            .phases = phases_text(outage)};
}

}  // namespace

std::vector<evaluate::Claim> claims_of(std::vector<Outage> revisions) {
    struct Told {
        std::optional<EventTime> first;
        Outage newest;
    };
    std::map<std::string, Told> by_id;
    for (Outage& outage : revisions) {
        Told& told = by_id[outage.id];
        if (is_public(outage) && (!told.first || outage.known_at < *told.first))
            told.first = outage.known_at;
        if (outage.revision >= told.newest.revision) told.newest = std::move(outage);
    }
    std::vector<evaluate::Claim> claims;
    for (const auto& [id, told] : by_id) {
        if (told.first && told.newest.state != OutageState::Merged)
            claims.push_back(claim_of(told.newest, *told.first));
    }
    return claims;
}

Result<ReplayedArchive> replay_for_claims(const ArchiveToJudge& input,
                                          const CommonOptions& common) {
    ReplayOptions options;
    options.archive = {input.archive.string()};
    options.registry = input.registry;
    options.groups = input.groups;
    options.store = input.store.string();
    CommonOptions quiet = common;
    quiet.quiet = true;
    const auto replayed = replay(options, quiet);
    if (!replayed) return std::unexpected(replayed.error());
    if (stop_requested()) return fail("stopped before the card was whole; nothing written.");
    auto reader = store::Reader::open(input.store.string());
    if (!reader) return std::unexpected(reader.error());
    auto reference = median_rule_claims(*reader);
    if (!reference) return std::unexpected(reference.error());
    return ReplayedArchive{.claims = claims_of(reader->outages(
                               {.entity = {}, .during = {}, .as_of = {}, .all_revisions = true})),
                           .reference = std::move(reference->claims),
                           .entities = reference->entities,
                           .bins = replayed->figures.judge.bins,
                           .errors = replayed->error_count};
}

Result<ReplayedArchive> simulate_and_replay(const scenario::Scenario& scenario,
                                            const WorkFolder& work, const CommonOptions& common) {
    const fs::path folder = work.fresh(scenario.name);
    const fs::path archive = folder / "archive";
    const auto made = scenario::simulate(scenario, archive, {});
    if (!made) return std::unexpected(made.error());
    auto replayed = replay_for_claims(
        {.archive = archive, .registry = {archive / "registry"}, .store = folder / "store"},
        common);
    work.drop(folder);
    if (replayed)
        tell(common, fmt::format("{}: {} routes, {} changes, {} bins, {} entities, {} claims",
                                 scenario.name, made->routes, made->changes, replayed->bins,
                                 replayed->entities, replayed->claims.size()));
    return replayed;
}

void tell(const CommonOptions& common, const std::string& what) {
    if (!common.quiet) std::fputs((what + '\n').c_str(), stderr);
}

}  // namespace dimout::app
