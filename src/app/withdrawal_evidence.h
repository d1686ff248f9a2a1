// "Who withdrew?" of one outage, as facts and as sentences: what `withdrew` prints, and what others
// may show beside it.
#pragma once

#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/time.h"
#include "depend/withdrawn_links.h"
#include "depend/withdrawn_neighbours.h"

namespace dimout::app {

/// What became of routes, by whomever it was found out.
struct WithdrawalFacts {
    TimeRange window;
    std::span<const depend::RouteFate> asked;   ///< All routes to the entity.
    std::span<const depend::RouteFate> others;  ///< Everybody else's over the same links.
    std::set<Asn> countrymen{};                 ///< Other networks of its country, if known.
};

struct WithdrawalEvidence {
    TimeRange window;
    depend::WhoWithdrew who;
    std::optional<depend::Upstream> upstream;  ///< Of the entity, by most routes before.
    depend::NetworksFate beside;               ///< Others right behind that upstream.
    depend::NetworksFate countrymen;

    /// "Cannot separate AS131279 itself from its only upstream, AS4837." One sentence, no claim
    /// that the routes do not make.
    [[nodiscard]] std::string headline() const;
    /// What it explains, what would speak against it, the order, and whether others went.
    [[nodiscard]] std::vector<std::string> lines() const;
};

[[nodiscard]] WithdrawalEvidence withdrawal_evidence(const WithdrawalFacts& facts);

/// "AS4837–AS131279", or "AS131279 itself".
[[nodiscard]] std::string suspect_text(const depend::Suspect& suspect);

/// An object.
void write_withdrawal(JsonWriter& json, const WithdrawalEvidence& evidence);

}  // namespace dimout::app
