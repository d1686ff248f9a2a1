#include "detect/count_detector.h"

#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>
#include <deque>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include "detect/count_episode.h"
#include "detect/fusion.h"

namespace dimout::detect {
namespace {

using Index = std::uint32_t;

/// Without a sample for three of its widths, and an hour, nobody watches the entity.
constexpr int kPatientWidths = 3;

struct Track {
    std::string signal;
    SignalKind kind = SignalKind::Traffic;
    CountTrack track;
};

struct Watched {
    Entity entity;
    std::vector<Track> tracks;  ///< By signal.
    Fusion fusion;
    Fusion::Verdict verdict;
    CountEpisode episode;
    TimeRange tick{};
    EventTime heard_until{};
};

/// The alerts of one entity within those of a bin, in order of source.
std::span<const Alert> alerts_of(const Entity& entity, std::span<const Alert> alerts) {
    const auto found = std::ranges::equal_range(alerts, entity, {}, &Alert::entity);
    return {found.begin(), found.end()};
}

RouteSight sight_of(const Alert& alert, std::uint32_t live) {
    RouteSight sight{.visible = live, .observers = live, .share = 1};
    if (!alert.in_loss() || alert.of == 0) return sight;
    sight.share = 1 - static_cast<double>(alert.lost) / static_cast<double>(alert.of);
    // The median address is among the lost ones when they are half of all.
    if (alert.lost * 2 >= alert.of)
        sight.visible = static_cast<std::uint32_t>(
            (std::uint64_t{alert.still_seen} * live + kMillion / 2) / kMillion);
    return sight;
}

}  // namespace

class CountDetector::State {
public:
    explicit State(const CountOptions& options) : options_(options) {}
    void add(std::span<const Sample> samples, const Detector* routes, BinAlerts& bin);

private:
    using Samples = std::vector<const Sample*>;

    Index index_of(const Entity& entity);
    Track& track_of(Watched& watched, const Sample& sample) const;
    void judge(Watched& watched, std::span<const Sample* const> samples, const Detector* routes,
               BinAlerts& bin, std::vector<Alert>& alerts);
    void tick(Watched& watched, std::span<const Sample* const> samples,
              const std::optional<Evidence>& routes, std::vector<Evidence>& heard) const;
    [[nodiscard]] static std::optional<Evidence> routes_of(const Entity& entity,
                                                           const Detector* routes,
                                                           const BinAlerts& bin);

    CountOptions options_;
    std::deque<Watched> watched_;
    boost::unordered_flat_map<Entity, Index, std::hash<Entity>> indexes_;
    std::vector<Index> open_;
    std::optional<Bin> last_;
    std::int64_t bins_passed_ = 1;
};

void CountDetector::State::add(std::span<const Sample> samples, const Detector* routes,
                               BinAlerts& bin) {
    bins_passed_ = last_ ? bin.bin.index - last_->index : 1;
    last_ = bin.bin;
    std::vector<std::pair<Index, const Sample*>> looks;
    looks.reserve(samples.size() + open_.size());
    for (const Sample& sample : samples) looks.emplace_back(index_of(sample.entity), &sample);
    for (const Index index : open_) looks.emplace_back(index, nullptr);
    // By entity; of one entity by time and signal, whatever the order in which they were read.
    const auto key = [](const auto& look) {
        return std::pair(look.first,
                         look.second == nullptr ? EventTime::max() : look.second->until());
    };
    std::ranges::stable_sort(looks, [&](const auto& a, const auto& b) {
        if (key(a) != key(b)) return key(a) < key(b);
        return a.second != nullptr && b.second != nullptr && a.second->signal < b.second->signal;
    });
    open_.clear();
    std::vector<Alert> alerts;
    Samples mine;
    for (auto look = looks.begin(); look != looks.end();) {
        const Index index = look->first;
        mine.clear();
        for (; look != looks.end() && look->first == index; ++look) {
            if (look->second != nullptr) mine.push_back(look->second);
        }
        judge(watched_[index], mine, routes, bin, alerts);
        if (watched_[index].episode.open()) open_.push_back(index);
    }
    bin.alerts.insert(bin.alerts.end(), std::make_move_iterator(alerts.begin()),
                      std::make_move_iterator(alerts.end()));
    std::ranges::sort(bin.alerts, {},
                      [](const Alert& alert) { return std::pair(alert.entity, alert.source()); });
    std::ranges::stable_sort(bin.witnesses, {}, [](const Witness& witness) {
        return std::tie(witness.entity, witness.signal);
    });
}

Index CountDetector::State::index_of(const Entity& entity) {
    const auto [place, added] = indexes_.try_emplace(entity, static_cast<Index>(watched_.size()));
    if (added)
        watched_.push_back({.entity = entity,
                            .tracks = {},
                            .fusion = Fusion(options_.budget),
                            .verdict = {},
                            .episode = {}});
    return place->second;
}

Track& CountDetector::State::track_of(Watched& watched, const Sample& sample) const {
    auto place = std::ranges::lower_bound(watched.tracks, sample.signal, {}, &Track::signal);
    if (place != watched.tracks.end() && place->signal == sample.signal) return *place;
    CountOptions options = options_;
    options.kind = kind_of_signal(sample.signal).value_or(SignalKind::Traffic);
    return *watched.tracks.insert(
        place, Track{.signal = sample.signal, .kind = options.kind, .track = CountTrack(options)});
}

void CountDetector::State::judge(Watched& watched, std::span<const Sample* const> samples,
                                 const Detector* routes, BinAlerts& bin,
                                 std::vector<Alert>& alerts) {
    const auto of_routes = alerts_of(watched.entity, bin.alerts);
    const bool held = watched.episode.in_loss() || std::ranges::any_of(of_routes, &Alert::in_loss);
    for (Track& track : watched.tracks) track.track.hold(held);

    std::vector<Evidence> heard;
    const auto seen_routes = routes_of(watched.entity, routes, bin);
    for (auto first = samples.begin(); first != samples.end();) {
        const EventTime until = (*first)->until();
        const auto last = std::find_if(
            first, samples.end(), [&](const Sample* sample) { return sample->until() != until; });
        tick(watched, {first, last}, seen_routes, heard);
        first = last;
    }
    auto alert = watched.episode.judge(bin.bin, bins_passed_, watched.verdict, watched.tick,
                                       bin.bin.end() <= watched.heard_until);
    if (alert) {
        alert->entity = watched.entity;
        alert->routes_well = seen_routes && !seen_routes->learning &&
                             std::ranges::none_of(of_routes, &Alert::in_loss);
        alerts.push_back(std::move(*alert));
    }
    if (!alert && of_routes.empty()) return;
    for (const Evidence& evidence : heard) {
        bin.witnesses.push_back({.entity = watched.entity,
                                 .signal = evidence.signal,
                                 .kind = evidence.kind,
                                 .nats = nats_for_out(evidence),
                                 .reach = reach_of(evidence)});
    }
}

/// Fuses the samples that ended at one moment; what they say is added to `heard`.
void CountDetector::State::tick(Watched& watched, std::span<const Sample* const> samples,
                                const std::optional<Evidence>& routes,
                                std::vector<Evidence>& heard) const {
    std::vector<Evidence> now;
    TimeRange range{samples.front()->from, samples.front()->until()};
    for (const Sample* sample : samples) {
        Evidence evidence = track_of(watched, *sample).track.judge(*sample);
        if (!sample->value || evidence.learning) continue;
        range.from = std::min(range.from, sample->from);
        const auto patience =
            std::max<std::chrono::seconds>(kPatientWidths * sample->width, std::chrono::hours{1});
        watched.heard_until = std::max(watched.heard_until, sample->until() + patience);
        now.push_back(std::move(evidence));
    }
    if (now.empty()) return;
    heard.insert(heard.end(), now.begin(), now.end());
    if (routes) now.push_back(*routes);
    watched.verdict = watched.fusion.judge(range, now);
    watched.tick = range;
}

std::optional<Evidence> CountDetector::State::routes_of(const Entity& entity,
                                                        const Detector* routes,
                                                        const BinAlerts& bin) {
    if (routes == nullptr || !routes->watches(entity)) return std::nullopt;
    for (const Alert& alert : alerts_of(entity, bin.alerts)) {
        const Coverage& coverage = bin.coverage(alert.family);
        if (!alert.of_counts && coverage.live > 0)
            return route_evidence(entity, bin.bin, sight_of(alert, coverage.live));
    }
    const Coverage& coverage = bin.v4.live > 0 ? bin.v4 : bin.v6;
    return route_evidence(entity, bin.bin,
                          {.visible = coverage.live, .observers = coverage.live, .share = 1});
}

CountDetector::CountDetector(const CountOptions& options)
    : state_(std::make_unique<State>(options)) {}
CountDetector::CountDetector(CountDetector&&) noexcept = default;
CountDetector& CountDetector::operator=(CountDetector&&) noexcept = default;
CountDetector::~CountDetector() = default;

void CountDetector::add(std::span<const Sample> samples, const Detector* routes, BinAlerts& bin) {
    state_->add(samples, routes, bin);
}

}  // namespace dimout::detect
