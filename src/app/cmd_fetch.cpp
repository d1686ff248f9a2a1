// `fetch`: slices of the public archives, in their own layout, for `replay`.

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <thread>
#include <tuple>

#include "app/commands.h"
#include "app/exit_code.h"
#include "app/output.h"
#include "app/progress.h"
#include "app/stop.h"
#include "app/wall_clock.h"
#include "source/archive_layout.h"
#include "source/download.h"

namespace dimout::app {
namespace {

using source::Fetched;
using source::ListedFile;
using source::RemoteFolder;

/// A listing of a month of updates has some 10,000 rows of 200 bytes.
constexpr std::size_t kLongestListing = std::size_t{16} << 20;
/// Ten years at once is a mistake, or should be asked for in pieces.
constexpr std::chrono::days kLongestRange{366};

struct Job {
    std::string url;
    std::string path;
    std::uint64_t bytes = 0;  ///< About; 0: not known.
};

struct Plan {
    std::vector<Job> jobs;
    std::vector<std::string> notes;  ///< What is not there, a sentence each.
};

struct Outcome {
    std::size_t fetched = 0;
    std::size_t there = 0;
    std::vector<std::string> problems;  ///< Missing and damaged files.
    std::vector<std::string> failures;
};

source::Mirrors mirrors_of(const FetchOptions& options) {
    source::Mirrors mirrors;
    const auto replace = [](std::string& mirror, std::string wanted) {
        while (wanted.ends_with('/')) wanted.pop_back();
        if (!wanted.empty()) mirror = std::move(wanted);
    };
    replace(mirrors.ris, options.ris);
    replace(mirrors.route_views, options.route_views);
    replace(mirrors.registries, options.registries);
    return mirrors;
}

std::unique_ptr<HttpClient> client() {
    return make_http_client({.user_agent = "dimout/" DIMOUT_VERSION});
}

/// Empty, when there is no such folder.
Result<std::string> listing(HttpClient& http, const std::string& url) {
    std::string text;
    const auto reply = http.send({.url = url}, [&](const HttpReply& head, Bytes piece) {
        if (head.succeeded())
            text.append(reinterpret_cast<const char*>(piece.data()), piece.size());
        return text.size() <= kLongestListing;
    });
    if (!reply) return std::unexpected(reply.error());
    if (reply->status == 404) return std::string();
    if (!reply->succeeded())
        return fail(fmt::format("{}: the server says {}.", url, reply->status));
    return text;
}

Result<void> plan_collector(HttpClient& http, const std::string& collector,
                            const FetchOptions& options, Plan& plan) {
    const TimeRange wanted{.from = *options.from, .until = *options.until};
    std::vector<ListedFile> all;
    std::map<std::string, RemoteFolder> folder_of_file;
    for (const RemoteFolder& folder :
         source::remote_folders(collector, wanted, mirrors_of(options))) {
        const auto page = listing(http, folder.url);
        if (!page) return std::unexpected(page.error());
        for (ListedFile& file : source::read_listing(*page)) {
            folder_of_file.emplace(file.name, folder);
            all.push_back(std::move(file));
        }
    }
    std::ranges::sort(all, {},
                      [](const ListedFile& file) { return std::tie(file.time, file.name); });
    const auto chosen = source::choose_files(all, wanted, options.every_table);
    if (chosen.empty()) {
        plan.notes.push_back(fmt::format("{}: the archive has nothing of that time.", collector));
        return {};
    }
    if (!std::ranges::any_of(chosen, &ListedFile::table_dump)) {
        plan.notes.push_back(
            fmt::format("{}: the archive has no table dump near that time, and without one no "
                        "level is known.",
                        collector));
    }
    for (const ListedFile& file : chosen) {
        const RemoteFolder& folder = folder_of_file.at(file.name);
        plan.jobs.push_back({.url = folder.url + file.name,
                             .path = (options.into / folder.local / file.name).string(),
                             .bytes = file.bytes});
    }
    return {};
}

Result<void> plan_registry(HttpClient& http, const std::string& registry,
                           const FetchOptions& options, Plan& plan) {
    for (const RemoteFolder& folder :
         source::registry_folders(registry, *options.from, mirrors_of(options))) {
        const auto page = listing(http, folder.url);
        if (!page) return std::unexpected(page.error());
        const auto name = source::choose_statistics(*page, registry, *options.from);
        if (!name) continue;
        plan.jobs.push_back(
            {.url = folder.url + *name, .path = (options.into / folder.local / *name).string()});
        return {};
    }
    plan.notes.push_back(
        fmt::format("{}: no statistics of the month before {}; its countries stay "
                    "unknown.",
                    registry, to_rfc3339(*options.from)));
    return {};
}

Result<Plan> plan_all(const FetchOptions& options) {
    const auto http = client();
    Plan plan;
    for (const std::string& collector : options.collectors) {
        if (auto done = plan_collector(*http, collector, options, plan); !done)
            return std::unexpected(done.error());
    }
    if (!options.registry) return plan;
    for (const std::string& registry : source::registries()) {
        if (auto done = plan_registry(*http, registry, options, plan); !done)
            return std::unexpected(done.error());
    }
    return plan;
}

/// Brings the files of a plan, several at a time.
class Carrier {
public:
    Carrier(const Plan& plan, std::uint64_t total, bool quiet)
        : plan_(plan), total_(total), progress_("fetching", quiet) {}

    Outcome run(unsigned jobs) {
        std::vector<std::jthread> threads;
        for (unsigned i = 0; i < jobs; ++i) threads.emplace_back([this] { carry(); });
        threads.clear();
        return std::move(outcome_);
    }

private:
    void carry() {
        const auto http = client();
        const source::DownloadTools tools{.client = *http,
                                          .disk = real_disk(),
                                          .wait = pause_for,
                                          .count = [this](std::uint64_t bytes) { count(bytes); }};
        while (!stop_requested()) {
            const std::size_t number = next_++;
            if (number >= plan_.jobs.size()) return;
            const Job& job = plan_.jobs[number];
            note(job, fetch(job, tools));
        }
    }

    static Result<Fetched> fetch(const Job& job, const source::DownloadTools& tools) {
        if (auto made = tools.disk.make_folder(folder_of(job.path)); !made)
            return std::unexpected(made.error());
        return source::download(job.url, job.path, tools);
    }

    void count(std::uint64_t bytes) {
        const std::lock_guard lock(mutex_);
        bytes_ += bytes;
        progress_.show({.bytes_done = std::min(bytes_, total_),
                        .bytes_total = total_,
                        .records = 0,
                        .position = {}});
    }

    void note(const Job& job, const Result<Fetched>& done) {
        const std::lock_guard lock(mutex_);
        if (!done) return outcome_.failures.push_back(done.error().message);
        if (*done == Fetched::New) ++outcome_.fetched;
        if (*done == Fetched::There) ++outcome_.there;
        if (*done == Fetched::Missing)
            outcome_.problems.push_back(job.url + ": listed, but not there.");
        if (*done == Fetched::Damaged)
            outcome_.problems.push_back(
                job.path + ": damaged in the archive; replay takes what is good of it.");
    }

    const Plan& plan_;
    const std::uint64_t total_;
    std::atomic<std::size_t> next_ = 0;
    std::mutex mutex_;
    std::uint64_t bytes_ = 0;
    Progress progress_;
    Outcome outcome_;
};

std::string megabytes(std::uint64_t bytes) {
    return fmt::format("{:.1f} MB", static_cast<double>(bytes) / 1e6);
}

std::string next_command(const FetchOptions& options) {
    return fmt::format(
        "dimout replay --archive {0}{1} --from {2} --until {3} --store ./store",
        options.into.string(),
        options.registry ? " --registry " + (options.into / "registry").string() : "",
        to_rfc3339(*options.from), to_rfc3339(*options.until));
}

int report(const Outcome& outcome, const Plan& plan, const FetchOptions& options) {
    for (const std::string& line : plan.notes) complain(line);
    for (const std::string& line : outcome.problems) complain(line);
    for (const std::string& line : outcome.failures) complain(line);
    const std::size_t left = plan.jobs.size() - outcome.fetched - outcome.there -
                             outcome.problems.size() - outcome.failures.size();
    write_out(fmt::format("{} files fetched, {} were there, {} missing or damaged, {} failed\n",
                          outcome.fetched, outcome.there, outcome.problems.size(),
                          outcome.failures.size() + left));
    if (!outcome.failures.empty() || left > 0) {
        write_out("The same command goes on where this one ended.\n");
        return kFailed;
    }
    if (!options.collectors.empty() && options.says_next)
        write_out("next: " + next_command(options) + '\n');
    return plan.notes.empty() && outcome.problems.empty() ? kDone : kIncomplete;
}

}  // namespace

int run_fetch(const FetchOptions& given, const CommonOptions& common) {
    FetchOptions options = given;
    if (options.collectors.empty() && options.registry && !options.from) {
        options.from = WallClock().second();
        options.until = *options.from + std::chrono::seconds{1};
    }
    if ((options.collectors.empty() && !options.registry) || !options.from || !options.until) {
        complain(
            "fetch needs --collector, --from and --until, or --registry; dimout fetch --help says "
            "more.");
        return kUsage;
    }
    if (*options.until <= *options.from || *options.until - *options.from > kLongestRange) {
        complain("--until must be after --from, by a year at most.");
        return kUsage;
    }
    const auto plan = plan_all(options);
    if (!plan) return complain(plan.error().message), kFailed;
    std::uint64_t missing = 0;
    for (const Job& job : plan->jobs) missing += file_exists(job.path) ? 0 : job.bytes;
    if (options.dry_run) {
        for (const std::string& line : plan->notes) complain(line);
        for (const Job& job : plan->jobs) write_out(job.url + '\n');
        write_out(
            fmt::format("{} files, about {} to fetch\n", plan->jobs.size(), megabytes(missing)));
        return kDone;
    }
    if (!common.quiet)
        complain(
            fmt::format("{} files, about {} to fetch.", plan->jobs.size(), megabytes(missing)));
    const Outcome outcome = Carrier(*plan, missing, common.quiet).run(options.jobs);
    return report(outcome, *plan, options);
}

}  // namespace dimout::app
