#include "scenario/simulate.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>

#include <fmt/format.h>

#include "scenario/documents.h"
#include "scenario/recorder.h"
#include "scenario/traffic.h"

namespace dimout::scenario {
namespace {

/// The shares that the collectors have done, told as one.
class Progress {
public:
    Progress(const std::function<void(double)>& tell, std::size_t collectors)
        : tell_(tell), shares_(collectors) {}

    void set(std::size_t collector, double share) {
        if (!tell_) return;
        const std::lock_guard lock(mutex_);
        shares_[collector] = share;
        double sum = 0;
        for (const double one : shares_) sum += one;
        tell_(sum / static_cast<double>(shares_.size()));
    }

private:
    const std::function<void(double)>& tell_;
    std::mutex mutex_;
    std::vector<double> shares_;
};

Result<void> prepare(const std::filesystem::path& out) {
    std::error_code error;
    std::filesystem::create_directories(out, error);
    if (!std::filesystem::is_directory(out))
        return fail(fmt::format("{}: cannot be created.", out.string()));
    if (!std::filesystem::is_empty(out, error)) {
        return fail(
            fmt::format("{}: not empty. Give a new folder, or empty this one.", out.string()));
    }
    return {};
}

/// Each collector is written by one thread, and what it writes depends on nothing else.
std::vector<Result<Summary>> record_all(const Recording& recording,
                                        const std::filesystem::path& out, const Options& options) {
    const std::size_t collectors = recording.scenario.collectors.size();
    std::vector<Result<Summary>> results(collectors);
    Progress progress(options.progress, collectors);
    std::atomic<std::size_t> next{0};
    const auto work = [&] {
        for (std::size_t i = next++; i < collectors; i = next++) {
            results[i] = record(recording, static_cast<std::uint16_t>(i), out,
                                [&, i](double share) { progress.set(i, share); });
        }
    };
    const unsigned wanted =
        options.threads != 0 ? options.threads : std::max(1U, std::thread::hardware_concurrency());
    std::vector<std::jthread> threads;
    for (std::size_t i = 1; i < std::min<std::size_t>(wanted, collectors); ++i)
        threads.emplace_back(work);
    work();
    threads.clear();
    return results;
}

Result<void> write_documents(const Recording& recording, const std::filesystem::path& out,
                             std::uint64_t seed) {
    const Scenario& scenario = recording.scenario;
    if (auto done = write_delegated(scenario, recording.internet, out / "registry"); !done)
        return done;
    if (auto done = write_text(out / "truth.json", truth_json(scenario, seed, recording.timeline));
        !done)
        return done;
    if (!scenario.traffic.empty()) {
        const std::string text = series_csv(scenario, recording.internet, mix(seed, 5));
        if (auto done = write_text(out / "series.csv", text); !done) return done;
    }
    if (auto done =
            write_text(out / "archive.toml", archive_toml(scenario, seed, recording.internet));
        !done)
        return done;
    return write_text(out / "README.txt", readme_text(scenario, seed));
}

void add(Summary& sum, const Summary& one) {
    sum.peers += one.peers;
    sum.files += one.files;
    sum.records += one.records;
    sum.routes += one.routes;
    sum.changes += one.changes;
    sum.bytes += one.bytes;
}

}  // namespace

Result<Summary> simulate(const Scenario& scenario, const std::filesystem::path& out,
                         const Options& options) {
    if (auto ready = prepare(out); !ready) return std::unexpected(ready.error());
    const std::uint64_t seed = options.seed.value_or(scenario.seed);
    const Internet internet(scenario, seed);
    const std::vector<Session> sessions = make_sessions(scenario, internet);
    const Timeline timeline = make_timeline(scenario, internet, sessions, mix(seed, 3));
    const Recording recording{.scenario = scenario,
                              .internet = internet,
                              .sessions = sessions,
                              .timeline = timeline,
                              .seed = mix(seed, 4)};
    Summary sum{.collectors = scenario.collectors.size(), .prefixes = internet.routes().size()};
    for (const auto& one : record_all(recording, out, options)) {
        if (!one) return std::unexpected(one.error());
        add(sum, *one);
    }
    if (auto done = write_documents(recording, out, seed); !done)
        return std::unexpected(done.error());
    return sum;
}

}  // namespace dimout::scenario
