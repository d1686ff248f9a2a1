// Listings as the archives' servers write them, and what is chosen of them.
#include "source/archive_layout.h"

#include <gtest/gtest.h>

namespace dimout::source {
namespace {

EventTime at(const char* text) { return *parse_time(text); }

TimeRange range(const char* from, const char* until) {
    return {.from = at(from), .until = at(until)};
}

std::vector<std::string> names(const std::vector<ListedFile>& files) {
    std::vector<std::string> result;
    for (const ListedFile& file : files) result.push_back(file.name);
    return result;
}

ListedFile file(const std::string& name, const char* time) {
    return {.name = name, .time = at(time), .table_dump = !name.starts_with("updates")};
}

TEST(ArchiveLayout, RisKeepsAMonthInOneFolder) {
    const auto folders =
        remote_folders("rrc00", range("2014-12-22T10:00Z", "2014-12-23T00:00Z"), {});
    ASSERT_EQ(folders.size(), 1U);
    EXPECT_EQ(folders[0].url, "https://data.ris.ripe.net/rrc00/2014.12/");
    EXPECT_EQ(folders[0].local, "rrc00/2014.12");
}

TEST(ArchiveLayout, TheTableMayLieInTheMonthBefore) {
    const auto folders =
        remote_folders("route-views2", range("2015-01-01T01:00Z", "2015-01-01T02:00Z"), {});
    ASSERT_EQ(folders.size(), 4U);
    EXPECT_EQ(folders[0].url, "https://archive.routeviews.org/bgpdata/2014.12/RIBS/");
    EXPECT_EQ(folders[0].local, "route-views2/bgpdata/2014.12/RIBS");
    EXPECT_EQ(folders[3].url, "https://archive.routeviews.org/bgpdata/2015.01/UPDATES/");
    EXPECT_EQ(remote_folders("route-views.jinx", range("2015-01-05T01:00Z", "2015-01-05T02:00Z"),
                             {.route_views = "http://localhost:1"})[1]
                  .url,
              "http://localhost:1/route-views.jinx/bgpdata/2015.01/UPDATES/");
}

TEST(ArchiveLayout, ReadsAListingWithItsSizes) {
    const auto files = read_listing(
        R"(<html><a href="?C=N;O=D">Name</a> <a href="/rrc00/">Parent Directory</a>
<tr><td><a href="updates.20141222.1605.gz">updates.20141222.1605.gz</a></td><td align="right">2014-12-22 16:10 </td><td align="right">1.5M</td></tr>
<tr><td><a href="bview.20141222.1600.gz">bview.20141222.1600.gz</a></td><td>2014-12-22 16:10  </td><td> 90M</td></tr>
<a href="updates.20141222.1600.gz">updates.2014..&gt;</a>   22-Dec-2014 16:05    1048576
<a href="updates.20141222.1600.gz">again</a>
<a href="updates.20141322.1600.gz">no month</a> <a href="updates.20141222.1600.gz.md5">sum</a>)");
    EXPECT_EQ(names(files),
              (std::vector<std::string>{"bview.20141222.1600.gz", "updates.20141222.1600.gz",
                                        "updates.20141222.1605.gz"}));
    EXPECT_TRUE(files[0].table_dump);
    EXPECT_EQ(files[0].bytes, 90U << 20);
    EXPECT_EQ(files[1].bytes, 1048576U);
    EXPECT_EQ(files[2].bytes, 1572864U);
    EXPECT_EQ(files[2].time, at("2014-12-22T16:05Z"));
}

TEST(ArchiveLayout, ChoosesTheTableBeforeAndTheUpdatesFromThere) {
    const std::vector<ListedFile> listed{
        file("rib.a", "2014-12-22T14:00Z"),     file("updates.b", "2014-12-22T15:45Z"),
        file("updates.c", "2014-12-22T15:55Z"), file("rib.d", "2014-12-22T16:00Z"),
        file("updates.e", "2014-12-22T16:10Z"), file("rib.f", "2014-12-22T18:00Z"),
        file("updates.g", "2014-12-22T18:10Z"), file("updates.h", "2014-12-22T19:00Z")};
    const TimeRange wanted = range("2014-12-22T17:00Z", "2014-12-22T19:00Z");
    EXPECT_EQ(names(choose_files(listed, wanted, false)),
              (std::vector<std::string>{"updates.c", "rib.d", "updates.e", "updates.g"}));
    EXPECT_EQ(names(choose_files(listed, wanted, true)),
              (std::vector<std::string>{"updates.c", "rib.d", "updates.e", "rib.f", "updates.g"}));
}

TEST(ArchiveLayout, WithoutATableBeforeItTheFirstOneMustDo) {
    const std::vector<ListedFile> listed{file("updates.a", "2014-12-22T17:00Z"),
                                         file("rib.b", "2014-12-22T18:00Z"),
                                         file("rib.c", "2014-12-22T20:00Z")};
    EXPECT_EQ(names(choose_files(listed, range("2014-12-22T17:00Z", "2014-12-22T21:00Z"), false)),
              (std::vector<std::string>{"updates.a", "rib.b"}));
}

TEST(ArchiveLayout, ChoosesTheNewestStatisticsThatAreNotLater) {
    const std::string page =
        R"(<a href="delegated-apnic-20141222.gz">x</a> <a href="delegated-apnic-extended-20141222.gz">x</a>
<a href="delegated-apnic-extended-20141223.gz">x</a> <a href="delegated-apnic-extended-20141222.gz.md5">x</a>
<a href="delegated-apnic-extended-latest">x</a> <a href="delegated-arin-extended-20141222">x</a>)";
    const auto choose = [&](const char* date) {
        return choose_statistics(page, "apnic", at(date)).value_or("none");
    };
    EXPECT_EQ(choose("2014-12-22T16:15Z"), "delegated-apnic-extended-20141222.gz");
    EXPECT_EQ(choose("2015-01-10T00:00Z"), "delegated-apnic-extended-20141223.gz");
    EXPECT_EQ(choose("2014-12-21T00:00Z"), "none");
    EXPECT_EQ(choose("2015-06-01T00:00Z"), "none");
    EXPECT_EQ(registry_folders("apnic", at("2014-12-22T00:00Z"), {})[0].url,
              "https://ftp.ripe.net/pub/stats/apnic/2014/");
}

}  // namespace
}  // namespace dimout::source
