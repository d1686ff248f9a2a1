#include "present/remarks.h"

#include <fmt/format.h>

#include <cmath>
#include <span>

namespace dimout::present {
namespace {

constexpr std::size_t kPartsADay = 4;
constexpr std::size_t kDays = 3;

std::string listed(const std::vector<std::string>& names) {
    std::string text;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (i > 0) text += i + 1 == names.size() ? " and " : ", ";
        text += names[i];
    }
    return text;
}

/// The mean reachable share of some parts, in whole percent; never 100 when something was lost.
long percent(std::span<const Instability::Part> parts) {
    double sum = 0;
    for (const auto& part : parts) sum += part.reachable;
    const double share = sum / 1e6 / static_cast<double>(parts.size());
    return share < 1 ? std::min(99L, std::lround(share * 100)) : 100;
}

std::string years_text(double years) {
    return years < 10 ? fmt::format("{:.1f}", years) : fmt::format("{:.0f}", years);
}

std::string rank_text(const Standing& standing) {
    std::string text = fmt::format("rank {} of {} ({})", *standing.rank, *standing.rank_of,
                                   standing.compared_with);
    if (standing.peer_rank)
        text += fmt::format("; {} of {} among entities of its size", *standing.peer_rank,
                            *standing.peer_rank_of);
    if (standing.return_years)
        text += fmt::format(
            "; one as bad every {} years (90 %: {} to {})", years_text(*standing.return_years),
            years_text(*standing.return_years_lo), years_text(*standing.return_years_hi));
    if (standing.observed && !standing.length_rank)
        text += fmt::format("; {:.0f} % of that time was well observed", *standing.observed * 100);
    return text;
}

std::string ordinal(std::uint32_t number) {
    const std::uint32_t last = number % 100 / 10 == 1 ? 0 : number % 10;
    return fmt::format("{}{}", number,
                       last == 1   ? "st"
                       : last == 2 ? "nd"
                       : last == 3 ? "rd"
                                   : "th");
}

}  // namespace

std::string standing_text(const Outage& outage) {
    const Standing& standing = outage.standing;
    if (!outage.why_no_rank.empty()) return "no rank: " + outage.why_no_rank;
    if (!standing.length_rank || !standing.rank_of || !standing.since) return {};
    const std::string since = to_rfc3339(*standing.since).substr(0, 10);
    const std::string observed = fmt::format("since {}, {:.0f} % of that time well observed", since,
                                             standing.observed.value_or(0) * 100);
    if (*standing.rank_of == 1) return "the only one known " + observed;
    const std::string which =
        *standing.length_rank == 1 ? "" : ordinal(*standing.length_rank) + " ";
    return fmt::format("the {}longest of {} {}{}", which, *standing.rank_of, observed,
                       lasted(outage).at_least ? ", so far" : "");
}

std::string worsening_text(const Outage& outage) {
    if (!outage.instability || !outage.instability->worsening()) return {};
    const std::span<const Instability::Part> parts = outage.instability->parts;
    const bool by_day = parts.size() >= kDays * kPartsADay;
    const std::size_t step = by_day ? kPartsADay : 1;
    std::string text = "worsening:";
    for (std::size_t from = 0; from < parts.size(); from += step) {
        // Less than half a day at the end is no day.
        const std::size_t count = std::min(step, parts.size() - from);
        if (count * 2 < step) break;
        text += fmt::format("{} {} %", from == 0 ? "" : " →", percent(parts.subspan(from, count)));
    }
    return text +
           fmt::format(" of its addresses reachable (per {}; exact rank test over 6 h, p = {:.2g})",
                       by_day ? "day" : "6 h", outage.instability->p);
}

std::vector<std::string> remarks(const Outage& outage) {
    std::vector<std::string> all;
    if (outage.divergence != Divergence::None) all.emplace_back(to_string(outage.divergence));
    if (outage.signals.size() > 1 || !outage.calm.empty()) {
        std::string who = "said by " + listed(outage.signals);
        if (!outage.calm.empty()) who += "; normal: " + listed(outage.calm);
        all.push_back(std::move(who));
    }
    if (std::string text = worsening_text(outage); !text.empty()) all.push_back(std::move(text));
    if (outage.instability)
        all.push_back(fmt::format("{:.1f} flaps in 6 h", outage.instability->flaps_per_part()));
    if (!outage.standing.claim.empty()) all.push_back(outage.standing.claim);
    if (std::string text = standing_text(outage); !text.empty()) all.push_back(std::move(text));
    if (outage.standing.rank) all.push_back(rank_text(outage.standing));
    return all;
}

}  // namespace dimout::present
