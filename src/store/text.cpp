#include "store/text.h"

#include <algorithm>
#include <iterator>

#include "model/frame.h"
#include "store/text_parts.h"

namespace dimout::store {
namespace {

void write_peer(JsonWriter& json, const PeerRow& peer) {
    json.begin_object()
        .field("collector", clean(peer.collector))
        .field("address", to_string(peer.address));
    json.field("asn", peer.asn.value)
        .field("route_server", peer.route_server)
        .field("full_feed", peer.full_feed);
    json.end_object();
}

PeerRow read_peer(const JsonValue& value) {
    return {.collector = value.at("collector").text(),
            .address = value.known(parse_address(value.at("address").text())),
            .asn = Asn{static_cast<std::uint32_t>(value.at("asn").number())},
            .route_server = value.at("route_server").truth(),
            .full_feed = value.at("full_feed").truth()};
}

std::vector<std::string> union_of(std::vector<std::string> one,
                                  const std::vector<std::string>& other) {
    one.insert(one.end(), other.begin(), other.end());
    std::ranges::sort(one);
    one.erase(std::unique(one.begin(), one.end()), one.end());
    return one;
}

bool same_session(const PeerRow& one, const PeerRow& other) {
    return one.collector == other.collector && one.address == other.address && one.asn == other.asn;
}

}  // namespace

std::string gap_text(const GapRow& gap) {
    JsonWriter json;
    json.begin_object().field("collector", clean(gap.collector));
    write_time(json, "from", gap.from);
    write_optional_time(json, "until",
                        gap.until == kNeverAgain ? std::nullopt : std::optional(gap.until));
    json.field("reason", clean(gap.reason)).end_object();
    return json.text();
}

Result<GapRow> parse_gap(std::string_view text) {
    GapRow gap;
    const bool whole = read_json(text, [&](const JsonValue& root) {
        const JsonValue until = root.at("until");
        gap = {.collector = root.at("collector").text(),
               .from = root.at("from").time(),
               .until = until.is_null() ? kNeverAgain : until.time(),
               .reason = root.at("reason").text()};
    });
    if (whole) return gap;
    return fail("not a gap of this format: " + shown(text) + ".");
}

void write_facts(JsonWriter& json, const RunFacts& facts) {
    json.begin_object();
    write_texts(json, "collectors", facts.collectors);
    json.key("peers").begin_array();
    for (const PeerRow& peer : facts.peers) write_peer(json, peer);
    json.end_array();
    write_texts(json, "registry", facts.registry);
    write_texts(json, "inputs", facts.inputs);
    json.end_object();
}

std::string facts_text(const RunFacts& facts) {
    JsonWriter json;
    write_facts(json, facts);
    return json.text();
}

RunFacts read_facts(const JsonValue& value) {
    RunFacts facts;
    facts.collectors = read_texts(value.at("collectors"));
    value.at("peers").for_each(
        [&](const JsonValue& peer) { facts.peers.push_back(read_peer(peer)); });
    facts.registry = read_texts(value.at("registry"));
    facts.inputs = read_texts(value.at("inputs"));
    return facts;
}

Result<RunFacts> parse_facts(std::string_view text) {
    RunFacts facts;
    if (read_json(text, [&](const JsonValue& root) { facts = read_facts(root); })) return facts;
    return fail("not the facts of a run: " + shown(text) + ".");
}

RunFacts merge(const RunFacts& one, const RunFacts& other) {
    RunFacts both{.collectors = union_of(one.collectors, other.collectors),
                  .peers = one.peers,
                  .registry = union_of(one.registry, other.registry),
                  .inputs = union_of(one.inputs, other.inputs)};
    both.peers.insert(both.peers.end(), other.peers.begin(), other.peers.end());
    std::ranges::sort(both.peers);
    std::vector<PeerRow> peers;
    for (PeerRow& peer : both.peers) {
        if (peers.empty() || !same_session(peers.back(), peer)) {
            peers.push_back(std::move(peer));
            continue;
        }
        peers.back().route_server |= peer.route_server;
        peers.back().full_feed |= peer.full_feed;
    }
    both.peers = std::move(peers);
    return both;
}

}  // namespace dimout::store
