#include "detect/detector.h"

#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>
#include <deque>
#include <optional>
#include <utility>

#include "base/error.h"
#include "detect/entity_detector.h"

namespace dimout::detect {
namespace {

using Index = std::uint32_t;

struct Watched {
    Entity entity;
    SignalTrack v4;
    SignalTrack v6;
    bool duplicate =
        false;  ///< Of its network, which has no other country; decided when an alarm begins.

    [[nodiscard]] bool active() const { return v4.active() || v6.active(); }
};

EntityNews news_of(const EntityBin& row, Family family) {
    const bool v4 = family == Family::v4;
    return {.level = v4 ? row.v4 : row.v6,
            .fallen = v4 ? row.churn.addresses_fallen_v4 : row.churn.blocks_fallen_v6,
            .transitions = &row.transitions};
}

}  // namespace

class Detector::State {
public:
    BinAlerts add(const VisibilityBin& bin);
    [[nodiscard]] bool watches(const Entity& entity) const { return indexes_.contains(entity); }

private:
    Index index_of(const Entity& entity);
    void judge(Index index, const EntityBin* row, BinAlerts& out);
    void judge_family(Watched& watched, Family family, const EntityBin* row, BinAlerts& out);
    [[nodiscard]] bool is_duplicate(const Entity& entity) const;
    void begin(const VisibilityBin& bin);

    std::deque<Watched> watched_;
    boost::unordered_flat_map<Entity, Index, std::hash<Entity>> indexes_;
    boost::unordered_flat_map<std::uint32_t, std::uint32_t> countries_of_asn_;
    std::vector<Index> active_;
    BinView v4_;
    BinView v6_;
    std::optional<Bin> last_;
};

BinAlerts Detector::State::add(const VisibilityBin& bin) {
    DIMOUT_CHECK(!last_ || *last_ < bin.bin);
    const bool observers_changed =
        v4_.coverage.live != bin.v4.live || v6_.coverage.live != bin.v6.live;
    begin(bin);
    BinAlerts out{.bin = bin.bin,
                  .unwatched_since = bin.unwatched_since,
                  .known_at = bin.known_at,
                  .v4 = bin.v4,
                  .v6 = bin.v6,
                  .alerts = {},
                  .health = bin.health};
    std::vector<std::pair<Index, const EntityBin*>> looks;
    for (const EntityBin& row : bin.changed) {
        if (row.entity.kind != Entity::Kind::Continent)
            looks.emplace_back(index_of(row.entity), &row);
    }
    for (const Index index : active_) looks.emplace_back(index, nullptr);
    if (observers_changed) {
        for (Index index = 0; index < watched_.size(); ++index) looks.emplace_back(index, nullptr);
    }
    // A row goes before the look without news at the same entity, which is then left out.
    std::ranges::sort(looks, [](const auto& a, const auto& b) {
        return std::pair(a.first, a.second == nullptr) < std::pair(b.first, b.second == nullptr);
    });
    const auto twice = std::ranges::unique(looks, {}, &std::pair<Index, const EntityBin*>::first);
    looks.erase(twice.begin(), twice.end());

    active_.clear();
    for (const auto& [index, row] : looks) judge(index, row, out);
    std::ranges::sort(out.alerts, {},
                      [](const Alert& alert) { return std::pair(alert.entity, alert.source()); });
    return out;
}

void Detector::State::begin(const VisibilityBin& bin) {
    const std::int64_t reach = last_ && bin.unwatched_since ? bin.bin.index - last_->index : 1;
    const auto next = [&](BinView& view, Family family, const Coverage& coverage) {
        const bool was_known = last_ && view.coverage.live > 0;
        view = {.bin = bin.bin,
                .family = family,
                .coverage = coverage,
                .reach = reach,
                .known_before = view.known_before + (was_known ? reach : 0)};
    };
    next(v4_, Family::v4, bin.v4);
    next(v6_, Family::v6, bin.v6);
    last_ = bin.bin;
}

Index Detector::State::index_of(const Entity& entity) {
    const auto [place, added] = indexes_.try_emplace(entity, static_cast<Index>(watched_.size()));
    if (added) {
        watched_.push_back({.entity = entity, .v4 = {}, .v6 = {}});
        if (entity.kind == Entity::Kind::AsnCountry) ++countries_of_asn_[entity.asn.value];
    }
    return place->second;
}

bool Detector::State::is_duplicate(const Entity& entity) const {
    if (entity.kind != Entity::Kind::AsnCountry) return false;
    const auto count = countries_of_asn_.find(entity.asn.value);
    return count == countries_of_asn_.end() || count->second < 2;
}

void Detector::State::judge(Index index, const EntityBin* row, BinAlerts& out) {
    Watched& watched = watched_[index];
    if (!watched.active()) watched.duplicate = is_duplicate(watched.entity);
    judge_family(watched, Family::v4, row, out);
    judge_family(watched, Family::v6, row, out);
    if (watched.active()) active_.push_back(index);
}

void Detector::State::judge_family(Watched& watched, Family family, const EntityBin* row,
                                   BinAlerts& out) {
    SignalTrack& track = family == Family::v4 ? watched.v4 : watched.v6;
    const BinView& view = family == Family::v4 ? v4_ : v6_;
    const auto news = row != nullptr ? std::optional(news_of(*row, family)) : std::nullopt;
    auto alert = track.judge(view, news ? &*news : nullptr);
    if (!alert || watched.duplicate) return;
    alert->entity = watched.entity;
    if (row != nullptr) alert->transitions = row->transitions;
    out.alerts.push_back(std::move(*alert));
}

Detector::Detector() : state_(std::make_unique<State>()) {}
Detector::Detector(Detector&&) noexcept = default;
Detector& Detector::operator=(Detector&&) noexcept = default;
Detector::~Detector() = default;

BinAlerts Detector::add(const VisibilityBin& bin) { return state_->add(bin); }
bool Detector::watches(const Entity& entity) const { return state_->watches(entity); }

}  // namespace dimout::detect
