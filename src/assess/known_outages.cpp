#include "assess/known_outages.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/probability.h"

namespace dimout::assess {
namespace {

constexpr std::chrono::seconds kYear{31'556'952};
constexpr double kHalf = 0.5;
constexpr double kNearlyAll = 0.95;
constexpr std::size_t kFewestEntities = 20;
constexpr std::uint32_t kFewestForOneOfTheWorst = 10;

double years(std::chrono::seconds length) {
    return static_cast<double>(length.count()) / static_cast<double>(kYear.count());
}

std::string date(EventTime time) { return to_rfc3339(time).substr(0, 10); }

bool counts(OutageState state) {
    return state == OutageState::Ongoing || state == OutageState::Recovering ||
           state == OutageState::Closed;
}

bool by_routes(const Outage& outage) {
    return !outage.signals.empty() && outage.signals.front() == "bgp";
}

/// Gringorten's plotting position, and Garwood's interval for the number of outages as bad.
void tell_return(double history, std::uint32_t rank, Standing& standing) {
    const Interval number = poisson_interval(rank, 0.9);
    standing.return_years = (history + 0.12) / (rank - 0.44);
    standing.return_years_lo = history / number.high;
    standing.return_years_hi = history / number.low;
}

}  // namespace

void KnownOutages::add(const Outage& outage) {
    if (!by_routes(outage)) return;
    Known& known = known_[outage.entity];
    const auto old = std::ranges::find(known.outages, outage.id, &Entry::id);
    if (!counts(outage.state)) {
        if (old != known.outages.end()) known.outages.erase(old);
        return;
    }
    known.size = std::max(known.size, outage.severity.of);
    const Entry entry{.id = outage.id,
                      .start = outage.start.best,
                      .closed = outage.state == OutageState::Closed,
                      .area = outage.severity.area_percent_minutes,
                      .length = lasted(outage).best};
    if (old != known.outages.end()) {
        *old = entry;
    } else {
        known.outages.push_back(entry);
    }
}

void KnownOutages::observed(TimeRange range, bool well) {
    begins_ = std::min(begins_.value_or(range.from), range.from);
    if (!well) return;
    auto next = std::ranges::lower_bound(well_, range.from, {}, &TimeRange::from);
    if (next != well_.begin() && std::prev(next)->until >= range.from) {
        --next;
        next->until = std::max(next->until, range.until);
    } else {
        next = well_.insert(next, range);
    }
    const auto after = std::next(next);
    if (after == well_.end() || next->until < after->from) return;
    next->until = std::max(next->until, after->until);
    well_.erase(after);
}

double KnownOutages::observed_share(TimeRange range) const {
    std::chrono::seconds sum{0};
    for (const TimeRange& well : well_) {
        const auto from = std::max(well.from, range.from);
        const auto until = std::min(well.until, range.until);
        if (from < until) sum += until - from;
    }
    const auto whole = range.until - range.from;
    return whole.count() <= 0 ? 0 : years(sum) / years(whole);
}

Ranking KnownOutages::rank(const Outage& outage, EventTime now) {
    Ranking told;
    if (!by_routes(outage)) {
        told.why_not = "how much of the past the counts covered is not kept";
        return told;
    }
    const EventTime begins = begins_.value_or(now);
    if (now - begins < kYear) {
        told.why_not = "history begins " + date(begins);
        return told;
    }
    const double share = observed_share({begins, now});
    if (share < kHalf) {
        told.why_not = fmt::format("only {:.0f} % of the time since {} was well observed",
                                   share * 100, date(begins));
        return told;
    }
    told.standing.observed = share;
    told.standing.compared_with =
        fmt::format("own outages since {}, by lost share times time", date(begins));
    rank_own(outage, now, told.standing);
    rank_peers(outage, now, told.standing);
    return told;
}

void KnownOutages::rank_own(const Outage& outage, EventTime now, Standing& standing) {
    const std::uint64_t area = outage.severity.area_percent_minutes;
    const std::chrono::seconds length = lasted(outage).best;
    std::uint32_t rank = 1;
    std::uint32_t length_rank = 1;
    std::uint32_t of = 1;
    EventTime since = *begins_;
    for (const Entry& other : known_[outage.entity].outages) {
        if (other.id == outage.id) continue;
        ++of;
        if (other.area > area) ++rank;
        if (other.length > length) ++length_rank;
        if (other.area >= area) since = std::max(since, other.start);
    }
    standing.rank = rank;
    standing.length_rank = length_rank;
    standing.since = begins_;
    standing.rank_of = of;
    tell_return(years(now - *begins_), rank, standing);
    if (now - since >= kYear && observed_share({since, now}) >= kNearlyAll) {
        standing.claim = "worst since " + date(since);
    } else if (of >= kFewestForOneOfTheWorst && rank <= std::max(3U, of / 10) &&
               standing.observed >= kNearlyAll) {
        standing.claim = fmt::format("one of the worst {} since {}", rank, date(*begins_));
    }
}

void KnownOutages::rank_peers(const Outage& outage, EventTime now, Standing& standing) {
    Peers& peers = peers_[outage.entity.kind];
    const std::int64_t day = unix_seconds(now) / 86'400;
    if (peers.day != day) renew(outage.entity.kind, day, peers);
    if (peers.bounds.empty() || outage.severity.of == 0) return;
    const auto& areas = peers.areas[peers.tenth_of(outage.severity.of)];
    const auto worse =
        areas.end() - std::ranges::upper_bound(areas, outage.severity.area_percent_minutes);
    standing.peer_rank = static_cast<std::uint32_t>(worse) + 1;
    standing.peer_rank_of = static_cast<std::uint32_t>(areas.size()) + 1;
}

/// Of the outages that were over when the day was first asked about.
void KnownOutages::renew(Entity::Kind kind, std::int64_t day, Peers& peers) const {
    peers = {.day = day, .bounds = {}, .areas = {}};
    std::vector<std::uint64_t> sizes;
    for (const auto& [entity, known] : known_) {
        if (entity.kind == kind && known.size > 0) sizes.push_back(known.size);
    }
    if (sizes.size() < kFewestEntities) return;
    std::ranges::sort(sizes);
    for (std::size_t tenth = 1; tenth < 10; ++tenth)
        peers.bounds.push_back(sizes[sizes.size() * tenth / 10]);
    for (const auto& [entity, known] : known_) {
        if (entity.kind != kind || known.size == 0) continue;
        auto& areas = peers.areas[peers.tenth_of(known.size)];
        for (const Entry& entry : known.outages) {
            if (entry.closed) areas.push_back(entry.area);
        }
    }
    for (auto& areas : peers.areas) std::ranges::sort(areas);
}

std::size_t KnownOutages::Peers::tenth_of(std::uint64_t size) const {
    return static_cast<std::size_t>(std::ranges::upper_bound(bounds, size) - bounds.begin());
}

}  // namespace dimout::assess
