#include "detect/median_rule.h"

#include <gtest/gtest.h>

#include <array>

#include "model/bin.h"

namespace dimout::detect {
namespace {

class Fed {
public:
    explicit Fed(const MedianRuleOptions& options) : rule_(options) {}
    MedianRule::Verdict add(std::optional<double> value, int times = 1) {
        MedianRule::Verdict verdict;
        for (int i = 0; i < times; ++i) {
            verdict = rule_.judge(bin_.start(), kBinWidth, value);
            bin_ = bin_.next();
        }
        return verdict;
    }

private:
    MedianRule rule_;
    Bin bin_{100'000};
};

TEST(MedianRule, AlarmsBelowItsShareOfTheMedian) {
    Fed fed(MedianRuleOptions::of(SignalKind::Probes));
    EXPECT_FALSE(fed.add(600, 12).predicted);
    EXPECT_EQ(fed.add(600).predicted, 600);
    EXPECT_FALSE(fed.add(481).alarm);
    EXPECT_TRUE(fed.add(479).alarm);
    EXPECT_FALSE(fed.add(600).alarm);
}

TEST(MedianRule, AMissingValueKeepsTheState) {
    Fed fed(MedianRuleOptions::of(SignalKind::Routes));
    fed.add(1000, 20);
    EXPECT_TRUE(fed.add(900).alarm);
    EXPECT_TRUE(fed.add(std::nullopt).alarm);
    EXPECT_FALSE(fed.add(1000).alarm);
}

TEST(MedianRule, AnOutageDoesNotBecomeTheMedianForAsLongAsTheHistory) {
    Fed fed(MedianRuleOptions::of(SignalKind::Routes));
    fed.add(1000, 288);
    EXPECT_TRUE(fed.add(0, 288).alarm);
    EXPECT_FALSE(fed.add(0, 288).alarm);  // The extreme is the new normal.
}

TEST(MedianRule, AShorterDropThanTheLeastDurationIsNoAlarm) {
    MedianRuleOptions options = MedianRuleOptions::of(SignalKind::Probes);
    options.least_duration = 3 * kBinWidth;
    Fed fed(options);
    fed.add(600, 20);
    EXPECT_FALSE(fed.add(0, 2).alarm);
    EXPECT_TRUE(fed.add(0).alarm);
    EXPECT_TRUE(fed.add(600, 2).alarm);
    EXPECT_FALSE(fed.add(600).alarm);
}

TEST(MedianRule, TheScoreIsPerCentTimesMinutes) {
    Fed fed(MedianRuleOptions::of(SignalKind::Probes));
    fed.add(600, 20);
    EXPECT_DOUBLE_EQ(fed.add(300, 12).area, 50 * 60);
    const std::array<double, 3> areas{3000, 0, 2};
    EXPECT_DOUBLE_EQ(overall_score(areas), 6000);
}

TEST(MedianRule, FewerThanTwentyProbesAreIgnored) {
    Fed fed(MedianRuleOptions::of(SignalKind::Probes));
    fed.add(19, 20);
    EXPECT_FALSE(fed.add(0, 5).alarm);
}

}  // namespace
}  // namespace dimout::detect
