#include "store/snapshot.h"

#include <fmt/format.h>

#include "store/text.h"

namespace dimout::store {
namespace {

/// More often than this in a row the manifest does not change while a few small files are read.
constexpr int kAttempts = 100;

std::string log_path(const std::string& folder, std::uint64_t number) {
    return folder + "/log/" + log_name(number);
}

Result<void> sort_out(LogFile& log, const std::string& name) {
    for (const LogRecord& record : log.scan.records) {
        if (record.type == RecordType::Bin) {
            BinRecord bin;
            if (!read_bin(record.payload, bin)) return fail(name + ": a bin does not unpack.");
            log.bins.push_back(std::move(bin));
        } else if (record.type == RecordType::Outage) {
            log.outages.push_back(record.payload);
        } else if (record.type == RecordType::Gap) {
            log.gaps.push_back(record.payload);
        } else {
            auto facts = parse_facts(record.payload);
            if (!facts) return fail(name + ": " + facts.error().message);
            log.facts = merge(log.facts, *facts);
        }
    }
    return {};
}

Result<std::vector<std::uint64_t>> live_logs(const std::string& folder, std::uint64_t first) {
    const auto names = list_folder(folder + "/log");
    if (!names) return std::unexpected(names.error());
    std::vector<std::uint64_t> numbers;
    for (const std::string& name : *names) {
        if (const std::uint64_t number = log_number(name); number >= first)
            numbers.push_back(number);
    }
    return numbers;
}

/// `parse` each line of `text` and append what comes out.
template <typename Row, typename Parse>
Result<void> parse_lines(std::string_view text, std::vector<Row>& rows, Parse parse) {
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        auto row = parse(text.substr(0, end));
        if (!row) return std::unexpected(row.error());
        rows.push_back(std::move(*row));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return {};
}

Result<void> read_logs(Snapshot& snapshot) {
    const auto numbers = live_logs(snapshot.folder, snapshot.manifest.first_log);
    if (!numbers) return std::unexpected(numbers.error());
    std::uint64_t expected = snapshot.manifest.first_log;
    for (const std::uint64_t number : *numbers) {
        auto log = read_log(snapshot.folder, number);
        if (!log) return std::unexpected(log.error());
        const bool last = number == numbers->back();
        const bool whole =
            (*log)->scan.whole_bytes == (*log)->content.size() && (*log)->scan.whole_bytes > 0;
        if (number != expected++)
            return fail(log_path(snapshot.folder, expected - 1) + ": is missing.");
        if (!last && !whole)
            return fail(log_path(snapshot.folder, number) + ": acknowledged records are damaged.");
        snapshot.logs.push_back(std::move(*log));
    }
    return {};
}

Result<void> read_facts_of(Snapshot& snapshot) {
    const auto outages =
        read_lines(snapshot.path(std::string(kOutagesName)), snapshot.manifest.outages);
    const auto gaps = read_lines(snapshot.path(std::string(kGapsName)), snapshot.manifest.gaps);
    if (!outages) return std::unexpected(outages.error());
    if (!gaps) return std::unexpected(gaps.error());
    if (auto done = parse_lines(*outages, snapshot.outages, parse_outage); !done) return done;
    if (auto done = parse_lines(*gaps, snapshot.gaps, parse_gap); !done) return done;
    snapshot.facts = snapshot.manifest.facts;
    for (const auto& log : snapshot.logs) {
        for (const auto text : log->outages) {
            if (auto done = parse_lines(text, snapshot.outages, parse_outage); !done) return done;
        }
        for (const auto text : log->gaps) {
            if (auto done = parse_lines(text, snapshot.gaps, parse_gap); !done) return done;
        }
        snapshot.facts = merge(snapshot.facts, log->facts);
    }
    return {};
}

Result<Snapshot> read_with(const std::string& folder, Manifest manifest) {
    Snapshot snapshot{.folder = folder,
                      .manifest = std::move(manifest),
                      .logs = {},
                      .outages = {},
                      .gaps = {},
                      .facts = {}};
    if (auto done = read_logs(snapshot); !done) return std::unexpected(done.error());
    if (auto done = read_facts_of(snapshot); !done) return std::unexpected(done.error());
    return snapshot;
}

}  // namespace

Result<std::unique_ptr<LogFile>> read_log(const std::string& folder, std::uint64_t number) {
    const std::string path = log_path(folder, number);
    auto content = read_file(path);
    if (!content) return std::unexpected(content.error());
    auto log = std::make_unique<LogFile>();
    log->number = number;
    log->content = std::move(*content);
    auto scan = scan_log(log->content, number, path);
    if (!scan) return std::unexpected(scan.error());
    log->scan = std::move(*scan);
    if (auto done = sort_out(*log, path); !done) return std::unexpected(done.error());
    return log;
}

std::optional<Bin> Snapshot::first_bin() const {
    if (!manifest.segments.empty()) return manifest.segments.front().first_bin;
    for (const auto& log : logs) {
        if (!log->bins.empty()) return log->bins.front().bin.bin;
    }
    return std::nullopt;
}

std::optional<Bin> Snapshot::last_bin() const {
    for (auto log = logs.rbegin(); log != logs.rend(); ++log) {
        if (!(*log)->bins.empty()) return (*log)->bins.back().bin.bin;
    }
    if (!manifest.segments.empty()) return manifest.segments.back().last_bin;
    return std::nullopt;
}

Result<Snapshot> read_snapshot(const std::string& folder) {
    auto manifest = read_manifest(folder);
    for (int attempt = 1; manifest; ++attempt) {
        const std::uint64_t generation = manifest->generation;
        auto snapshot = read_with(folder, std::move(*manifest));
        manifest = read_manifest(folder);
        const bool same = manifest && manifest->generation == generation;
        if (same || attempt == kAttempts) return snapshot;
    }
    return std::unexpected(manifest.error());
}

Result<std::string> read_lines(const std::string& path, const Content& content) {
    if (content.bytes == 0) return std::string();
    auto text = read_file(path, content.bytes);
    if (text && content_of(*text) != content) return fail(path + ": is damaged (checksum).");
    return text;
}

}  // namespace dimout::store
