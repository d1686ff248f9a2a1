// Messages and states; decoder_dump.cpp has the table dumps.
#include "decode/decoder.h"

namespace dimout::decode {

void Decoder::decode(const Frame& frame, RouteSink& sink) {
    if (frame.kind == Frame::Kind::FileEnd) return end_dump(frame, frame.complete, sink);
    ++counts_.records;
    if (const auto done = dispatch(frame, sink); !done) {
        errors_.add(done.error(), frame.position);
        if (Dump* dump = find_dump(frame.position.file)) dump->complete = false;
    }
}

Decoded<void> Decoder::dispatch(const Frame& frame, RouteSink& sink) {
    const auto record = read_record(frame.bytes);
    if (!record) return std::unexpected(record.error());
    switch (record->type) {
        case MrtType::TableDumpV2: return table_dump_v2(frame, *record, sink);
        case MrtType::Bgp4mp:
        case MrtType::Bgp4mpEt: return bgp4mp(frame, *record, sink);
        case MrtType::TableDump: return table_dump(frame, *record, sink);
        case MrtType::Bgp: return old_bgp(frame, *record, sink);
        default: ++counts_.other_protocol; return {};
    }
}

Decoded<void> Decoder::bgp4mp(const Frame& frame, const Record& record, RouteSink& sink) {
    switch (static_cast<Bgp4mpSubtype>(record.subtype)) {
        case Bgp4mpSubtype::StateChange:
        case Bgp4mpSubtype::StateChangeAs4: return state(frame, record, read_state(record), sink);
        case Bgp4mpSubtype::Entry: return entry(frame, record, sink);
        case Bgp4mpSubtype::Message:
        case Bgp4mpSubtype::MessageAs4:
        case Bgp4mpSubtype::MessageAddPath:
        case Bgp4mpSubtype::MessageAs4AddPath: return message(frame, record, sink);
        case Bgp4mpSubtype::MessageLocal:
        case Bgp4mpSubtype::MessageAs4Local:
        case Bgp4mpSubtype::MessageLocalAddPath:
        case Bgp4mpSubtype::MessageAs4LocalAddPath: ++counts_.sent_by_collector; return {};
        case Bgp4mpSubtype::Snapshot:  // Only the name of another file.
        default: ++counts_.other_protocol; return {};
    }
}

Decoded<void> Decoder::message(const Frame& frame, const Record& record, RouteSink& sink) {
    const auto found = read_message(record);
    if (!found) return std::unexpected(found.error());
    const auto bgp = read_bgp(found->message);
    if (!bgp) return std::unexpected(bgp.error());
    if (!found->session.named()) {
        ++counts_.nameless;
        return {};
    }
    if (bgp->type == BgpType::Update) {
        const AttributeScope scope{.asn_bytes = found->asn_bytes, .add_path = found->add_path};
        return update(frame, record, found->session, bgp->body, scope, sink);
    }
    const auto peer = peer_of(frame.collector, found->session.peer, found->session.peer_asn);
    if (!peer) return std::unexpected(peer.error());
    ++counts_.other_messages;
    sink.on_other_message(*peer, record.time, bgp->type);
    return {};
}

Decoded<void> Decoder::old_bgp(const Frame& frame, const Record& record, RouteSink& sink) {
    const auto subtype = static_cast<BgpSubtype>(record.subtype);
    if (subtype == BgpSubtype::StateChange)
        return state(frame, record, read_old_state(record.body), sink);
    if (subtype != BgpSubtype::Update && subtype != BgpSubtype::Keepalive) {
        ++counts_.other_protocol;
        return {};
    }
    const auto found = read_old_message(record.body);
    if (!found) return std::unexpected(found.error());
    if (subtype == BgpSubtype::Update) {
        return update(frame, record, found->session, found->body, {.asn_bytes = 2}, sink);
    }
    const auto peer = peer_of(frame.collector, found->session.peer, found->session.peer_asn);
    if (!peer) return std::unexpected(peer.error());
    ++counts_.other_messages;
    sink.on_other_message(*peer, record.time, BgpType::Keepalive);
    return {};
}

Decoded<void> Decoder::update(const Frame& frame, const Record& record, const Session& session,
                              Bytes body, const AttributeScope& scope, RouteSink& sink) {
    const auto parts = split_update(body);
    if (!parts) return std::unexpected(parts.error());
    const auto withdrawn = NlriList::check(parts->withdrawn, Family::v4, scope.add_path);
    if (!withdrawn) return std::unexpected(withdrawn.error());
    const auto announced = NlriList::check(parts->announced, Family::v4, scope.add_path);
    if (!announced) return std::unexpected(announced.error());
    AttributeScope asked = scope;
    asked.announces = !announced->empty();
    const Treatment treatment = attributes_.scan(parts->attributes, asked);
    if (treatment == Treatment::SessionReset) return std::unexpected(attributes_.fault());
    const auto peer = peer_of(frame.collector, session.peer, session.peer_asn);
    if (!peer) return std::unexpected(peer.error());
    count(treatment);
    ++counts_.updates;
    update_.time = record.time;
    update_.microseconds = record.microseconds;
    update_.collector = frame.collector;
    update_.peer = *peer;
    update_.treat_as_withdraw = treatment == Treatment::TreatAsWithdraw;
    update_.withdrawn_ = *withdrawn;
    update_.announced_ = *announced;
    update_.attributes_ = &attributes_;
    take_multiprotocol();
    mark_end_of_rib(*parts);
    sink.on_update(update_);
    return {};
}

void Decoder::take_multiprotocol() {
    const auto unicast = [this](Attribute type, const MpNlri& mp) {
        if (!attributes_.has(type)) return NlriList{};
        if (mp.known && mp.safi == static_cast<std::uint8_t>(Safi::Unicast)) return mp.nlri;
        ++counts_.other_family;
        return NlriList{};
    };
    update_.mp_announced_ = unicast(Attribute::MpReach, attributes_.reach());
    update_.mp_withdrawn_ = unicast(Attribute::MpUnreach, attributes_.unreach());
}

void Decoder::mark_end_of_rib(const UpdateParts& parts) {
    update_.end_of_rib.reset();
    if (!parts.withdrawn.empty() || !parts.announced.empty()) return;
    if (parts.attributes.empty()) update_.end_of_rib = Family::v4;
    const MpNlri& unreach = attributes_.unreach();
    if (!attributes_.only(Attribute::MpUnreach) || !unreach.known || !unreach.nlri.empty()) return;
    if (unreach.safi == static_cast<std::uint8_t>(Safi::Unicast))
        update_.end_of_rib = unreach.nlri.family();
}

Decoded<void> Decoder::state(const Frame& frame, const Record& record,
                             const Decoded<StateRecord>& change, RouteSink& sink) {
    if (!change) return std::unexpected(change.error());
    const Session& session = change->session;
    // BIRD writes states of sessions whose other end it has not met; no peer can be meant.
    if (!session.named()) {
        ++counts_.nameless;
        return {};
    }
    const auto peer = peer_of(frame.collector, session.peer, session.peer_asn);
    if (!peer) return std::unexpected(peer.error());
    ++counts_.states;
    sink.on_state({.time = record.time,
                   .collector = frame.collector,
                   .peer = *peer,
                   .old_state = change->old_state,
                   .new_state = change->new_state});
    return {};
}

Decoded<PeerId> Decoder::peer_of(CollectorId collector, const Address& address, Asn asn) {
    const auto id = peers_.id_of({.collector = collector, .address = address, .asn = asn});
    if (!id) return fault(ErrorCode::TooManyPeers, "MRT record", 0, peers_.size());
    return *id;
}

void Decoder::count(Treatment treatment) {
    counts_.attribute_discard += attributes_.discarded();
    if (treatment == Treatment::TreatAsWithdraw) ++counts_.treat_as_withdraw;
}

}  // namespace dimout::decode
