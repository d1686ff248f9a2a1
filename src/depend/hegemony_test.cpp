#include "depend/hegemony.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/random.h"
#include "depend/made_paths.h"

namespace dimout::depend {
namespace {

/// The formula of the paper, written down once more and slowly: AS by AS, origin by origin.
std::map<Asn, double> plainly(const std::vector<ObservedPath>& paths,
                              const std::vector<Origin>& origins) {
    std::map<Asn, std::set<PeerId>> sessions;
    std::set<Asn> ases;
    for (const ObservedPath& path : paths) {
        sessions[path.peer].insert(path.session);
        ases.insert(path.path.hops.begin(), path.path.hops.end());
    }
    const auto betweenness = [&](PeerId session, Asn asn, Asn origin) {
        double all = 0;
        double through = 0;
        for (const ObservedPath& path : paths) {
            const auto ends = path.path.origins();
            if (path.session != session || std::ranges::count(ends, origin) == 0) continue;
            const double weight = path.addresses / static_cast<double>(ends.size());
            all += weight;
            const auto& hops = path.path.hops;
            const auto until = std::ranges::find_first_of(hops, ends);
            if (std::find(hops.begin(), until, asn) != until) through += weight;
        }
        return all > 0 ? through / all : 0.0;
    };
    double weight = 0;
    for (const Origin& origin : origins) {
        const auto reaches = [&](const ObservedPath& path) {
            return std::ranges::count(path.path.origins(), origin.asn) > 0;
        };
        if (std::ranges::any_of(paths, reaches)) weight += origin.weight;
    }
    std::map<Asn, double> result;
    for (const Asn asn : ases) {
        for (const Origin& origin : origins) {
            std::vector<double> values;
            for (const auto& [peer, own] : sessions) {
                double sum = 0;
                for (const PeerId session : own) sum += betweenness(session, asn, origin.asn);
                values.push_back(sum / static_cast<double>(own.size()));
            }
            std::ranges::sort(values);
            const std::size_t cut = values.size() / 10;
            double sum = 0;
            for (std::size_t i = cut; i < values.size() - cut; ++i) sum += values[i];
            result[asn] +=
                origin.weight * sum / static_cast<double>(values.size() - 2 * cut) / weight;
        }
    }
    return result;
}

double of(const Dependence& found, std::uint32_t asn) {
    const auto one = std::ranges::find(found.hegemony, Asn{asn}, &Hegemony::asn);
    return one == found.hegemony.end() ? 0 : one->value;
}

TEST(Hegemony, OnlyUpstreamCarriesAll) {
    std::vector<ObservedPath> paths;
    for (std::uint16_t i = 0; i < 20; ++i)
        paths.push_back(made_path(i, {1000U + i, 10U + i % 3, 4837, 131279}, 1024));
    const std::vector<Origin> origins{{.asn = Asn{131279}, .weight = 1}};
    const Dependence found = hegemony_of(paths, Family::v4, origins);
    EXPECT_EQ(found.peer_asns, 20U);
    ASSERT_FALSE(found.hegemony.empty());
    EXPECT_EQ(found.hegemony[0].asn, Asn{4837});
    EXPECT_DOUBLE_EQ(found.hegemony[0].value, 1);
    EXPECT_DOUBLE_EQ(found.hegemony[0].interval.low, 1);
    // A peer is only on its own paths: the trimmed mean leaves it out.
    EXPECT_DOUBLE_EQ(of(found, 1000), 0);
    EXPECT_NEAR(of(found, 10), 5.0 / 16, 1e-12);
}

TEST(Hegemony, PeersThatHaveNothingCountAsZero) {
    std::vector<ObservedPath> paths{made_path(0, {100, 7, 9}, 256), made_path(1, {101, 8}, 256)};
    const std::vector<Origin> origins{{.asn = Asn{9}, .weight = 1}};
    EXPECT_DOUBLE_EQ(of(hegemony_of(paths, Family::v4, origins), 7), 0.5);
}

TEST(Hegemony, SessionsOfOnePeerAreAveraged) {
    std::vector<ObservedPath> paths{made_path(0, {100, 7, 9}, 256), made_path(1, {100, 8, 9}, 256),
                                    made_path(2, {101, 7, 9}, 256)};
    const std::vector<Origin> origins{{.asn = Asn{9}, .weight = 1}};
    EXPECT_DOUBLE_EQ(of(hegemony_of(paths, Family::v4, origins), 7), 0.75);
}

TEST(Hegemony, OthersThanFullFeedsDoNotCount) {
    std::vector<ObservedPath> paths{made_path(0, {100, 7, 9}, 256), made_path(1, {101, 8, 9}, 256)};
    paths[1].full_feed = false;
    const std::vector<Origin> origins{{.asn = Asn{9}, .weight = 1}};
    const Dependence found = hegemony_of(paths, Family::v4, origins);
    EXPECT_EQ(found.peer_asns, 1U);
    EXPECT_DOUBLE_EQ(of(found, 7), 1);
    EXPECT_DOUBLE_EQ(of(found, 8), 0);
}

TEST(Hegemony, NobodyReachesIt) {
    const std::vector<ObservedPath> paths{made_path(0, {100, 7, 9}, 256)};
    const std::vector<Origin> origins{{.asn = Asn{5}, .weight = 1}};
    const Dependence found = hegemony_of(paths, Family::v4, origins);
    EXPECT_EQ(found.weight, 0);
    EXPECT_TRUE(found.hegemony.empty());
}

TEST(Hegemony, EqualsThePlainFormulaInRandomWorlds) {
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        Random chance(seed);
        std::vector<ObservedPath> paths;
        const std::uint32_t peers = chance.between(1, 24);
        for (std::uint16_t session = 0; session < peers + 3; ++session) {
            const std::uint32_t peer = 100 + session % peers;
            for (std::uint32_t i = chance.below(12); i > 0; --i) {
                ObservedPath path = made_path(session, {peer}, chance.between(1, 9) * 256);
                for (std::uint32_t hops = chance.between(1, 4); hops > 0; --hops)
                    path.path.hops.push_back(Asn{chance.between(1, 12)});
                if (chance.percent(20)) {
                    path.path.hops.push_back(Asn{20});
                    path.path.hops.push_back(Asn{21});
                    path.path.origin_count = 2;
                }
                paths.push_back(path);
            }
        }
        const std::vector<Origin> origins{{Asn{1}, 3}, {Asn{2}, 1}, {Asn{20}, 5}, {Asn{99}, 7}};
        const Dependence found = hegemony_of(paths, Family::v4, origins, {.intervals = 0});
        for (const auto& [asn, value] : plainly(paths, origins))
            EXPECT_NEAR(of(found, asn.value), value, 1e-12)
                << "seed " << seed << " AS" << asn.value;
    }
}

TEST(Hegemony, IntervalsHoldTheValueAndComeAgain) {
    std::vector<ObservedPath> paths;
    for (std::uint16_t i = 0; i < 30; ++i)
        paths.push_back(made_path(i, {1000U + i, i % 3 == 0 ? 7U : 8U, 9}, 256));
    const std::vector<Origin> origins{{.asn = Asn{9}, .weight = 1}};
    const Dependence found = hegemony_of(paths, Family::v4, origins);
    const Hegemony& first = found.hegemony[0];
    EXPECT_EQ(first.asn, Asn{8});
    EXPECT_LT(first.interval.low, first.value);
    EXPECT_GT(first.interval.high, first.value);
    EXPECT_EQ(hegemony_of(paths, Family::v4, origins).hegemony[0].interval, first.interval);
}

TEST(Hegemony, TrimmedMeanPadsWithZeros) {
    std::vector<PeerValue> values;
    for (std::uint32_t peer = 0; peer < 9; ++peer) values.push_back({.peer = peer, .value = 0.5});
    const std::vector<std::uint32_t> ten(10, 1);
    const std::vector<PeerValue> four{{0, 1}, {3, 1}, {5, 1}, {9, 1}};
    EXPECT_DOUBLE_EQ(trimmed_mean(four, ten, 10), 3.0 / 8);
    EXPECT_DOUBLE_EQ(trimmed_mean(values, std::vector<std::uint32_t>(9, 1), 9), 0.5);
    EXPECT_DOUBLE_EQ(trimmed_mean({}, {}, 0), 0);
}

TEST(Hegemony, TrimmedMeanCountsAPeerAsOftenAsItWasDrawn) {
    const std::vector<PeerValue> values{{2, 0.25}, {0, 0.5}, {1, 1}};
    EXPECT_DOUBLE_EQ(trimmed_mean(values, std::vector<std::uint32_t>{0, 0, 4}, 4), 0.25);
    // 0 0 0 0.25 0.25 0.5 0.5 0.5 1 1, without the first and the last.
    const std::vector<std::uint32_t> drawn{3, 2, 2, 3};
    EXPECT_DOUBLE_EQ(trimmed_mean(values, drawn, 10), (2 * 0.25 + 3 * 0.5 + 1) / 8);
}

}  // namespace
}  // namespace dimout::depend
