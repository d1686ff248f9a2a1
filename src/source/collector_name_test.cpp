#include "source/collector_name.h"

#include <gtest/gtest.h>

namespace dimout::source {
namespace {

/// `~` marks the folder that the user named: `/srv/~routeviews/route-views6/…`.
std::string name(const std::string& path) {
    std::vector<std::string> names{""};
    std::size_t found = 0;
    for (const char c : path.substr(1)) {
        if (c == '/')
            names.emplace_back();
        else if (c == '~')
            found = names.size();
        else
            names.back() += c;
    }
    const std::string file = names.back();
    names.pop_back();
    return collector_name(names, found, file);
}

TEST(CollectorName, IsReadOffTheLayoutOfRouteViews) {
    EXPECT_EQ(name("/srv/~mirror/route-views6/bgpdata/2014.12/RIBS/rib.20141222.1600.bz2"),
              "route-views6");
    EXPECT_EQ(name("/srv/mirror/~route-views6/bgpdata/2014.12/UPDATES/updates.20141222.1600.bz2"),
              "route-views6");
    EXPECT_EQ(name("/srv/mirror/route-views6/~bgpdata/2014.12/UPDATES/updates.20141222.1600.bz2"),
              "route-views6");
    EXPECT_EQ(name("/srv/~out/alpha/bgpdata/2014.12/RIBS/rib.20141222.1600.bz2"), "alpha");
}

TEST(CollectorName, BgpdataAtTheRootOfTheArchiveIsRouteViews2) {
    EXPECT_EQ(name("/srv/~mirror/bgpdata/2014.12/UPDATES/updates.20141222.1600.bz2"),
              "route-views2");
    EXPECT_EQ(name("/~srv/archive.routeviews.org/bgpdata/2014.12/RIBS/rib.20141222.1600.bz2"),
              "route-views2");
    EXPECT_EQ(name("/~bgpdata/2014.12/RIBS/rib.20141222.1600.bz2"), "route-views2");
}

TEST(CollectorName, IsReadOffTheLayoutOfRisAndTheShortForm) {
    EXPECT_EQ(name("/~data/rrc00/2014.12/bview.20141222.1600.gz"), "rrc00");
    EXPECT_EQ(name("/data/rrc00/~2014.12/updates.20141222.1600.gz"), "rrc00");
    EXPECT_EQ(name("/~data/beta/UPDATES/updates.20141222.1600.gz"), "beta");
    EXPECT_EQ(name("/~data/beta/RIBS/2014.12/rib.20141222.1600.gz"), "beta");
}

TEST(CollectorName, IsReadOffTheFileWhereTheFileSaysIt) {
    EXPECT_EQ(name("/~x/route-views.jinx.updates.20140530.2345.bz2"), "route-views.jinx");
    EXPECT_EQ(name("/~x/route-views.jinx.rib.20140530.2200.bz2"), "route-views.jinx");
    EXPECT_EQ(name("/~x/rrc06.updates.20140530.2215.gz"), "rrc06");
    EXPECT_EQ(name("/~x/rrc15_2010.02_updates.20100227.1600.gz"), "rrc15");
    EXPECT_EQ(name("/~x/pch-decix-ham.updates.20190101.0000.mrt"), "pch-decix-ham");
}

TEST(CollectorName, ElseItIsTheFolderAndElseUnknown) {
    EXPECT_EQ(name("/~captures/updates.20070211.0141.gz"), "captures");
    EXPECT_EQ(name("/~captures/csu-arch0.20130101.mrt.gz"), "captures");
    EXPECT_EQ(name("/~2014.12/updates.20070211.0141.gz"), "unknown");
}

TEST(CollectorName, KnowsTheNamesOfArchiveFiles) {
    EXPECT_TRUE(is_named_like_mrt("updates.20070211.0141.gz"));
    EXPECT_TRUE(is_named_like_mrt("rrc00-latest_bview.gz"));
    EXPECT_TRUE(is_named_like_mrt("rib"));
    EXPECT_FALSE(is_named_like_mrt("tribute.txt"));
    EXPECT_FALSE(is_named_like_mrt("delegated-ripencc-20140630"));
}

}  // namespace
}  // namespace dimout::source
