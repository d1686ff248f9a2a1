#include "app/evaluate_withdrawals.h"

#include <fmt/format.h>

#include <algorithm>

#include "app/evaluate_run.h"
#include "app/stop.h"
#include "base/probability.h"
#include "base/random.h"
#include "depend/withdrawn_links.h"
#include "depend/withdrawn_world.h"

namespace dimout::app {
namespace {

using depend::LinkRemoval;
using depend::WhoWithdrew;
using evaluate::Section;

constexpr unsigned kCutsOfAnInternet = 10;
/// Cuts of which nobody saw anything are drawn again, but not for ever.
constexpr unsigned kDrawsMost = 20;
constexpr std::size_t kMissesTold = 5;

struct Rate {
    unsigned hits = 0;
    unsigned of = 0;

    void add(bool hit) {
        hits += hit;
        ++of;
    }
    [[nodiscard]] double share() const { return of == 0 ? 0 : double(hits) / of; }
    [[nodiscard]] std::string text() const {
        const Interval interval = binomial_interval(hits, of, 0.95);
        return fmt::format("{:.1f} % ({:.1f}–{:.1f} %, {} of {})", 100 * share(),
                           100 * interval.low, 100 * interval.high, hits, of);
    }
};

bool names_truth(const WhoWithdrew& who, const LinkRemoval& removal) {
    return !who.rows.empty() &&
           std::ranges::any_of(who.rows.front().suspects, [&](const depend::Suspect& suspect) {
               return !suspect.is_origin() && std::minmax(suspect.near, suspect.far) ==
                                                  std::minmax(removal.first, removal.second);
           });
}

struct Contest {
    Rate found{};   ///< Of the separable: the cut link alone in the first row.
    Rate lost{};    ///< The same, of those whose subject lost routes.
    Rate moved{};   ///< The same, of those whose subject's routes moved only.
    Rate called{};  ///< Of the inseparable: said so, with the cut link in the first row.
    Rate origin{};  ///< Of those that the origin explains as well: that was said.
    Rate single{};  ///< Of all: one suspect, or one row, explains all that it must.
    Rate nearer{};  ///< Of pairs of peers of which one changed first: the nearer to the cut.
    unsigned unseen = 0;
    std::vector<std::string> misses{};

    void add(const LinkRemoval& removal, const WhoWithdrew& who) {
        const bool named = names_truth(who, removal);
        single.add(who.smallest.size() == 1);
        if (named) {
            const depend::OrderEvidence& order = who.rows.front().order;
            nearer.hits += unsigned(order.nearer_first);
            nearer.of += unsigned(order.nearer_first + order.farther_first);
        }
        if (!removal.separable) {
            called.add(named && !who.separable());
            if (removal.with_origin)
                origin.add(named && who.rows.front().origin_or_only_upstream());
            return;
        }
        const bool right = named && who.separable();
        found.add(right);
        (who.asked.lost > 0 ? lost : moved).add(right);
        if (!right) misses.push_back(miss(removal, who));
    }

    static std::string miss(const LinkRemoval& removal, const WhoWithdrew& who) {
        std::string blamed = "nobody";
        if (!who.rows.empty()) {
            const depend::Suspect& first = who.rows.front().suspects.front();
            blamed = first.is_origin() ? fmt::format("origin {}", first.far.value)
                                       : fmt::format("{}–{}", first.near.value, first.far.value);
        }
        return fmt::format("cut {}–{} ({} routes lost, {} moved, {} changes of others): {} first",
                           removal.first.value, removal.second.value, removal.lost, removal.moved,
                           removal.unrelated, blamed);
    }
};

Contest hold_contest(const EvaluateScale& scale, unsigned noise) {
    Contest contest;
    const unsigned worlds = (scale.quick ? 50 : 500) / kCutsOfAnInternet;
    for (unsigned world = 0; world < worlds && !stop_requested(); ++world) {
        depend::MadeInternet internet({.noise = noise}, mix(scale.seed, 0xc07, world));
        unsigned cuts = 0;
        for (unsigned draw = 0; draw < kDrawsMost && cuts < kCutsOfAnInternet; ++draw) {
            const auto removal = internet.remove_link(mix(scale.seed, world, draw));
            contest.unseen += !removal;
            if (!removal) continue;
            ++cuts;
            contest.add(*removal, depend::who_withdrew(removal->asked, removal->others));
        }
    }
    return contest;
}

std::vector<std::string> row(std::string name, const Contest& contest) {
    return {std::move(name),
            contest.found.text(),
            contest.lost.text(),
            contest.moved.text(),
            contest.called.text(),
            contest.origin.text(),
            contest.single.text(),
            fmt::format("{:.0f} %", 100 * contest.nearer.share()),
            fmt::format("{}", contest.unseen)};
}

}  // namespace

Section judge_withdrawals(const EvaluateScale& scale, const CommonOptions& common) {
    tell(common, "who withdrew: cutting links of invented Internets");
    const Contest usual = hold_contest(scale, 1);
    tell(common, "who withdrew: the same among ten times the noise");
    const Contest noisy = hold_contest(scale, 10);
    Section section{
        .title = "Who withdrew (simulated)",
        .what = fmt::format(
            "{} cuts of one link in invented Internets of 246 networks that speak BGP with delays "
            "and hunt for paths; 10 to 20 of them tell three collectors, a fourth in part, with "
            "clocks off by up to 5 s. At the same time other links go, networks withdraw prefixes, "
            "peers move and lose routes on their own, and some routes get stuck. Asked is about "
            "one network that lost routes, or whose routes moved. In brackets the exact 95 % "
            "interval.",
            usual.found.of + usual.called.of)};
    section.verdicts = {{"who withdrew: the cut link alone in first place, where that can be told",
                         "≥ 95 %", usual.found.text(), usual.found.share() >= 0.95},
                        {"who withdrew: called inseparable, where it cannot be told", "100 %",
                         usual.called.text(), usual.called.hits == usual.called.of}};
    section.tables = {
        {.columns = {"world", "separable: found", "of which with losses", "of which moves only",
                     "inseparable: said", "origin or only upstream: said", "explained by one",
                     "nearer changed first", "cuts nobody saw"},
         .rows = {row("as above", usual), row("ten times the noise", noisy)}}};
    section.notes = {
        "Separable means that no other link, and no withdrawal by an origin, explains exactly the "
        "same of what was seen with the same routes against it; worked out by other code, from the "
        "truth. A suspect that explains even more than the truth does (two things at once) counts "
        "as a miss.",
        "Networks are asked about only when the cut made more than half of their changes: of "
        "anybody else it is not the answer."};
    for (const std::string& miss : usual.misses) {
        if (section.notes.size() < 2 + kMissesTold)
            section.notes.push_back("Missed: " + miss + ".");
    }
    return section;
}

}  // namespace dimout::app
