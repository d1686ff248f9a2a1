#include "store/canonical.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <iterator>

#include "base/json.h"
#include "model/frame.h"
#include "store/canonical_paths.h"

namespace dimout::store {
namespace {

constexpr std::array kTables{Table::Bins,  Table::Levels,      Table::Health, Table::Samples,
                             Table::Paths, Table::PathChanges, Table::Links,  Table::Gaps,
                             Table::Peers, Table::Registry,    Table::Outages};
constexpr std::size_t kBuffer = 1 << 16;

/// Collects lines and hands them on in large pieces.
class Lines {
public:
    explicit Lines(const WriteText& write) : write_(write) {}
    ~Lines() { flush(); }
    Lines(const Lines&) = delete;
    Lines& operator=(const Lines&) = delete;

    Lines& text(std::string_view value) {
        text_ += value;
        return *this;
    }
    Lines& number(std::uint64_t value) {
        fmt::format_to(std::back_inserter(text_), ",{}", value);
        return *this;
    }
    void end() {
        text_ += '\n';
        if (text_.size() > kBuffer) flush();
    }

private:
    void flush() {
        if (!text_.empty()) write_(text_);
        text_.clear();
    }

    const WriteText& write_;
    std::string text_;
};

/// RFC 4180 §2: quoted when it must be.
std::string csv(std::string_view text) {
    if (text.find_first_of(",\"\n\r") == std::string_view::npos) return std::string(text);
    std::string quoted = "\"";
    for (const char c : text) {
        if (c == '"') quoted += c;
        quoted += c;
    }
    return quoted + '"';
}

void write_coverage(Lines& lines, const Coverage& coverage) {
    lines.number(coverage.live)
        .number(coverage.usual)
        .number(coverage.collectors)
        .number(coverage.unhealthy);
}

void write_level(Lines& lines, const VisibilityLevel& level) {
    for (const auto* group :
         {&level.addresses, &level.blocks, &level.addresses_any_cover, &level.blocks_any_cover}) {
        for (const std::uint64_t value : *group) lines.number(value);
    }
    lines.number(level.votes).number(level.carried).number(level.known);
}

void write_churn(Lines& lines, const ChurnCounts& churn) {
    lines.number(churn.announcements)
        .number(churn.withdrawals)
        .number(churn.path_changes)
        .number(churn.flaps);
    lines.number(churn.addresses_fallen_v4).number(churn.blocks_fallen_v6);
}

std::string level_header() {
    std::string header = "time,entity";
    for (const char* family : {"v4", "v6"}) {
        for (const char* what : {"addresses", "blocks", "addresses_any", "blocks_any"}) {
            for (const char* share : {"0", "25", "50", "75", "100"})
                header += fmt::format(",{}_{}_{}", family, what, share);
        }
        header += fmt::format(",{0}_votes,{0}_carried,{0}_known", family);
    }
    return header +
           ",announcements,withdrawals,path_changes,flaps,addresses_fallen_v4,blocks_fallen_v6";
}

Result<void> export_bins(Reader& reader, Lines& lines) {
    lines
        .text(
            "time,keyframe,known_at,v4_live,v4_usual,v4_collectors,v4_unhealthy,"
            "v6_live,v6_usual,v6_collectors,v6_unhealthy")
        .end();
    const auto bins = reader.bins(kAllTime);
    if (!bins) return std::unexpected(bins.error());
    for (const BinRow& row : *bins) {
        lines.text(to_rfc3339(row.bin.start()))
            .number(row.keyframe)
            .text(",")
            .text(to_rfc3339(row.known_at));
        write_coverage(lines, row.v4);
        write_coverage(lines, row.v6);
        lines.end();
    }
    return {};
}

Result<void> export_levels(Reader& reader, Lines& lines) {
    lines.text(level_header()).end();
    return reader.rows(kAllTime, [&](const EntityRow& row) {
        lines.text(to_rfc3339(row.bin.start())).text(",").text(to_string(row.entity));
        write_level(lines, row.v4);
        write_level(lines, row.v6);
        write_churn(lines, row.churn);
        lines.end();
    });
}

Result<void> export_health(Reader& reader, Lines& lines) {
    lines.text("time,kind,collector,peer,asn,event_time").end();
    const auto rows = reader.health(kAllTime);
    if (!rows) return std::unexpected(rows.error());
    for (const HealthRow& row : *rows) {
        lines.text(to_rfc3339(row.bin.start()))
            .text(",")
            .text(to_string(row.kind))
            .text(",")
            .text(csv(row.collector));
        lines.text(",").text(row.peer ? to_string(*row.peer) : "").text(",");
        lines.text(row.peer ? std::to_string(row.asn.value) : "")
            .text(",")
            .text(to_rfc3339(row.time))
            .end();
    }
    return {};
}

Result<void> export_samples(Reader& reader, Lines& lines) {
    lines.text("time,entity,signal,begins,width,value").end();
    return reader.samples(kAllTime, [&](const Sample& sample) {
        lines.text(to_rfc3339(bin_of(sample).start())).text(",").text(to_string(sample.entity));
        lines.text(",").text(csv(sample.signal)).text(",").text(to_rfc3339(sample.from));
        lines.number(static_cast<std::uint64_t>(sample.width.count())).text(",");
        lines.text(sample.value ? fmt::to_string(*sample.value) : "").end();
    });
}

void export_gaps(const Reader& reader, Lines& lines) {
    lines.text("collector,from,until,reason").end();
    for (const GapRow& gap : reader.gaps(kAllTime)) {
        lines.text(csv(gap.collector))
            .text(",")
            .text(to_rfc3339(gap.from))
            .text(",")
            .text(gap.until == kNeverAgain ? "" : to_rfc3339(gap.until));
        lines.text(",").text(csv(gap.reason)).end();
    }
}

void export_peers(const Reader& reader, Lines& lines) {
    lines.text("collector,address,asn,route_server,full_feed").end();
    for (const PeerRow& peer : reader.facts().peers) {
        lines.text(csv(peer.collector))
            .text(",")
            .text(to_string(peer.address))
            .number(peer.asn.value);
        lines.number(peer.route_server).number(peer.full_feed).end();
    }
}

void export_registry(const Reader& reader, Lines& lines) {
    lines.text("source").end();
    for (const std::string& source : reader.facts().registry) lines.text(csv(source)).end();
}

/// A share as millionths: the same text whatever the last bit of the quotient was.
std::int64_t millionths(double share) {
    return std::isfinite(share) ? std::llround(share * 1'000'000.0) : -1;
}

void write_times(JsonWriter& json, std::string_view name, const UncertainTime& time) {
    json.key(name).begin_array();
    for (const EventTime one : {time.lo, time.best, time.hi}) json.value(to_rfc3339(one));
    json.end_array();
}

/// What other signals and other outages add to it.
void write_joined(JsonWriter& json, const Outage& outage) {
    json.field("episode", outage.episode).field("source", outage.source);
    json.field("divergence", to_string(outage.divergence)).key("calm").begin_array();
    for (const std::string& signal : outage.calm) json.value(signal);
    json.end_array().field("rank", outage.standing.rank).field("claim", outage.standing.claim);
    if (!outage.instability) return;
    json.key("instability").begin_array().value(millionths(outage.instability->p));
    for (const Instability::Part& part : outage.instability->parts)
        json.value(to_rfc3339(part.from)).value(part.reachable).value(part.flaps);
    json.end_array();
}

std::string outage_line(const Outage& outage) {
    JsonWriter json;
    json.begin_object().field("id", outage.id).field("revision", outage.revision);
    json.field("known_at", to_rfc3339(outage.known_at)).field("entity", to_string(outage.entity));
    json.field("state", to_string(outage.state));
    write_times(json, "start", outage.start);
    if (outage.end) write_times(json, "end", *outage.end);
    json.key("phases").begin_array();
    for (const PhaseSpan& span : outage.phases) {
        json.begin_array().value(to_string(span.phase)).value(to_rfc3339(span.from));
        if (span.until) json.value(to_rfc3339(*span.until));
        json.end_array();
    }
    json.end_array().field("depth", millionths(outage.severity.depth));
    json.field("area_percent_minutes", outage.severity.area_percent_minutes);
    json.field("address_hours", outage.severity.address_hours);
    json.field("lost", outage.severity.lost).field("of", outage.severity.of);
    json.field("live_full_feed_asns", outage.observers.live_full_feed_asns);
    json.field("usual", outage.observers.usual).field("collectors", outage.observers.collectors);
    json.key("signals").begin_array();
    for (const std::string& signal : outage.signals) json.value(signal);
    json.end_array()
        .field("confidence", millionths(outage.confidence))
        .field("label", outage.label);
    json.field("why_no_rank", outage.why_no_rank).field("note", outage.note);
    write_joined(json, outage);
    json.end_object();
    return json.text();
}

}  // namespace

std::string_view to_string(Table table) {
    switch (table) {
        case Table::Bins: return "bins";
        case Table::Levels: return "levels";
        case Table::Health: return "health";
        case Table::Samples: return "samples";
        case Table::Paths: return to_string(PathTable::Paths);
        case Table::PathChanges: return to_string(PathTable::Changes);
        case Table::Links: return to_string(PathTable::Links);
        case Table::Gaps: return "gaps";
        case Table::Peers: return "peers";
        case Table::Registry: return "registry";
        case Table::Outages: return "outages";
    }
    return "";
}

Result<void> export_table(Reader& reader, Table table, const WriteText& write) {
    Lines lines(write);
    switch (table) {
        case Table::Bins: return export_bins(reader, lines);
        case Table::Levels: return export_levels(reader, lines);
        case Table::Health: return export_health(reader, lines);
        case Table::Samples: return export_samples(reader, lines);
        case Table::Paths: return export_paths(reader.folder(), PathTable::Paths, write);
        case Table::PathChanges: return export_paths(reader.folder(), PathTable::Changes, write);
        case Table::Links: return export_paths(reader.folder(), PathTable::Links, write);
        case Table::Gaps: export_gaps(reader, lines); break;
        case Table::Peers: export_peers(reader, lines); break;
        case Table::Registry: export_registry(reader, lines); break;
        case Table::Outages:
            for (const Outage& outage :
                 reader.outages({.entity = {}, .during = {}, .as_of = {}, .all_revisions = true})) {
                lines.text(outage_line(outage)).end();
            }
            break;
    }
    return {};
}

Result<void> export_all(Reader& reader, const WriteText& write) {
    for (const Table table : kTables) {
        write(fmt::format("# {}\n", to_string(table)));
        if (auto done = export_table(reader, table, write); !done) return done;
    }
    return {};
}

}  // namespace dimout::store
