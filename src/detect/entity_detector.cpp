#include "detect/entity_detector.h"

#include <algorithm>

namespace dimout::detect {
namespace {

/// What a table shows in the first hour was there before; what comes later must stay a day before
/// its going is news, or every leaked route would become an outage of the one who leaked it.
constexpr std::int64_t kFirstHour = 12;
constexpr std::uint32_t kExcusedBins = 72;

/// How long a darkness must have lasted at the end of its first bin (study methods §2.5).
constexpr std::chrono::seconds kPersists{120};

/// The middle of the times that `pick` finds; empty when there are none.
template <typename Pick>
std::optional<EventTime> middle(const std::vector<TransitionTimes>& transitions, Pick pick) {
    std::vector<EventTime> times;
    for (const TransitionTimes& transition : transitions) {
        if (const auto time = pick(transition)) times.push_back(*time);
    }
    if (times.empty()) return std::nullopt;
    const auto half = times.begin() + static_cast<std::ptrdiff_t>((times.size() - 1) / 2);
    std::ranges::nth_element(times, half);
    return *half;
}

std::optional<EventTime> if_ever(EventTime time) {
    return unix_seconds(time) == TransitionTimes::kNever ? std::nullopt : std::optional(time);
}

bool persisted(const BinView& view, const EntityNews* news) {
    if (news == nullptr || news->transitions == nullptr) return true;
    const auto lost = middle(*news->transitions, [](const TransitionTimes& transition) {
        return if_ever(transition.first_gain) ? std::nullopt : if_ever(transition.last_loss);
    });
    return !lost || *lost <= view.bin.end() - kPersists;
}

}  // namespace

std::optional<Alert> SignalTrack::judge(const BinView& view, const EntityNews* news) {
    if (view.coverage.live == 0) {
        if (news != nullptr) remember(*news);
        if (level_ == Level::Normal && !open_) return std::nullopt;
        return Alert{.entity = {},
                     .family = view.family,
                     .bin = view.bin,
                     .level = Level::Unknown,
                     .of = 0,
                     .flaps = {},
                     .transitions = {}};
    }
    learn(view);
    if (news != nullptr) remember(*news);
    now_ = seen(votes_, half_, view.coverage.live);
    if (!trusted(view.family)) return std::nullopt;

    const Losses found = losses(view);
    const bool was_told = open_ || level_ == Level::Suspected;
    level_ = next_level(found, view, news);
    excuse(found, view);
    const std::uint64_t fallen = count_flaps(view, news);
    if (chain_ && chain_->over(view.bin)) chain_.reset();
    const bool unstable = chain_ && chain_->summary(view.bin)->unstable;
    quiet_ = level_ == Level::Normal && fallen == 0 ? more(quiet_, view.reach) : Bins{0};
    lost_for_ = level_ == Level::Normal ? Bins{0} : more(lost_for_, view.reach);
    const bool in_loss = level_ != Level::Normal && level_ != Level::Suspected;
    open_ = open_ || in_loss || (fallen > 0 && unstable);
    if (!was_told && !open_ && level_ != Level::Suspected) return std::nullopt;

    Alert told = alert(view, found);
    told.fallen = fallen;
    told.step = step_on();
    return told;
}

/// Adds the bins since the last look, all like the last one, to the baseline. History begins with
/// the first route; an active track learns nothing.
void SignalTrack::learn(const BinView& view) {
    const std::int64_t bins = view.known_before - learnt_until_;
    const bool began = !baseline_.empty() || now_.share > 0;
    if (began && bins > 0 && !active()) {
        if (baseline_.empty()) founder_ = learnt_until_ < kFirstHour;
        baseline_.add(now_,
                      static_cast<std::uint32_t>(std::min<std::int64_t>(bins, kBaselineBins)));
    }
    learnt_until_ = static_cast<std::uint32_t>(view.known_before);
}

void SignalTrack::remember(const EntityNews& news) {
    votes_ = news.level.votes;
    half_ = news.level.addresses[kHalfVisible];
    carried_ = news.level.carried;
    known_ = news.level.known;
}

bool SignalTrack::trusted(Family family) {
    if (active()) return true;
    if (baseline_.empty() || baseline_.usual().addresses < unit(family)) return false;
    return founder_ || baseline_.bins() >= kDayOfBins;
}

SignalTrack::Losses SignalTrack::losses(const BinView& view) {
    const Seen& usual = baseline_.usual();
    const Coverage& coverage = view.coverage;
    const std::uint32_t doubt = millionths(coverage.unhealthy, coverage.live);
    const std::uint32_t votes = loss(share_at_least(usual.share, known_, coverage), now_.share);
    const std::uint32_t addresses = loss(usual.addresses, now_.addresses);
    Losses found{.plain = {.votes = loss(usual.share, now_.share), .addresses = addresses},
                 .firm = {.votes = votes > doubt ? votes - doubt : 0, .addresses = addresses},
                 .thresholds = thresholds(view.family, usual.addresses)};
    found.begins = reaches(found.firm, found.thresholds.enter, coverage.live);
    found.over = !reaches(found.plain, found.thresholds.leave, coverage.live);
    return found;
}

Alert::Level SignalTrack::next_level(const Losses& losses, const BinView& view,
                                     const EntityNews* news) const {
    const bool dark = losses.plain.votes >= kDark && carried_ == 0;
    const bool darkens = dark && losses.firm.votes >= kDarkBeyondDoubt;
    switch (level_) {
        case Level::Normal:
            if (darkens && persisted(view, news)) return Level::Dark;
            return losses.begins ? Level::Suspected : Level::Normal;
        case Level::Suspected:
            if (darkens) return Level::Dark;
            return losses.begins ? Level::Degraded : Level::Normal;
        case Level::Degraded:
            if (darkens) return Level::Dark;
            return losses.over ? Level::Normal : Level::Degraded;
        case Level::Dark:
            if (dark) return Level::Dark;
            return losses.over ? Level::Normal : Level::Partial;
        case Level::Partial:
            if (darkens) return Level::Dark;
            return losses.over ? Level::Normal : Level::Partial;
        case Level::Unknown: break;
    }
    return Level::Normal;
}

/// A loss that our own trouble explains teaches nothing; after six hours it is what we see now.
void SignalTrack::excuse(const Losses& losses, const BinView& view) {
    const bool explained = level_ == Level::Normal && !losses.begins &&
                           losses.plain.votes > losses.firm.votes &&
                           losses.plain.votes >= losses.thresholds.enter;
    excused_ = explained ? more(excused_, view.reach) : Bins{0};
    if (excused_ <= kExcusedBins) return;
    baseline_.restart(now_);
    excused_ = 0;
}

std::uint64_t SignalTrack::count_flaps(const BinView& view, const EntityNews* news) {
    const Coverage& coverage = view.coverage;
    if (news == nullptr || news->fallen == 0 || excused_ > 0 ||
        coverage.unhealthy * 2 >= coverage.live)
        return 0;
    const std::uint64_t of = baseline_.usual().addresses;
    const std::uint64_t down = of > now_.addresses ? of - now_.addresses : 0;
    std::optional<EventTime> first;
    std::optional<EventTime> last;
    if (news->transitions != nullptr) {
        first = middle(*news->transitions,
                       [](const TransitionTimes& t) { return if_ever(t.first_loss); });
        last = middle(*news->transitions,
                      [](const TransitionTimes& t) { return if_ever(t.last_loss); });
    }
    const EventTime start = view.bin.start();
    if (!chain_) chain_ = std::make_unique<FlapChain>();
    const bool counted =
        chain_->fell(view.bin, first.value_or(start), last.value_or(start), news->fallen, down, of);
    return counted ? std::min(of, news->fallen) : 0;
}

/// Ends the episode when its time has come; the baseline moves again from then on.
Alert::Step SignalTrack::step_on() {
    if (lost_for_ >= kBaselineBins) {
        baseline_.restart(now_);
        open_ = false;
        level_ = Level::Normal;
        lost_for_ = 0;
        return Alert::Step::LevelShift;
    }
    if (level_ != Level::Normal) return Alert::Step::Going;
    if (open_ && quiet_ < kHoldBins) return Alert::Step::Going;
    open_ = false;
    return Alert::Step::Close;
}

Alert SignalTrack::alert(const BinView& view, const Losses& losses) {
    const Seen& usual = baseline_.usual();
    Alert told{.entity = {},
               .family = view.family,
               .bin = view.bin,
               .level = level_,
               .of = usual.addresses,
               .flaps = chain_ ? chain_->summary(view.bin) : std::nullopt,
               .transitions = {}};
    if (level_ == Level::Normal) return told;
    const LostAddresses lost = lost_addresses(usual, now_, losses.plain.votes);
    told.loss = losses.plain.votes;
    told.lost = lost.lost;
    told.still_seen = lost.still_seen;
    return told;
}

}  // namespace dimout::detect
