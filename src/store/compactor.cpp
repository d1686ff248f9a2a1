#include "store/compactor.h"

#include <algorithm>
#include <set>

#include "store/segment.h"
#include "store/text.h"

namespace dimout::store {
namespace {

/// Where DuckDB puts what does not fit while it merges a day; what a crash leaves there is rubbish.
constexpr std::string_view kSpill = "spill";

}  // namespace

Result<ParquetEngine*> Compactor::engine() {
    if (!engine_) {
        auto opened = ParquetEngine::open(
            {.memory_limit_mb = memory_limit_mb_, .spill_folder = path(kSpill)});
        if (!opened) return std::unexpected(opened.error());
        engine_.emplace(std::move(*opened));
    }
    return &*engine_;
}

Result<void> Compactor::compact(std::uint64_t active, std::optional<Bin> newest) {
    if (auto done = remove_replaced(); !done) return done;
    if (auto done = turn_over(active); !done || !newest) return done;
    return merge_days(day_of(*newest));
}

Result<void> Compactor::turn_over(std::uint64_t active) {
    for (std::uint64_t number = manifest_.first_log; number < active; ++number) {
        const auto log = read_log(folder_, number);
        if (!log) return std::unexpected(log.error());
        Manifest next = manifest_;
        if (auto done = take_log(next, **log); !done) return done;
        next.first_log = number + 1;
        if (auto done = publish(std::move(next)); !done) return done;
        replaced_.push_back(path("log/" + log_name(number)));
    }
    return {};
}

Result<void> Compactor::take_log(Manifest& next, const LogFile& log) {
    if (!log.bins.empty()) {
        const auto with = engine();
        if (!with) return std::unexpected(with.error());
        auto hour = write_hour(disk_, **with, folder_, manifest_.generation + 1, log.bins);
        if (!hour) return std::unexpected(hour.error());
        next.segments.push_back(std::move(*hour));
    }
    const auto outages = extend(std::string(kOutagesName), manifest_.outages, log.outages);
    if (!outages) return std::unexpected(outages.error());
    const auto gaps = extend(std::string(kGapsName), manifest_.gaps, log.gaps);
    if (!gaps) return std::unexpected(gaps.error());
    next.outages = *outages;
    next.gaps = *gaps;
    next.facts = merge(next.facts, log.facts);
    return {};
}

Result<Content> Compactor::extend(const std::string& name, const Content& before,
                                  const std::vector<std::string_view>& lines) {
    if (lines.empty()) return before;
    auto text = read_lines(path(name), before);
    if (!text) return std::unexpected(text.error());
    for (const std::string_view line : lines) {
        *text += line;
        *text += '\n';
    }
    auto file = disk_.open_append(path(name), before.bytes);
    if (!file) return std::unexpected(file.error());
    if (auto done = (*file)->append(std::string_view(*text).substr(before.bytes)); !done)
        return std::unexpected(done.error());
    if (auto done = (*file)->sync(); !done) return std::unexpected(done.error());
    if (before.bytes == 0) {
        if (auto done = disk_.sync_folder(folder_); !done) return std::unexpected(done.error());
    }
    return content_of(*text);
}

Result<void> Compactor::merge_days(Bin today) {
    for (std::size_t i = 0; i < manifest_.segments.size(); ++i) {
        const Segment& first = manifest_.segments[i];
        if (first.is_day() || day_of(first.first_bin) >= today) continue;
        std::size_t count = 1;
        while (i + count < manifest_.segments.size() &&
               day_of(manifest_.segments[i + count].first_bin) == day_of(first.first_bin)) {
            ++count;
        }
        if (auto done = merge_one_day(i, count); !done) return done;
    }
    return {};
}

Result<void> Compactor::merge_one_day(std::size_t first, std::size_t count) {
    const auto with = engine();
    if (!with) return std::unexpected(with.error());
    Manifest next = manifest_;
    const std::span<const Segment> hours(manifest_.segments.data() + first, count);
    auto day = merge_day(disk_, **with, folder_, manifest_.generation + 1, hours);
    if (!day) return std::unexpected(day.error());
    for (const Segment& hour : hours) {
        for (const auto table : kEverySegmentTable) {
            if (hour.has(table)) replaced_.push_back(path(hour.file(table)));
        }
    }
    const auto from = next.segments.begin() + static_cast<std::ptrdiff_t>(first);
    next.segments.erase(from + 1, from + static_cast<std::ptrdiff_t>(count));
    *from = std::move(*day);
    return publish(std::move(next));
}

Result<void> Compactor::publish(Manifest next) {
    ++next.generation;
    if (auto done = publish_manifest(disk_, folder_, next); !done) return done;
    manifest_ = std::move(next);
    return {};
}

Result<void> Compactor::remove_replaced() {
    for (const std::string& name : replaced_) {
        if (auto done = disk_.remove(name); !done) return done;
    }
    replaced_.clear();
    return {};
}

Result<void> Compactor::remove_strangers() {
    std::set<std::string> wanted;
    for (const Segment& segment : manifest_.segments) {
        for (const auto table : kEverySegmentTable) {
            if (segment.has(table)) wanted.insert(segment.file(table));
        }
    }
    for (const PathSegment& segment : manifest_.path_segments) {
        for (const PathTable table : kEveryPathTable) wanted.insert(segment.file(table));
    }
    const auto remove_from = [&](const std::string& sub, auto is_stranger) -> Result<void> {
        const auto names = list_folder(path(sub));
        if (!names) return std::unexpected(names.error());
        for (const std::string& name : *names) {
            if (!is_stranger(name)) continue;
            if (auto done = disk_.remove(path(sub) + "/" + name); !done) return done;
        }
        return {};
    };
    auto done = remove_from(
        "segments", [&](const std::string& name) { return !wanted.contains("segments/" + name); });
    if (!done) return done;
    if (file_exists(path(kSpill))) {
        if (done = remove_from(std::string(kSpill), [](const std::string&) { return true; }); !done)
            return done;
    }
    return remove_from(
        "log", [&](const std::string& name) { return log_number(name) < manifest_.first_log; });
}

}  // namespace dimout::store
