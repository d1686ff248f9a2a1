#include "registry/ranges.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <map>

#include "registry/packed.h"
#include "registry/test_files.h"

namespace dimout::registry {
namespace {

using ::rc::gen::inRange;

constexpr std::uint64_t kWorld = 256;

CountryCode country_number(int number) {
    return CountryCode::of('A', static_cast<char>('A' + number));
}

rc::Gen<std::vector<Claim>> any_claims() {
    const auto claim = rc::gen::map(
        rc::gen::tuple(inRange<std::uint64_t>(0, kWorld), inRange<std::uint64_t>(0, kWorld),
                       inRange(0, 4), inRange<std::uint32_t>(0, 3)),
        [](const auto& parts) {
            const auto [a, b, country, priority] = parts;
            return Claim{std::min(a, b), std::max(a, b), country_number(country), priority};
        });
    return rc::gen::container<std::vector<Claim>>(claim);
}

/// The rule of Claim, asked of one number by looking at every claim.
CountryCode naive(const std::vector<Claim>& claims, std::uint64_t number) {
    const Claim* best = nullptr;
    const auto rank = [](const Claim& c) {
        return std::tuple(c.priority, c.last - c.first, c.country);
    };
    for (const Claim& claim : claims) {
        if (claim.first > number || claim.last < number) continue;
        if (best == nullptr || rank(claim) < rank(*best)) best = &claim;
    }
    return best == nullptr ? CountryCode{} : best->country;
}

CountryCode looked_up(const std::vector<CountryRun>& runs, std::uint64_t number) {
    for (const CountryRun& run : runs) {
        if (run.first <= number && number <= run.last) return run.country;
    }
    return {};
}

TEST(Ranges, settled_runs_are_sorted_disjoint_and_joined) {
    EXPECT_TRUE(rc::check([] {
        const auto runs = settle(*any_claims());
        for (std::size_t i = 1; i < runs.size(); ++i) {
            RC_ASSERT(runs[i - 1].last < runs[i].first);
            const bool touch = runs[i - 1].last + 1 == runs[i].first;
            if (touch) RC_ASSERT(runs[i - 1].country != runs[i].country);
        }
    }));
}

TEST(Ranges, settled_runs_say_of_each_number_what_the_naive_rule_says) {
    EXPECT_TRUE(rc::check([] {
        const auto claims = *any_claims();
        const auto runs = settle(claims);
        for (std::uint64_t number = 0; number < kWorld; ++number) {
            RC_ASSERT(looked_up(runs, number) == naive(claims, number));
        }
    }));
}

TEST(Ranges, the_order_of_claims_does_not_matter) {
    EXPECT_TRUE(rc::check([] {
        auto claims = *any_claims();
        const auto runs = settle(claims);
        std::ranges::reverse(claims);
        const auto again = settle(claims);
        RC_ASSERT(runs.size() == again.size());
        for (std::size_t i = 0; i < runs.size(); ++i) {
            RC_ASSERT(runs[i].first == again[i].first && runs[i].last == again[i].last);
            RC_ASSERT(runs[i].country == again[i].country);
        }
    }));
}

/// A map over the 256 addresses of 10.0.0.0/24 and the 256 /48s of 2001:db8::/40.
CountryRanges small_world(const std::vector<Claim>& claims) {
    RangeBuilder builder;
    for (const Claim& claim : claims) {
        builder.add(Address::v4(static_cast<std::uint32_t>(0x0A000000 + claim.first)),
                    Address::v4(static_cast<std::uint32_t>(0x0A000000 + claim.last)), claim.country,
                    claim.priority);
        const std::uint64_t base = 0x20010DB800000000;
        builder.add(Address::v6(base + (claim.first << 16), 0),
                    Address::v6(base + (claim.last << 16) + 0xFFFF, ~std::uint64_t{0}),
                    claim.country, claim.priority);
    }
    return std::move(builder).finish();
}

TEST(Ranges, pieces_of_a_prefix_partition_it_exactly_and_are_the_naive_ones) {
    EXPECT_TRUE(rc::check([] {
        const auto claims = *any_claims();
        const auto world = small_world(claims);
        const auto length = *inRange<unsigned>(20, 33);
        const auto at = *inRange<std::uint32_t>(0, kWorld);
        const Prefix asked = Prefix::make(Address::v4(0x0A000000 + at), length);
        std::vector<CountryRun> runs;
        world.countries_of(asked, runs);
        std::uint64_t expected = asked.hi >> 32;
        for (std::size_t i = 0; i < runs.size(); ++i) {
            RC_ASSERT(runs[i].first == expected && runs[i].last >= runs[i].first);
            if (i > 0) RC_ASSERT(runs[i - 1].country != runs[i].country);
            for (std::uint64_t n = runs[i].first; n <= std::min(runs[i].last, 0x0A0000FFUL); ++n) {
                const bool inside = n >= 0x0A000000;
                RC_ASSERT(runs[i].country ==
                          (inside ? naive(claims, n - 0x0A000000) : CountryCode{}));
            }
            expected = runs[i].last + 1;
        }
        RC_ASSERT(expected == (asked.hi >> 32) + (std::uint64_t{1} << (32 - length)));
    }));
}

TEST(Ranges, halves_of_a_prefix_have_together_what_the_prefix_has) {
    const auto sums = [](const CountryRanges& world, const std::vector<Prefix>& asked) {
        std::map<std::uint16_t, std::uint64_t> sum;
        for (const Prefix& each : asked) {
            std::vector<CountryRun> runs;
            world.countries_of(each, runs);
            for (const CountryRun& run : runs) sum[run.country.letters] += run.last - run.first + 1;
        }
        return sum;
    };
    EXPECT_TRUE(rc::check([&] {
        const auto world = small_world(*any_claims());
        const auto length = *inRange<unsigned>(38, 48);
        const std::uint64_t at = 0x20010DB800000000 + (*inRange<std::uint64_t>(0, kWorld) << 16);
        const Prefix whole = Prefix::make(Address::v6(at, 0), length);
        const Prefix left = Prefix::make(whole.address(), length + 1);
        const Prefix right =
            Prefix::make(Address::v6(whole.hi | std::uint64_t{1} << (63 - length), 0), length + 1);
        RC_ASSERT(sums(world, {whole}) == sums(world, {left, right}));
    }));
}

TEST(Ranges, packing_and_unpacking_changes_nothing) {
    EXPECT_TRUE(rc::check([] {
        const auto world = small_world(*any_claims());
        const auto map = unpack(pack(world, "2026-06-17"));
        RC_ASSERT(map.has_value());
        RC_ASSERT(map->date == parse_time("2026-06-17"));
        RC_ASSERT(pack(map->ranges, "2026-06-17") == pack(world, "2026-06-17"));
    }));
}

TEST(Ranges, packed_bytes_that_are_cut_are_refused) {
    const auto bytes = pack(small_world({{1, 5, code("KP"), 0}, {7, 9, code("SE"), 0}}), "");
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        EXPECT_FALSE(unpack(std::string_view(bytes).substr(0, size))) << size;
    }
    EXPECT_FALSE(unpack(bytes)->date);
}

TEST(Ranges, regions_and_nobody_are_not_countries) {
    const auto world =
        small_world({{0, 9, code("EU"), 0}, {10, 19, code("ZZ"), 0}, {20, 29, code("SE"), 0}});
    std::vector<CountryRun> runs;
    world.countries_of(prefix("10.0.0.0/24"), runs);
    ASSERT_EQ(runs.size(), 3U);
    EXPECT_TRUE(runs[0].country.none());
    EXPECT_EQ(runs[0].last, 0x0A000013U) << "space of two such codes is one run of nobody";
    EXPECT_EQ(runs[1].country, code("SE"));
    EXPECT_TRUE(world.country_of(address("10.0.0.3")).none());
    EXPECT_EQ(sizes_of(world), (std::vector<CountrySize>{{.country = code("SE"), .v4 = 10, .v6 = 10}}));
}

TEST(Ranges, a_shared_slash48_belongs_to_who_holds_most_of_it) {
    const std::uint64_t base = 0x20010DB800010000;
    const auto runs =
        widen_to_48(std::vector<CountryRun>{{base, base + 9, code("SE")},
                                            {base + 10, base + 99, code("KP")},
                                            {base + 200, base + 0x1FFFF, code("FI")}});
    ASSERT_EQ(runs.size(), 1U);
    EXPECT_EQ(runs[0].country, code("FI"));
    EXPECT_EQ(runs[0].last - runs[0].first, 1U);
}

TEST(Ranges, the_last_address_and_the_default_route_work) {
    RangeBuilder builder;
    builder.add(address("255.255.255.0"), address("255.255.255.255"), code("KP"), 0);
    builder.add(address("ffff::"), address("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"), code("KP"),
                0);
    EXPECT_FALSE(builder.add(address("10.0.0.2"), address("10.0.0.1"), code("KP"), 0));
    const auto world = std::move(builder).finish();
    std::vector<CountryRun> runs;
    world.countries_of(prefix("0.0.0.0/0"), runs);
    ASSERT_EQ(runs.size(), 2U);
    EXPECT_EQ(runs[1].last, 0xFFFFFFFFU);
    world.countries_of(prefix("::/0"), runs);
    ASSERT_EQ(runs.size(), 4U);
    EXPECT_EQ(runs[3].last, 0xFFFFFFFFFFFFU);
    EXPECT_EQ(world.country_of(address("ffff::1")), code("KP"));
}

}  // namespace
}  // namespace dimout::registry
