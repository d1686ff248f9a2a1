#include "depend/hegemony.h"

#include <algorithm>
#include <map>
#include <ranges>
#include <tuple>

#include "base/random.h"

namespace dimout::depend {
namespace {

/// What lies behind one AS in one session's paths to one origin.
struct Crossing {
    std::uint32_t origin = 0;  ///< Place in the list of origins.
    Asn asn;
    std::uint32_t peer = 0;  ///< Place of the peer AS.
    std::uint32_t session = 0;
    double weight = 0;
};

double weight_of(const ObservedPath& path) {
    return path.family == Family::v4 ? path.addresses : static_cast<double>(path.prefixes);
}

/// H of one AS for one origin, as its peers' values, so that they can be drawn again.
struct Cell {
    Asn asn;
    std::uint32_t origin = 0;
    std::uint32_t first = 0;  ///< In `Counter::values_`, ascending.
    std::uint32_t count = 0;
    double value = 0;
};
class Counter {
public:
    Counter(std::span<const ObservedPath> paths, Family family, std::span<const Origin> origins)
        : origins_(origins.begin(), origins.end()) {
        std::ranges::sort(origins_, {}, &Origin::asn);
        number_peers(paths, family);
        for (const ObservedPath& path : paths) {
            if (path.family == family && path.full_feed) cross(path);
        }
        average();
    }

    [[nodiscard]] std::size_t peers() const { return peers_.size(); }
    [[nodiscard]] const std::vector<Origin>& origins() const { return origins_; }
    [[nodiscard]] const std::vector<Cell>& cells() const { return cells_; }
    [[nodiscard]] std::span<const PeerValue> values(const Cell& cell) const {
        return std::span(values_).subspan(cell.first, cell.count);
    }
    [[nodiscard]] double reached_weight() const {
        double sum = 0;
        for (std::size_t i = 0; i < origins_.size(); ++i)
            sum += reached_[i] ? origins_[i].weight : 0;
        return sum;
    }

private:
    void number_peers(std::span<const ObservedPath> paths, Family family) {
        std::vector<std::pair<Asn, PeerId>> sessions;
        for (const ObservedPath& path : paths) {
            const std::pair key(path.peer, path.session);
            if (path.family == family && path.full_feed &&
                (sessions.empty() || sessions.back() != key))
                sessions.push_back(key);
        }
        std::ranges::sort(sessions);
        const auto doubles = std::ranges::unique(sessions);
        sessions.erase(doubles.begin(), doubles.end());
        for (const auto& [peer, session] : sessions) {
            if (peers_.empty() || peers_.back() != peer) {
                peers_.push_back(peer);
                sessions_.push_back(0);
            }
            ++sessions_.back();
        }
        totals_.resize(origins_.size());
        reached_.resize(origins_.size());
    }

    [[nodiscard]] std::optional<std::uint32_t> place_of(Asn origin) const {
        const auto found = std::ranges::lower_bound(origins_, origin, {}, &Origin::asn);
        if (found == origins_.end() || found->asn != origin) return std::nullopt;
        return static_cast<std::uint32_t>(found - origins_.begin());
    }

    /// Each AS before the origin once, for the share of the path that is this origin's.
    void cross(const ObservedPath& path) {
        const std::span<const Asn> ends = path.path.origins();
        if (ends.empty()) return;
        for (const Asn origin : ends) {
            const auto place = place_of(origin);
            if (!place) continue;
            reached_[*place] = true;
            const auto peer = static_cast<std::uint32_t>(
                std::ranges::lower_bound(peers_, path.peer) - peers_.begin());
            const double weight = weight_of(path) / static_cast<double>(ends.size());
            totals_[*place].push_back({.origin = *place,
                                       .asn = {},
                                       .peer = peer,
                                       .session = static_cast<std::uint32_t>(path.session),
                                       .weight = weight});
            atom_.clear();
            for (const Asn hop : path.path.hops) {
                if (hop == origin) break;
                if (std::ranges::find(ends, hop) != ends.end()) break;
                atom_.push_back(hop);
            }
            std::ranges::sort(atom_);
            const auto doubles = std::ranges::unique(atom_);
            atom_.erase(doubles.begin(), doubles.end());
            for (const Asn hop : atom_)
                crossings_.push_back({.origin = *place,
                                      .asn = hop,
                                      .peer = peer,
                                      .session = static_cast<std::uint32_t>(path.session),
                                      .weight = weight});
        }
    }

    /// Adds up equal crossings, divides by the session's total and averages the sessions.
    void average() {
        const auto key = [](const Crossing& one) {
            return std::tuple(one.origin, one.asn, one.peer, one.session);
        };
        std::ranges::sort(crossings_, {}, key);
        for (std::vector<Crossing>& totals : totals_)
            std::ranges::sort(totals, {}, &Crossing::session);
        for (std::size_t i = 0; i < crossings_.size();) {
            const Crossing& first = crossings_[i];
            double weight = 0;
            std::size_t next = i;
            for (; next < crossings_.size() && key(crossings_[next]) == key(first); ++next)
                weight += crossings_[next].weight;
            add(first, weight / total_of(first));
            i = next;
        }
        crossings_ = {};
        for (const Cell& cell : cells_) {
            std::ranges::sort(std::span(values_).subspan(cell.first, cell.count), {},
                              [](const PeerValue& one) { return std::tie(one.value, one.peer); });
        }
    }

    [[nodiscard]] double total_of(const Crossing& one) const {
        const auto same =
            std::ranges::equal_range(totals_[one.origin], one.session, {}, &Crossing::session);
        double sum = 0;
        for (const Crossing& part : same) sum += part.weight;
        return sum > 0 ? sum : 1;
    }

    void add(const Crossing& one, double share) {
        if (cells_.empty() || cells_.back().origin != one.origin || cells_.back().asn != one.asn)
            cells_.push_back({.asn = one.asn,
                              .origin = one.origin,
                              .first = static_cast<std::uint32_t>(values_.size()),
                              .count = 0,
                              .value = 0});
        Cell& cell = cells_.back();
        const double part = share / static_cast<double>(sessions_[one.peer]);
        if (cell.count > 0 && values_.back().peer == one.peer) {
            values_.back().value += part;
            return;
        }
        values_.push_back({.peer = one.peer, .value = part});
        ++cell.count;
    }

    std::vector<Origin> origins_;
    std::vector<Asn> peers_;
    std::vector<std::uint32_t> sessions_;  ///< By peer AS.
    std::vector<std::vector<Crossing>> totals_;
    std::vector<bool> reached_;
    std::vector<Crossing> crossings_;
    std::vector<Cell> cells_;
    std::vector<PeerValue> values_;
    std::vector<Asn> atom_;
};

/// H of one AS from its cells, when peer i was drawn `drawn[i]` times.
double value_of(const Counter& counter, std::span<const Cell* const> cells,
                std::span<const std::uint32_t> drawn) {
    double sum = 0;
    for (const Cell* cell : cells) {
        sum += counter.origins()[cell->origin].weight *
               trimmed_mean(counter.values(*cell), drawn, counter.peers());
    }
    return sum;
}

void add_intervals(const Counter& counter, const HegemonyOptions& options, double weight,
                   std::vector<Hegemony>& found) {
    const std::size_t count = std::min(options.intervals, found.size());
    std::map<Asn, std::vector<const Cell*>> cells;
    for (std::size_t i = 0; i < count; ++i) cells[found[i].asn];
    for (const Cell& cell : counter.cells()) {
        if (const auto wanted = cells.find(cell.asn); wanted != cells.end())
            wanted->second.push_back(&cell);
    }
    std::vector<std::uint32_t> drawn(counter.peers());
    for (std::size_t i = 0; i < count; ++i) {
        Random chance(options.seed);
        std::vector<double> values;
        for (std::uint32_t round = 0; round < options.rounds; ++round) {
            std::ranges::fill(drawn, 0U);
            for (std::size_t pick = 0; pick < counter.peers(); ++pick)
                ++drawn[chance.below(static_cast<std::uint32_t>(counter.peers()))];
            values.push_back(value_of(counter, cells[found[i].asn], drawn) / weight);
        }
        std::ranges::sort(values);
        const auto at = [&](double share) {
            return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
        };
        if (!values.empty()) found[i].interval = {.low = at(0.05), .high = at(0.95)};
    }
}

}  // namespace

double trimmed_mean(std::span<const PeerValue> values, std::span<const std::uint32_t> drawn,
                    std::size_t peers) {
    if (peers == 0) return 0;
    const auto cut = static_cast<std::size_t>(kTrimmed * static_cast<double>(peers));
    double sum = 0;
    std::size_t end = peers;  // From the highest down: zeros stand first, and add nothing.
    for (const PeerValue& one : std::views::reverse(values)) {
        const std::size_t begin = end - drawn[one.peer];
        const std::size_t first = std::max(begin, cut);
        const std::size_t last = std::min(end, peers - cut);
        if (first < last) sum += static_cast<double>(last - first) * one.value;
        end = begin;
    }
    return sum / static_cast<double>(peers - 2 * cut);
}

Dependence hegemony_of(std::span<const ObservedPath> paths, Family family,
                       std::span<const Origin> origins, const HegemonyOptions& options) {
    const Counter counter(paths, family, origins);
    Dependence found{
        .peer_asns = counter.peers(), .weight = counter.reached_weight(), .hegemony = {}};
    if (found.weight <= 0) return found;
    const std::vector<std::uint32_t> once(counter.peers(), 1);
    std::map<Asn, double> sums;
    for (const Cell& cell : counter.cells()) {
        const Cell* const one = &cell;
        sums[cell.asn] += value_of(counter, std::span(&one, 1), once) / found.weight;
    }
    for (const auto& [asn, value] : sums) {
        const bool is_origin = std::ranges::binary_search(counter.origins(), asn, {}, &Origin::asn);
        if (options.without_origins && is_origin) continue;
        found.hegemony.push_back({.asn = asn, .value = value, .interval = {.low = 0, .high = 1}});
    }
    std::ranges::stable_sort(found.hegemony, std::greater(), &Hegemony::value);
    add_intervals(counter, options, found.weight, found.hegemony);
    return found;
}

}  // namespace dimout::depend
