#include "evaluate/match.h"

#include <algorithm>
#include <map>

#include "model/bin.h"

namespace dimout::evaluate {
namespace {

constexpr std::chrono::seconds kOnsetApart{900};
constexpr int kOnsetShare = 10;

/// Largest bipartite matching by augmenting paths (Kuhn).
class Pairing {
public:
    Pairing(std::vector<std::vector<std::size_t>> fitting, std::size_t claims)
        : fitting_(std::move(fitting)), taken_by_(claims) {}

    std::vector<std::optional<std::size_t>> run() {
        for (std::size_t outage = 0; outage < fitting_.size(); ++outage) {
            tried_.assign(taken_by_.size(), false);
            place(outage);
        }
        std::vector<std::optional<std::size_t>> claim_of(fitting_.size());
        for (std::size_t claim = 0; claim < taken_by_.size(); ++claim) {
            if (taken_by_[claim]) claim_of[*taken_by_[claim]] = claim;
        }
        return claim_of;
    }

private:
    bool place(std::size_t outage) {
        return std::ranges::any_of(fitting_[outage], [&](std::size_t claim) {
            if (tried_[claim]) return false;
            tried_[claim] = true;
            if (taken_by_[claim] && !place(*taken_by_[claim])) return false;
            taken_by_[claim] = outage;
            return true;
        });
    }

    std::vector<std::vector<std::size_t>> fitting_;
    std::vector<std::optional<std::size_t>> taken_by_;
    std::vector<bool> tried_;
};

}  // namespace

bool fits(const Injected& outage, const Claim& claim) {
    if (outage.entity != claim.entity) return false;
    const auto apart = std::chrono::abs(claim.start.best - outage.span.from);
    if (apart > std::max(kOnsetApart, outage.lasts() / kOnsetShare)) return false;
    const Bin last = Bin::of(outage.span.until);
    const bool begins_in_time = Bin::of(claim.start.best) <= last;
    return begins_in_time && (!claim.end || Bin::of(claim.end->best) >= Bin::of(outage.span.from));
}

std::vector<std::optional<std::size_t>> match(std::span<const Injected> outages,
                                              std::span<const Claim> claims) {
    std::map<Entity, std::vector<std::size_t>> by_entity;
    for (std::size_t i = 0; i < claims.size(); ++i) by_entity[claims[i].entity].push_back(i);
    std::vector<std::vector<std::size_t>> fitting(outages.size());
    for (std::size_t i = 0; i < outages.size(); ++i) {
        const auto found = by_entity.find(outages[i].entity);
        if (found == by_entity.end()) continue;
        std::ranges::copy_if(found->second, std::back_inserter(fitting[i]),
                             [&](std::size_t claim) { return fits(outages[i], claims[claim]); });
    }
    std::vector<std::optional<std::size_t>> claim_of =
        Pairing(std::move(fitting), claims.size()).run();
    return claim_of;
}

}  // namespace dimout::evaluate
