#include "store/check.h"

#include <fmt/format.h>

#include <map>
#include <set>

#include "model/observed_path.h"
#include "store/segment.h"
#include "store/snapshot.h"
#include "store/text.h"

namespace dimout::store {
namespace {

constexpr int kAttempts = 20;

/// One look at the whole store. Collects faults instead of stopping at the first.
class Inspection {
public:
    Inspection(const std::string& folder, const Manifest& manifest)
        : folder_(folder), manifest_(manifest) {}

    CheckReport run() {
        for (const Segment& segment : manifest_.segments) check_segment(segment);
        for (const PathSegment& segment : manifest_.path_segments) check_paths(segment);
        check_logs();
        check_lines(std::string(kOutagesName), manifest_.outages,
                    [&](std::string_view line) { check_outage(line); });
        check_lines(std::string(kGapsName), manifest_.gaps,
                    [&](std::string_view line) { check_gap(line); });
        for (const std::string& line : late_outages_) check_outage(line);
        note_strangers();
        return std::move(report_);
    }

private:
    void fault(std::string sentence) { report_.faults.push_back(std::move(sentence)); }
    [[nodiscard]] std::string path(std::string_view name) const {
        return folder_ + "/" + std::string(name);
    }

    /// Every bin, in order, whatever it lies in.
    void check_bin(const BinRow& row, const std::string& where) {
        ++report_.bins;
        report_.rows += row.entities;
        const std::string time = to_rfc3339(row.bin.start());
        if (last_ && row.bin <= *last_)
            fault(fmt::format("{}: the bin of {} comes after a later one.", where, time));
        const bool opens_day = !last_ || day_of(*last_) != day_of(row.bin);
        if (opens_day && !row.keyframe)
            fault(fmt::format("{}: the day of {} does not open with a keyframe.", where, time));
        if (!opens_day && row.keyframe)
            fault(fmt::format("{}: the keyframe of {} does not open its day.", where, time));
        last_ = row.bin;
    }

    void check_segment(const Segment& segment) {
        ++report_.segments;
        bool whole = true;
        for (const auto table : kEverySegmentTable)
            whole &= !segment.has(table) || check_file(segment, table);
        if (whole) check_rows(segment);
        if (whole && segment.has(SegmentTable::Samples)) check_samples(segment);
    }

    bool check_file(const Segment& segment, SegmentTable table) {
        const std::string name = path(segment.file(table));
        return check_content(name, segment.files[static_cast<std::size_t>(table)]);
    }

    bool check_content(const std::string& name, const Content& expected) {
        const auto content = read_file(name);
        if (!content) {
            fault(content.error().message);
            return false;
        }
        if (content_of(*content) == expected) return true;
        fault(fmt::format(
            "{}: is damaged: {} bytes, and not the checksum of the {} that were written.", name,
            content->size(), expected.bytes));
        return false;
    }

    void check_rows(const Segment& segment) {
        if (!engine_) engine_.emplace(ParquetEngine::open({}));
        if (!*engine_) return fault(engine_->error().message);
        const std::string where = path("segments/" + segment.name);
        std::map<Bin, std::uint64_t> expected;
        auto done =
            read_bins(**engine_, filter(segment, SegmentTable::Bins), [&](const BinRow& row) {
                check_bin(row, where);
                if (row.entities > 0) expected[row.bin] = row.entities;
            });
        if (!done) return fault(where + ": " + done.error().message);
        std::map<Bin, std::uint64_t> found;
        done = count_levels(**engine_, filter(segment, SegmentTable::Levels),
                            [&](Bin bin, std::uint64_t rows) { found[bin] = rows; });
        if (!done) return fault(where + ": " + done.error().message);
        if (expected != found)
            fault(where + ": bins and levels do not have the same number of rows.");
        if (last_ != segment.last_bin) fault(where + ": does not end where the manifest says.");
    }

    void check_paths(const PathSegment& segment) {
        ++report_.segments;
        bool whole = true;
        for (const PathTable table : kEveryPathTable) {
            if (!segment.has(table)) continue;
            whole &= check_content(path(segment.file(table)),
                                   segment.files[static_cast<std::size_t>(table)]);
        }
        const std::string where = path("segments/" + segment.name);
        if (last_path_bin_ && segment.first_bin <= *last_path_bin_)
            fault(where + ": begins before the paths before it end.");
        last_path_bin_ = segment.last_bin;
        if (!whole) return;
        const std::uint64_t paths = count_rows(segment, PathTable::Paths, "path");
        const std::uint64_t changes =
            count_rows(segment, PathTable::Changes, "coalesce(after, before)");
        report_.paths += paths;
        report_.path_changes += changes;
        if (paths != segment.paths || changes != segment.changes)
            fault(fmt::format("{}: has {} paths and {} changes, and not {} and {}.", where, paths,
                              changes, segment.paths, segment.changes));
    }

    /// Rows of a table of which each path, where there is one, reads.
    std::uint64_t count_rows(const PathSegment& segment, PathTable table, const char* column) {
        if (!engine_) engine_.emplace(ParquetEngine::open({}));
        if (!*engine_) return 0;
        std::uint64_t rows = 0;
        std::uint64_t unread = 0;
        const auto done = (*engine_)->read(
            {.paths = {path(segment.file(table))}, .select = column, .where = {}, .order = {}},
            [&](const RowIn& in) {
                ++rows;
                if (!in.is_null(0) && !parse_plain_path(in.text(0))) ++unread;
            });
        const std::string name = path(segment.file(table));
        if (!done) fault(name + ": " + done.error().message);
        if (unread > 0) fault(fmt::format("{}: {} paths do not read.", name, unread));
        return rows;
    }

    void check_samples(const Segment& segment) {
        if (!*engine_) return;  // Told already.
        const std::string where = path("segments/" + segment.name);
        std::uint64_t found = 0;
        bool outside = false;
        auto done = read_samples(**engine_, filter(segment, SegmentTable::Samples),
                                 [&](const Sample& sample) {
                                     ++found;
                                     const Bin bin = bin_of(sample);
                                     outside |= bin < segment.first_bin || segment.last_bin < bin;
                                 });
        if (!done) return fault(where + ": " + done.error().message);
        report_.samples += found;
        if (outside) fault(where + ": holds samples of other bins.");
        if (found != segment.samples)
            fault(fmt::format("{}: has {} samples and not {}.", where, found, segment.samples));
    }

    [[nodiscard]] RowFilter filter(const Segment& segment, SegmentTable table) const {
        return {.paths = {path(segment.file(table))}, .where = {}, .order = "time"};
    }

    void check_logs() {
        const auto names = list_folder(path("log"));
        if (!names) return fault(names.error().message);
        std::vector<std::uint64_t> numbers;
        for (const std::string& name : *names) {
            if (const auto number = log_number(name); number >= manifest_.first_log)
                numbers.push_back(number);
        }
        std::uint64_t next = manifest_.first_log;
        for (const std::uint64_t number : numbers) {
            if (number != next)
                fault(fmt::format("{}: is missing.", path("log/" + log_name(next))));
            next = number + 1;
            check_log(number, number == numbers.back());
        }
    }

    void check_log(std::uint64_t number, bool last) {
        const auto log = read_log(folder_, number);
        if (!log) return fault(log.error().message);
        const std::string name = path("log/" + log_name(number));
        for (const LogRecord& record : (*log)->scan.records) {
            if (record.type == RecordType::Bin && !fingerprint_holds(record.payload)) {
                fault(name + ": a bin does not match its fingerprint.");
            }
        }
        for (const BinRecord& record : (*log)->bins) {
            check_bin(record.bin, name);
            check_samples(record, name);
        }
        for (const auto line : (*log)->outages) late_outages_.emplace_back(line);
        for (const auto line : (*log)->gaps) check_gap(line);
        const std::uint64_t torn = (*log)->content.size() - (*log)->scan.whole_bytes;
        if (torn > 0 && !last) fault(name + ": acknowledged records are damaged.");
        if (torn > 0 && last) {
            report_.notes.push_back(fmt::format(
                "{}: {} bytes of an unfinished record; the next writer cuts them.", name, torn));
        }
    }

    void check_samples(const BinRecord& record, const std::string& name) {
        report_.samples += record.samples;
        WireReader reader(record.packed_samples);
        PackedSample sample;
        for (std::uint64_t i = 0; i < record.samples; ++i) {
            if (!read_sample(reader, record.bin.bin, sample)) return;
            if (!parse_entity(sample.entity) || bin_of(unpacked(sample)) != record.bin.bin)
                return fault(name + ": a bin holds a sample that is not its own.");
        }
    }

    template <typename Check>
    void check_lines(const std::string& name, const Content& content, Check check_line) {
        const auto text = read_lines(path(name), content);
        if (!text) return fault(text.error().message);
        std::string_view rest = *text;
        while (!rest.empty()) {
            const std::size_t end = rest.find('\n');
            check_line(rest.substr(0, end));
            rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
        }
    }

    void check_outage(std::string_view line) {
        ++report_.outages;
        const auto outage = parse_outage(line);
        if (!outage) return fault(outage.error().message);
        if (outage->revision == ++revisions_[outage->id]) return;
        fault(fmt::format("revision {} of {} stands where {} belongs.", outage->revision,
                          outage->id, revisions_[outage->id]));
    }

    void check_gap(std::string_view line) {
        if (const auto gap = parse_gap(line); !gap) fault(gap.error().message);
    }

    void note_strangers() {
        std::set<std::string> wanted;
        for (const Segment& segment : manifest_.segments) {
            for (const auto table : kEverySegmentTable) wanted.insert(segment.file(table));
        }
        for (const PathSegment& segment : manifest_.path_segments) {
            for (const PathTable table : kEveryPathTable) wanted.insert(segment.file(table));
        }
        const auto names = list_folder(path("segments"));
        if (!names) return fault(names.error().message);
        for (const std::string& name : *names) {
            if (wanted.contains("segments/" + name)) continue;
            report_.notes.push_back(path("segments/" + name) +
                                    ": is not in the manifest; the next writer removes it.");
        }
    }

    const std::string& folder_;
    const Manifest& manifest_;
    CheckReport report_;
    std::optional<Result<ParquetEngine>> engine_;
    std::optional<Bin> last_;
    std::optional<Bin> last_path_bin_;
    std::map<std::string, std::uint32_t> revisions_;
    std::vector<std::string> late_outages_;  ///< Of the log; they come after those of the file.
};

}  // namespace

Result<CheckReport> check(const std::string& folder) {
    for (int attempt = 1;; ++attempt) {
        const auto manifest = read_manifest(folder);
        if (!manifest) return std::unexpected(manifest.error());
        CheckReport report = Inspection(folder, *manifest).run();
        if (report.faults.empty() || attempt == kAttempts) return report;
        // A writer that compacts meanwhile takes files away; only a fault that stays is one.
        const auto now = read_manifest(folder);
        if (now && now->generation == manifest->generation) return report;
    }
}

}  // namespace dimout::store
