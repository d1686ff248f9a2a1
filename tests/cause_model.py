"""The cause model of docs/explanation/causes.md once more, straight from that page: the verdict that features imply.

Slow and simple; shares no code with src/cause. `judge(levels)` takes {feature: level} as names.
"""

import math
import random
import tomllib

from support import ROOT

TABLE = tomllib.loads((ROOT / "src/cause/data/causes.toml").read_text())
CAUSES = [cause["id"] for cause in TABLE["cause"]]
LEVELS = {"upstreams_others_lost": ["no", "yes", "all", "all_abroad"], "part_of_day": ["night", "morning_or_evening", "day"],
          "duration": ["under_1_h", "1_to_3_h", "3_to_6_h", "6_to_12_h", "12_to_48_h", "over_48_h"]}
FEATURES = {row["id"]: row for row in TABLE["feature"]}
ROUNDS = 1000


def cells(row):
    return {cell["cause"]: cell for cell in row["cells"]}


def prior_weights():
    roots = [math.sqrt(cause["labelled"]) + 2 for cause in TABLE["cause"]]
    return [root / sum(roots) for root in roots]


def weights(levels):
    """W/√k, W the table's unless the feature has its own, k of the same group."""
    groups = [FEATURES[feature]["group"] for feature in levels]
    return {feature: FEATURES[feature].get("tempering", TABLE["tempering"]) / math.sqrt(groups.count(FEATURES[feature]["group"])) for feature in levels}


def kind(feature):
    """What the guard takes as one: `clock` of the groups `clock` and `clock.end`."""
    return FEATURES[feature]["group"].split(".")[0]


def normal(scores):
    top = max(scores)
    grown = [math.exp(score - top) for score in scores]
    return [one / sum(grown) for one in grown]


def posterior(levels, share_of, prior, without=None):
    """`share_of(feature, cause)` is P(the level seen | cause)."""
    weight = weights(levels)
    scores = [math.log(one) for one in prior]
    for feature in levels:
        if kind(feature) == without:
            continue
        for i, cause in enumerate(CAUSES):
            scores[i] += weight[feature] * math.log(share_of(feature, cause))
    return normal(scores)


def expected(levels):
    def share(feature, cause):
        row = FEATURES[feature]
        level = LEVELS.get(feature, ["no", "yes"]).index(levels[feature])
        return min(max(cells(row)[cause]["shares"][level], 0.005), 0.995)
    return share


def dirichlet(chance, alphas):
    drawn = [chance.gammavariate(alpha, 1) for alpha in alphas]
    return [max(one / sum(drawn), 1e-12) for one in drawn]


def lower_bounds(levels, seed=7):
    """The 5 % of each cause's posterior, tables and priors drawn from their Dirichlet laws."""
    chance = random.Random(seed)
    prior = [one * TABLE["prior_worth"] for one in prior_weights()]
    drawn = []
    for _ in range(ROUNDS):
        shares = {}
        for feature in levels:
            place = LEVELS.get(feature, ["no", "yes"]).index(levels[feature])
            for cause, cell in cells(FEATURES[feature]).items():
                alphas = [share * cell["worth"] + 0.5 for share in cell["shares"]]
                shares[feature, cause] = dirichlet(chance, alphas)[place]
        drawn.append(posterior(levels, lambda feature, cause: shares[feature, cause], dirichlet(chance, prior)))
    return [sorted(round_[i] for round_ in drawn)[int(0.05 * ROUNDS)] for i in range(len(CAUSES))]


def judge(levels):
    """(verdict, the likeliest cause, its share, how far the nearest limit of the guard is)."""
    if levels.get("observer_bad") == "yes" and levels.get("all_signals_agree") != "yes":
        return "not observable", None, None, 1.0
    share = posterior(levels, expected(levels), prior_weights())
    first = share.index(max(share))
    second = sorted(share)[-2]
    low = lower_bounds(levels)[first]
    groups = {kind(feature) for feature in levels}
    holds_without = all(
        (without := posterior(levels, expected(levels), prior_weights(), group)).index(max(without)) == first
        for group in groups)
    margins = [share[first] - 0.60, low - 0.35, (share[first] - 3 * second) / 3]
    named = all(margin >= 0 for margin in margins) and len(groups) >= 4 and holds_without
    return "named" if named else "insufficient evidence", CAUSES[first], share[first], min(map(abs, margins))
