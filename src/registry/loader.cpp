#include "registry/loader.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <map>

#include <fmt/format.h>

#include "registry/delegated.h"
#include "registry/embedded.h"
#include "registry/mmdb.h"
#include "registry/names.h"
#include "registry/packed.h"
#include "registry/range_list.h"
#include "registry/snapshots.h"

namespace dimout::registry {
namespace {

/// A cached file further from the event than this says less than it seems to.
constexpr std::int64_t kCacheDays = 366;
constexpr std::uint32_t kNotHeld = 8;
constexpr std::uint32_t kOthers = 16;

std::string file_name(const std::filesystem::path& path) { return path.filename().string(); }

class Loader {
public:
    explicit Loader(const Options& options) : options_(options) {}

    Result<Sources> run() {
        if (auto done = find_given(); !done) return std::unexpected(done.error());
        if (snapshots_.empty() && others_.empty()) use_cache();
        if (auto done = read_snapshots(); !done) return std::unexpected(done.error());
        if (auto done = read_others(); !done) return std::unexpected(done.error());
        if (auto done = read_as_names(); !done) return std::unexpected(done.error());
        if (snapshots_.empty() && others_.empty()) {
            if (auto done = use_embedded(); !done) return std::unexpected(done.error());
        } else {
            sources_.ranges = std::move(builder_).finish();
        }
        sources_.asns = settle(std::move(asns_));
        finish_listed();
        if (sources_.listed_sizes.empty())
            sources_.listed_sizes = sizes_of(std::move(first_list_).finish());
        sources_.registered = sizes_of(std::move(registered_).finish());
        std::erase_if(sources_.registered,
                      [covered = sources_.provenance.covered()](const CountrySize& size) {
                          const CountryFacts* facts = find_country(size.country);
                          return facts == nullptr || !facts->rir || !covered.holds(*facts->rir);
                      });
        sources_.provenance.first_warnings = std::move(warnings_.first);
        return std::move(sources_);
    }

private:
    Result<void> find_given() {
        for (const auto& path : options_.paths) {
            auto found = find_files(path);
            if (!found) return std::unexpected(found.error());
            for (FoundFile& file : *found) {
                if (file.kind == FileKind::Other && file.named) {
                    return fail(fmt::format(
                        "{}: neither delegated statistics, a range list, an mmdb nor AS "
                        "names; see docs/reference/registry.md.",
                        path.string()));
                }
                sort_in(std::move(file));
            }
        }
        if (!options_.paths.empty() && snapshots_.empty() && others_.empty() && as_names_.empty()) {
            return fail(
                fmt::format("{}: no registry files there.", options_.paths.front().string()));
        }
        return {};
    }

    void sort_in(FoundFile file) {
        switch (file.kind) {
            case FileKind::Delegated:
                if (const auto header = parse_delegated_header(file.head, file_name(file.path))) {
                    snapshots_.push_back({.path = std::move(file.path), .header = *header});
                }
                break;
            case FileKind::RangeList:
            case FileKind::Mmdb: others_.push_back(std::move(file)); break;
            case FileKind::AsRanges:
            case FileKind::AsNames: as_names_.push_back(std::move(file)); break;
            case FileKind::Other: ++sources_.provenance.skipped_files; break;
        }
    }

    /// A cache that is missing, unreadable or of another time is no cache; nothing is reported.
    void use_cache() {
        std::error_code error;
        if (!options_.cache_dir || !std::filesystem::is_directory(*options_.cache_dir, error))
            return;
        auto found = find_files(*options_.cache_dir);
        if (!found) return;
        for (FoundFile& file : *found) {
            if (file.kind == FileKind::Delegated) sort_in(std::move(file));
        }
        std::erase_if(snapshots_, [&](const Snapshot& snapshot) {
            return std::chrono::abs(options_.date - snapshot.header.date) >
                   std::chrono::days(kCacheDays);
        });
    }

    /// Parses each chosen file once, although it may speak for several registries.
    Result<void> read_snapshots() {
        const Choices choices = choose_snapshots(snapshots_, options_.date);
        std::map<std::size_t, RirSet> wanted;
        for (const Rir rir : kAllRirs) {
            if (const auto& choice = choices[static_cast<std::size_t>(rir)])
                wanted[choice->snapshot].add(rir);
        }
        rank_registries(choices);
        for (const auto& [index, rirs] : wanted) {
            const std::filesystem::path& path = snapshots_[index].path;
            const auto text = read_text(path);
            if (!text) return std::unexpected(text.error());
            const auto file = parse_delegated(*text, file_name(path));
            if (!file) return std::unexpected(file.error());
            take(*file, rirs);
            read_warnings_[index] = file->warnings.count;
        }
        for (const Rir rir : kAllRirs) {
            const auto& choice = choices[static_cast<std::size_t>(rir)];
            if (!choice) continue;
            sources_.provenance.rirs.push_back({.rir = rir,
                                                .date = snapshots_[choice->snapshot].header.date,
                                                .days_before = choice->days_before,
                                                .warnings = read_warnings_[choice->snapshot]});
        }
        return {};
    }

    /// Where two registries claim an address, the one whose file is nearer to the event is
    /// believed.
    void rank_registries(const Choices& choices) {
        std::vector<std::pair<std::int64_t, std::size_t>> order;
        for (std::size_t i = 0; i < choices.size(); ++i) {
            if (choices[i]) order.emplace_back(std::abs(choices[i]->days_before), i);
        }
        std::ranges::sort(order);
        for (std::uint32_t rank = 0; rank < order.size(); ++rank) ranks_[order[rank].second] = rank;
    }

    void take(const Delegated& file, RirSet rirs) {
        for (const DelegatedRange& range : file.ranges) {
            if (!rirs.holds(range.rir)) continue;
            const std::uint32_t rank = ranks_[static_cast<std::size_t>(range.rir)];
            builder_.add(range.first, range.last, range.country,
                         range.held ? rank : kNotHeld + rank);
            if (range.held) registered_.add(range.first, range.last, range.country, rank);
        }
        for (const DelegatedAsns& asns : file.asns) {
            if (!rirs.holds(asns.rir)) continue;
            asns_.push_back({.first = asns.first.value,
                             .last = asns.last.value,
                             .country = asns.country,
                             .priority = ranks_[static_cast<std::size_t>(asns.rir)]});
        }
        warnings_.add(file.warnings);
    }

    Result<void> read_others() {
        std::uint32_t priority = kOthers;
        for (const FoundFile& file : others_) {
            const auto done = file.kind == FileKind::Mmdb ? read_one_mmdb(file, priority)
                                                          : read_list(file, priority);
            if (!done) return done;
            ++priority;
        }
        return {};
    }

    Result<void> read_one_mmdb(const FoundFile& file, std::uint32_t priority) {
        const auto countries = read_mmdb(file.path);
        if (!countries) return std::unexpected(countries.error());
        take(countries->ranges, priority);
        sources_.provenance.others.push_back({.kind = "mmdb", .date = countries->date});
        return {};
    }

    Result<void> read_list(const FoundFile& file, std::uint32_t priority) {
        const auto text = read_text(file.path);
        if (!text) return std::unexpected(text.error());
        const RangeList list = parse_range_list(*text, file_name(file.path));
        take(list.ranges, priority);
        warnings_.add(list.warnings);
        sources_.provenance.others.push_back(
            {.kind = "range list", .date = {}, .warnings = list.warnings.count});
        return {};
    }

    void take(const std::vector<ListedRange>& ranges, std::uint32_t priority) {
        for (const ListedRange& range : ranges) {
            builder_.add(range.first, range.last, range.country, priority);
            if (priority == kOthers)
                first_list_.add(range.first, range.last, range.country, priority);
            if (sources_.listed.empty() || sources_.listed.back() != range.country) {
                sources_.listed.push_back(range.country);
            }
        }
    }

    Result<void> use_embedded() {
        if (embedded_ranges().empty()) return {};
        auto map = unpack(embedded_ranges());
        if (!map) return std::unexpected(map.error());
        sources_.ranges = std::move(map->ranges);
        sources_.listed_sizes = sizes_of(sources_.ranges);
        for (const CountrySize& size : sources_.listed_sizes)
            sources_.listed.push_back(size.country);
        sources_.provenance.others.push_back({.kind = "range list", .date = map->date});
        sources_.provenance.fallback = true;
        return {};
    }

    Result<void> read_as_names() {
        for (const FoundFile& file : as_names_) {
            auto text = read_text(file.path);
            if (!text) return std::unexpected(text.error());
            if (file.kind == FileKind::AsRanges) {
                sources_.as_names.add_ranges(*text);
            } else if (auto done =
                           sources_.as_names.add_json(std::move(*text), file_name(file.path));
                       !done) {
                return done;
            }
        }
        sources_.as_names.finish();
        return {};
    }

    void finish_listed() {
        std::ranges::sort(sources_.listed);
        const auto repeated = std::ranges::unique(sources_.listed);
        sources_.listed.erase(repeated.begin(), repeated.end());
    }

    const Options& options_;
    std::vector<Snapshot> snapshots_;
    std::vector<FoundFile> others_;
    std::vector<FoundFile> as_names_;
    std::array<std::uint32_t, 5> ranks_{};
    std::map<std::size_t, std::uint64_t> read_warnings_;
    RangeBuilder builder_;
    RangeBuilder registered_;
    RangeBuilder first_list_;
    std::vector<Claim> asns_;
    Warnings warnings_;
    Sources sources_;
};

}  // namespace

Result<Sources> load_sources(const Options& options) { return Loader(options).run(); }

}  // namespace dimout::registry
