#include "registry/ranges.h"

#include <boost/unordered/unordered_flat_map.hpp>
#include <algorithm>
#include <limits>
#include <queue>
#include <tuple>

namespace dimout::registry {
namespace {

/// True when `a` yields to `b`: the order of a priority queue, whose top is the claim that rules.
struct YieldsTo {
    static auto rank(const Claim& claim) {
        return std::tuple(claim.priority, claim.last - claim.first, claim.country, claim.first);
    }
    bool operator()(const Claim& a, const Claim& b) const { return rank(a) > rank(b); }
};

using Standing = std::priority_queue<Claim, std::vector<Claim>, YieldsTo>;

void append(std::vector<CountryRun>& runs, const CountryRun& run) {
    if (!runs.empty() && runs.back().country == run.country && runs.back().last + 1 == run.first) {
        runs.back().last = run.last;
        return;
    }
    runs.push_back(run);
}

constexpr std::uint64_t slash48(std::uint64_t slash64) { return slash64 >> 16; }

/// One /48 being decided: who holds how many of its /64s.
class Contest {
public:
    explicit Contest(std::vector<CountryRun>& winners) : winners_(winners) {}

    void add(std::uint64_t number, CountryCode country, std::uint64_t count) {
        if (number != number_) finish();
        number_ = number;
        const auto held =
            std::ranges::find(held_, country, &std::pair<CountryCode, std::uint64_t>::first);
        if (held == held_.end()) {
            held_.emplace_back(country, count);
        } else {
            held->second += count;
        }
    }

    void finish() {
        if (held_.empty()) return;
        const auto most =
            std::ranges::max_element(held_, {}, &std::pair<CountryCode, std::uint64_t>::second);
        append(winners_, {.first = number_, .last = number_, .country = most->first});
        held_.clear();
    }

private:
    std::vector<CountryRun>& winners_;
    std::uint64_t number_ = 0;
    std::vector<std::pair<CountryCode, std::uint64_t>> held_;
};

struct Bounds {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
};

Bounds bounds_of(const Prefix& prefix) {
    const bool v4 = prefix.family == Family::v4;
    const unsigned bits = v4 ? 32 : 48;
    const std::uint64_t first = prefix.hi >> (64 - bits);
    if (prefix.length >= bits) return {first, first};
    return {first, first | ((std::uint64_t{1} << (bits - prefix.length)) - 1)};
}

/// The first run that ends at `number` or after it.
auto run_at(std::span<const CountryRun> runs, std::uint64_t number) {
    return std::ranges::lower_bound(runs, number, {}, &CountryRun::last);
}

}  // namespace

std::vector<CountryRun> settle(std::vector<Claim> claims) {
    std::ranges::sort(claims, {}, &Claim::first);
    std::vector<CountryRun> runs;
    Standing standing;
    auto next = claims.begin();
    std::uint64_t position = 0;
    while (next != claims.end() || !standing.empty()) {
        while (!standing.empty() && standing.top().last < position) standing.pop();
        if (standing.empty() && next == claims.end()) break;
        if (standing.empty()) position = std::max(position, next->first);
        for (; next != claims.end() && next->first <= position; ++next) {
            if (next->last >= position) standing.push(*next);
        }
        if (standing.empty()) continue;
        const Claim& ruler = standing.top();
        const std::uint64_t end =
            next == claims.end() ? ruler.last : std::min(ruler.last, next->first - 1);
        append(runs, {.first = position, .last = end, .country = ruler.country});
        if (end == std::numeric_limits<std::uint64_t>::max()) break;
        position = end + 1;
    }
    return runs;
}

std::vector<CountryRun> widen_to_48(std::span<const CountryRun> runs) {
    constexpr std::uint64_t kWhole = 0x10000;
    std::vector<CountryRun> widened;
    Contest contest(widened);
    for (const CountryRun& run : runs) {
        const std::uint64_t first = slash48(run.first);
        const std::uint64_t last = slash48(run.last);
        if (first == last) {
            contest.add(first, run.country, run.last - run.first + 1);
            continue;
        }
        contest.add(first, run.country, kWhole - run.first % kWhole);
        if (last - first > 1) {
            contest.finish();
            append(widened, {.first = first + 1, .last = last - 1, .country = run.country});
        }
        contest.add(last, run.country, run.last % kWhole + 1);
    }
    contest.finish();
    return widened;
}

CountryRanges::CountryRanges(std::vector<CountryRun> v4, std::vector<CountryRun> v6)
    : v4_(std::move(v4)), v6_(std::move(v6)) {}

void CountryRanges::countries_of(const Prefix& prefix, std::vector<CountryRun>& answer) const {
    const std::span<const CountryRun> all = runs(prefix.family);
    const auto [first, last] = bounds_of(prefix);
    const std::size_t begin = answer.size();
    const auto extend = [&](std::uint64_t until, CountryCode country) {
        const std::uint64_t from = answer.size() == begin ? first : answer.back().last + 1;
        if (answer.size() > begin && answer.back().country == country) {
            answer.back().last = until;
        } else {
            answer.push_back({.first = from, .last = until, .country = country});
        }
    };
    std::uint64_t position = first;
    for (auto run = run_at(all, first); run != all.end() && run->first <= last; ++run) {
        if (run->first > position) extend(run->first - 1, {});
        const std::uint64_t end = std::min(run->last, last);
        extend(end, is_country(run->country) ? run->country : CountryCode{});
        position = end + 1;
    }
    if (position <= last) extend(last, {});
}

CountryCode CountryRanges::country_of(const Address& address) const {
    const std::uint64_t number =
        address.family == Family::v4 ? address.v4_word() : address.hi >> 16;
    const std::span<const CountryRun> all = runs(address.family);
    const auto run = run_at(all, number);
    if (run == all.end() || run->first > number || !is_country(run->country)) return {};
    return run->country;
}

std::vector<CountrySize> sizes_of(const CountryRanges& ranges) {
    // A hundred thousand runs of some two hundred countries: each run is one look at a flat table.
    boost::unordered_flat_map<std::uint16_t, CountrySize> sizes;
    for (const Family family : {Family::v4, Family::v6}) {
        for (const CountryRun& run : ranges.runs(family)) {
            if (!is_country(run.country)) continue;
            CountrySize& size = sizes[run.country.letters];
            size.country = run.country;
            (family == Family::v4 ? size.v4 : size.v6) += run.last - run.first + 1;
        }
    }
    std::vector<CountrySize> list;
    for (const auto& [code, size] : sizes) list.push_back(size);
    std::ranges::sort(list, {}, &CountrySize::country);
    return list;
}

bool RangeBuilder::add(const Address& first, const Address& last, CountryCode country,
                       std::uint32_t priority) {
    if (first.family != last.family || last < first) return false;
    const bool v4 = first.family == Family::v4;
    const unsigned shift = v4 ? 32 : 0;
    (v4 ? v4_ : v6_)
        .push_back({.first = first.hi >> shift,
                    .last = last.hi >> shift,
                    .country = country,
                    .priority = priority});
    return true;
}

CountryRanges RangeBuilder::finish() && {
    return {settle(std::move(v4_)), widen_to_48(settle(std::move(v6_)))};
}

}  // namespace dimout::registry
