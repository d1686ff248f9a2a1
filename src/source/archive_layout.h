// Where the public archives keep the files of a collector and of a registry, and which of them a
// span of time needs.
//
//   RIPE RIS       BASE/rrc00/2014.12/{bview,updates}.20141222.1600.gz
//   RouteViews     BASE/route-views.jinx/bgpdata/2014.12/{RIBS/rib,UPDATES/updates}.….bz2;
//                  route-views2 lies at BASE/bgpdata
//   RIR statistics BASE/apnic/2014/delegated-apnic-extended-20141222.gz; some keep years in
//                  `archive/`, some keep none
//
// Rhythms and names changed over the years, so no name is made up: the archives' own listings say
// what there is. Pure functions; source/download.h brings the files.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace dimout::source {

/// Servers of the archives' layouts, without a slash at the end.
struct Mirrors {
    std::string ris = "https://data.ris.ripe.net";
    std::string route_views = "https://archive.routeviews.org";
    std::string registries = "https://ftp.ripe.net/pub/stats";
};

/// A folder on a server whose listing is to be read.
struct RemoteFolder {
    std::string url;    ///< With a slash at the end.
    std::string local;  ///< Where its files go beneath the user's folder: the same layout.
};

struct ListedFile {
    std::string name;
    EventTime time;           ///< That its name says.
    bool table_dump = false;  ///< `bview` or `rib`; else `updates`.
    std::uint64_t bytes = 0;  ///< As the listing says it, rounded; 0: it does not.
};

/// The months that may hold what `wanted` needs: the table before it may be of the month before.
[[nodiscard]] std::vector<RemoteFolder> remote_folders(const std::string& collector,
                                                       const TimeRange& wanted,
                                                       const Mirrors& mirrors);

/// The archive files that an HTML listing links to, by time. Anything else is stepped over.
[[nodiscard]] std::vector<ListedFile> read_listing(std::string_view html);

/// What a replay of `wanted` needs: the newest table at or before its begin (else the first there
/// is), and the updates from then to its end. With `every_table` the tables in between too.
[[nodiscard]] std::vector<ListedFile> choose_files(const std::vector<ListedFile>& listed,
                                                   const TimeRange& wanted, bool every_table);

/// Names of the five regional registries as their files spell them.
[[nodiscard]] const std::vector<std::string>& registries();
/// Where the statistics of a registry's year may lie, likeliest first.
[[nodiscard]] std::vector<RemoteFolder> registry_folders(const std::string& registry,
                                                         EventTime date, const Mirrors& mirrors);
/// Of a listing, the newest delegated statistics not later than `date` and at most a month older:
/// the extended form where there is one.
[[nodiscard]] std::optional<std::string> choose_statistics(std::string_view html,
                                                           const std::string& registry,
                                                           EventTime date);

}  // namespace dimout::source
