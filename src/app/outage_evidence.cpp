#include "app/outage_evidence.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "app/local_time.h"
#include "present/clock_text.h"

namespace dimout::app {
namespace {

using cause::Feature;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

/// Relapses are looked for so long after the end (study methods §5.2, F7).
constexpr seconds kRelapseTime = hours(48);
/// Instability that ended longer before the loss is not its precursor (decision 0001).
constexpr seconds kChain = hours(6);
/// So long must have been observed before one can say that nothing came first.
constexpr seconds kLookedBefore = hours(12);
/// And so long before and after it before one can say that it came on no other day: deliberate
/// ones that recur do so within so many days (study methods §5.1).
constexpr seconds kLookedAround = days(4);
constexpr seconds kRecurrence = days(14);
/// Hosts that fall silent so long before the routes say something (F2).
constexpr seconds kSilentBefore = minutes(30);
/// Heard less often in that time, half of the hosts could be gone without being missed.
constexpr double kHeardClearly = 20;

bool is_route_signal(const std::string& signal) { return signal.starts_with("bgp"); }

/// Traffic and probes that said so, and those that stayed normal.
struct Counts {
    std::size_t fell = 0;
    std::size_t calm = 0;
};

class Gatherer {
public:
    Gatherer(store::Reader& reader, const Outage& outage, std::optional<EventTime> as_of,
             const present::Naming& naming)
        : reader_(reader), outage_(outage), as_of_(as_of), zone_name_(naming.zone(outage.entity)) {
        others_ = reader.outages(
            {.entity = outage.entity, .during = {}, .as_of = as_of, .all_revisions = false});
        std::erase_if(others_, [&](const Outage& other) {
            return other.id == outage.id || !other.source.empty() ||
                   other.state == OutageState::Artifact || other.state == OutageState::LevelShift ||
                   other.state == OutageState::Suspected;
        });
        looked_.from = reader.first_bin() ? reader.first_bin()->start() : outage.start.lo;
        looked_.until = reader.last_bin() ? reader.last_bin()->end() : outage.start.hi;
        if (as_of) looked_.until = std::min(looked_.until, *as_of);
    }

    Result<OutageEvidence> run(const WithdrawalEvidence* withdrawal) {
        found_.facts.start = outage_.start;
        found_.facts.end = outage_.end;
        clock();
        length();
        before();
        if (auto done = hosts_before(); !done) return std::unexpected(done.error());
        relapses();
        same_time();
        agreement();
        if (auto done = neighbours(); !done) return std::unexpected(done.error());
        if (withdrawal != nullptr) paths(*withdrawal);
        if (auto done = observers(); !done) return std::unexpected(done.error());
        const cause::Observations levels = cause::observe(found_.facts);
        std::erase_if(found_.seen, [&](const SeenFact& fact) { return !levels[fact.feature]; });
        return std::move(found_);
    }

private:
    void say(Feature feature, std::string value, std::string source) {
        found_.seen.push_back(
            {.feature = feature, .value = std::move(value), .source = std::move(source)});
    }

    [[nodiscard]] std::string local(EventTime time) const {
        return present::local_text(time, zone_name_);
    }

    void clock() {
        const CountryCode country = outage_.entity.country;
        if (country.none()) return;
        cause::OutageFacts& facts = found_.facts;
        facts.zone_at_start = zone_offset(country, outage_.start.best);
        if (outage_.end) facts.zone_at_end = zone_offset(country, outage_.end->best);
        const cause::Observations levels = cause::observe(facts);
        const auto about = [&](Feature feature, EventTime time, std::string_view verb) {
            say(feature,
                fmt::format("it {} at {}, {}", verb, local(time),
                            levels[feature] == 1 ? "on the hour or half hour"
                                                 : "not on the hour or half hour"),
                "routes: start and end; the zone's own history");
        };
        about(Feature::StartOnHalfHour, outage_.start.best, "began");
        if (outage_.end) about(Feature::EndOnHalfHour, outage_.end->best, "ended");
        if (const auto part = levels[Feature::PartOfDay]) {
            constexpr std::array<std::string_view, 3> kParts{
                "in the night", "in the morning or evening", "in the day"};
            say(Feature::PartOfDay,
                fmt::format("it began {} ({})", kParts[*part], local(outage_.start.best)),
                "routes: start; the zone's own history");
        }
    }

    void length() {
        if (!outage_.end) return;
        const Duration lasting = lasted(outage_);
        say(Feature::Duration, "it lasted " + present::duration_text(lasting.best),
            "routes: start and end");
    }

    /// From the first flap of the chain of instability that led to it.
    void before() {
        std::optional<EventTime> first;
        const auto take = [&](const PhaseSpan& span) {
            const EventTime until = span.until.value_or(outage_.start.best);
            if (span.phase != Phase::Unstable || span.from >= outage_.start.best ||
                until + kChain < first.value_or(outage_.start.best))
                return;
            first = std::min(span.from, first.value_or(span.from));
        };
        for (auto span = outage_.phases.rbegin(); span != outage_.phases.rend(); ++span)
            take(*span);
        if (!first && outage_.start.lo - looked_.from < kLookedBefore) return;
        const seconds lasted =
            first ? seconds(outage_.start.best - *first) : std::chrono::seconds{0};
        found_.facts.unstable_before = lasted;
        say(Feature::UnstableBefore,
            lasted.count() == 0 ? "no instability came first"
                                : present::duration_text(lasted) + " of instability came first",
            "routes: flaps before the loss");
    }

    [[nodiscard]] Counts counts() const {
        Counts sum;
        sum.fell = static_cast<std::size_t>(
            std::ranges::count_if(outage_.signals, std::not_fn(is_route_signal)));
        sum.calm = static_cast<std::size_t>(
            std::ranges::count_if(outage_.calm, std::not_fn(is_route_signal)));
        return sum;
    }

    [[nodiscard]] bool routes_fell() const {
        return std::ranges::any_of(outage_.signals, is_route_signal);
    }

    /// An outage that counts told before the routes went and that became part of this one; or else
    /// hosts that were heard all the time. A trickle says neither.
    Result<void> hosts_before() {
        if (!routes_fell()) return {};
        seconds ahead{0};
        for (const Outage& other : others_) {
            const bool of_counts = std::ranges::none_of(other.signals, is_route_signal);
            if (of_counts && other.state == OutageState::Merged &&
                other.note == "part of " + outage_.id)
                ahead = std::max(ahead, seconds(outage_.start.best - other.start.best));
        }
        const std::string source = "counts: their own alarm and last samples";
        if (ahead >= kSilentBefore) {
            found_.facts.silent_before = ahead;
            say(Feature::SilentBefore,
                fmt::format("hosts fell silent {} before the routes went",
                            present::duration_text(ahead)),
                source);
            return {};
        }
        const auto heard = heard_before();
        if (!heard) return std::unexpected(heard.error());
        if (*heard < kHeardClearly) return {};
        found_.facts.silent_before = ahead;
        say(Feature::SilentBefore,
            fmt::format("hosts were heard {:.0f} times in the half hour before the routes went",
                        *heard),
            source);
        return {};
    }

    /// What the signals that fell had counted in the half hour before; the most of any.
    Result<double> heard_before() {
        double most = 0;
        const TimeRange range{.from = outage_.start.best - kSilentBefore,
                              .until = outage_.start.best};
        for (const std::string& signal : outage_.signals) {
            if (is_route_signal(signal)) continue;
            const auto samples = reader_.samples(outage_.entity, signal, range);
            if (!samples) return std::unexpected(samples.error());
            double sum = 0;
            for (const Sample& sample : *samples) {
                if (sample.from >= range.from && sample.until() <= range.until)
                    sum += sample.value.value_or(0);
            }
            most = std::max(most, sum);
        }
        return most;
    }

    void relapses() {
        if (!outage_.end) return;
        const EventTime end = outage_.end->best;
        unsigned count = 0;
        const auto is_after = [&](EventTime time) {
            return time > end && time <= end + kRelapseTime;
        };
        for (const PhaseSpan& span : outage_.phases)
            count += span.phase != Phase::Partial && is_after(span.from);
        for (const Outage& other : others_)
            count += other.state != OutageState::Merged && is_after(other.start.best);
        if (count < 2 && looked_.until < end + kRelapseTime) return;
        found_.facts.relapses = count;
        say(Feature::Relapses,
            count == 0 ? std::string("it did not relapse within 48 h")
                       : fmt::format("it relapsed {} within 48 h",
                                     count == 1 ? "once" : fmt::format("{} times", count)),
            "routes: losses and flaps after the end");
    }

    void same_time() {
        if (!found_.facts.zone_at_start) return;
        std::vector<EventTime> starts;
        for (const Outage& other : others_) {
            if (other.state != OutageState::Merged) starts.push_back(other.start.best);
        }
        const unsigned on =
            cause::days_at_same_time(outage_.start.best, starts, *found_.facts.zone_at_start);
        const EventTime from = std::max(looked_.from, outage_.start.best - kRecurrence);
        const EventTime until = std::min(looked_.until, outage_.start.best + kRecurrence);
        const bool looked = outage_.start.best - from >= kLookedAround &&
                            until - outage_.start.best >= kLookedAround;
        if (on < 2 && !looked) return;
        found_.facts.days_at_same_time = on;
        say(Feature::SameTimeOtherDays,
            on == 0 ? "it came at this local time on no other day"
                    : fmt::format("it came at this local time on {} other {}", on,
                                  on == 1 ? "day" : "days"),
            fmt::format("own outages from {} to {}", present::utc_text(from),
                        present::utc_text(until)));
    }

    void agreement() {
        const Counts others = counts();
        if (!routes_fell() || others.fell + others.calm == 0) return;
        found_.facts.all_signals_agree = others.calm == 0;
        say(Feature::AllSignalsAgree,
            others.calm == 0 ? "routes and counts all fell"
                             : "routes fell, but other counts stayed normal",
            fmt::format("{} of {} other signals", others.fell, others.fell + others.calm));
    }

    /// What the paths of its routes show.
    void paths(const WithdrawalEvidence& withdrawal) {
        const std::string source = "paths: " + withdrawal.headline();
        cause::OutageFacts& facts = found_.facts;
        facts.withdrawn_within = withdrawal.within;
        if (facts.withdrawn_within)
            say(Feature::WithinAMinute,
                fmt::format("its prefixes went within {} s", facts.withdrawn_within->count()),
                source);
        facts.returned_within = withdrawal.back_within;
        if (facts.returned_within)
            say(Feature::ReturnedAtOnce,
                *facts.returned_within <= minutes(1)
                    ? fmt::format("its prefixes came back within {} s",
                                  facts.returned_within->count())
                    : "its prefixes came back over " +
                          present::duration_text(*facts.returned_within),
                "paths: its return");
        others(withdrawal, source);
        // That none was found says something only where routes were lost and paths known.
        if (withdrawal.who.rows.empty()) return;
        facts.other_upstream_tried = withdrawal.new_upstream.has_value();
        say(Feature::OtherUpstreamTried,
            withdrawal.new_upstream
                ? fmt::format("another upstream appeared, AS{}", withdrawal.new_upstream->value)
                : std::string("no other upstream appeared"),
            source);
    }

    /// Whose routes went with it.
    void others(const WithdrawalEvidence& withdrawal, const std::string& source) {
        constexpr std::array<std::string_view, 4> kOthers{
            "other customers of the same upstream stayed",
            "half and more of the other customers of the same upstream went too",
            "all other customers of the same upstream went too",
            "all other customers of the same upstream went too, also in other countries"};
        cause::OutageFacts& facts = found_.facts;
        facts.upstreams_others_lost = withdrawal.others_lost();
        if (facts.upstreams_others_lost)
            say(Feature::UpstreamsOthersLost,
                std::string(kOthers[static_cast<std::size_t>(*facts.upstreams_others_lost)]),
                source);
        facts.country_beside_lost = withdrawal.country_lost();
        if (facts.country_beside_lost)
            say(Feature::CountryBesideLost,
                fmt::format("{} of {} networks of the country with other upstreams went too",
                            withdrawal.country_beside.dark.size(), withdrawal.country_beside.of),
                "paths: networks registered there");
        facts.foreign_origin = withdrawal.foreign_origin();
        if (facts.foreign_origin)
            say(Feature::ForeignOrigin,
                *facts.foreign_origin ? fmt::format("{} peers heard another origin of its prefixes",
                                                    withdrawal.foreign_heard_by.size())
                                      : std::string("no other origin announced its prefixes"),
                "paths: origins when it began");
    }

    /// Networks and regions of the same country whose hosts are counted: how many fell silent, with
    /// routes that stayed, within half an hour of the onset. Two are the fewest that say something.
    Result<void> neighbours() {
        const CountryCode country = outage_.entity.country;
        if (country.none()) return {};
        const auto series = reader_.sampled_series(std::nullopt);
        if (!series) return std::unexpected(series.error());
        std::set<Entity> counted;
        for (const store::SampledSeries& one : *series) {
            if (one.entity.country == country && one.entity != outage_.entity &&
                !is_route_signal(one.signal) && one.first <= outage_.start.best - kSilentBefore &&
                one.last >= outage_.start.best + kSilentBefore)
                counted.insert(one.entity);
        }
        if (counted.size() < 2) return {};
        std::size_t silent = 0;
        for (const Entity& entity : counted) silent += fell_silent(entity);
        if (silent > 0 && silent * 2 < counted.size()) return {};
        found_.facts.neighbours_silent = silent > 0;
        say(Feature::NeighboursSilent,
            fmt::format("of {} others in the country whose hosts are counted {} fell silent while "
                        "their routes stayed",
                        counted.size(), silent),
            "counts: outages of others");
        return {};
    }

    [[nodiscard]] bool fell_silent(const Entity& entity) const {
        const TimeRange about{.from = outage_.start.best - kSilentBefore,
                              .until = outage_.start.best + kSilentBefore};
        const auto theirs = reader_.outages(
            {.entity = entity, .during = about, .as_of = as_of_, .all_revisions = false});
        const auto is_real = [&](const Outage& one) {
            return one.source.empty() && one.state != OutageState::Artifact &&
                   one.state != OutageState::LevelShift && one.state != OutageState::Suspected;
        };
        const auto of_routes = [](const Outage& one) {
            return std::ranges::any_of(one.signals, is_route_signal);
        };
        return std::ranges::any_of(theirs, is_real) &&
               std::ranges::none_of(
                   theirs, [&](const Outage& one) { return is_real(one) && of_routes(one); });
    }

    /// Ill: an outage of ours, or less than 0.7 of the usual observers live when it began (the same
    /// bar as for the word "confirmed").
    Result<void> observers() {
        const bool ours = outage_.state == OutageState::Artifact;
        const Observers& who = outage_.observers;
        if (!ours && who.usual == 0) return {};
        const auto bins = reader_.bins(
            {.from = outage_.start.lo - minutes(5), .until = outage_.start.hi + minutes(10)});
        if (!bins) return std::unexpected(bins.error());
        const bool few = std::ranges::any_of(
            *bins, [](const store::BinRow& bin) { return !bin.v4.near_usual(); });
        found_.facts.observer_bad = ours || few;
        say(Feature::ObserverBad,
            ours  ? "it is an outage of our own observers"
            : few ? "many of our observers were missing when it began"
                  : fmt::format("{} of {} usual observers were live when it began",
                                who.live_full_feed_asns, who.usual),
            "health of collectors and peers");
        return {};
    }

    store::Reader& reader_;
    const Outage& outage_;
    std::optional<EventTime> as_of_;
    std::string zone_name_;
    std::vector<Outage> others_;
    TimeRange looked_;
    OutageEvidence found_;
};

}  // namespace

Result<OutageEvidence> gather_evidence(store::Reader& reader, const Outage& outage,
                                       std::optional<EventTime> as_of,
                                       const present::Naming& naming,
                                       const WithdrawalEvidence* withdrawal) {
    return Gatherer(reader, outage, as_of, naming).run(withdrawal);
}

}  // namespace dimout::app
