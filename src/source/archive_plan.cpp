#include "source/archive_plan.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <memory>
#include <optional>
#include <thread>
#include <tuple>
#include <utility>

#include "source/collector_name.h"
#include "source/input_files.h"

namespace dimout::source {
namespace {

/// So few files are kept open between the first look and their turn; it saves unpacking their heads
/// twice.
constexpr std::size_t kFewFiles = 16;
/// Of a file that is looked at and closed again.
constexpr std::size_t kLookBytes = 64U << 10;
/// Updates this much older than a table dump can still matter to it.
constexpr std::chrono::minutes kBacklog{5};

struct Look {
    InputFile input;
    std::unique_ptr<OpenedFile> opened;  ///< Empty when it was closed again.
    std::optional<EventTime> first;
    bool table_dump = false;
    bool is_mrt = false;
    std::string failure;
    std::vector<InputError> errors;  ///< Only of a file without records.
};

std::string file_name_of(const std::string& path) { return path.substr(path.rfind('/') + 1); }

void look_at(Look& look, bool keep, const std::shared_ptr<BlockPool>& pool) {
    OpenedFile opened =
        OpenedFile::open(look.input.path, keep ? MrtReader::kBatchBytes : kLookBytes, pool);
    look.failure = std::move(opened.failure);
    opened.failure.clear();
    look.first = opened.first_stamp();
    look.table_dump = opened.begins_with_table_dump();
    look.is_mrt = opened.looks_like_mrt();
    if (!look.first) look.errors = std::move(opened.first.errors);
    if (keep && look.first) look.opened = std::make_unique<OpenedFile>(std::move(opened));
}

/// The only step that takes time, so it is shared by the threads.
void look_at_all(std::vector<Look>& looks, unsigned threads,
                 const std::shared_ptr<BlockPool>& pool) {
    std::atomic<std::size_t> next = 0;
    const auto work = [&] {
        for (std::size_t i = next++; i < looks.size(); i = next++) {
            look_at(looks[i], looks[i].input.is_pipe || looks.size() <= kFewFiles, pool);
        }
    };
    std::vector<std::thread> helpers;
    for (unsigned i = 1; i < threads && i < looks.size(); ++i) helpers.emplace_back(work);
    work();
    for (std::thread& helper : helpers) helper.join();
}

/// What lies in a folder and is neither MRT nor named so is somebody else's.
bool is_foreign(const Look& look) {
    return !look.input.named && !look.is_mrt && !is_named_like_mrt(file_name_of(look.input.path));
}

class Planner {
public:
    explicit Planner(const ArchiveOptions& options) : options_(options) {}

    Result<ArchivePlan> plan(std::vector<Look> looks) {
        for (const Look& look : looks) {
            if (look.input.named && !look.failure.empty()) return fail(look.failure);
            plan_.collectors.push_back(look.input.collector);
        }
        std::ranges::sort(plan_.collectors);
        plan_.collectors.erase(std::ranges::unique(plan_.collectors).begin(),
                               plan_.collectors.end());
        for (Look& look : looks) add(look);
        for (auto& [key, lane] : lanes_) order(lane);
        for (auto& [key, lane] : lanes_) cut(key, lane);
        sum_up();
        return std::move(plan_);
    }

private:
    /// Collector, and table dumps before the others.
    using LaneKey = std::pair<CollectorId, bool>;

    void add(Look& look) {
        const auto found = std::ranges::lower_bound(plan_.collectors, look.input.collector);
        const auto collector = static_cast<CollectorId>(found - plan_.collectors.begin());
        const auto id = static_cast<FileId>(plan_.files.size());
        sizes_.push_back(look.input.is_pipe ? std::nullopt : std::optional(look.input.size));
        plan_.files.push_back({.path = look.input.path,
                               .collector = collector,
                               .first = look.first,
                               .table_dump = look.table_dump,
                               .skipped = !look.first});
        if (!look.first) return refuse(id, look);
        const LaneKey key{collector, !look.table_dump};
        lanes_[key].collector = collector;
        lanes_[key].table_dumps = look.table_dump;
        lanes_[key].files.push_back({.id = id,
                                     .path = look.input.path,
                                     .first = *look.first,
                                     .opened = std::move(look.opened)});
    }

    void refuse(FileId id, Look& look) {
        if (!look.failure.empty()) {
            look.errors.push_back({.code = "read_failed", .position = {}, .reason = look.failure});
        } else if (look.errors.empty() && look.input.size == 0 && !look.input.is_pipe) {
            // A compressed file of nothing is a quiet quarter of an hour; a file of no bytes is a
            // loss.
            look.errors.push_back(
                {.code = "mrt_empty", .position = {}, .reason = "the file is empty"});
        }
        for (InputError& error : look.errors) {
            error.position.file = id;
            plan_.errors.push_back(std::move(error));
        }
    }

    static void order(LanePlan& lane) {
        std::ranges::sort(lane.files, [](const LaneFile& one, const LaneFile& other) {
            const std::string one_name = file_name_of(one.path);
            const std::string other_name = file_name_of(other.path);
            return std::tie(one.first, one_name, one.path) <
                   std::tie(other.first, other_name, other.path);
        });
    }

    /// When this collector's stream has to begin so that its tables are whole at `from`.
    [[nodiscard]] EventTime beginning(CollectorId collector) const {
        const auto dumps = lanes_.find({collector, false});
        EventTime begin = *options_.from;
        if (dumps == lanes_.end()) return begin;
        for (const LaneFile& file : dumps->second.files) {
            if (file.first <= *options_.from) begin = file.first;
        }
        return begin;
    }

    void cut(const LaneKey& key, LanePlan& lane) {
        if (options_.dumps_only && !lane.table_dumps) return skip(lane, 0, lane.files.size());
        if (options_.from) {
            const EventTime begin =
                beginning(key.first) - (lane.table_dumps ? std::chrono::minutes{0} : kBacklog);
            // A file ends about where the next one of its lane begins.
            std::size_t before = 0;
            while (before + 1 < lane.files.size() && lane.files[before + 1].first <= begin)
                ++before;
            skip(lane, 0, before);
        }
        if (options_.until) {
            const auto after =
                std::ranges::lower_bound(lane.files, *options_.until, {}, &LaneFile::first);
            skip(lane, static_cast<std::size_t>(after - lane.files.begin()), lane.files.size());
        }
    }

    void skip(LanePlan& lane, std::size_t from, std::size_t until) {
        for (std::size_t i = from; i < until; ++i)
            plan_.files[static_cast<std::size_t>(lane.files[i].id)].skipped = true;
        const auto begin = lane.files.begin();
        lane.files.erase(begin + static_cast<std::ptrdiff_t>(from),
                         begin + static_cast<std::ptrdiff_t>(until));
    }

    void sum_up() {
        bool known = true;
        for (auto& [key, lane] : lanes_) {
            for (const LaneFile& file : lane.files) {
                const auto size = sizes_[static_cast<std::size_t>(file.id)];
                known = known && size.has_value();
                plan_.bytes += size.value_or(0);
            }
            if (!lane.files.empty()) plan_.lanes.push_back(std::move(lane));
        }
        if (!known) plan_.bytes = 0;
    }

    const ArchiveOptions& options_;
    ArchivePlan plan_;
    std::vector<std::optional<std::uint64_t>> sizes_;
    std::map<LaneKey, LanePlan> lanes_;
};

}  // namespace

Result<ArchivePlan> plan_archive(const std::vector<std::string>& paths,
                                 const ArchiveOptions& options,
                                 const std::shared_ptr<BlockPool>& pool) {
    auto inputs = find_inputs(paths, options.collector);
    if (!inputs) return std::unexpected(inputs.error());
    std::vector<Look> looks(inputs->size());
    for (std::size_t i = 0; i < looks.size(); ++i) looks[i].input = std::move((*inputs)[i]);
    look_at_all(looks, options.readers, pool);
    std::erase_if(looks, is_foreign);
    if (looks.empty())
        return fail((paths.empty() ? "Archive" : paths.front()) + ": holds no MRT files.");
    return Planner(options).plan(std::move(looks));
}

}  // namespace dimout::source
