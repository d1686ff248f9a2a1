#include "assess/assessor.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <utility>

#include "assess/artifact.h"
#include "assess/outage_case.h"

namespace dimout::assess {
namespace {

/// So much deeper, and a new revision says it.
constexpr double kDeeper = 0.05;

bool tells_more(const Outage& now, const Outage& told) {
    return now.id != told.id || now.state != told.state || now.start != told.start ||
           now.end != told.end || now.phases != told.phases || now.label != told.label ||
           now.note != told.note || std::abs(now.severity.depth - told.severity.depth) >= kDeeper;
}

bool begins(const Alert& alert) {
    return alert.in_loss() || alert.level == Alert::Level::Suspected ||
           (alert.flaps && alert.flaps->unstable && alert.step == Alert::Step::Going);
}

}  // namespace

class Assessor::State {
public:
    explicit State(const ObserverNames& names) : artifacts_(names) {}

    void add(const BinAlerts& bin);
    std::vector<Outage> take_revisions() { return std::exchange(revisions_, {}); }
    void finish(EventTime end_of_data);

private:
    using Key = std::pair<Entity, Family>;

    struct Open {
        OutageCase life;
        std::optional<Outage> told;  ///< The newest revision.
        bool held = false;           ///< IPv6, while the entity's IPv4 outage is told.
    };

    void follow(const Alert& alert, const BinAlerts& bin);
    /// Appends a revision when there is more to tell, or when `anyway`.
    void tell(Open& open, const BinAlerts& bin);
    void append(Open& open, Outage outage, EventTime known_at);
    bool hold_back(Open& open, const Entity& entity, const BinAlerts& bin);
    void see(const BinAlerts& bin);

    ArtifactWatch artifacts_;
    std::map<Key, Open> open_;
    std::vector<Outage> revisions_;
    std::optional<Bin> history_begins_;
    std::map<Family, EventTime> known_until_;
};

void Assessor::State::add(const BinAlerts& bin) {
    if (!history_begins_) history_begins_ = bin.bin;
    const auto before = static_cast<std::ptrdiff_t>(revisions_.size());
    for (const Alert& alert : bin.alerts) follow(alert, bin);
    artifacts_.add(bin, revisions_);
    std::ranges::stable_sort(revisions_.begin() + before, revisions_.end(), {}, &Outage::entity);
    see(bin);
}

void Assessor::State::see(const BinAlerts& bin) {
    for (const Family family : {Family::v4, Family::v6}) {
        if (bin.coverage(family).live > 0) known_until_[family] = bin.bin.end();
    }
}

void Assessor::State::follow(const Alert& alert, const BinAlerts& bin) {
    auto found = open_.find({alert.entity, alert.family});
    if (found == open_.end()) {
        if (!begins(alert)) return;
        found = open_
                    .try_emplace(
                        {alert.entity, alert.family},
                        Open{.life = OutageCase(alert.entity, alert.family, alert.bin), .told = {}})
                    .first;
    }
    Open& open = found->second;
    const auto known = known_until_.try_emplace(alert.family, bin.bin.start()).first->second;
    open.life.add(alert,
                  {.bin = bin.bin,
                   .known_until = bin.unwatched_since.value_or(known),
                   .speaks_from = bin.unwatched_since ? known : bin.bin.start(),
                   .coverage = bin.coverage(alert.family)});
    if (auto born = open.life.split()) {
        tell(open, bin);
        open = Open{.life = std::move(*born), .told = {}, .held = open.held};
    }
    tell(open, bin);
    if (open.life.ended()) open_.erase(found);
}

void Assessor::State::tell(Open& open, const BinAlerts& bin) {
    if (!open.life.worth_telling()) return;
    Outage now = open.life.describe();
    if (open.life.family() == Family::v6 && hold_back(open, now.entity, bin)) return;
    now.id = open.life.id();
    if (!open.told && now.state == OutageState::Merged) return;
    if (!open.told || tells_more(now, *open.told)) append(open, std::move(now), bin.known_at);
}

/// An entity has one outage at a time: IPv6 speaks only when IPv4 is well.
bool Assessor::State::hold_back(Open& open, const Entity& entity, const BinAlerts& bin) {
    const auto v4 = open_.find({entity, Family::v4});
    if (v4 != open_.end() && v4->second.told) {
        if (open.told) {
            Outage merged = *open.told;
            merged.state = OutageState::Merged;
            merged.note = "part of " + v4->second.told->id;
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
    outage.why_no_rank = "history begins " + to_rfc3339(history_begins_->start()).substr(0, 10);
    open.told = outage;
    revisions_.push_back(std::move(outage));
}

void Assessor::State::finish(EventTime end_of_data) {
    for (auto& [key, open] : open_) {
        if (!open.told) continue;
        Outage now = open.life.describe();
        if (now.severity != open.told->severity)
            append(open, std::move(now), std::max(end_of_data, open.told->known_at));
    }
}

Assessor::Assessor(const ObserverNames& names) : state_(std::make_unique<State>(names)) {}
Assessor::Assessor(Assessor&&) noexcept = default;
Assessor& Assessor::operator=(Assessor&&) noexcept = default;
Assessor::~Assessor() = default;

void Assessor::add(const BinAlerts& bin) { state_->add(bin); }
std::vector<Outage> Assessor::take_revisions() { return state_->take_revisions(); }
void Assessor::finish(EventTime end_of_data) { state_->finish(end_of_data); }

}  // namespace dimout::assess
