#include "app/watch_status.h"

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>

#include "present/clock_text.h"
#include "serve/metrics_text.h"

namespace dimout::app {
namespace {

using serve::MetricsText;

constexpr double kStuckSeconds = 60;
/// A bin is judged after its end and lateness; so much more is no trouble yet.
constexpr std::chrono::seconds kGrace{120};

double seconds_of(EventTime time) { return static_cast<double>(unix_seconds(time)); }

void write_sources(MetricsText& metrics, const WatchFacts& facts) {
    const auto each = [&](std::string_view name, std::string_view type, std::string_view help,
                          auto value) {
        metrics.family(name, type, help);
        for (const auto& [source, health] : facts.sources)
            metrics.sample(value(health), {{"source", source}});
    };
    using source::SourceHealth;
    each("dimout_source_connected", "gauge", "1 while anybody is connected.",
         [](const SourceHealth& health) { return health.connected ? 1 : 0; });
    each("dimout_source_messages_total", "counter", "Messages taken from the wire.",
         [](const SourceHealth& health) { return health.messages; });
    each("dimout_source_refused_total", "counter", "Messages that could not be understood.",
         [](const SourceHealth& health) { return health.refused; });
    each("dimout_source_reconnects_total", "counter", "Connections made anew.",
         [](const SourceHealth& health) { return health.reconnects; });
    metrics.family("dimout_source_lag_seconds", "gauge",
                   "From the collector's stamp to us, of the newest message.");
    for (const auto& [source, health] : facts.sources) {
        if (health.lag)
            metrics.sample(std::chrono::duration<double>(*health.lag).count(),
                           {{"source", source}});
    }
}

void write_journal(MetricsText& metrics, const WatchFacts& facts) {
    metrics.one("dimout_journal_waiting_bytes", "gauge", "Heard, and not on the disk yet.",
                facts.journal.waiting_bytes);
    metrics.one("dimout_journal_failures_total", "counter", "Times that the disk refused a batch.",
                facts.journal.failures);
    metrics.one("dimout_journal_failing", "gauge", "1 while the disk refuses.",
                facts.journal.failing ? 1 : 0);
}

void write_stream(MetricsText& metrics, const WatchFacts& facts) {
    const source::LiveCounts& heard = facts.heard;
    metrics.one("dimout_records_total", "counter", "Records given to the tables.", heard.records);
    metrics.one("dimout_records_late_total", "counter",
                "Of them, stamped before what was already given.", heard.late);
    metrics.one("dimout_records_early_total", "counter", "Of them, stamped after they were heard.",
                heard.early);
    metrics.one("dimout_records_twice_total", "counter",
                "Left out: told by an archive and heard live too.", heard.twice);
    metrics.one("dimout_gaps_total", "counter", "Times that a collector fell silent.",
                heard.losses);
    if (facts.position) {
        metrics.one("dimout_position_timestamp_seconds", "gauge",
                    "Event time that was worked up to.", seconds_of(*facts.position));
        metrics.one("dimout_behind_seconds", "gauge", "From there to now.",
                    std::max(0.0, seconds_of(facts.now) - seconds_of(*facts.position)));
    }
}

void write_bins(MetricsText& metrics, const WatchFacts& facts) {
    metrics.one("dimout_bins_sealed_total", "counter", "Bins judged and stored since the start.",
                facts.bins);
    if (facts.sealed) {
        metrics.one("dimout_last_sealed_bin_timestamp_seconds", "gauge",
                    "End of the newest of them.", seconds_of(*facts.sealed));
    }
    metrics.family("dimout_observers_live", "gauge",
                   "Networks with a whole table that looked on in that bin.");
    metrics.sample(facts.v4.live, {{"family", "v4"}});
    metrics.sample(facts.v6.live, {{"family", "v6"}});
    metrics.family("dimout_observers_usual", "gauge", "How many do usually.");
    metrics.sample(facts.v4.usual, {{"family", "v4"}});
    metrics.sample(facts.v6.usual, {{"family", "v6"}});
    metrics.one("dimout_outage_revisions_total", "counter",
                "Revisions of outages stored since the start.", facts.revisions);
    metrics.one("dimout_store_failures_total", "counter", "Times that the store failed.",
                facts.store_failures);
    metrics.one("dimout_store_failing", "gauge", "1 from a failure to the next stored bin.",
                facts.store_trouble.empty() ? 0 : 1);
}

void write_channels(MetricsText& metrics, const WatchFacts& facts) {
    const auto each = [&](std::string_view name, std::string_view type, std::string_view help,
                          auto member) {
        metrics.family(name, type, help);
        for (const ChannelHealth& channel : facts.channels)
            metrics.sample(channel.*member, {{"channel", channel.name}});
    };
    each("dimout_notify_sent_total", "counter", "Messages that a receiver took.",
         &ChannelHealth::sent);
    each("dimout_notify_failures_total", "counter", "Tries that failed.", &ChannelHealth::failures);
    each("dimout_notify_waiting", "gauge", "Messages that wait in the outbox.",
         &ChannelHealth::waiting);
    each("dimout_notify_given_up", "gauge", "Messages that were given up, and are kept.",
         &ChannelHealth::given_up);
}

void write_process(MetricsText& metrics) {
    metrics.family("dimout_build_info", "gauge", "1; its label says which build this is.");
    metrics.sample(1, {{"version", DIMOUT_VERSION}});
    std::ifstream pages("/proc/self/statm");
    std::uint64_t size = 0;
    std::uint64_t resident = 0;
    if (pages >> size >> resident) {
        metrics.one("process_resident_memory_bytes", "gauge", "Memory in use.",
                    resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE)));
    }
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
    };
    metrics.one("process_cpu_seconds_total", "counter", "Processor time, of user and system.",
                seconds(used.ru_utime) + seconds(used.ru_stime));
}

}  // namespace

void WatchStatus::tell_position(EventTime position, const source::LiveCounts& heard) {
    const std::lock_guard lock(mutex_);
    facts_.position = position;
    facts_.heard = heard;
}

void WatchStatus::tell_bin(const VisibilityBin& bin) {
    const std::lock_guard lock(mutex_);
    ++facts_.bins;
    facts_.sealed = bin.bin.end();
    facts_.v4 = bin.v4;
    facts_.v6 = bin.v6;
    facts_.store_trouble.clear();
}

void WatchStatus::tell_outage() {
    const std::lock_guard lock(mutex_);
    ++facts_.revisions;
}

void WatchStatus::tell_store_failed(const std::string& why) {
    const std::lock_guard lock(mutex_);
    ++facts_.store_failures;
    facts_.store_trouble = why;
}

WatchFacts WatchStatus::facts() const {
    const std::lock_guard lock(mutex_);
    return facts_;
}

std::string why_unhealthy(const WatchFacts& facts) {
    if (facts.journal.seconds_since_turn < kStuckSeconds) return {};
    return fmt::format("Nothing was written to the journal for {:.0f} s.",
                       facts.journal.seconds_since_turn);
}

std::vector<std::string> why_not_ready(const WatchFacts& facts) {
    std::vector<std::string> reasons;
    if (const std::string stuck = why_unhealthy(facts); !stuck.empty()) reasons.push_back(stuck);
    if (facts.journal.failing) reasons.emplace_back("The journal cannot be written.");
    if (!facts.store_trouble.empty()) reasons.push_back(facts.store_trouble);
    if (std::ranges::none_of(facts.sources,
                             [](const auto& source) { return source.second.connected; }))
        reasons.emplace_back("No source is connected.");
    const auto due = kBinWidth + facts.lateness + kGrace;
    if (!facts.sealed)
        reasons.emplace_back("No bin is sealed yet.");
    else if (*facts.sealed + due < facts.now)
        reasons.push_back(
            fmt::format("The newest sealed bin ended at {}.", present::utc_text(*facts.sealed)));
    return reasons;
}

std::string metrics_of(const WatchFacts& facts) {
    MetricsText metrics;
    write_process(metrics);
    write_sources(metrics, facts);
    write_journal(metrics, facts);
    write_stream(metrics, facts);
    write_bins(metrics, facts);
    write_channels(metrics, facts);
    return metrics.text();
}

}  // namespace dimout::app
