// How bad it was, who could see it, and how sure we are.
#pragma once

#include <cstdint>
#include <string>

#include "model/alert.h"
#include "model/outage.h"

namespace dimout::assess {

/// Adds up one loss, or several of one outage, in address seconds and millionth seconds.
class Tally {
public:
    /// The state at the end of the alert's bin, for the last `lasted` of it.
    void add(const Alert& alert, const Coverage& coverage, std::chrono::seconds lasted);
    /// What was lost stayed so for `lasted` more.
    void prolong(std::chrono::seconds lasted);
    /// A fall between two ends of bins: depth, but no length.
    void fell(const Alert& alert, const Coverage& coverage);
    Tally& operator+=(const Tally& other);

    [[nodiscard]] Severity severity() const;
    [[nodiscard]] Observers observers() const;
    [[nodiscard]] double confidence() const;
    /// What the routes alone earn: `confirmed` or `unconfirmed`.
    [[nodiscard]] std::string label() const;
    [[nodiscard]] bool empty() const { return !seen_; }

private:
    void deepen(std::uint32_t loss, std::uint64_t lost, std::uint64_t of, std::uint32_t still_seen,
                const Coverage& coverage);

    bool seen_ = false;
    bool of_counts_ = false;
    std::uint32_t sure_ = 0;  ///< Of counts: the most.
    std::uint32_t loss_ = 0;
    std::uint64_t lost_ = 0;
    std::uint64_t of_ = 0;
    std::uint32_t still_seen_ = kMillion;
    Coverage coverage_;
    std::uint64_t millionth_seconds_ = 0;
    std::uint64_t address_seconds_ = 0;
    std::uint32_t last_loss_ = 0;
    std::uint64_t last_lost_ = 0;
};

/// The probability that what looks like an outage is one, when `holders` of `observers` ASNs at
/// `collectors` collectors still see what is said to be lost.
///
/// Bayes with the emissions of study methods §2.4: a network that is up is seen by a
/// BetaBinomial(60, 1) of the ASNs; one that is out by a BetaBinomial(0.5, 20) when dark or a
/// BetaBinomial(3, 3) when degraded, half and half. ASNs are not independent: all that are heard at
/// one collector can be wrong together one time in 20, at two one in 400, at three or more one in
/// 8,000. Before looking, one alarm in ten is right. Model-based, not measured.
[[nodiscard]] double confidence(std::uint32_t holders, std::uint32_t observers,
                                std::uint32_t collectors);

}  // namespace dimout::assess
