// For tests: the levels of a small IPv4 world, worked out address by address from the tables alone.
//
// Written from the rules and not from the code: no regions, no shares, no increments. Space is
// looked at in cells of 64 addresses of 20.0.0.0/16 and 21.0.0.0/16, which the tests' countries do
// not cut.
#pragma once

#include <set>

#include "signal/test_world.h"

namespace dimout::signal {

class NaiveWorld {
public:
    explicit NaiveWorld(const FakeMap& map) : map_(map) {}

    struct Voters {
        std::map<PeerId, Asn> asn_of;
        [[nodiscard]] std::size_t asns() const {
            std::set<Asn> distinct;
            for (const auto& [peer, asn] : asn_of) distinct.insert(asn);
            return distinct.size();
        }
    };

    void set(PeerId peer, const Prefix& prefix, std::optional<std::uint32_t> origin,
             EventTime now) {
        if (origin) {
            table_[prefix].holders[peer] = *origin;
        } else {
            table_[prefix].holders.erase(peer);
        }
        look(table_[prefix], unix_seconds(now), false);
    }
    void vote(const Voters& voters, EventTime now) {
        const std::size_t before = voters_.asns();
        const bool is_first = !has_voted_ && voters.asns() > 0;
        voters_ = voters;
        const bool widened = before > 0 && voters.asns() > 2 * before;
        for (auto& [prefix, row] : table_) look(row, is_first ? 1 : unix_seconds(now), widened);
        has_voted_ |= voters.asns() > 0;
    }
    void forget(PeerId peer, EventTime now) {
        for (auto& [prefix, row] : table_) {
            if (row.holders.erase(peer) > 0) look(row, unix_seconds(now), false);
        }
    }
    [[nodiscard]] const Voters& voters() const { return voters_; }

    [[nodiscard]] std::map<Entity, VisibilityLevel> levels(EventTime at) {
        const std::int64_t now = unix_seconds(at);
        for (auto& [prefix, row] : table_) note_replacement(prefix, row, now);
        std::map<Entity, VisibilityLevel> sums;
        std::map<Entity, std::array<std::set<std::uint64_t>, 10>> blocks;
        for (const std::uint64_t base : {0x14000000ULL, 0x15000000ULL}) {
            for (std::uint64_t cell = base; cell < base + 65'536; cell += 64)
                count_cell(cell, now, sums, blocks);
        }
        for (auto& [entity, sets] : blocks) {
            for (std::size_t i = 0; i < 5; ++i) {
                sums[entity].blocks[i] = sets[i].size();
                sums[entity].blocks_any_cover[i] = sets[5 + i].size();
            }
        }
        return sums;
    }

private:
    struct Row {
        std::map<PeerId, std::uint32_t> holders;  ///< To origin.
        std::set<std::uint32_t> origins;
        std::size_t votes = 0;
        bool major = false;
        bool replaced = false;
        std::int64_t seen = 0, first = 0, appeared = 0, ended = 0;
    };
    static constexpr std::int64_t kWeek = 7 * 86'400;

    void look(Row& row, std::int64_t now, bool widened) {
        std::set<Asn> asns;
        std::map<std::uint32_t, std::set<Asn>> claims;
        for (const auto& [peer, origin] : row.holders) {
            const auto voter = voters_.asn_of.find(peer);
            if (voter == voters_.asn_of.end()) continue;
            asns.insert(voter->second);
            claims[origin].insert(voter->second);
        }
        std::set<std::uint32_t> origins;
        if (row.votes > 0 && asns.empty()) row.seen = now;
        row.votes = asns.size();
        const bool major = row.votes > 0 && 2 * row.votes >= voters_.asns();
        const std::size_t few = std::max<std::size_t>(1, voters_.asns() / 4);
        for (const auto& [origin, claimants] : claims) {
            const bool counted = major && row.major && row.origins.contains(origin);
            if (claimants.size() > (counted ? few / 5 : few)) origins.insert(origin);
        }
        if (origins.empty()) {
            std::size_t most = 0;
            for (const auto& [origin, claimants] : claims) most = std::max(most, claimants.size());
            for (const auto& [origin, claimants] : claims) {
                if (claimants.size() == most) origins.insert(origin);
            }
        }
        if (!origins.empty()) row.origins = origins;
        if (major && !row.major) {
            if (row.ended == 0 || now >= row.ended + kWeek) row.first = now;
            if (row.ended == 0 || now - row.ended > 1'800) row.appeared = now;
            row.replaced = false;
        }
        if (!major && row.major) {
            row.ended = now;
            if (widened) row.first = row.appeared = row.ended = 0;
        }
        row.major = major;
    }
    [[nodiscard]] static bool known(const Row& row, std::int64_t now) {
        return row.votes > 0 || (row.seen != 0 && now < row.seen + kWeek);
    }
    [[nodiscard]] static bool owns(const Row& row, std::int64_t now) {
        if (row.major) return true;
        return row.ended != 0 && now < row.ended + kWeek && !row.replaced &&
               row.ended - row.first >= 86'400;
    }
    [[nodiscard]] static bool share_origin(const Row& a, const Row& b) {
        return std::ranges::any_of(
            a.origins, [&](std::uint32_t origin) { return b.origins.contains(origin); });
    }
    void note_replacement(const Prefix& prefix, Row& row, std::int64_t now) {
        if (row.major || row.ended == 0 || !known(row, now)) return;
        for (const auto& [other, around] : table_) {
            if (other == prefix || !other.covers(prefix) || !around.major || around.appeared == 1)
                continue;
            if (!share_origin(row, around) && std::abs(around.appeared - row.ended) <= 1'800)
                row.replaced = true;
        }
    }
    std::vector<Entity> entities_of(std::uint64_t cell, const Row& owner) const {
        std::vector<CountryRun> runs;
        map_.countries_of(Prefix::make(Address::v4(static_cast<std::uint32_t>(cell)), 26), runs);
        DIMOUT_CHECK(runs.size() == 1 || (runs.size() == 2 && runs[1].first > runs[1].last));
        std::vector<Entity> entities;
        for (const std::uint32_t origin : owner.origins)
            entities.push_back(Entity::of_asn(Asn{origin}));
        if (!runs[0].country.none()) {
            entities.push_back(Entity::of_country(runs[0].country));
            for (const std::uint32_t origin : owner.origins)
                entities.push_back(Entity::of_asn_country(Asn{origin}, runs[0].country));
        }
        for (const Prefix& followed : map_.followed()) {
            if (followed.covers(Address::v4(static_cast<std::uint32_t>(cell))))
                entities.push_back(Entity::of_prefix(followed));
        }
        return entities;
    }
    void count_cell(std::uint64_t cell, std::int64_t now, std::map<Entity, VisibilityLevel>& sums,
                    std::map<Entity, std::array<std::set<std::uint64_t>, 10>>& blocks) const {
        std::vector<const Row*> chain;  // shortest first: so does the map order them
        for (const auto& [prefix, row] : table_) {
            if (prefix.covers(Address::v4(static_cast<std::uint32_t>(cell))) && known(row, now))
                chain.push_back(&row);
        }
        if (chain.empty()) return;
        std::size_t owner = chain.size() - 1;
        for (std::size_t i = 0; i < chain.size(); ++i) {
            if (owns(*chain[i], now)) owner = i;
        }
        if (!owns(*chain[owner], now)) owner = chain.size() - 1;
        std::set<Asn> seers;
        std::size_t any = 0;
        for (std::size_t i = 0; i < chain.size(); ++i) {
            any = std::max(any, chain[i]->votes);
            if (i < owner && !share_origin(*chain[i], *chain[owner])) continue;
            for (const auto& [peer, origin] : chain[i]->holders) {
                const auto voter = voters_.asn_of.find(peer);
                if (voter != voters_.asn_of.end()) seers.insert(voter->second);
            }
        }
        const std::size_t strict = seers.size();
        any = std::max(any, strict);
        const auto sees = [&](std::size_t votes, std::size_t threshold) {
            const double needed =
                kVisibilityThresholds[threshold] * static_cast<double>(voters_.asns());
            return votes > 0 && static_cast<double>(votes) >= needed;
        };
        for (const Entity& entity : entities_of(cell, *chain[owner])) {
            VisibilityLevel& level = sums[entity];
            level.known += 64;
            level.votes += 64 * strict;
            if (strict > 1 && 10 * strict > voters_.asns()) level.carried += 64;
            for (std::size_t i = 0; i < 5; ++i) {
                if (sees(strict, i)) {
                    level.addresses[i] += 64;
                    blocks[entity][i].insert(cell / 256);
                }
                if (sees(any, i)) {
                    level.addresses_any_cover[i] += 64;
                    blocks[entity][5 + i].insert(cell / 256);
                }
            }
        }
    }

    const FakeMap& map_;
    std::map<Prefix, Row> table_;
    Voters voters_;
    bool has_voted_ = false;
};

}  // namespace dimout::signal
