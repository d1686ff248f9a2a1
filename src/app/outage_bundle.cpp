#include "app/outage_bundle.h"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "app/bundle_inputs.h"
#include "app/bundle_names.h"
#include "app/explained_outage.h"
#include "app/names.h"
#include "app/recorder.h"
#include "app/replay.h"
#include "app/rerun.h"
#include "app/series_point.h"
#include "app/store_history.h"
#include "app/version.h"
#include "base/files.h"
#include "base/toml.h"
#include "bundle/gzip.h"
#include "present/outage_json.h"

namespace dimout::app {
namespace {

using bundle::Member;

/// How much of the series stands before and after the outage.
constexpr std::chrono::hours kBefore{24};
constexpr std::chrono::hours kAfter{24};

std::string readme(const Outage& outage) {
    return fmt::format(
        "The evidence for one outage: {}\n\n"
        "outage.json        what was found\n"
        "explanation.json   what speaks for and against each cause\n"
        "series.csv.gz      what could be seen, bin by bin\n"
        "raw/               the routing records it follows from, octet for octet (MRT, RFC 6396)\n"
        "recording.txt.gz   what was known of the observers\n"
        "registry.csv       whose the addresses were\n"
        "inputs.json        the files all this was taken from, with their SHA-256\n"
        "manifest.json      name, size and SHA-256 of every file above\n"
        "signature.json     if it is there: Ed25519 over manifest.json\n\n"
        "Check it:          dimout verify FILE.zip\n"
        "Derive it again:   dimout verify FILE.zip --recompute\n\n"
        "A signature shows that nothing was changed since somebody signed. Anybody can make a key: "
        "whose it is,\nand whether the records are true, it does not show. Compare the fingerprint "
        "with one that its owner\npublished elsewhere, and the records with the archives that "
        "inputs.json names.\n",
        outage.id);
}

std::string outage_text(const Outage& outage, const present::Explanation* why) {
    JsonWriter json;
    present::write_outage(json, outage, EmbeddedNames{}, why);
    return json.text() + '\n';
}

/// Whether there are records that it was derived from.
Result<void> can_be_derived(const Outage& outage) {
    if (!outage.source.empty())
        return fail(fmt::format("{} was imported: there is nothing to derive it from.", outage.id));
    if (outage.state == OutageState::Artifact)
        return fail(fmt::format("{} is our own trouble, not an outage.", outage.id));
    return {};
}

Result<std::string> series_text(store::Reader& reader, const Outage& outage) {
    EventTime from = outage.start.lo;
    for (const PhaseSpan& span : outage.phases) from = std::min(from, span.from);
    const EventTime until = std::max(outage.end ? outage.end->hi : from, outage.known_at);
    const TimeRange range{.from = from - kBefore, .until = until + kAfter};
    const auto bins = reader.series(outage.entity, range);
    if (!bins) return std::unexpected(bins.error());
    std::string text = "time,signal,value,coverage\n";
    for (const signal::SignalName& signal : signal::signal_names()) {
        for (const store::SeriesPoint& bin : *bins) {
            const present::SeriesPoint point = point_of(bin, signal, outage.entity);
            text += fmt::format("{},{},{},{}\n", to_rfc3339(point.time), signal.name,
                                point.value ? fmt::format("{}", *point.value) : "", point.coverage);
        }
    }
    return text;
}

std::string config_text(const Outage& outage, const ReplayOptions& replay,
                        const ReplayResult& result) {
    JsonWriter json;
    json.begin_object()
        .field("outage", outage.id)
        .field("revision", outage.revision)
        .field("entity", to_string(outage.entity));
    json.field("collector", replay.collector).field("ribs_only", replay.ribs_only);
    json.key("from");
    replay.from ? json.value(to_rfc3339(*replay.from)) : json.null();
    json.field("bin_seconds", kBinWidth.count())
        .field("known_after_seconds", kArchiveLateness.count());
    const auto lines = [&](std::string_view name, const std::vector<std::string>& texts) {
        json.key(name).begin_array();
        for (const std::string& text : texts) json.value(text);
        json.end_array();
    };
    lines("registry", result.registry);
    std::vector<std::string> versions;
    std::istringstream text(version_text());
    for (std::string line; std::getline(text, line);) versions.push_back(line);
    lines("versions", versions);
    json.end_object();
    return json.text() + '\n';
}

/// The one group that the outage is about, and nothing of the others.
Result<std::string> group_text(const std::filesystem::path& file, const std::string& name) {
    const auto text = read_file(file.string());
    if (!text) return std::unexpected(text.error());
    const toml::parse_result parsed = parse_toml(*text);
    const toml::table* group = parsed ? parsed["group"][name].as_table() : nullptr;
    if (group == nullptr)
        return fail(fmt::format("{}: it has no group '{}'.", file.string(), name));
    std::ostringstream out;
    out << toml::table{{"group", toml::table{{name, *group}}}} << '\n';
    return out.str();
}

std::string head_of(const Recording& recording, const Outage& outage, const StoreHistory& history) {
    RerunHead head{.entity = outage.entity,
                   .collectors = recording.collectors,
                   .peers = recording.peers,
                   .watched = history.watched(recording.first),
                   .known = history.outages(recording.first),
                   .peer_rank = outage.standing.peer_rank,
                   .peer_rank_of = outage.standing.peer_rank_of};
    std::erase_if(head.known, [&](const Outage& one) { return one.entity != outage.entity; });
    return head_text(head);
}

/// The members that the outage is derived from.
Result<void> add_evidence(const BundleQuestion& question, const Outage& outage,
                          const Recording& recording, std::vector<Member>& members) {
    const auto add = [&](std::string_view name, std::string content) {
        members.push_back({.name = std::string(name), .content = std::move(content)});
    };
    add(kMapMember, recording.map);
    if (outage.entity.kind == Entity::Kind::Group) {
        if (!question.replay.groups)
            return fail(fmt::format("{} is a group: --groups says what is in it.",
                                    to_string(outage.entity)));
        auto group = group_text(*question.replay.groups, outage.entity.name);
        if (!group) return std::unexpected(group.error());
        add(kGroupsMember, std::move(*group));
    }
    if (!recording.samples.empty()) add(kSamplesMember, recording.samples);
    const auto history = StoreHistory::load(question.about.store.string());
    if (!history) return std::unexpected(history.error());
    add(kRecordingMember, bundle::gzip(head_of(recording, outage, *history) + recording.entries));
    for (std::size_t lane = 0; lane < recording.lanes.size(); ++lane) {
        const Recording::Lane& one = recording.lanes[lane];
        if (!one.records.empty()) add(raw_member(lane, one.collector), bundle::gzip(one.records));
    }
    return {};
}

/// The run that found the outage, once more, into no store.
ReplayOptions recorded_run(const BundleQuestion& question, const Outage& outage) {
    ReplayOptions options = question.replay;
    options.registry = question.about.registry;
    options.store = "none";
    options.path_days = 0;
    if (outage.entity.kind == Entity::Kind::Prefix) options.follow.push_back(outage.entity.prefix);
    return options;
}

/// What a reader of the bundle would find, before anybody reads it.
Result<void> prove(const std::string& file, const std::string& wanted) {
    const auto opened = bundle::open_sealed(file);
    if (!opened) return std::unexpected(opened.error());
    const auto derived = derive_again(*opened);
    if (!derived) return std::unexpected(derived.error());
    if (*derived == wanted) return {};
    return fail(fmt::format(
        "what this archive gives is not what the store has: {} Give the archive, registry files, "
        "groups and series that the store was made from, and the same dimout.",
        first_difference(wanted, *derived)));
}

}  // namespace

Result<std::string> make_bundle(const BundleQuestion& question, const bundle::SigningKey* key,
                                const CommonOptions& common) {
    auto reader = store::Reader::open(question.about.store.string());
    if (!reader) return std::unexpected(reader.error());
    const auto explained = explained_outage(*reader, question.about);
    if (!explained) return std::unexpected(explained.error());
    const Outage& outage = explained->outage;
    if (const auto can = can_be_derived(outage); !can) return std::unexpected(can.error());
    const ReplayOptions options = recorded_run(question, outage);
    Recorder recorder({.entity = outage.entity,
                       .archive = options.archive,
                       .collector = options.collector,
                       .from = options.from,
                       .until = outage.known_at});
    const auto replayed = replay(options, common, &recorder);
    if (!replayed) return std::unexpected(replayed.error());
    const auto recording = recorder.take();
    if (!recording) return std::unexpected(recording.error());
    auto inputs = inputs_text(options, *recording);
    if (!inputs) return std::unexpected(inputs.error());
    auto series = series_text(*reader, outage);
    if (!series) return std::unexpected(series.error());
    const std::string found = outage_text(outage, nullptr);
    std::vector<Member> members{
        {std::string(kReadmeMember), readme(outage)},
        {std::string(kOutageMember), found},
        {std::string(kExplanationMember), outage_text(outage, &explained->why)},
        {std::string(kSeriesMember), bundle::gzip(*series)},
        {std::string(kConfigMember), config_text(outage, options, *replayed)},
        {std::string(kInputsMember), std::move(*inputs)}};
    if (const auto added = add_evidence(question, outage, *recording, members); !added)
        return std::unexpected(added.error());
    auto file = bundle::seal("dimout " DIMOUT_VERSION, outage.id, std::move(members), key);
    if (!file) return std::unexpected(file.error());
    if (const auto proven = prove(*file, found); !proven) return std::unexpected(proven.error());
    return file;
}

}  // namespace dimout::app
