// From a bundle to the outage, with nothing but the bundle.
#include <fmt/format.h>

#include <algorithm>

#include "app/bundle_names.h"
#include "app/names.h"
#include "app/outage_bundle.h"
#include "app/rerun.h"
#include "app/work_folder.h"
#include "base/files.h"
#include "bundle/gzip.h"
#include "present/outage_json.h"
#include "registry/registry.h"
#include "store/reader.h"

namespace dimout::app {
namespace {

namespace fs = std::filesystem;

/// Unpacks members, all together to no more than a bundle may hold.
class Unpacker {
public:
    explicit Unpacker(const bundle::Opened& opened) : opened_(opened) {}

    /// Empty when there is no such member.
    Result<std::string> unpack(std::string_view name) {
        const auto packed = opened_.find(name);
        if (!packed) return std::string();
        auto content = bundle::gunzip(*packed, left_);
        if (!content) return fail(fmt::format("{} {}", name, content.error().message));
        left_ -= content->size();
        return content;
    }

private:
    const bundle::Opened& opened_;
    std::size_t left_ = bundle::kZipMax;
};

/// Writes a member below `folder` under a name of ours; empty when there is none.
Result<std::optional<fs::path>> extract(const bundle::Opened& opened, std::string_view name,
                                        const fs::path& folder) {
    const auto content = opened.find(name);
    if (!content) return std::nullopt;
    const fs::path path = folder / name;
    if (const auto written = publish(real_disk(), path.string(), *content); !written)
        return std::unexpected(written.error());
    return path;
}

Result<registry::Registry> load_map(const bundle::Opened& opened, const RerunHead& head,
                                    const fs::path& folder) {
    const auto map = extract(opened, kMapMember, folder);
    if (!map) return std::unexpected(map.error());
    if (!*map) return fail(fmt::format("{} is not in it.", kMapMember));
    const auto groups = extract(opened, kGroupsMember, folder);
    if (!groups) return std::unexpected(groups.error());
    std::vector<Prefix> followed;
    if (head.entity.kind == Entity::Kind::Prefix) followed.push_back(head.entity.prefix);
    return registry::Registry::load({.paths = {**map},
                                     .date = {},
                                     .groups_file = *groups,
                                     .followed = std::move(followed),
                                     .cache_dir = {}});
}

Result<source::SeriesFiles> load_samples(const bundle::Opened& opened, const fs::path& folder) {
    const auto path = extract(opened, kSamplesMember, folder);
    if (!path) return std::unexpected(path.error());
    std::vector<source::SeriesSpec> specs;
    if (*path) specs.emplace_back().path = (*path)->string();
    return source::SeriesFiles::open(specs);
}

/// As `outages --format json` prints it, with the rank among others that was taken over.
Result<std::string> outage_json(const fs::path& store, const std::string& id,
                                const RerunHead& head) {
    auto reader = store::Reader::open(store.string());
    if (!reader) return std::unexpected(reader.error());
    for (Outage& outage : reader->outages()) {
        if (outage.id != id) continue;
        outage.standing.peer_rank = head.peer_rank;
        outage.standing.peer_rank_of = head.peer_rank_of;
        JsonWriter json;
        present::write_outage(json, outage, EmbeddedNames{});
        return json.text() + '\n';
    }
    return fail(fmt::format("no outage {} follows from the records in it.", id));
}

}  // namespace

Result<std::string> derive_again(const bundle::Opened& opened) {
    Unpacker unpacker(opened);
    const auto recording = unpacker.unpack(kRecordingMember);
    if (!recording) return std::unexpected(recording.error());
    std::string_view entries = *recording;
    const auto head = read_head(entries);
    if (!head) return std::unexpected(head.error());
    std::vector<std::string> lanes;
    for (std::size_t lane = 0; lane < 2 * head->collectors.size(); ++lane) {
        auto records = unpacker.unpack(raw_member(lane, head->collectors[lane / 2]));
        if (!records) return std::unexpected(records.error());
        lanes.push_back(std::move(*records));
    }
    const WorkFolder work({}, "recompute");
    if (work.path().empty()) return fail("no temporary folder can be made.");
    const auto map = load_map(opened, *head, work.path());
    if (!map) return std::unexpected(map.error());
    auto samples = load_samples(opened, work.path());
    if (!samples) return std::unexpected(samples.error());
    const fs::path store = work.path() / "store";
    auto writer = store::Writer::open(store.string(), {});
    if (!writer) return std::unexpected(writer.error());
    const auto told = rerun(*head, entries, {lanes.begin(), lanes.end()}, *samples, *map, *writer);
    if (!told) return std::unexpected(told.error());
    return outage_json(store, opened.manifest.subject, *head);
}

std::string first_difference(std::string_view bundled, std::string_view derived) {
    if (bundled == derived) return {};
    const auto parting = std::ranges::mismatch(bundled, derived);
    const auto at = static_cast<std::size_t>(parting.in1 - bundled.begin());
    const std::size_t from = at < 40 ? 0 : at - 40;
    return fmt::format("'{}' instead of '{}'", derived.substr(from, 80), bundled.substr(from, 80));
}

}  // namespace dimout::app
