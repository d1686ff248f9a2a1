// Table dumps: rows of peers that an index names, or that name themselves.
#include <algorithm>

#include "decode/decoder.h"

namespace dimout::decode {

Decoder::Dump* Decoder::find_dump(FileId file) {
    const auto found = std::ranges::find(dumps_, file, &Dump::file);
    return found == dumps_.end() ? nullptr : &*found;
}

Decoder::Dump& Decoder::begin_dump(const Frame& frame, EventTime time) {
    Dump dump;
    dump.file = frame.position.file;
    dump.collector = frame.collector;
    dump.began = time;
    dump.last = time;
    dumps_.push_back(std::move(dump));
    return dumps_.back();
}

void Decoder::end_dump(const Frame& frame, bool complete, RouteSink& sink) {
    const auto found = std::ranges::find(dumps_, frame.position.file, &Dump::file);
    if (found == dumps_.end()) return;
    const DumpEnd end{.time = found->last,
                      .began = found->began,
                      .collector = found->collector,
                      .complete = complete && found->complete};
    dumps_.erase(found);
    sink.on_dump_end(end);
}

Decoded<void> Decoder::table_dump_v2(const Frame& frame, const Record& record, RouteSink& sink) {
    switch (static_cast<DumpSubtype>(record.subtype)) {
        case DumpSubtype::PeerIndexTable: return peer_index(frame, record, sink);
        case DumpSubtype::Ipv4Unicast:
        case DumpSubtype::Ipv6Unicast:
        case DumpSubtype::Ipv4UnicastAddPath:
        case DumpSubtype::Ipv6UnicastAddPath:
        case DumpSubtype::Generic:
        case DumpSubtype::GenericAddPath: return rib(frame, record, sink);
        case DumpSubtype::Ipv4Multicast:
        case DumpSubtype::Ipv6Multicast:
        case DumpSubtype::Ipv4MulticastAddPath:
        case DumpSubtype::Ipv6MulticastAddPath: ++counts_.other_family; return {};
        case DumpSubtype::GeoPeerTable:  // RFC 6397: where peers stand, by their own word.
        default: ++counts_.other_protocol; return {};
    }
}

Decoded<void> Decoder::peer_index(const Frame& frame, const Record& record, RouteSink& sink) {
    Dump* dump = find_dump(frame.position.file);
    if (dump != nullptr && record.time - dump->last > kSameDump) {
        end_dump(frame, true, sink);
        dump = nullptr;
    }
    const bool continues = dump != nullptr;
    if (!continues) dump = &begin_dump(frame, record.time);
    dump->indexed = true;
    dump->last = record.time;
    // A table that cannot be read to its end names the peers up to there.
    dump->peers.clear();
    const auto index = read_peer_index(record.body);
    if (!index) return std::unexpected(index.error());
    Bytes left = index->peers;
    Decoded<void> outcome;
    for (unsigned i = 0; i < index->count && outcome; ++i) {
        const auto peer = take_peer(left);
        const auto id = peer ? peer_of(frame.collector, peer->address, peer->asn)
                             : std::unexpected(peer.error());
        if (id)
            dump->peers.push_back(*id);
        else
            outcome = std::unexpected(id.error());
    }
    sink.on_dump_begin({.time = dump->began,
                        .continues = continues,
                        .collector = frame.collector,
                        .peers = dump->peers});
    return outcome;
}

Decoded<void> Decoder::rib(const Frame& frame, const Record& record, RouteSink& sink) {
    auto found = read_rib(static_cast<DumpSubtype>(record.subtype), record.body);
    if (!found) return std::unexpected(found.error());
    if (!found->known_family || found->safi != static_cast<std::uint8_t>(Safi::Unicast)) {
        ++counts_.other_family;
        return {};
    }
    Dump* dump = find_dump(frame.position.file);
    if (dump == nullptr || !dump->indexed) return fault(ErrorCode::PeerIndexMissing, "RIB record");
    dump->last = record.time;
    const AttributeScope scope{.asn_bytes = 4, .add_path = found->add_path, .dump = true};
    Decoded<void> outcome;
    for (unsigned i = 0; i < found->count; ++i) {
        const auto entry = take_entry(*found);
        if (!entry) return std::unexpected(entry.error());
        if (entry->peer_index >= dump->peers.size()) {
            outcome = fault(ErrorCode::PeerIndexRange, "RIB entry", entry->peer_index,
                            dump->peers.size());
            continue;
        }
        row(record, *dump, dump->peers[entry->peer_index], *entry, found->prefix, scope, sink);
    }
    return outcome;
}

void Decoder::row(const Record& record, Dump& dump, PeerId peer, const RibEntry& entry,
                  const Prefix& prefix, const AttributeScope& scope, RouteSink& sink) {
    const Treatment treatment = attributes_.scan(entry.attributes, scope);
    if (treatment != Treatment::None) {
        count(treatment);
        if (treatment >= Treatment::TreatAsWithdraw) return;
    }
    ++counts_.dump_rows;
    sink.on_dump_row({.time = record.time,
                      .dump_began = dump.began,
                      .originated = entry.originated,
                      .collector = dump.collector,
                      .peer = peer,
                      .prefix = prefix,
                      .path_identifier = entry.path_identifier,
                      .attributes = &attributes_});
}

Decoded<void> Decoder::table_dump(const Frame& frame, const Record& record, RouteSink& sink) {
    TableDumpCursor entries(record);
    do {
        const auto found = entries.next();
        if (!found) return std::unexpected(found.error());
        if (const auto done = route(frame, record, *found, sink); !done) return done;
    } while (!entries.done());
    return {};
}

Decoded<void> Decoder::entry(const Frame& frame, const Record& record, RouteSink& sink) {
    const auto found = read_entry(record);
    if (!found) return std::unexpected(found.error());
    if (!found->unicast) {
        ++counts_.other_family;
        return {};
    }
    return route(frame, record, *found, sink);
}

Decoded<void> Decoder::route(const Frame& frame, const Record& record, const TableDumpEntry& found,
                             RouteSink& sink) {
    const auto peer = peer_of(frame.collector, found.session.peer, found.session.peer_asn);
    if (!peer) return std::unexpected(peer.error());
    Dump* dump = find_dump(frame.position.file);
    if (dump == nullptr) {
        dump = &begin_dump(frame, record.time);
        sink.on_dump_begin(
            {.time = record.time, .continues = false, .collector = frame.collector, .peers = {}});
    }
    dump->last = record.time;
    row(record, *dump, *peer,
        {.peer_index = 0,
         .originated = found.originated,
         .path_identifier = 0,
         .attributes = found.attributes},
        found.prefix, {.asn_bytes = found.asn_bytes, .dump = true}, sink);
    return {};
}

}  // namespace dimout::decode
