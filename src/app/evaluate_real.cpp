#include "app/evaluate_real.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <set>

#include "app/evaluate_subjects.h"
#include "app/evaluate_updates.h"
#include "registry/registry.h"

namespace dimout::app {
namespace {

namespace fs = std::filesystem;
using evaluate::PlannedOutage;
using evaluate::Truth;
using std::chrono::seconds;

/// A real table and what is asked of it.
struct TableSpec {
    std::string_view name;
    std::string_view rib;
    std::string_view folder;  ///< So that the collector's name is learnt from the path.
    std::string_view rib_name;
    unsigned days = 7;
    unsigned networks_each = 4;  ///< Of each class of size.
    unsigned countries_each = 1;
    std::vector<std::uint32_t> groups;
    std::string_view real_updates;  ///< Of the same collector, a little later; may be empty.
    std::int64_t real_from = 0;
    std::int64_t real_until = 0;
    unsigned harmless = 0;
};

std::vector<TableSpec> table_specs(bool quick) {
    const TableSpec views2{.name = "real-views2",
                           .rib = "rib.20140523.0600_firstMB.bz2",
                           .folder = "route-views2/bgpdata/2014.05",
                           .rib_name = "rib.20140523.0600.bz2",
                           .days = quick ? 3U : 10U,
                           .networks_each = quick ? 2U : 6U,
                           .countries_each = 1,
                           .groups = {100, 300},
                           .real_updates = "",
                           .harmless = quick ? 12U : 150U};
    if (quick) return {views2};
    return {views2,
            {.name = "real-views6",
             .rib = "route-views6.rib.20150922.1200.bz2",
             .folder = "route-views6/bgpdata/2015.09",
             .rib_name = "rib.20150922.1200.bz2",
             .days = 10,
             .networks_each = 6,
             .groups = {100, 300, 1000},
             .real_updates = "",
             .harmless = 100},
            {.name = "real-jinx",
             .rib = "route-views.jinx.rib.20140530.2200.bz2",
             .folder = "route-views.jinx/bgpdata/2014.05",
             .rib_name = "rib.20140530.2200.bz2",
             .days = 10,
             .networks_each = 6,
             .countries_each = 3,
             .groups = {1000, 1000, 3000, 3000, 10'000, 10'000},
             .real_updates = "route-views.jinx.updates.20140530.2345.bz2",
             .real_from = 1'401'493'500,
             .real_until = 1'401'494'400}};
}

constexpr std::array kDelegated{"delegated-apnic-20140701.gz", "delegated-ripencc-20140630.gz",
                                "delegated-lacnic-20140629.gz", "delegated-afrinic-20140630.gz"};

/// Everybody who has a part in these routes.
void add_losses(const RealTable& table, std::span<const RealRouteIndex> routes,
                const TimeRange& span, Truth& truth) {
    std::set<Entity> touched;
    for (const RealRouteIndex index : routes) {
        const RealRoute& route = table.routes()[index];
        for (const CountryCode country : route.countries)
            touched.insert(Entity::of_country(country));
        for (const RealWay& way : route.ways) {
            const auto path = table.path(way.path);
            if (path.empty()) continue;
            touched.insert(Entity::of_asn({path.back()}));
            for (const CountryCode country : route.countries)
                touched.insert(Entity::of_asn_country({path.back()}, country));
        }
    }
    for (const Entity& entity : touched) truth.losses.push_back({entity, span});
}

void write_outage(const PlannedOutage& planned, std::span<const RealRouteIndex> gone,
                  UpdateWriter& writer) {
    if (planned.onset == evaluate::Onset::Ramp) {
        const std::size_t steps = std::min<std::size_t>(10, gone.size());
        for (std::size_t i = 0; i < steps; ++i) {
            const std::size_t begin = gone.size() * i / steps;
            const std::size_t end = gone.size() * (i + 1) / steps;
            writer.withdraw(
                planned.told_from() + planned.ramp * i / std::max<std::size_t>(steps - 1, 1),
                gone.subspan(begin, end - begin), planned.steps, planned.stuck);
        }
    } else {
        writer.withdraw(planned.told_from(), gone, planned.steps, planned.stuck);
    }
    writer.announce(planned.told_until(), gone);
}

Truth write_outages(const RealTable& table, const std::vector<RealSubject>& subjects,
                    const std::vector<PlannedOutage>& plan, UpdateWriter& writer) {
    Truth truth;
    for (const PlannedOutage& planned : plan) {
        const RealSubject& subject = subjects[planned.subject];
        const auto gone = std::span(subject.routes).first(planned.withdrawn);
        const double depth = table.lost_share(subject.routes, gone);
        const TimeRange span{planned.at, planned.at + planned.lasts};
        write_outage(planned, gone, writer);
        add_losses(table, gone, span, truth);
        truth.losses.push_back({subject.entity, span});
        // What lies under another route of the same network is not lost.
        if (depth < 0.05) continue;
        truth.outages.push_back({.entity = subject.entity,
                                 .span = span,
                                 .prefixes = static_cast<std::uint32_t>(subject.routes.size()),
                                 .depth = depth,
                                 .onset = planned.onset,
                                 .real = true});
    }
    return truth;
}

std::array<Prefix, 2> halves(const Prefix& prefix) {
    const unsigned length = prefix.length + 1U;
    const Address first = prefix.address();
    Address second = first;
    if (length <= 64) second.hi |= std::uint64_t{1} << (64 - length);
    return {Prefix::make(first, length), Prefix::make(second, length)};
}

/// Resets and cuts, one after the other in time. Resets are written first: what a peer does not
/// hear of while it is away, it must not tell.
Truth write_harmless(const RealTable& table, std::vector<RealRouteIndex>& free,
                     const TimeRange& time, unsigned count, std::uint64_t seed,
                     UpdateWriter& writer) {
    struct Cut {
        RealRouteIndex route = 0;
        EventTime at;
        seconds overlap{};
    };
    Truth truth;
    Random random(mix(seed, 67));
    std::vector<RealRouteIndex> cuttable;
    for (const RealRouteIndex index : free) {
        const RealRoute& route = table.routes()[index];
        const unsigned longest = route.prefix.family == Family::v4 ? 23 : 47;
        if (route.alone && route.usual && route.origin.value != 0 && route.prefix.length <= longest)
            cuttable.push_back(index);
    }
    const auto moment = [&] {
        const auto room = static_cast<std::uint32_t>((time.until - time.from).count() - 6 * 3600);
        return time.from + seconds(2 * 3600 + random.below(room));
    };
    std::vector<Cut> cuts;
    for (unsigned i = 0; i < count / 3 && !cuttable.empty(); ++i) {
        cuts.push_back({random.pick(cuttable), moment(), seconds(random.between(10, 900))});
        truth.harmless.push_back({.kind = "de-aggregation",
                                  .span = {cuts.back().at, cuts.back().at + cuts.back().overlap},
                                  .real = true});
    }
    // What was cut is not told again as a whole.
    std::erase_if(free, [&](RealRouteIndex route) {
        return std::ranges::find(cuts, route, &Cut::route) != cuts.end();
    });
    std::vector<std::uint32_t> large;
    for (std::uint32_t peer = 0; peer < table.peers().size(); ++peer) {
        if (table.peers()[peer].routes * 2 > table.routes().size()) large.push_back(peer);
    }
    for (unsigned i = 0; i < count - count / 3; ++i) {
        const bool states = i % 2 == 0;
        const std::uint32_t peer = random.pick(large);
        const TimeRange span{moment(), {}};
        const seconds lasts{random.between(10, 1200)};
        std::vector<bool> without(table.routes().size(), false);
        std::vector<std::pair<RealRouteIndex, Prefix>> with;
        for (const Cut& cut : cuts) {
            const EventTime back = span.from + lasts;
            without[cut.route] = without[cut.route] || cut.at + cut.overlap <= back;
            if (cut.at > back) continue;
            for (const Prefix& half : halves(table.routes()[cut.route].prefix))
                with.emplace_back(cut.route, half);
        }
        writer.reset(peer, span.from, lasts, states, without, with);
        truth.harmless.push_back(
            {.kind = states ? "session reset, said by STATE" : "session reset, not said",
             .span = {span.from, span.from + lasts},
             .real = true});
    }
    for (const Cut& cut : cuts) {
        const Prefix whole = table.routes()[cut.route].prefix;
        const auto parts = halves(whole);
        writer.announce_like(cut.at, cut.route, parts);
        writer.withdraw_like(cut.at + cut.overlap, cut.route, {&whole, 1});
    }
    return truth;
}

/// One table's archives.
class TableRun {
public:
    TableRun(const TableSpec& spec, const EvaluateScale& scale, const fs::path& data,
             const WorkFolder& work, const CommonOptions& common)
        : spec_(spec),
          seed_(mix(scale.seed, 96, static_cast<std::uint64_t>(spec.days), spec.groups.size())),
          data_(data),
          work_(work),
          common_(common) {
        for (const char* name : kDelegated) {
            if (fs::exists(data_ / "rir" / name)) registry_.push_back(data_ / "rir" / name);
        }
    }

    Result<void> run(RealScores& scores) {
        auto map = registry::Registry::load({.paths = registry_,
                                             .date = event_time(1'401'480'000),
                                             .groups_file = {},
                                             .followed = {},
                                             .cache_dir = {}});
        if (!map) return std::unexpected(map.error());
        auto table = RealTable::read(data_ / "mrt" / spec_.rib, *map);
        if (!table) return std::unexpected(table.error());
        tell(common_,
             fmt::format("{}: {} routes in the real table", spec_.name, table->routes().size()));
        if (auto done = outages(*table, scores.outages); !done) return done;
        if (spec_.harmless == 0) return {};
        return harmless(*table, scores.harmless);
    }

private:
    [[nodiscard]] TimeRange time_of(const RealTable& table) const {
        return {table.time(), table.time() + std::chrono::days(spec_.days)};
    }

    Result<void> outages(const RealTable& table, Scores& scores) {
        SubjectPicker picker(table, seed_);
        picker.add_countries(spec_.countries_each);
        picker.add_networks(spec_.networks_each);
        for (std::size_t i = 0; i < spec_.groups.size(); ++i)
            picker.add_group(spec_.groups[i], fmt::format("real-{}-{}", spec_.groups[i], i));
        std::vector<std::uint32_t> sizes;
        for (const RealSubject& subject : picker.subjects())
            sizes.push_back(static_cast<std::uint32_t>(subject.routes.size()));
        const auto plan = evaluate::plan_outages(
            {.seed = seed_,
             .time = time_of(table),
             .sizes = sizes,
             .observers = static_cast<unsigned>(table.peers().size()),
             .at_once = static_cast<std::uint32_t>(table.routes().size() / 20)});
        UpdateWriter writer(table, mix(seed_, 2));
        const Truth truth = write_outages(table, picker.subjects(), plan, writer);
        writer.keep_busy(table.time() + seconds(7), time_of(table).until, picker.others());
        return replay("outages", writer, picker.groups_text(), truth, scores);
    }

    Result<void> harmless(const RealTable& table, Scores& scores) {
        const SubjectPicker nobody(table, seed_);
        std::vector<RealRouteIndex> free = nobody.others();
        UpdateWriter writer(table, mix(seed_, 3));
        const Truth truth =
            write_harmless(table, free, time_of(table), spec_.harmless, mix(seed_, 4), writer);
        writer.keep_busy(table.time() + seconds(7), time_of(table).until, free);
        return replay("harmless", writer, "", truth, scores);
    }

    Result<void> replay(std::string_view what, const UpdateWriter& writer,
                        const std::string& groups, const Truth& truth, Scores& scores) {
        const fs::path folder = work_.fresh(fmt::format("{}-{}", spec_.name, what));
        const fs::path month = folder / "archive" / spec_.folder;
        std::error_code ignored;
        fs::create_directories(month / "RIBS", ignored);
        fs::create_directories(month / "UPDATES", ignored);
        fs::copy_file(data_ / "mrt" / spec_.rib, month / "RIBS" / spec_.rib_name, ignored);
        std::optional<TimeRange> spared;
        if (!spec_.real_updates.empty() && fs::exists(data_ / "mrt" / spec_.real_updates)) {
            fs::copy_file(data_ / "mrt" / spec_.real_updates,
                          month / "UPDATES" / "updates.20140530.2345.bz2", ignored);
            spared = TimeRange{event_time(spec_.real_from), event_time(spec_.real_until)};
        }
        if (auto done = writer.write(month / "UPDATES", spared); !done) return done;
        ArchiveToJudge input{
            .archive = folder / "archive", .registry = registry_, .store = folder / "store"};
        if (!groups.empty()) {
            input.groups = folder / "groups.toml";
            std::ofstream(*input.groups) << groups;
        }
        const auto replayed = replay_for_claims(input, common_);
        if (!replayed) return std::unexpected(replayed.error());
        tell(common_, fmt::format("{}, {}: {} outages, {} bins, {} entities, {} claims, {} errors",
                                  spec_.name, what, truth.outages.size(), replayed->bins,
                                  replayed->entities, replayed->claims.size(), replayed->errors));
        scores.add(truth, *replayed);
        work_.drop(folder);
        return {};
    }

    const TableSpec& spec_;
    std::uint64_t seed_;
    const fs::path& data_;
    const WorkFolder& work_;
    const CommonOptions& common_;
    std::vector<fs::path> registry_;
};

}  // namespace

Result<RealScores> score_real_tables(const EvaluateScale& scale, const fs::path& data,
                                     const WorkFolder& work, const CommonOptions& common) {
    RealScores scores;
    for (const TableSpec& spec : table_specs(scale.quick)) {
        if (!fs::exists(data / "mrt" / spec.rib)) {
            tell(common, fmt::format("SKIPPED: {}: no {}", spec.name, spec.rib));
            continue;
        }
        if (auto done = TableRun(spec, scale, data, work, common).run(scores); !done)
            return std::unexpected(done.error());
    }
    return scores;
}

}  // namespace dimout::app
