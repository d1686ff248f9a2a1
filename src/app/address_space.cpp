#include "app/address_space.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "app/stop.h"
#include "decode/decoder.h"
#include "signal/voter_set.h"
#include "source/archive.h"

namespace dimout::app {
namespace {

/// All addresses of a family.
constexpr Prefix kAll4{.hi = 0, .lo = 0, .length = 0, .family = Family::v4};
constexpr Prefix kAll6{.hi = 0, .lo = 0, .length = 0, .family = Family::v6};

std::vector<CountryRun> all_runs(Family family, const EntityMap& map) {
    std::vector<CountryRun> runs;
    map.countries_of(family == Family::v4 ? kAll4 : kAll6, runs);
    return runs;
}

/// Gathers the prefixes of routes whose origin, or prefix, makes them the entity's.
class Originated final : public decode::RouteSink {
public:
    Originated(const Entity& entity, const EntityMap& map) : entity_(entity), map_(map) {}

    void on_update(const decode::Update& update) override {
        if (!update.announces()) return;
        const AsPath path = update.path();
        update.for_each_announced([&](const Prefix& prefix, std::uint32_t) { see(prefix, path); });
    }
    void on_dump_row(const decode::DumpRow& row) override { see(row.prefix, row.path()); }
    void on_dump_begin(const decode::DumpBegin&) override {}
    void on_dump_end(const decode::DumpEnd&) override {}
    void on_state(const decode::StateChange&) override {}

    [[nodiscard]] const std::set<Prefix>& prefixes() const { return prefixes_; }

private:
    void see(const Prefix& prefix, AsPath path) {
        if (!signal::is_counted(prefix) || prefixes_.contains(prefix)) return;
        bool ours = false;
        path.for_each_origin([&](Asn origin) { ours = ours || is_ours(prefix, origin); });
        if (ours) prefixes_.insert(prefix);
    }

    [[nodiscard]] bool is_ours(const Prefix& prefix, Asn origin) {
        if (entity_.kind != Entity::Kind::Group) return origin == entity_.asn;
        groups_.clear();
        map_.groups_of(prefix, origin, groups_);
        return std::ranges::any_of(
            groups_, [&](std::uint32_t group) { return map_.groups()[group] == entity_.name; });
    }

    const Entity& entity_;
    const EntityMap& map_;
    std::set<Prefix> prefixes_;
    std::vector<std::uint32_t> groups_;
};

Result<void> add_originated(const SpaceQuestion& question, const EntityMap& map,
                            AddressSpace& space) {
    auto archive = source::Archive::open(
        question.archive,
        {.collector = question.collector, .from = question.from, .until = question.until});
    if (!archive) return std::unexpected(archive.error());
    decode::PeerTable peers;
    decode::Decoder decoder(peers);
    Originated found(question.entity, map);
    Frame frame;
    while (archive->next(frame)) {
        if (stop_requested()) return fail("stopped before the archive was read.");
        decoder.decode(frame, found);
    }
    for (const Prefix& prefix : found.prefixes())
        space.add(prefix.family, signal::units_of(prefix));
    return {};
}

/// The first address of unit `number`, or the last.
Address address_of(Family family, std::uint64_t number, bool last) {
    if (family == Family::v4) return Address::v4(static_cast<std::uint32_t>(number));
    const std::uint64_t rest = last ? ~std::uint64_t{0} : 0;
    return Address::v6(number << 16 | (rest & 0xFFFF), rest);
}

}  // namespace

void AddressSpace::add(Family family, const signal::Units& units) {
    const std::uint64_t edge = family == Family::v4 ? 0xFF : 0;
    runs_[signal::place_of(family)].push_back(
        {.first = units.first & ~edge, .last = units.last | edge});
}

void AddressSpace::settle() {
    for (std::vector<signal::Units>& runs : runs_) {
        std::ranges::sort(runs, {}, &signal::Units::first);
        std::vector<signal::Units> joined;
        for (const signal::Units& run : runs) {
            if (!joined.empty() && run.first <= joined.back().last + 1) {
                joined.back().last = std::max(joined.back().last, run.last);
            } else {
                joined.push_back(run);
            }
        }
        runs = std::move(joined);
    }
}

bool AddressSpace::meets(const Prefix& prefix) const {
    const signal::Units units = signal::units_of(prefix);
    const std::vector<signal::Units>& ours = runs(prefix.family);
    const auto run = std::ranges::lower_bound(ours, units.first, {}, &signal::Units::last);
    return run != ours.end() && run->first <= units.last;
}

const std::vector<signal::Units>& AddressSpace::runs(Family family) const {
    return runs_[signal::place_of(family)];
}

Result<AddressSpace> space_of(const SpaceQuestion& question, const EntityMap& map) {
    AddressSpace space;
    const Entity& entity = question.entity;
    switch (entity.kind) {
        case Entity::Kind::Country:
            for (const Family family : signal::kFamilies) {
                for (const CountryRun& run : all_runs(family, map)) {
                    if (run.country == entity.country)
                        space.add(family, {.first = run.first, .last = run.last});
                }
            }
            break;
        case Entity::Kind::Prefix:
            space.add(entity.prefix.family, signal::units_of(entity.prefix));
            break;
        case Entity::Kind::Asn:
        case Entity::Kind::AsnCountry:
        case Entity::Kind::Group:
            if (const auto added = add_originated(question, map, space); !added)
                return std::unexpected(added.error());
            break;
        case Entity::Kind::Continent:
        case Entity::Kind::Region: break;  // Their outages, if any, are of other signals.
    }
    space.settle();
    return space;
}

std::string range_list(const AddressSpace& space, const EntityMap& map) {
    std::string text = "start,end,CC\n";
    for (const Family family : signal::kFamilies) {
        const std::vector<CountryRun> all = all_runs(family, map);
        for (const signal::Units& ours : space.runs(family)) {
            auto run = std::ranges::lower_bound(all, ours.first, {}, &CountryRun::last);
            for (; run != all.end() && run->first <= ours.last; ++run) {
                if (run->country.none()) continue;
                text += fmt::format(
                    "{},{},{}\n",
                    to_string(address_of(family, std::max(run->first, ours.first), false)),
                    to_string(address_of(family, std::min(run->last, ours.last), true)),
                    run->country.text());
            }
        }
    }
    // A list of nothing is known by its form alone: ZZ is nobody.
    if (text.ends_with("CC\n")) text += "0.0.0.0,0.0.0.0,ZZ\n";
    return text;
}

}  // namespace dimout::app
