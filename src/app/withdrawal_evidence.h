// "Who withdrew?" of one outage, as facts and as sentences: what `withdrew` prints, and what others
// may show beside it.
#pragma once

#include <chrono>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/time.h"
#include "cause/features.h"
#include "depend/withdrawn_links.h"
#include "depend/withdrawn_neighbours.h"

namespace dimout::app {

/// What became of routes, by whomever it was found out.
struct WithdrawalFacts {
    TimeRange window;
    std::span<const depend::RouteFate> asked;   ///< All routes to the entity.
    std::span<const depend::RouteFate> others;  ///< Everybody else's over the same links.
    std::set<Asn> countrymen{};                 ///< Other networks of its country, if known.
    std::set<Asn> of_country{};                 ///< Networks of its country, its own too, if known.
    std::set<Asn> abroad{};                     ///< Networks of other countries, if known.
};

struct WithdrawalEvidence {
    TimeRange window;
    depend::WhoWithdrew who;
    std::optional<depend::Upstream> upstream;  ///< Of the entity, by most routes before.
    depend::NetworksFate beside;               ///< Others right behind that upstream.
    bool abroad_too = false;  ///< Some of those that went dark are of another country.
    depend::NetworksFate countrymen;
    /// Networks of the country, its own too, that never were behind that upstream.
    depend::NetworksFate country_beside;
    /// Between the first and the last prefix that went, each at the median of its peers' clocks;
    /// empty while less than nine of ten routes are lost.
    std::optional<std::chrono::seconds> within;
    /// The same of the prefixes that came back; the whole time looked at when one in ten and more
    /// were still away at its end. Empty when nobody looked, or nothing came back.
    std::optional<std::chrono::seconds> back_within{};
    /// The peers that heard one of its prefixes from an origin that had none of them before.
    std::set<Asn> foreign_heard_by{};
    /// An AS that stood before the origin on some path after, and on none before.
    std::optional<Asn> new_upstream;

    /// Others behind the same upstream; empty between one in ten and half, and where fewer than
    /// three are known.
    [[nodiscard]] std::optional<cause::OthersLost> others_lost() const;
    /// Networks of the country with other upstreams: half of them and more went, or fewer than one
    /// in ten did; empty between the two, and where fewer than two are known.
    [[nodiscard]] std::optional<bool> country_lost() const;
    /// Two peers and more heard another origin, or none did; empty when one did, whose routes may
    /// be its own, and where no route is known.
    [[nodiscard]] std::optional<bool> foreign_origin() const;
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
