#include "app/evaluate_reference.h"

#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>
#include <map>
#include <optional>

#include "app/pipeline.h"

namespace dimout::app {
namespace {

constexpr std::int64_t kHistory = 288;  ///< 24 hours.
constexpr std::int64_t kWarmUp = 12;    ///< One hour.
constexpr std::uint64_t kPercent = 99;

/// From `bin` on the series had `value`.
struct Step {
    std::int64_t bin = 0;
    std::uint64_t value = 0;
};

struct Series {
    std::vector<Step> v4;
    std::vector<Step> v6;
};

void add(std::vector<Step>& steps, std::int64_t bin, std::uint64_t value) {
    if (steps.empty() || steps.back().value != value) steps.push_back({bin, value});
}

/// Bins without an observer of the family, sorted.
using Blind = std::vector<std::int64_t>;

/// The lower median of the bins in [bin - 288, bin), as the series had them.
std::uint64_t median_before(const std::vector<Step>& steps, std::int64_t bin) {
    std::vector<std::pair<std::uint64_t, std::int64_t>> runs;
    const std::int64_t from = bin - kHistory;
    std::int64_t total = 0;
    const auto after = std::ranges::upper_bound(steps, from, {}, &Step::bin);
    const auto first = static_cast<std::size_t>(after - steps.begin());
    for (std::size_t i = first == 0 ? 0 : first - 1; i < steps.size() && steps[i].bin < bin; ++i) {
        const std::int64_t end = i + 1 < steps.size() ? std::min(bin, steps[i + 1].bin) : bin;
        const std::int64_t count = end - std::max(from, steps[i].bin);
        if (count <= 0) continue;
        runs.emplace_back(steps[i].value, count);
        total += count;
    }
    std::ranges::sort(runs);
    std::int64_t seen = 0;
    for (const auto& [value, count] : runs) {
        seen += count;
        if (2 * seen >= total) return value;
    }
    return 0;
}

class Rule {
public:
    Rule(const Entity& entity, const std::vector<Step>& steps, const Blind& blind,
         std::int64_t last, std::vector<evaluate::Claim>& claims)
        : entity_(entity), steps_(steps), blind_(blind), last_(last), claims_(claims) {}

    /// Only bins within a day of a change can differ from their median.
    void run() {
        std::int64_t next = steps_.front().bin + kWarmUp;
        for (std::size_t i = 1; i < steps_.size(); ++i) {
            const std::int64_t until = std::min(last_ + 1, steps_[i].bin + kHistory + 1);
            for (next = std::max(next, steps_[i].bin); next < until; ++next) look(next);
        }
    }

private:
    [[nodiscard]] std::uint64_t value_at(std::int64_t bin) const {
        const auto after = std::ranges::upper_bound(steps_, bin, {}, &Step::bin);
        return std::prev(after)->value;
    }

    void look(std::int64_t bin) {
        if (std::ranges::binary_search(blind_, bin)) return;
        const std::uint64_t median = median_before(steps_, bin);
        const bool low = value_at(bin) * 100 < median * kPercent;
        if (low == open_) return;
        open_ = low;
        const Bin at{bin};
        const UncertainTime moment{
            .best = at.start() + kBinWidth / 2, .lo = at.start(), .hi = at.end()};
        if (low) {
            claims_.push_back({.id = outage_id(entity_, at),
                               .entity = entity_,
                               .start = moment,
                               .end = {},
                               .told = at.end() + kArchiveLateness,
                               .phases = "median rule"});
        } else {
            claims_.back().end = moment;
        }
    }

    const Entity& entity_;
    const std::vector<Step>& steps_;
    const Blind& blind_;
    std::int64_t last_;
    std::vector<evaluate::Claim>& claims_;
    bool open_ = false;
};

using AllSeries = boost::unordered_flat_map<Entity, Series, std::hash<Entity>>;

/// Entities in order, without continents and without networks in a country that is their only one.
std::vector<Entity> judged(const AllSeries& all) {
    std::map<Asn, unsigned> countries;
    for (const auto& [entity, series] : all)
        countries[entity.asn] += entity.kind == Entity::Kind::AsnCountry ? 1 : 0;
    std::vector<Entity> entities;
    for (const auto& [entity, series] : all) {
        const bool twin = entity.kind == Entity::Kind::AsnCountry && countries[entity.asn] < 2;
        if (!twin && entity.kind != Entity::Kind::Continent) entities.push_back(entity);
    }
    std::ranges::sort(entities);
    return entities;
}

}  // namespace

Result<ReferenceClaims> median_rule_claims(store::Reader& reader) {
    AllSeries all;
    auto read = reader.rows(store::kAllTime, [&](const store::EntityRow& row) {
        Series& series = all[row.entity];
        add(series.v4, row.bin.index, row.v4.blocks_any_cover[kHalfVisible]);
        add(series.v6, row.bin.index, row.v6.blocks_any_cover[kHalfVisible]);
    });
    if (!read) return std::unexpected(read.error());
    const auto bins = reader.bins(store::kAllTime);
    if (!bins) return std::unexpected(bins.error());
    Blind blind_v4;
    Blind blind_v6;
    for (const store::BinRow& bin : *bins) {
        if (bin.v4.live == 0) blind_v4.push_back(bin.bin.index);
        if (bin.v6.live == 0) blind_v6.push_back(bin.bin.index);
    }
    ReferenceClaims found;
    const std::int64_t last = bins->empty() ? 0 : bins->back().bin.index;
    for (const Entity& entity : judged(all)) {
        const Series& series = all.at(entity);
        const bool has_v4 =
            std::ranges::any_of(series.v4, [](const Step& s) { return s.value > 0; });
        Rule(entity, has_v4 ? series.v4 : series.v6, has_v4 ? blind_v4 : blind_v6, last,
             found.claims)
            .run();
        ++found.entities;
    }
    return found;
}

}  // namespace dimout::app
