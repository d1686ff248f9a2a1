// The compactor's work on paths: they are in no log, and have a retention of their own.
#include <algorithm>

#include "store/compactor.h"
#include "store/path_segment.h"
#include "store/segment.h"

namespace dimout::store {

Result<std::size_t> Compactor::add_paths(PathHour& hour, const std::vector<PeerRow>& sessions,
                                         std::uint64_t days_kept) {
    if (auto done = remove_replaced(); !done) return std::unexpected(done.error());
    const auto with = engine();
    if (!with) return std::unexpected(with.error());
    auto segment =
        write_path_hour(disk_, **with, folder_, manifest_.generation + 1, hour, sessions);
    if (!segment) return std::unexpected(segment.error());
    Manifest next = manifest_;
    next.path_segments.push_back(std::move(*segment));
    if (auto done = publish(std::move(next)); !done) return std::unexpected(done.error());
    const Bin today = day_of(hour.last_bin());
    if (auto done = merge_path_days(today); !done) return std::unexpected(done.error());
    const Bin oldest = Bin::of(today.start() - std::chrono::days{static_cast<int>(days_kept)});
    return drop_paths(oldest);
}

Result<void> Compactor::merge_path_days(Bin today) {
    for (std::size_t i = 0; i < manifest_.path_segments.size(); ++i) {
        const Bin day = day_of(manifest_.path_segments[i].first_bin);
        if (day >= today) break;
        std::size_t count = 1;
        while (i + count < manifest_.path_segments.size() &&
               day_of(manifest_.path_segments[i + count].first_bin) == day) {
            ++count;
        }
        if (count == 1 && manifest_.path_segments[i].is_day()) continue;
        if (auto done = merge_one_path_day(i, count); !done) return done;
    }
    return {};
}

Result<void> Compactor::merge_one_path_day(std::size_t first, std::size_t count) {
    const auto with = engine();
    if (!with) return std::unexpected(with.error());
    Manifest next = manifest_;
    const std::span<const PathSegment> hours(manifest_.path_segments.data() + first, count);
    auto day = merge_path_day(disk_, **with, folder_, manifest_.generation + 1, hours);
    if (!day) return std::unexpected(day.error());
    for (const PathSegment& hour : hours) replace(hour);
    const auto from = next.path_segments.begin() + static_cast<std::ptrdiff_t>(first);
    next.path_segments.erase(from + 1, from + static_cast<std::ptrdiff_t>(count));
    *from = std::move(*day);
    return publish(std::move(next));
}

Result<std::size_t> Compactor::drop_paths(Bin before) {
    const auto is_old = [&](const PathSegment& segment) { return segment.last_bin < before; };
    Manifest next = manifest_;
    const auto dropped = std::erase_if(next.path_segments, is_old);
    if (dropped == 0) return std::size_t{0};
    for (const PathSegment& segment : manifest_.path_segments) {
        if (is_old(segment)) replace(segment);
    }
    if (auto done = publish(std::move(next)); !done) return std::unexpected(done.error());
    return static_cast<std::size_t>(dropped);
}

void Compactor::replace(const PathSegment& segment) {
    for (const PathTable table : kEveryPathTable) {
        if (segment.has(table)) replaced_.push_back(path(segment.file(table)));
    }
}

}  // namespace dimout::store
