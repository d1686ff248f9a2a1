#include "detect/detector.h"

#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>
#include <deque>
#include <optional>
#include <utility>

#include "base/block_vector.h"
#include "base/error.h"
#include "base/handle_table.h"
#include "detect/entity_detector.h"

namespace dimout::detect {
namespace {

using Index = std::uint32_t;

constexpr Index kNone = 0xFFFF'FFFF;

/// What has its name in a list beside.
bool has_long_name(Entity::Kind kind) {
    return kind == Entity::Kind::Prefix || kind == Entity::Kind::Region ||
           kind == Entity::Kind::Group;
}

/// 16 bytes: most entities have routes of one family.
struct Watched {
    Entity::Kind kind{};
    bool duplicate =
        false;  ///< Of its network, which has no other country; decided when an alarm begins.
    CountryCode country;
    std::uint32_t asn_or_name = 0;  ///< The place of a long name.
    Index v4 = kNone;               ///< Of its track.
    Index v6 = kNone;
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
    [[nodiscard]] bool watches(const Entity& entity) const { return find(entity).has_value(); }

private:
    [[nodiscard]] std::optional<Index> find(const Entity& entity) const;
    [[nodiscard]] Entity entity_of(const Watched& watched) const;
    Index index_of(const Entity& entity);
    Index watch(const Entity& entity);
    void judge(Index index, const EntityBin* row, BinAlerts& out);
    void judge_family(Watched& watched, Family family, const EntityBin* row, BinAlerts& out);
    SignalTrack* track_of(Watched& watched, Family family, const EntityBin* row);
    [[nodiscard]] bool is_active(const Watched& watched) const;
    [[nodiscard]] bool is_duplicate(const Watched& watched) const;
    void begin(const VisibilityBin& bin);

    BlockVector<Watched> watched_;
    BlockVector<SignalTrack, 512> tracks_;
    std::deque<Entity> long_names_;
    HandleTable indexes_;
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
    // All entities first: whether one is the only country of its network must not depend on order.
    std::vector<Index> of_rows;
    for (const EntityBin& row : bin.changed) {
        if (row.entity.kind != Entity::Kind::Continent) of_rows.push_back(index_of(row.entity));
    }
    const std::vector<Index> were_active = std::exchange(active_, {});
    std::vector<bool> is_judged(watched_.size());
    const auto look = [&](Index index, const EntityBin* row) {
        if (!is_judged[index]) judge(index, row, out);
        is_judged[index] = true;
    };
    auto next = of_rows.begin();
    for (const EntityBin& row : bin.changed) {
        if (row.entity.kind != Entity::Kind::Continent) look(*next++, &row);
    }
    for (const Index index : were_active) look(index, nullptr);
    for (Index index = 0; observers_changed && index < watched_.size(); ++index)
        look(index, nullptr);
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

std::optional<Index> Detector::State::find(const Entity& entity) const {
    return indexes_.find(std::hash<Entity>{}(entity), [&](Index index) {
        const Watched& watched = watched_[index];
        if (watched.kind != entity.kind) return false;
        return has_long_name(entity.kind)
                   ? long_names_[watched.asn_or_name] == entity
                   : watched.asn_or_name == entity.asn.value && watched.country == entity.country;
    });
}

Entity Detector::State::entity_of(const Watched& watched) const {
    if (has_long_name(watched.kind)) return long_names_[watched.asn_or_name];
    return {.kind = watched.kind,
            .country = watched.country,
            .asn = Asn{watched.asn_or_name},
            .name = {}};
}

Index Detector::State::index_of(const Entity& entity) {
    if (const auto known = find(entity)) return *known;
    const Index index = watch(entity);
    if (indexes_.insert(std::hash<Entity>{}(entity), index)) return index;
    indexes_.grow();
    for (Index i = 0; i < watched_.size(); ++i)
        static_cast<void>(indexes_.insert(std::hash<Entity>{}(entity_of(watched_[i])), i));
    return index;
}

Index Detector::State::watch(const Entity& entity) {
    Watched& watched = watched_.emplace_back();
    watched.kind = entity.kind;
    watched.country = entity.country;
    watched.asn_or_name = entity.asn.value;
    if (has_long_name(entity.kind)) {
        watched.asn_or_name = static_cast<std::uint32_t>(long_names_.size());
        long_names_.push_back(entity);
    }
    if (entity.kind == Entity::Kind::AsnCountry) ++countries_of_asn_[entity.asn.value];
    return static_cast<Index>(watched_.size() - 1);
}

bool Detector::State::is_active(const Watched& watched) const {
    return (watched.v4 != kNone && tracks_[watched.v4].active()) ||
           (watched.v6 != kNone && tracks_[watched.v6].active());
}

bool Detector::State::is_duplicate(const Watched& watched) const {
    if (watched.kind != Entity::Kind::AsnCountry) return false;
    const auto count = countries_of_asn_.find(watched.asn_or_name);
    return count == countries_of_asn_.end() || count->second < 2;
}

void Detector::State::judge(Index index, const EntityBin* row, BinAlerts& out) {
    Watched& watched = watched_[index];
    if (!is_active(watched)) watched.duplicate = is_duplicate(watched);
    for (const Family family : {Family::v4, Family::v6}) judge_family(watched, family, row, out);
    if (is_active(watched)) active_.push_back(index);
}

/// A family that an entity never had routes of has no track: there is nothing to lose.
SignalTrack* Detector::State::track_of(Watched& watched, Family family, const EntityBin* row) {
    Index& track = family == Family::v4 ? watched.v4 : watched.v6;
    if (track == kNone) {
        if (row == nullptr || (family == Family::v4 ? row->v4 : row->v6) == VisibilityLevel{})
            return nullptr;
        track = static_cast<Index>(tracks_.size());
        tracks_.emplace_back();
    }
    return &tracks_[track];
}

void Detector::State::judge_family(Watched& watched, Family family, const EntityBin* row,
                                   BinAlerts& out) {
    SignalTrack* const track = track_of(watched, family, row);
    if (track == nullptr) return;
    const BinView& view = family == Family::v4 ? v4_ : v6_;
    const auto news = row != nullptr ? std::optional(news_of(*row, family)) : std::nullopt;
    auto alert = track->judge(view, news ? &*news : nullptr);
    if (!alert || watched.duplicate) return;
    alert->entity = entity_of(watched);
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
