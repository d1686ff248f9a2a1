#include "depend/other_ways.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <functional>

#include "base/random.h"

namespace dimout::depend {
namespace {

WaySeen way(std::string_view path, std::int64_t last) {
    return {.path = *parse_plain_path(path),
            .family = Family::v4,
            .first = event_time(0),
            .last = event_time(last)};
}

std::optional<std::int64_t> date_of(const std::vector<WaySeen>& ways, Asn origin, Asn removed) {
    const auto found = ways_back(ways, Family::v4, std::span(&origin, 1), std::span(&removed, 1));
    return found.empty() ? std::nullopt : std::optional(unix_seconds(found[0].last_seen));
}

TEST(WaysBack, TellWhenTheAlternativeWasLastSeen) {
    const std::vector<WaySeen> ways{way("1 4837 131279", 900), way("1 22351 131279", 300),
                                    way("2 4837 131279", 900), way("1 3 22351", 800)};
    EXPECT_EQ(date_of(ways, Asn{131279}, Asn{4837}), 300);
    EXPECT_EQ(date_of(ways, Asn{131279}, Asn{22351}), 900);
    EXPECT_EQ(date_of(ways, Asn{131279}, Asn{131279}), std::nullopt) << "the origin itself failed";
    EXPECT_EQ(date_of({ways[0]}, Asn{131279}, Asn{4837}), std::nullopt) << "no other was ever seen";
}

TEST(WaysBack, AWayIsAsOldAsItsOldestLinkAndTheFreshestCounts) {
    const std::vector<WaySeen> ways{way("1 5 9", 100), way("1 5", 900), way("1 6 7 9", 500),
                                    way("1 8 9", 900)};
    EXPECT_EQ(date_of(ways, Asn{9}, Asn{8}), 500);
    EXPECT_EQ(ways_back(ways, Family::v6, std::vector{Asn{9}}, {}).size(), 0U);
}

TEST(WaysBack, EqualTryingEveryWalk) {
    Random chance(7);
    for (int round = 0; round < 50; ++round) {
        std::vector<WaySeen> ways;
        std::map<std::pair<std::uint32_t, std::uint32_t>, std::int64_t> links;
        for (int i = 0; i < 12; ++i) {
            const std::uint32_t left = 1 + chance.below(6);
            const std::uint32_t right = 1 + chance.below(7);
            if (left == right) continue;
            const std::int64_t last = chance.below(100);
            ways.push_back(way(fmt::format("{} {}", left, right), last));
            auto& known = links[{left, right}];
            known = std::max(known, last);
        }
        std::map<std::uint32_t, std::int64_t> entries;
        for (const WaySeen& one : ways) {
            auto& known = entries[one.path.hops[0].value];
            known = std::max(known, unix_seconds(one.last));
        }
        std::int64_t best = -1;
        const std::function<void(std::uint32_t, std::int64_t, unsigned)> walk =
            [&](std::uint32_t at, std::int64_t date, unsigned seen) {
                if (at == 3 || (seen >> at & 1U) != 0) return;
                if (at == 7) best = std::max(best, date);
                for (const auto& [link, last] : links) {
                    if (link.first == at) walk(link.second, std::min(date, last), seen | 1U << at);
                }
            };
        for (const auto& [entry, last] : entries) walk(entry, last, 0);
        EXPECT_EQ(date_of(ways, Asn{7}, Asn{3}).value_or(-1), best) << "round " << round;
    }
}

TEST(PathsSince, AreThoseInUseThenOrLater) {
    const std::vector<WaySeen> ways{way("1 2", 100), way("1 3", 200)};
    EXPECT_EQ(paths_since(ways, Family::v4, event_time(200)).size(), 1U);
    EXPECT_EQ(paths_since(ways, Family::v4, event_time(0)).size(), 2U);
    EXPECT_EQ(paths_since(ways, Family::v6, event_time(0)).size(), 0U);
}

}  // namespace
}  // namespace dimout::depend
