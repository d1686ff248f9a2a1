// Who was there and what was known before: the lines of a recording before `begin`.
#include <fmt/format.h>

#include <algorithm>

#include "app/recording_lines.h"
#include "app/rerun.h"
#include "store/text.h"

namespace dimout::app {
namespace {

constexpr std::size_t kCollectorsMax = 500;
constexpr std::size_t kPeersMax = 65'535;
constexpr std::size_t kNameMax = 100;

bool set_entity(std::string_view text, RerunHead& head) {
    const auto entity = parse_entity(text);
    if (entity) head.entity = *entity;
    return entity.has_value();
}

bool add_collector(std::string_view name, RerunHead& head) {
    if (name.empty() || name.size() > kNameMax || head.collectors.size() == kCollectorsMax)
        return false;
    head.collectors.emplace_back(name);
    return true;
}

bool add_peer(const RecordingLine& line, RerunHead& head) {
    const auto collector = line.number(1, 0, static_cast<std::int64_t>(head.collectors.size()) - 1);
    const auto asn = line.number(2, 0, UINT32_MAX);
    const auto address = parse_address(line.word(3));
    if (!collector || !asn || !address || line.words() != 4 || head.peers.size() == kPeersMax)
        return false;
    head.peers.push_back({.collector = CollectorId{static_cast<std::uint16_t>(*collector)},
                          .address = *address,
                          .asn = Asn{static_cast<std::uint32_t>(*asn)}});
    return true;
}

bool add_watched(const RecordingLine& line, RerunHead& head) {
    const auto from = line.time(1);
    const auto until = line.time(2);
    const auto well = line.number(3, 0, 1);
    if (!from || !until || !well || *until <= *from || line.words() != 4) return false;
    if (!head.watched.empty() && *from < head.watched.back().range.until) return false;
    head.watched.push_back({.range = {.from = *from, .until = *until}, .well = *well == 1});
    return true;
}

bool add_known(std::string_view text, RerunHead& head) {
    auto outage = store::parse_outage(text);
    if (!outage) return false;
    head.known.push_back(std::move(*outage));
    return true;
}

bool add_rank(const RecordingLine& line, RerunHead& head) {
    const auto rank = line.number(1, 1, UINT32_MAX);
    const auto of = line.number(2, 1, UINT32_MAX);
    if (!rank || !of || line.words() != 3) return false;
    head.peer_rank = static_cast<std::uint32_t>(*rank);
    head.peer_rank_of = static_cast<std::uint32_t>(*of);
    return true;
}

bool add(const RecordingLine& line, RerunHead& head) {
    const std::string_view word = line.word(0);
    if (word == "entity") return set_entity(line.after_first(), head);
    if (word == "collector") return add_collector(line.after_first(), head);
    if (word == "peer") return add_peer(line, head);
    if (word == "watched") return add_watched(line, head);
    if (word == "known") return add_known(line.after_first(), head);
    if (word == "rank") return add_rank(line, head);
    return false;
}

}  // namespace

std::string head_text(const RerunHead& head) {
    std::string text(kRecordingTitle);
    text += fmt::format("\nentity {}\n", to_string(head.entity));
    for (const std::string& name : head.collectors) text += fmt::format("collector {}\n", name);
    for (const Peer& peer : head.peers) {
        text += fmt::format("peer {} {} {}\n", index(peer.collector), peer.asn.value,
                            to_string(peer.address));
    }
    for (const WatchedStretch& stretch : head.watched) {
        text += fmt::format("watched {} {} {}\n", unix_seconds(stretch.range.from),
                            unix_seconds(stretch.range.until), stretch.well ? 1 : 0);
    }
    for (const Outage& outage : head.known)
        text += fmt::format("known {}\n", store::outage_text(outage));
    if (head.peer_rank)
        text += fmt::format("rank {} {}\n", *head.peer_rank, head.peer_rank_of.value_or(1));
    return text + "begin\n";
}

Result<RerunHead> read_head(std::string_view& text) {
    RecordingLines lines(text);
    const auto title = lines.next();
    if (!title || title->text() != kRecordingTitle)
        return fail("recording.txt: its first line is none that this dimout knows.");
    RerunHead head;
    for (auto line = lines.next(); line; line = lines.next()) {
        if (line->text() == "begin") {
            text = lines.rest();
            return head;
        }
        if (!add(*line, head)) return fail(line->complaint());
    }
    return fail("recording.txt: ends before it begins.");
}

}  // namespace dimout::app
