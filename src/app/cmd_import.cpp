// `import`: a list of outages that somebody else made, kept beside ours and held against them.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>

#include "app/commands.h"
#include "app/exit_code.h"
#include "app/output.h"
#include "app/public_outages.h"
#include "base/json.h"
#include "catalogue/catalogue.h"
#include "catalogue/match.h"
#include "registry/names.h"
#include "source/decompress.h"
#include "store/reader.h"
#include "store/writer.h"

namespace dimout::app {
namespace {

using catalogue::Verdict;

/// No list of outages is this long; a wrong file may be.
constexpr std::size_t kLargestCatalogue = std::size_t{256} << 20;

Result<std::string> read_text(const std::string& path) {
    auto file = source::open_file(path);
    if (!file) return std::unexpected(file.error());
    const auto stream = source::decompress(std::move(*file));
    std::string text;
    std::array<std::uint8_t, 1 << 16> piece{};
    while (const std::size_t size = stream->read(piece)) {
        text.append(reinterpret_cast<const char*>(piece.data()), size);
        if (text.size() > kLargestCatalogue)
            return fail(fmt::format("{}: more than 256 MiB; that is no list of outages.", path));
    }
    if (!stream->faults().empty())
        return fail(fmt::format("{}: {}.", path, stream->faults().front().reason));
    return text;
}

catalogue::Observed observed_by(store::Reader& reader) {
    catalogue::Observed observed{.range = {}, .gaps = {}};
    const auto first = reader.first_bin();
    const auto last = reader.last_bin();
    if (first && last) observed.range = {.from = first->start(), .until = last->end()};
    EventTime known = observed.range.from;
    const auto bins = reader.bins(store::kAllTime);
    if (!bins) return observed;
    for (const store::BinRow& row : *bins) {
        if (row.v4.live == 0 && row.v6.live == 0) continue;
        if (row.bin.start() > known)
            observed.gaps.push_back({.from = known, .until = row.bin.start()});
        known = row.bin.end();
    }
    if (known < observed.range.until)
        observed.gaps.push_back({.from = known, .until = observed.range.until});
    return observed;
}

/// The row as an outage that is not ours. Two rows of one entity and bin get ids of their own.
Outage imported(const catalogue::Row& row, const std::string& source, unsigned number) {
    Outage outage;
    outage.id = outage_id(row.entity, Bin::of(row.start.lo)) + '-' + source;
    if (number > 1) outage.id += fmt::format("-{}", number);
    outage.known_at = row.end ? row.end->hi : row.start.hi;
    outage.entity = row.entity;
    outage.state = row.end ? OutageState::Closed : OutageState::Ongoing;
    outage.start = row.start;
    outage.end = row.end;
    outage.label = "imported";
    outage.source = source;
    outage.note = row.title;
    if (!row.cause.empty()) outage.note += fmt::format(" [cause, as listed: {}]", row.cause);
    if (!row.scope.empty()) outage.note += fmt::format(" [scope, as listed: {}]", row.scope);
    return outage;
}

Result<void> keep(const catalogue::Catalogue& list, const std::string& source,
                  const std::string& store) {
    auto writer = store::Writer::open(store);
    if (!writer) return std::unexpected(writer.error());
    std::map<std::string, unsigned> numbers;
    for (const catalogue::Row& row : list.rows) {
        const std::string place = outage_id(row.entity, Bin::of(row.start.lo));
        if (const auto done = writer->append(imported(row, source, ++numbers[place])); !done)
            return done;
    }
    return writer->close();
}

std::string_view word(Verdict::Kind kind) {
    switch (kind) {
        case Verdict::Kind::Matched: return "matched";
        case Verdict::Kind::Elsewhen: return "elsewhen";
        case Verdict::Kind::Quiet: return "quiet";
        case Verdict::Kind::PartOnly: return "part_only";
        case Verdict::Kind::NotWatched: return "not_watched";
    }
    return "";
}

std::string as_json(const catalogue::Catalogue& list, const std::vector<Verdict>& verdicts) {
    JsonWriter json;
    json.begin_object().field("format", list.format).key("rows").begin_array();
    for (std::size_t i = 0; i < list.rows.size(); ++i) {
        const catalogue::Row& row = list.rows[i];
        json.begin_object()
            .field("line", row.line)
            .field("entity", to_string(row.entity))
            .field("start", to_rfc3339(row.start.lo))
            .field("verdict", word(verdicts[i].kind));
        verdicts[i].outage.empty() ? json.key("outage").null()
                                   : json.field("outage", verdicts[i].outage);
        json.field("onset_error_seconds", verdicts[i].onset_error.count())
            .field("reason", verdicts[i].reason)
            .end_object();
    }
    json.end_array().key("refused").begin_array();
    for (const catalogue::Refused& row : list.refused)
        json.begin_object().field("line", row.line).field("reason", row.reason).end_object();
    json.end_array().end_object();
    return json.text() + '\n';
}

std::string as_text(const catalogue::Catalogue& list, const std::vector<Verdict>& verdicts) {
    std::string text;
    std::map<Verdict::Kind, std::size_t> counts;
    for (std::size_t i = 0; i < list.rows.size(); ++i) {
        const catalogue::Row& row = list.rows[i];
        const Verdict& verdict = verdicts[i];
        ++counts[verdict.kind];
        text += fmt::format("line {}: {} {}: {}{}{}: {}\n", row.line, to_string(row.entity),
                            to_rfc3339(row.start.lo), word(verdict.kind),
                            verdict.outage.empty() ? "" : " ", verdict.outage, verdict.reason);
    }
    for (const catalogue::Refused& row : list.refused)
        text += fmt::format("line {}: refused: {}\n", row.line, row.reason);
    text +=
        fmt::format("{} rows ({}), {} refused", list.rows.size(), list.format, list.refused.size());
    for (const auto& [kind, count] : counts) text += fmt::format(", {} {}", count, word(kind));
    return text + ".\n";
}

}  // namespace

int run_import(const ImportOptions& options, const CommonOptions&) {
    const auto text = read_text(options.file);
    if (!text) return complain(text.error().message), kFailed;
    const auto list = catalogue::read(*text, registry::country_by_name);
    if (!list) return complain(options.file + ": " + list.error().message), kFailed;
    auto reader = store::Reader::open(options.store.string());
    if (!reader) return complain(reader.error().message), kFailed;
    const auto ours = public_outages(reader->outages());
    const auto verdicts = catalogue::match(list->rows, ours, observed_by(*reader));
    const std::string source = options.source.empty() ? list->format : options.source;
    if (const auto kept = keep(*list, source, options.store.string()); !kept)
        return complain(kept.error().message), kFailed;
    write_out(options.format == "json" ? as_json(*list, verdicts) : as_text(*list, verdicts));
    return list->refused.empty() ? kDone : kIncomplete;
}

}  // namespace dimout::app
