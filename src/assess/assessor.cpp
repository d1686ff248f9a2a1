#include "assess/assessor.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <span>
#include <utility>

#include "assess/artifact.h"
#include "assess/known_outages.h"
#include "assess/company.h"
#include "assess/outage_case.h"

namespace dimout::assess {
namespace {

/// Outages of one entity with a shorter pause are one episode: they come in clusters of that scale
/// (study methods §2.4).
constexpr std::chrono::hours kEpisodePause{72};

/// So much deeper, and a new revision says it.
constexpr double kDeeper = 0.05;

bool worsening(const Outage& outage) {
    return outage.instability && outage.instability->worsening();
}

bool tells_more(const Outage& now, const Outage& told) {
    return now.id != told.id || now.state != told.state || now.start != told.start ||
           now.end != told.end || now.phases != told.phases || now.label != told.label ||
           now.signals != told.signals || now.divergence != told.divergence ||
           worsening(now) != worsening(told) || now.note != told.note ||
           std::abs(now.severity.depth - told.severity.depth) >= kDeeper;
}

bool begins(const Alert& alert) {
    return alert.in_loss() || alert.level == Alert::Level::Suspected ||
           (alert.flaps && alert.flaps->unstable && alert.step == Alert::Step::Going);
}

bool well_observed(const BinAlerts& bin) {
    const Coverage& coverage = bin.v4.usual > 0 ? bin.v4 : bin.v6;
    return coverage.live > 0 && coverage.near_usual();
}

bool was_dark(const Outage& outage) {
    return std::ranges::any_of(outage.phases,
                               [](const PhaseSpan& span) { return span.phase == Phase::Dark; });
}

}  // namespace

class Assessor::State {
public:
    explicit State(const ObserverNames& names) : artifacts_(names) {}

    void recall(const Outage& outage) {
        known_.add(outage);
        note_episode(outage);
    }
    void recall_observed(TimeRange range, bool well) { known_.observed(range, well); }
    void add(const BinAlerts& bin);
    std::vector<Outage> take_revisions() { return std::exchange(revisions_, {}); }
    void finish(EventTime end_of_data);

private:
    using Key = std::pair<Entity, AlertSource>;
    using Alerts = std::span<const Alert>;

    struct Open {
        OutageCase life;
        Company company;             ///< Of routes: the counts beside them.
        std::optional<Outage> told;  ///< The newest revision.
        bool held = false;           ///< While an outage of a leading source is told.
    };

    void follow_entity(Alerts alerts, std::span<const Witness> witnesses, const BinAlerts& bin);
    void follow(const Alert& alert, const BinAlerts& bin);
    void accompany(const Entity& entity, Alerts alerts, std::span<const Witness> witnesses);
    [[nodiscard]] BinSight sight(const Alert& alert, const BinAlerts& bin);
    /// Tells all of one entity that there is to tell, and forgets what is over.
    void tell_entity(const Entity& entity, const BinAlerts& bin);
    /// Appends a revision when there is more to tell.
    void tell(Open& open, const BinAlerts& bin);
    [[nodiscard]] Outage compose(const Open& open) const;
    [[nodiscard]] bool goes_on(const Open& open) const;
    void append(Open& open, Outage outage, EventTime known_at);
    [[nodiscard]] std::string episode_of(const Outage& outage) const;
    void note_episode(const Outage& outage);
    [[nodiscard]] bool hold_back(Open& open, const Entity& entity, const BinAlerts& bin);
    [[nodiscard]] const Open* leader_of(const Open& open, const Entity& entity) const;
    void see(const BinAlerts& bin);

    ArtifactWatch artifacts_;
    KnownOutages known_;
    std::map<Key, Open> open_;
    std::vector<Outage> revisions_;
    std::map<AlertSource, EventTime> known_until_;
    std::optional<Bin> last_;
    struct Episode {
        std::string id;
        std::optional<EventTime> ended;  ///< Empty: its newest outage is open.
    };
    std::map<Entity, Episode> episodes_;  ///< The newest of each entity.
};

void Assessor::State::add(const BinAlerts& bin) {
    const EventTime since = bin.unwatched_since.value_or(bin.bin.start());
    known_.observed({since, bin.bin.end()}, well_observed(bin));
    const auto before = static_cast<std::ptrdiff_t>(revisions_.size());
    auto witness = bin.witnesses.begin();
    for (auto first = bin.alerts.begin(); first != bin.alerts.end();) {
        const Entity& entity = first->entity;
        const auto last = std::find_if(first, bin.alerts.end(),
                                       [&](const Alert& alert) { return alert.entity != entity; });
        while (witness != bin.witnesses.end() && witness->entity < entity) ++witness;
        const auto said = witness;
        while (witness != bin.witnesses.end() && witness->entity == entity) ++witness;
        follow_entity({first, last}, {said, witness}, bin);
        first = last;
    }
    artifacts_.add(bin, revisions_);
    std::ranges::stable_sort(revisions_.begin() + before, revisions_.end(), {}, &Outage::entity);
    see(bin);
}

void Assessor::State::see(const BinAlerts& bin) {
    for (const auto& [source, family] : {std::pair(AlertSource::RoutesV4, Family::v4),
                                         std::pair(AlertSource::RoutesV6, Family::v6)}) {
        if (bin.coverage(family).live > 0) known_until_[source] = bin.bin.end();
    }
    last_ = bin.bin;
}

void Assessor::State::follow_entity(Alerts alerts, std::span<const Witness> witnesses,
                                    const BinAlerts& bin) {
    for (const Alert& alert : alerts) follow(alert, bin);
    accompany(alerts.front().entity, alerts, witnesses);
    tell_entity(alerts.front().entity, bin);
}

void Assessor::State::follow(const Alert& alert, const BinAlerts& bin) {
    const Key key{alert.entity, alert.source()};
    auto found = open_.find(key);
    if (found != open_.end() && found->second.life.ended()) {
        // Only its counts were still low; now the routes have news of their own.
        found->second.company.leave(bin.bin.start());
        tell(found->second, bin);
        open_.erase(found);
        found = open_.end();
    }
    if (found == open_.end()) {
        if (!begins(alert)) return;
        found = open_
                    .try_emplace(key, Open{.life = OutageCase(alert.entity, key.second, alert.bin),
                                           .company = {},
                                           .told = {}})
                    .first;
    }
    Open& open = found->second;
    const bool was_losing = open.life.losing();
    open.life.add(alert, sight(alert, bin));
    if (!was_losing && open.life.losing()) open.company.loss_begins();
}

BinSight Assessor::State::sight(const Alert& alert, const BinAlerts& bin) {
    const EventTime start = bin.bin.start();
    BinSight sight{.bin = bin.bin,
                   .known_until = start,
                   .speaks_from = start,
                   .coverage = {},
                   .bins_passed = 1};
    if (alert.of_counts) return sight;
    const auto known = known_until_.try_emplace(alert.source(), start).first->second;
    sight.known_until = bin.unwatched_since.value_or(known);
    sight.coverage = bin.coverage(alert.family);
    if (!bin.unwatched_since) return sight;
    sight.speaks_from = known;
    sight.bins_passed = last_ ? bin.bin.index - last_->index : 1;
    return sight;
}

/// Gives what the counts say to the outages of routes beside them.
void Assessor::State::accompany(const Entity& entity, Alerts alerts,
                                std::span<const Witness> witnesses) {
    for (const AlertSource source : {AlertSource::RoutesV4, AlertSource::RoutesV6}) {
        const auto found = open_.find({entity, source});
        if (found == open_.end()) continue;
        auto& [life, company, told, held] = found->second;
        for (const Witness& witness : witnesses) company.hear(witness, life.losing());
        if (!alerts.back().of_counts) continue;
        company.see(alerts.back(), life.losing(),
                    life.only_unstable() ? std::nullopt : life.returned_at());
    }
}

void Assessor::State::tell_entity(const Entity& entity, const BinAlerts& bin) {
    for (const AlertSource source :
         {AlertSource::RoutesV4, AlertSource::RoutesV6, AlertSource::Counts}) {
        const auto found = open_.find({entity, source});
        if (found == open_.end()) continue;
        Open& open = found->second;
        if (auto born = open.life.split()) {
            tell(open, bin);
            open = Open{.life = std::move(*born),
                        .company = open.company.split(),
                        .told = {},
                        .held = open.held};
        }
        tell(open, bin);
        if (open.life.ended() && !goes_on(open)) open_.erase(found);
    }
}

void Assessor::State::tell(Open& open, const BinAlerts& bin) {
    if (!open.life.worth_telling()) return;
    Outage now = compose(open);
    if (hold_back(open, now.entity, bin)) return;
    now.id = open.life.id();
    if (!open.told && now.state == OutageState::Merged) return;
    if (!open.told || tells_more(now, *open.told)) append(open, std::move(now), bin.known_at);
}

/// What the case tells, joined with what the counts say.
Outage Assessor::State::compose(const Open& open) const {
    Outage now = open.life.describe();
    if (open.life.source() == AlertSource::Counts) {
        now.label = joint_label({}, now.signals, {});
        return now;
    }
    const Company& company = open.company;
    const auto speaking = company.speaking();
    now.calm = company.calm();
    now.label = joint_label(now.label, speaking, now.calm);
    now.signals.insert(now.signals.end(), speaking.begin(), speaking.end());
    now.confidence = std::round((1 - (1 - now.confidence) * (1 - company.sure())) * 1000) / 1000;
    now.divergence = company.divergence();
    if (!now.end || !company.low_since() || !was_dark(now)) return now;
    now.phases = with_low_counts(now.phases, now.end->best, company);
    if (company.in_loss() && now.state == OutageState::Closed) now.state = OutageState::Recovering;
    return now;
}

/// Whether the routes are done with it and the counts are not.
bool Assessor::State::goes_on(const Open& open) const {
    return open.told && !open.held && open.told->state == OutageState::Recovering;
}

/// The outage of the entity that speaks for this one, too: that of IPv4 for IPv6, that of the
/// routes for counts that fell with them.
const Assessor::State::Open* Assessor::State::leader_of(const Open& open,
                                                        const Entity& entity) const {
    for (const AlertSource source : {AlertSource::RoutesV4, AlertSource::RoutesV6}) {
        if (source >= open.life.source()) break;
        const auto found = open_.find({entity, source});
        if (found == open_.end() || !found->second.told || found->second.held) continue;
        const Open& leader = found->second;
        const bool joined = open.life.source() != AlertSource::Counts || leader.life.losing() ||
                            leader.life.only_unstable() || leader.company.in_loss();
        if (joined) return &leader;
    }
    return nullptr;
}

/// An entity has one outage at a time.
bool Assessor::State::hold_back(Open& open, const Entity& entity, const BinAlerts& bin) {
    if (const Open* leader = leader_of(open, entity)) {
        if (open.told) {
            Outage merged = *open.told;
            merged.state = OutageState::Merged;
            merged.note = "part of " + leader->told->id;
            append(open, std::move(merged), bin.known_at);
            open.told.reset();
        }
        open.held = true;
        return true;
    }
    if (!open.held) return false;
    if (!open.life.in_loss()) return true;
    open.held = false;
    open.life.born_again(bin.bin);
    return false;
}

void Assessor::State::append(Open& open, Outage outage, EventTime known_at) {
    outage.revision = open.told ? open.told->revision + 1 : 1;
    outage.known_at = known_at;
    auto ranking = known_.rank(outage, known_at);
    outage.standing = std::move(ranking.standing);
    outage.why_no_rank = std::move(ranking.why_not);
    outage.episode = open.told ? open.told->episode : episode_of(outage);
    note_episode(outage);
    known_.add(outage);
    open.told = outage;
    revisions_.push_back(std::move(outage));
}

std::string Assessor::State::episode_of(const Outage& outage) const {
    const auto last = episodes_.find(outage.entity);
    const bool same =
        last != episodes_.end() &&
        (!last->second.ended || outage.start.best - *last->second.ended < kEpisodePause);
    return same ? last->second.id : outage.id;
}

void Assessor::State::note_episode(const Outage& outage) {
    if (outage.state == OutageState::Artifact || outage.episode.empty()) return;
    const auto end = outage.end ? std::optional(outage.end->best) : std::nullopt;
    // What was merged goes on in another outage, which has no end of its own yet.
    episodes_[outage.entity] = {.id = outage.episode,
                                .ended = outage.state == OutageState::Merged ? std::nullopt : end};
}

void Assessor::State::finish(EventTime end_of_data) {
    for (auto& [key, open] : open_) {
        if (!open.told) continue;
        Outage now = compose(open);
        if (now.severity != open.told->severity)
            append(open, std::move(now), std::max(end_of_data, open.told->known_at));
    }
}

Assessor::Assessor(const ObserverNames& names) : state_(std::make_unique<State>(names)) {}
Assessor::Assessor(Assessor&&) noexcept = default;
Assessor& Assessor::operator=(Assessor&&) noexcept = default;
Assessor::~Assessor() = default;

void Assessor::recall(const Outage& outage) { state_->recall(outage); }
void Assessor::recall_observed(TimeRange range, bool well) { state_->recall_observed(range, well); }
void Assessor::add(const BinAlerts& bin) { state_->add(bin); }
std::vector<Outage> Assessor::take_revisions() { return state_->take_revisions(); }
void Assessor::finish(EventTime end_of_data) { state_->finish(end_of_data); }

}  // namespace dimout::assess
