#include "detect/flaps.h"

#include <gtest/gtest.h>

namespace dimout::detect {
namespace {

EventTime at(std::int64_t bin) { return Bin{bin}.start(); }

TEST(Flaps, ThreeWithinSixHoursAreUnstableSinceTheFirst) {
    FlapChain chain;
    EXPECT_TRUE(chain.fell({100}, at(100), at(100), 1024, 0, 1024));
    EXPECT_TRUE(chain.fell({130}, at(130), at(130), 1024, 0, 1024));
    EXPECT_FALSE(chain.summary({130})->unstable);
    EXPECT_TRUE(chain.fell({160}, at(160), at(160), 256, 0, 1024));
    EXPECT_TRUE(chain.summary({160})->unstable);
    EXPECT_EQ(chain.summary({160})->first, at(100));
    EXPECT_EQ(chain.summary({160})->last, at(160));
}

TEST(Flaps, ThreeInNineHoursAreNotUnstableButOneChain) {
    FlapChain chain;
    for (const std::int64_t bin : {100, 154, 208})
        chain.fell({bin}, at(bin), at(bin), 1024, 0, 1024);
    EXPECT_FALSE(chain.summary({208})->unstable);
    EXPECT_EQ(chain.summary({208})->first, at(100));
}

TEST(Flaps, MoreThanSixHoursBreakTheChain) {
    FlapChain chain;
    for (const std::int64_t bin : {100, 110, 120})
        chain.fell({bin}, at(bin), at(bin), 1024, 0, 1024);
    EXPECT_TRUE(chain.summary({192}));
    EXPECT_FALSE(chain.summary({193}));
    chain.fell({193}, at(193), at(193), 1024, 0, 1024);
    EXPECT_FALSE(chain.summary({193})->unstable);
    EXPECT_EQ(chain.summary({193})->first, at(193));
}

TEST(Flaps, ALossInFourStepsIsNotFourFlaps) {
    FlapChain chain;
    for (std::int64_t step = 1; step <= 4; ++step) {
        chain.fell({100 + step}, at(100), at(100), 256, 256U * static_cast<std::uint64_t>(step),
                   1024);
    }
    EXPECT_FALSE(chain.summary({104})->unstable);
}

TEST(Flaps, LessThanAQuarterDoesNotCount) {
    FlapChain chain;
    EXPECT_FALSE(chain.fell({1}, at(1), at(1), 255, 0, 1024));
    EXPECT_FALSE(chain.summary({1}));
}

TEST(Flaps, TwiceTheAddressesInOneBinAreTwoFlaps) {
    FlapChain chain;
    chain.fell({1}, at(1), at(1), 2048, 0, 1024);
    chain.fell({2}, at(2), at(2), 1024, 0, 1024);
    EXPECT_TRUE(chain.summary({2})->unstable);
}

}  // namespace
}  // namespace dimout::detect
