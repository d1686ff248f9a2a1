#include "app/forecast.h"

#include <fmt/format.h>

#include <algorithm>

#include "present/clock_text.h"

namespace dimout::app {
namespace {

// Measured; how, and on what, is in docs/explanation/cost.md.
constexpr double kRoutes = 1'220'000;  ///< Of one session with a whole table, both families.
constexpr double kBytesARoute = 17.9;
constexpr double kBytesARouteOriginsOnly = 10.6;
constexpr double kEmptyProcess = 28e6;
constexpr double kSortingADay = 477e6;
constexpr double kSortingADayWithPaths = 1'341e6;
constexpr double kMessagesADay = 206'545;  ///< Of a session.
constexpr double kSecondsAMessage = 7.9e-6;
constexpr double kSecondsADay = 1.6;  ///< Of processor time for a session: tables and judgement.
constexpr double kStoreADay = 4.6e6;
constexpr double kPathsADay = 4.3e6;  ///< Of a session.
constexpr double kJournalAMessage = 22.9;

// Assumed.
constexpr std::uint64_t kSessionsACollector = 30;
constexpr std::uint64_t kCollectorsOfRis = 23;

constexpr double kDays = 365;

std::string megabytes(double bytes) {
    if (bytes >= 1e10) return fmt::format("{:.0f} GB", bytes / 1e9);
    if (bytes >= 1e9) return fmt::format("{:.1f} GB", bytes / 1e9);
    return fmt::format("{:.0f} MB", bytes / 1e6);
}

std::string whole(double number) { return present::thousands(static_cast<std::uint64_t>(number)); }

struct Sessions {
    std::uint64_t count = 0;
    std::string why;
};

Sessions assumed_sessions(const WatchOptions& options) {
    const bool all = std::ranges::find(options.ris_live, "all") != options.ris_live.end();
    const std::uint64_t collectors = all ? kCollectorsOfRis : options.ris_live.size();
    Sessions sessions;
    sessions.count = collectors * kSessionsACollector + options.bmp.size();
    if (collectors > 0) {
        sessions.why = fmt::format("{} collector{} × {} whole tables, assumed", collectors,
                                   collectors == 1 ? "" : "s", kSessionsACollector);
    }
    if (!options.bmp.empty()) {
        sessions.why += fmt::format("{}what your routers will tell is not known: {} counted",
                                    sessions.why.empty() ? "" : "; ", options.bmp.size());
    }
    sessions.why += "; --sessions N figures with N";
    return sessions;
}

}  // namespace

std::vector<ForecastLine> forecast(const WatchOptions& options,
                                   std::optional<std::uint64_t> sessions) {
    const Sessions found = sessions ? Sessions{*sessions, "as you say"} : assumed_sessions(options);
    const auto count = static_cast<double>(found.count);
    const double bytes_a_route = options.run.origins_only ? kBytesARouteOriginsOnly : kBytesARoute;
    const bool keeps_paths = options.run.path_days > 0 && !options.run.origins_only;
    const double path_days = keeps_paths ? static_cast<double>(options.run.path_days) : 0;
    const double path_days_a_year = std::min(path_days, kDays);
    const double processor =
        count * (kMessagesADay * kSecondsAMessage + kSecondsADay) / 86'400 * 100;
    return {
        {"sessions", present::thousands(found.count), found.why},
        {"memory", megabytes(kEmptyProcess + count * kRoutes * bytes_a_route),
         fmt::format("{} + {} sessions × {} routes × {} bytes", megabytes(kEmptyProcess),
                     found.count, whole(kRoutes), bytes_a_route)},
        {"once a day", "+ " + megabytes(keeps_paths ? kSortingADayWithPaths : kSortingADay),
         "while the day is sorted into one file; measured with 33 sessions"},
        {"processor", fmt::format("{:.2g} % of a core", processor),
         fmt::format("{} × ({} messages a day × {:.1f} µs + {} s) ÷ 86,400 s", found.count,
                     whole(kMessagesADay), kSecondsAMessage * 1e6, kSecondsADay)},
        {"store", megabytes(kStoreADay * kDays) + " a year",
         fmt::format("{:.0f} days × {:.1f} MB", kDays, kStoreADay / 1e6)},
        {"paths", megabytes(count * path_days_a_year * kPathsADay) + " after a year",
         keeps_paths ? fmt::format("{} sessions × {:.0f} days × {:.1f} MB, of {:.0f} that are kept "
                                   "([keep] path_days)",
                                   found.count, path_days_a_year, kPathsADay / 1e6, path_days)
                     : std::string("none are kept")},
        {"journal", megabytes(count * kMessagesADay * kJournalAMessage * kDays) + " a year",
         fmt::format("{} × {} messages a day × {} bytes × {:.0f} days; nothing is removed from it",
                     found.count, whole(kMessagesADay), kJournalAMessage, kDays)},
    };
}

std::string forecast_text(const std::vector<ForecastLine>& lines) {
    std::string text;
    for (const ForecastLine& line : lines)
        text += fmt::format("  {:<10}  {:>20}  {}\n", line.what, line.amount, line.why);
    return text;
}

}  // namespace dimout::app
