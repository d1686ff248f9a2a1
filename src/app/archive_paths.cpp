#include "app/archive_paths.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "app/config.h"
#include "app/fates.h"
#include "app/progress.h"
#include "app/registry_notes.h"
#include "app/stop.h"
#include "decode/decoder.h"
#include "registry/registry.h"
#include "rib/path_ledger.h"
#include "rib/path_pool.h"
#include "rib/shard.h"
#include "signal/counted.h"
#include "signal/full_feed.h"
#include "source/archive.h"

namespace dimout::app {
namespace {

constexpr std::size_t kBatchBytes = std::size_t{1} << 16;

/// Nobody counts votes here: only the tables are wanted.
class Unheard final : public PrefixObserver {
public:
    void changed(const VisibilityChange&) override {}
    [[nodiscard]] bool loaded(PrefixIndex, const Prefix&, std::span<const DumpRoute>) override {
        return true;
    }
    void peer_dropped(PeerId, EventTime) override {}
    void forgotten(PrefixIndex, const Prefix&) override {}
};

class TableReader final : private decode::RouteSink {
public:
    explicit TableReader(const PathQuestion& question) : question_(question) {
        shard_.observe(unheard_);
    }

    Result<ArchivePaths> read() {
        auto archive = source::Archive::open(
            question_.archive,
            {.collector = question_.collector, .from = question_.at, .until = until()});
        if (!archive) return std::unexpected(archive.error());
        decode::Decoder decoder(peers_);
        Progress progress("reading tables", question_.quiet);
        Frame frame;
        while (archive->next(frame)) {
            if (stop_requested()) return fail("stopped before the archive was read.");
            decoder.decode(frame, *this);
            found_.at = std::max(found_.at, frame.time);
            const source::ArchiveProgress read = archive->progress();
            progress.show({.bytes_done = read.bytes_read,
                           .bytes_total = read.bytes_total,
                           .records = read.records,
                           .position = frame.time});
        }
        shard_.apply(batch_);
        for (const InputError& error : decoder.errors().first()) archive->add_error(error);
        for (const auto& [code, entry] : archive->errors().by_code()) {
            for (const InputError& error : entry.first)
                found_.errors.push_back(archive->describe(error));
        }
        const auto registry = registry::Registry::load({.paths = question_.registry,
                                                        .date = found_.at,
                                                        .groups_file = question_.groups,
                                                        .other_keys = config_keys(),
                                                        .followed = {},
                                                        .cache_dir = cache_folder()});
        if (!registry) return std::unexpected(registry.error());
        gather(*registry);
        return std::move(found_);
    }

private:
    [[nodiscard]] std::optional<EventTime> until() const {
        if (!question_.at) return std::nullopt;
        return *question_.at + std::chrono::seconds{1};
    }

    void add(const RouteEvent& event) {
        batch_.events.push_back(event);
        if (batch_.bytes() < kBatchBytes) return;
        shard_.apply(batch_);
        batch_.clear();
    }

    void on_update(const decode::Update& update) override {
        RouteEvent event{.time = update.time,
                         .since = {},
                         .prefix = {},
                         .peer = update.peer,
                         .kind = RouteEvent::Kind::Withdraw};
        const auto tell = [&](const Prefix& prefix, std::uint32_t identifier) {
            event.prefix = prefix;
            event.path_identifier = identifier;
            add(event);
        };
        update.for_each_withdrawn(tell);
        if (!update.announces()) return;
        event.kind = RouteEvent::Kind::Announce;
        event.path = pool_.intern(update.path());
        update.for_each_announced(tell);
    }

    void on_dump_row(const decode::DumpRow& row) override {
        batch_.routes.push_back({.path = pool_.intern(row.path()),
                                 .path_identifier = row.path_identifier,
                                 .peer = row.peer});
        add({.time = row.time,
             .since = row.dump_began,
             .prefix = row.prefix,
             .routes = 1,
             .kind = RouteEvent::Kind::DumpRow});
    }

    void on_state(const decode::StateChange& change) override {
        if (change.old_state != decode::kEstablished) return;
        add({.time = change.time,
             .since = change.time,
             .prefix = {},
             .peer = change.peer,
             .kind = RouteEvent::Kind::PeerDrop});
    }

    void on_dump_begin(const decode::DumpBegin&) override {}
    void on_dump_end(const decode::DumpEnd&) override {}

    void gather(const EntityMap& map) {
        std::vector<rib::NumberedPrefix> prefixes = shard_.held_prefixes();
        std::erase_if(prefixes, [](const rib::NumberedPrefix& one) {
            return !signal::is_counted(one.prefix);
        });
        std::vector<Asn> origins;
        for (const rib::NumberedPrefix& one : prefixes)
            origins.push_back(most_named_origin(one.index));
        const std::vector<bool> asked = asked_of(prefixes, origins, map);
        std::vector<PeerId> sessions;
        for (std::size_t i = 0; i < peers_.size(); ++i)
            sessions.push_back(PeerId{static_cast<std::uint16_t>(i)});
        rib::PathLedger ledger;
        auto weights = ledger.look(sessions, prefixes, shard_);
        find_full_feeds(weights);
        std::vector<bool> heard(peers_.size());
        for (const rib::PathWeight& weight : weights) heard[index(weight.session)] = true;
        if (is_of_prefixes()) {
            std::vector<rib::NumberedPrefix> some;
            for (std::size_t i = 0; i < prefixes.size(); ++i) {
                if (asked[i]) some.push_back(prefixes[i]);
            }
            weights = ledger.look(sessions, some, shard_);
        }
        for (const rib::PathWeight& weight : weights) {
            const Peer& peer = peers_.peer(weight.session);
            found_.paths.push_back({.path = plain_path(pool_.path(weight.path, wire_)),
                                    .session = weight.session,
                                    .collector = peer.collector,
                                    .peer = peer.asn,
                                    .full_feed = is_full_feed(weight.session, weight.family),
                                    .family = weight.family,
                                    .addresses = static_cast<double>(weight.addresses),
                                    .prefixes = weight.prefixes});
        }
        std::erase_if(found_.paths, [](const ObservedPath& path) { return path.path.empty(); });
        if (is_of_prefixes()) add_lookers_on();
        std::ranges::sort(found_.paths, {}, [](const ObservedPath& path) {
            return std::tuple(path.family, path.session, path.path);
        });
        std::vector<CollectorId> collectors;
        for (std::size_t i = 0; i < heard.size(); ++i) {
            if (heard[i]) collectors.push_back(peers_.peer(sessions[i]).collector);
        }
        std::ranges::sort(collectors);
        const auto doubles = std::ranges::unique(collectors);
        collectors.erase(doubles.begin(), doubles.end());
        found_.collectors = collectors.size();
        measure_space(prefixes, origins, asked, map);
    }

    [[nodiscard]] bool is_of_prefixes() const {
        return question_.entity.kind == Entity::Kind::Prefix ||
               question_.entity.kind == Entity::Kind::Group;
    }

    [[nodiscard]] std::vector<bool> asked_of(const std::vector<rib::NumberedPrefix>& prefixes,
                                             const std::vector<Asn>& origins,
                                             const EntityMap& map) const {
        std::vector<bool> asked(prefixes.size(), true);
        if (!is_of_prefixes()) return asked;
        Belonging belonging(question_.entity, map);
        for (std::size_t i = 0; i < prefixes.size(); ++i)
            asked[i] = belonging.has(prefixes[i].prefix, origins[i]);
        return asked;
    }

    /// Full feeds without a way there count among those who were asked.
    void add_lookers_on() {
        std::set<std::pair<PeerId, Family>> told;
        for (const ObservedPath& path : found_.paths) told.emplace(path.session, path.family);
        for (const Family family : {Family::v4, Family::v6}) {
            for (const signal::Voter& voter : full_feeds_.of(family)) {
                if (told.contains({voter.peer, family})) continue;
                found_.paths.push_back({.path = {},
                                        .session = voter.peer,
                                        .collector = peers_.peer(voter.peer).collector,
                                        .peer = voter.asn,
                                        .full_feed = true,
                                        .family = family});
            }
        }
    }

    void find_full_feeds(const std::vector<rib::PathWeight>& weights) {
        std::vector<signal::PeerTable> tables;
        for (std::size_t i = 0; i < peers_.size(); ++i) {
            const PeerId peer{static_cast<std::uint16_t>(i)};
            tables.push_back(
                {.peer = peer, .asn = peers_.peer(peer).asn, .status = signal::PeerStatus::Live});
        }
        for (const rib::PathWeight& weight : weights) {
            signal::PeerTable& table = tables[index(weight.session)];
            (weight.family == Family::v4 ? table.v4 : table.v6) += weight.prefixes;
        }
        full_feeds_ = signal::FullFeed().decide(Bin::of(found_.at), tables, {.no_floor = true});
    }

    [[nodiscard]] bool is_full_feed(PeerId session, Family family) const {
        return std::ranges::find(full_feeds_.of(family), session, &signal::Voter::peer) !=
               full_feeds_.of(family).end();
    }

    /// Each prefix gives its addresses to its origin, and takes them from that of the one around;
    /// those that are not asked for belong to nobody.
    void measure_space(const std::vector<rib::NumberedPrefix>& prefixes,
                       const std::vector<Asn>& origins, const std::vector<bool>& asked,
                       const EntityMap& map) {
        struct Around {
            Prefix prefix;
            Asn origin;
        };
        std::map<std::tuple<Asn, Family, CountryCode>, std::int64_t> units;
        std::vector<Around> stack;
        std::vector<CountryRun> runs;
        for (std::size_t i = 0; i < prefixes.size(); ++i) {
            const rib::NumberedPrefix& one = prefixes[i];
            while (!stack.empty() && !stack.back().prefix.covers(one.prefix)) stack.pop_back();
            const Asn origin = asked[i] ? origins[i] : Asn{};
            runs.clear();
            map.countries_of(one.prefix, runs);
            auto nobodys = static_cast<std::int64_t>(signal::units_of(one.prefix).size());
            const auto give = [&](CountryCode country, std::int64_t count) {
                units[{origin, one.prefix.family, country}] += count;
                if (!stack.empty())
                    units[{stack.back().origin, one.prefix.family, country}] -= count;
            };
            for (const CountryRun& run : runs) {
                const auto count = static_cast<std::int64_t>(run.last - run.first + 1);
                if (!run.country.none()) give(run.country, count), nobodys -= count;
            }
            if (nobodys > 0) give({}, nobodys);
            stack.push_back({.prefix = one.prefix, .origin = origin});
        }
        for (const auto& [key, count] : units) {
            const auto& [origin, family, country] = key;
            if (count > 0 && origin.value != 0)
                found_.space.push_back({.origin = origin,
                                        .country = country,
                                        .family = family,
                                        .units = static_cast<std::uint64_t>(count)});
        }
    }

    [[nodiscard]] Asn most_named_origin(PrefixIndex prefix) {
        shard_.routes_of(prefix, routes_);
        named_.clear();
        for (const HeldRoute& route : routes_) {
            pool_.path(route.path, wire_).for_each_origin([&](Asn asn) { ++named_[asn]; });
        }
        const auto most =
            std::ranges::max_element(named_, {}, [](const auto& one) { return one.second; });
        return most == named_.end() ? Asn{} : most->first;
    }

    const PathQuestion& question_;
    decode::PeerTable peers_;
    rib::PathPool pool_;
    Unheard unheard_;
    rib::Shard shard_;
    RouteBatch batch_;
    signal::VoterSet full_feeds_;
    ArchivePaths found_;
    std::vector<std::uint8_t> wire_;
    std::vector<HeldRoute> routes_;
    std::map<Asn, std::size_t> named_;
};

}  // namespace

Result<ArchivePaths> read_paths(const PathQuestion& question) {
    return TableReader(question).read();
}

namespace {

bool is_of(const OriginSpace& one, const Entity& entity) {
    switch (entity.kind) {
        case Entity::Kind::Country: return one.country == entity.country;
        case Entity::Kind::Asn: return one.origin == entity.asn;
        case Entity::Kind::AsnCountry:
            return one.origin == entity.asn && one.country == entity.country;
        case Entity::Kind::Prefix:
        case Entity::Kind::Group: return true;
        case Entity::Kind::Continent:
        case Entity::Kind::Region: return false;
    }
    return false;
}

}  // namespace

std::vector<depend::Origin> origins_of(const Entity& entity, Family family,
                                       const std::vector<OriginSpace>& space) {
    std::map<Asn, double> weights;
    for (const OriginSpace& one : space) {
        if (is_of(one, entity) && one.family == family)
            weights[one.origin] += static_cast<double>(one.units);
    }
    std::vector<depend::Origin> origins;
    for (const auto& [asn, weight] : weights) origins.push_back({.asn = asn, .weight = weight});
    return origins;
}

}  // namespace dimout::app
