#include "evaluate/score.h"

#include <algorithm>
#include <array>
#include <map>

#include "evaluate/match.h"

namespace dimout::evaluate {
namespace {

using std::chrono::seconds;

/// How far a claim may lie from the loss that explains it.
constexpr seconds kNear{900};
/// For how long after it something invented is blamed on a happening.
constexpr seconds kAftermath{7200};

constexpr std::array<std::uint32_t, kSizeClasses> kSizes{1,   2,   4,    10,   30,
                                                         100, 300, 1000, 3000, 10'000};
constexpr std::array<std::string_view, kSizeClasses> kSizeNames{
    "1",       "2–3",     "4–9",         "10–29",       "30–99",
    "100–299", "300–999", "1,000–2,999", "3,000–9,999", "10,000 and more"};
constexpr std::array<std::string_view, kDurationClasses> kDurationNames{"under 10 min", "10–60 min",
                                                                        "1–6 h", "over 6 h"};

/// An outage that is only unstable has been told until now: it overlaps all that follows its start.
bool lies_at(const Claim& claim, const TimeRange& span) {
    const bool begins = claim.start.best <= span.until + kNear;
    return begins && (!claim.end || claim.end->best + kNear >= span.from);
}

class Explanations {
public:
    explicit Explanations(const Truth& truth) {
        for (const RealLoss& loss : truth.losses) spans_[loss.entity].push_back(loss.span);
        for (const Injected& outage : truth.outages) targets_[outage.entity].push_back(outage.span);
    }

    [[nodiscard]] bool explains(const Claim& claim) const { return lies_at_one(claim, spans_); }
    /// An outage that was asked for should have been told by a claim that fits.
    [[nodiscard]] bool is_about_target(const Claim& claim) const {
        return lies_at_one(claim, targets_);
    }

private:
    using Spans = std::map<Entity, std::vector<TimeRange>>;

    static bool lies_at_one(const Claim& claim, const Spans& all) {
        const auto found = all.find(claim.entity);
        return found != all.end() && std::ranges::any_of(found->second, [&](const TimeRange& span) {
                   return lies_at(claim, span);
               });
    }

    Spans spans_;
    Spans targets_;
};

}  // namespace

void Score::add(const Truth& truth, std::span<const Claim> claims) {
    const auto claim_of = match(truth.outages, claims);
    std::vector<bool> paired(claims.size(), false);
    for (std::size_t i = 0; i < truth.outages.size(); ++i) {
        Outcome outcome{.outage = truth.outages[i], .claim = {}};
        if (claim_of[i]) {
            outcome.claim = claims[*claim_of[i]];
            paired[*claim_of[i]] = true;
        }
        outcomes.push_back(std::move(outcome));
    }
    const Explanations real(truth);
    for (std::size_t i = 0; i < claims.size(); ++i) {
        if (paired[i]) continue;
        if (real.is_about_target(claims[i])) {
            false_claims.push_back({.claim = claims[i], .fragment = true});
        } else if (real.explains(claims[i])) {
            ++explained;
        } else {
            false_claims.push_back({.claim = claims[i]});
        }
    }
    harmless.insert(harmless.end(), truth.harmless.begin(), truth.harmless.end());
}

std::uint64_t Score::found() const {
    return static_cast<std::uint64_t>(std::ranges::count_if(
        outcomes, [](const Outcome& outcome) { return outcome.claim.has_value(); }));
}

std::vector<Harmless> Score::harmful() const {
    std::vector<Harmless> blamed;
    std::ranges::copy_if(harmless, std::back_inserter(blamed), [&](const Harmless& happening) {
        return std::ranges::any_of(false_claims, [&](const FalseClaim& wrong) {
            return wrong.claim.start.hi >= happening.span.from &&
                   wrong.claim.start.lo <= happening.span.until + kAftermath;
        });
    });
    return blamed;
}

bool is_full_and_10_minutes(const Outcome& outcome) {
    return outcome.outage.full() && outcome.outage.lasts() >= seconds(600);
}

bool is_partial_and_30_minutes(const Outcome& outcome) {
    return !outcome.outage.full() && outcome.outage.depth >= 0.2 &&
           outcome.outage.lasts() >= seconds(1800);
}

Estimate recall(const Score& score, Choice choice, std::uint64_t seed) {
    std::vector<Share> shares;
    for (const Outcome& outcome : score.outcomes) {
        if (choice(outcome))
            shares.push_back(
                {.entity = outcome.outage.entity, .hits = outcome.claim ? 1U : 0U, .of = 1});
    }
    return rate(std::move(shares), seed);
}

Estimate precision(const Score& score, std::uint64_t seed) {
    std::vector<Share> shares;
    for (const Outcome& outcome : score.outcomes) {
        if (outcome.claim) shares.push_back({.entity = outcome.outage.entity, .hits = 1, .of = 1});
    }
    for (const FalseClaim& wrong : score.false_claims)
        shares.push_back({.entity = wrong.claim.entity, .hits = 0, .of = 1});
    return rate(std::move(shares), seed);
}

double f1(double precision, double recall) {
    return precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall);
}

std::size_t size_class(std::uint32_t prefixes) {
    const auto above = std::ranges::upper_bound(kSizes, prefixes);
    return static_cast<std::size_t>(std::max<std::ptrdiff_t>(above - kSizes.begin(), 1) - 1);
}

std::string_view size_class_name(std::size_t size_class) { return kSizeNames.at(size_class); }

std::size_t duration_class(seconds lasts) {
    if (lasts < seconds(600)) return 0;
    if (lasts < seconds(3600)) return 1;
    return lasts <= seconds(6 * 3600) ? 2 : 3;
}

std::string_view duration_class_name(std::size_t duration_class) {
    return kDurationNames.at(duration_class);
}

}  // namespace dimout::evaluate
