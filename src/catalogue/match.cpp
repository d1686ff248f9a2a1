#include "catalogue/match.h"

#include <algorithm>

#include <fmt/format.h>

namespace dimout::catalogue {
namespace {

using std::chrono::seconds;

/// How far apart two accounts of one thing may lie when neither is exact (study methods §8.2).
constexpr seconds kSlack{15 * 60};
/// As far as an outage is still worth naming as the one that they may have meant.
constexpr seconds kNear{24 * 3600};

TimeRange extent(const UncertainTime& start, const std::optional<UncertainTime>& end,
                 EventTime now) {
    return {.from = start.lo, .until = end ? std::max(end->hi, start.hi) : now};
}

seconds overlap(const TimeRange& one, const TimeRange& other) {
    return std::max(seconds(0), std::min(one.until, other.until) - std::max(one.from, other.from));
}

seconds distance(const TimeRange& one, const TimeRange& other) {
    return std::max({seconds(0), other.from - one.until, one.from - other.until});
}

/// Signed distance of `time` from [lo, hi).
seconds beyond(EventTime time, const UncertainTime& window) {
    if (time < window.lo) return time - window.lo;
    if (time >= window.hi) return time - window.hi + seconds(1);
    return seconds(0);
}

class Matcher {
public:
    Matcher(const std::vector<Outage>& outages, const Observed& observed)
        : outages_(outages), observed_(observed) {}

    [[nodiscard]] Verdict judge(const Row& row) const {
        const TimeRange when = extent(row.start, row.end, observed_.range.until);
        const TimeRange slack{.from = when.from - kSlack, .until = when.until + kSlack};
        const Outage* best = nullptr;
        const Outage* near = nullptr;
        for (const Outage& outage : outages_) {
            if (outage.entity != row.entity) continue;
            if (shared(outage, slack) > seconds(0) &&
                (best == nullptr || shared(outage, slack) > shared(*best, slack)))
                best = &outage;
            if (away(outage, when) <= kNear &&
                (near == nullptr || away(outage, when) < away(*near, when)))
                near = &outage;
        }
        if (best != nullptr) return matched(row, *best);
        if (!watched(when)) return not_watched();
        if (near != nullptr) return elsewhen(*near, when);
        return quiet(row);
    }

private:
    [[nodiscard]] TimeRange of(const Outage& outage) const {
        return extent(outage.start, outage.end, observed_.range.until);
    }
    [[nodiscard]] seconds shared(const Outage& outage, const TimeRange& when) const {
        return overlap(of(outage), when);
    }
    [[nodiscard]] seconds away(const Outage& outage, const TimeRange& when) const {
        return distance(of(outage), when);
    }

    /// Half of the row's time, or the whole of its first hour.
    [[nodiscard]] bool watched(const TimeRange& when) const {
        const TimeRange first{.from = when.from,
                              .until = std::min(when.until, when.from + seconds(3600))};
        return seen(when) * 2 >= when.until - when.from || seen(first) == first.until - first.from;
    }
    [[nodiscard]] seconds seen(const TimeRange& when) const {
        seconds total = overlap(when, observed_.range);
        for (const TimeRange& gap : observed_.gaps) total -= overlap(when, gap);
        return total;
    }

    static Verdict matched(const Row& row, const Outage& outage) {
        const bool to_the_day = row.start.hi - row.start.lo >= seconds(86'400);
        const seconds error = to_the_day ? seconds(0) : beyond(outage.start.best, row.start);
        const std::string when = to_the_day ? "on that day"
                                 : error == seconds(0)
                                     ? "in the same minute"
                                     : fmt::format("{} s {}", std::abs(error.count()),
                                                   error < seconds(0) ? "earlier" : "later");
        return {.kind = Verdict::Kind::Matched,
                .outage = outage.id,
                .onset_error = error,
                .reason = fmt::format("ours began {}", when)};
    }

    Verdict elsewhen(const Outage& outage, const TimeRange& when) const {
        return {.kind = Verdict::Kind::Elsewhen,
                .outage = outage.id,
                .onset_error = {},
                .reason = fmt::format("nothing then; our nearest lies {} min away",
                                      away(outage, when).count() / 60)};
    }

    [[nodiscard]] Verdict not_watched() const {
        return {.kind = Verdict::Kind::NotWatched,
                .outage = {},
                .onset_error = {},
                .reason = fmt::format("we watched from {} until {}, less the gaps",
                                      to_rfc3339(observed_.range.from),
                                      to_rfc3339(observed_.range.until))};
    }

    static Verdict quiet(const Row& row) {
        if (row.whole) {
            return {.kind = Verdict::Kind::Quiet,
                    .outage = {},
                    .onset_error = {},
                    .reason = "we watched, and its routes and counts stayed as usual"};
        }
        return {.kind = Verdict::Kind::PartOnly,
                .outage = {},
                .onset_error = {},
                .reason = fmt::format("it was about a part only ({})",
                                      row.scope.empty() ? "not the whole network" : row.scope)};
    }

    const std::vector<Outage>& outages_;
    const Observed& observed_;
};

}  // namespace

std::vector<Verdict> match(const std::vector<Row>& rows, const std::vector<Outage>& outages,
                           const Observed& observed) {
    const Matcher matcher(outages, observed);
    std::vector<Verdict> verdicts;
    verdicts.reserve(rows.size());
    for (const Row& row : rows) verdicts.push_back(matcher.judge(row));
    return verdicts;
}

}  // namespace dimout::catalogue
