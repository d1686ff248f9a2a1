#include "decode/inspector.h"

#include <fmt/format.h>

namespace dimout::decode {

namespace {

std::string_view family_name(std::uint16_t afi, std::uint8_t safi) {
    if (afi == 1) return safi == 1 ? "ipv4-unicast" : "ipv4-multicast";
    return safi == 1 ? "ipv6-unicast" : "ipv6-multicast";
}

std::string_view kind_of(BgpType type) {
    switch (type) {
        case BgpType::Open: return "open";
        case BgpType::Update: return "update";
        case BgpType::Notification: return "notification";
        case BgpType::Keepalive: return "keepalive";
        case BgpType::RouteRefresh: return "route-refresh";
    }
    return {};
}

/// RFC 4271 §8.2.2; 7 and 8 are Quagga's own.
std::string state_name(std::uint16_t state) {
    constexpr std::array<std::string_view, 9> kNames{"Unknown",     "Idle",     "Connect",
                                                     "Active",      "OpenSent", "OpenConfirm",
                                                     "Established", "Clearing", "Deleted"};
    return state < kNames.size() ? std::string(kNames[state]) : std::to_string(state);
}

std::string_view name_of(Treatment treatment) {
    switch (treatment) {
        case Treatment::None: return "none";
        case Treatment::AttributeDiscard: return "attribute-discard";
        case Treatment::TreatAsWithdraw: return "treat-as-withdraw";
        case Treatment::SessionReset: return "session-reset";
    }
    return {};
}

}  // namespace

Decoded<void> Inspector::describe(const Frame& frame) {
    begun_ = false;
    const auto record = read_record(frame.bytes);
    const Decoded<void> done = record ? dispatch(*record) : std::unexpected(record.error());
    if (!done) {
        if (!begun_) begin(record ? *record : Record{}, "error");
        fields_.field("error", name(done.error().code));
        fields_.field("reason", explain(done.error()));
        fields_.number("offset", frame.position.offset);
        fields_.number("record", frame.position.record);
    }
    fields_.end_line();
    return done;
}

Decoded<void> Inspector::dispatch(const Record& record) {
    switch (record.type) {
        case MrtType::TableDump: return table_dump(record);
        case MrtType::TableDumpV2: return rib(record);
        case MrtType::Bgp4mp:
        case MrtType::Bgp4mpEt: return bgp4mp(record);
        case MrtType::Bgp: return old_bgp(record);
        default: begin(record, "other"); return {};
    }
}

void Inspector::begin(const Record& record, std::string_view kind) {
    time_.clear();
    std::string whole = to_rfc3339(record.time);
    whole.pop_back();
    time_.append(whole);
    if (record.type == MrtType::Bgp4mpEt) time_.append('.').append_padded(record.microseconds, 6);
    time_.append('Z');
    fields_.begin_line(time_.view(), kind);
    fields_.number("type", static_cast<std::uint16_t>(record.type));
    fields_.number("subtype", record.subtype);
    begun_ = true;
}

void Inspector::session(const Session& session) {
    fields_.address("peer", session.peer);
    fields_.number("peer_asn", session.peer_asn.value);
    if (session.local_asn.value == 0) return;
    fields_.address("local", session.local);
    fields_.number("local_asn", session.local_asn.value);
}

Decoded<void> Inspector::bgp4mp(const Record& record) {
    switch (static_cast<Bgp4mpSubtype>(record.subtype)) {
        case Bgp4mpSubtype::StateChange:
        case Bgp4mpSubtype::StateChangeAs4: return state(record, read_state(record));
        case Bgp4mpSubtype::Entry: return entry(record);
        case Bgp4mpSubtype::Snapshot: begin(record, "snapshot"); return {};
        default: break;
    }
    if (record.subtype <= static_cast<std::uint16_t>(Bgp4mpSubtype::MessageAs4LocalAddPath))
        return message(record);
    begin(record, "other");
    return {};
}

Decoded<void> Inspector::message(const Record& record) {
    const auto found = read_message(record);
    if (!found) return std::unexpected(found.error());
    const auto bgp = read_bgp(found->message);
    begin(record, bgp ? kind_of(bgp->type) : "error");
    session(found->session);
    if (found->local) fields_.flag("sent_by_collector");
    if (!bgp) return std::unexpected(bgp.error());
    if (bgp->type == BgpType::Update) {
        return update(bgp->body, {.asn_bytes = found->asn_bytes, .add_path = found->add_path});
    }
    if (bgp->type == BgpType::Notification && bgp->body.size() >= 2) {
        fields_.number("error_code", bgp->body[0]);
        fields_.number("error_subcode", bgp->body[1]);
    }
    return {};
}

Decoded<void> Inspector::old_bgp(const Record& record) {
    const auto subtype = static_cast<BgpSubtype>(record.subtype);
    if (subtype == BgpSubtype::StateChange) return state(record, read_old_state(record.body));
    if (subtype != BgpSubtype::Update && subtype != BgpSubtype::Keepalive) {
        begin(record, "other");
        return {};
    }
    const auto found = read_old_message(record.body);
    if (!found) return std::unexpected(found.error());
    begin(record, subtype == BgpSubtype::Update ? "update" : "keepalive");
    session(found->session);
    if (subtype == BgpSubtype::Keepalive) return {};
    return update(found->body, {.asn_bytes = 2});
}

Decoded<void> Inspector::state(const Record& record, const Decoded<StateRecord>& change) {
    if (!change) return std::unexpected(change.error());
    begin(record, "state");
    session(change->session);
    fields_.field("old_state", state_name(change->old_state));
    fields_.field("new_state", state_name(change->new_state));
    return {};
}

Decoded<void> Inspector::update(Bytes body, const AttributeScope& scope) {
    const auto parts = split_update(body);
    if (!parts) return std::unexpected(parts.error());
    const auto withdrawn = NlriList::check(parts->withdrawn, Family::v4, scope.add_path);
    if (!withdrawn) return std::unexpected(withdrawn.error());
    const auto announced = NlriList::check(parts->announced, Family::v4, scope.add_path);
    if (!announced) return std::unexpected(announced.error());
    prefixes("withdrawn", *withdrawn, scope.add_path);
    prefixes("announced", *announced, scope.add_path);
    AttributeScope asked = scope;
    asked.announces = !announced->empty();
    attributes(parts->attributes, asked);
    if (attributes_.treatment() == Treatment::SessionReset)
        return std::unexpected(attributes_.fault());
    if (body.size() == 4) fields_.field("end_of_rib", family_name(1, 1));
    return {};
}

void Inspector::prefixes(std::string_view name, const NlriList& list, bool add_path) {
    if (list.empty()) return;
    fields_.begin_list(name);
    list.for_each(
        [&](const Prefix& prefix, std::uint32_t) { fields_.item().append(to_string(prefix)); });
    fields_.end_list();
    if (!add_path) return;
    fields_.begin_list(fmt::format("{}_path_identifiers", name));
    list.for_each(
        [&](const Prefix&, std::uint32_t identifier) { fields_.item().append(identifier); });
    fields_.end_list();
}

void Inspector::multiprotocol(std::string_view name, const MpNlri& mp, bool add_path) {
    const std::string family = mp.known ? std::string(family_name(mp.afi, mp.safi))
                                        : fmt::format("afi-{}-safi-{}", mp.afi, mp.safi);
    fields_.field(fmt::format("{}_family", name), family);
    if (mp.known) prefixes(fmt::format("mp_{}", name), mp.nlri, add_path);
}

void Inspector::attributes(Bytes block, const AttributeScope& scope) {
    const Treatment treatment = attributes_.scan(block, scope);
    const bool reach = attributes_.has(Attribute::MpReach) && !scope.dump;
    const bool unreach = attributes_.has(Attribute::MpUnreach) && !scope.dump;
    if (reach) multiprotocol("announced", attributes_.reach(), scope.add_path);
    if (unreach) multiprotocol("withdrawn", attributes_.unreach(), scope.add_path);
    if (unreach && !scope.announces && attributes_.only(Attribute::MpUnreach)) {
        const MpNlri& mp = attributes_.unreach();
        if (mp.known && mp.nlri.empty()) fields_.field("end_of_rib", family_name(mp.afi, mp.safi));
    }
    if (!block.empty()) {
        fields_.begin_group("attributes");
        describe_attributes(fields_, attributes_, scratch_);
        fields_.end_group();
    }
    if (treatment == Treatment::None) return;
    fields_.field("treatment", name_of(treatment));
    fields_.number("treatment_attribute", attributes_.blamed());
    fields_.field("treatment_reason", attributes_.reason());
}

Decoded<void> Inspector::rib(const Record& record) {
    const auto subtype = static_cast<DumpSubtype>(record.subtype);
    if (subtype == DumpSubtype::PeerIndexTable) return peer_index(record);
    if (subtype < DumpSubtype::Ipv4Unicast || subtype > DumpSubtype::GenericAddPath ||
        subtype == DumpSubtype::GeoPeerTable) {
        begin(record, "other");
        return {};
    }
    auto found = read_rib(subtype, record.body);
    if (!found) return std::unexpected(found.error());
    begin(record, "rib");
    fields_.number("sequence", found->sequence);
    if (!found->known_family) {
        fields_.field("family", fmt::format("afi-{}-safi-{}", found->afi, found->safi));
        return {};
    }
    fields_.field("family", family_name(found->afi, found->safi));
    fields_.field("prefix", to_string(found->prefix));
    if (!has_index_) return fault(ErrorCode::PeerIndexMissing, "RIB record");
    return rib_rows(*found);
}

Decoded<void> Inspector::rib_rows(RibView& rib) {
    const AttributeScope scope{.asn_bytes = 4, .add_path = rib.add_path, .dump = true};
    Decoded<void> outcome;
    fields_.begin_rows("routes");
    for (unsigned i = 0; i < rib.count && outcome; ++i) {
        const auto entry = take_entry(rib);
        if (!entry) {
            outcome = std::unexpected(entry.error());
        } else if (entry->peer_index >= peers_.size()) {
            outcome =
                fault(ErrorCode::PeerIndexRange, "RIB entry", entry->peer_index, peers_.size());
        } else {
            const IndexedPeer& peer = peers_[entry->peer_index];
            fields_.begin_row();
            fields_.address("peer", peer.address);
            fields_.number("peer_asn", peer.asn.value);
            fields_.field("originated", to_rfc3339(entry->originated));
            if (rib.add_path || rib.path_identifier != 0)
                fields_.number("path_identifier", entry->path_identifier);
            attributes(entry->attributes, scope);
            fields_.end_row();
        }
    }
    fields_.end_rows(!outcome);
    return outcome;
}

Decoded<void> Inspector::peer_index(const Record& record) {
    peers_.clear();
    has_index_ = true;
    const auto index = read_peer_index(record.body);
    if (!index) return std::unexpected(index.error());
    begin(record, "peer-index");
    fields_.field("collector_bgp_id", to_string(Address::v4(index->collector_bgp_id)));
    fields_.field(
        "view", {reinterpret_cast<const char*>(index->view_name.data()), index->view_name.size()});
    Bytes left = index->peers;
    for (unsigned i = 0; i < index->count; ++i) {
        const auto peer = take_peer(left);
        if (!peer) return std::unexpected(peer.error());
        peers_.push_back(*peer);
    }
    fields_.begin_list("peers");
    for (const IndexedPeer& peer : peers_) {
        fields_.item().append(to_string(peer.address)).append(" AS").append(peer.asn.value);
    }
    fields_.end_list();
    return {};
}

Decoded<void> Inspector::table_dump(const Record& record) {
    TableDumpCursor entries(record);
    begin(record, "rib");
    fields_.number("sequence", entries.sequence());
    fields_.begin_rows("routes");
    Decoded<void> outcome;
    do {
        const auto found = entries.next();
        if (found)
            route(*found);
        else
            outcome = std::unexpected(found.error());
    } while (outcome && !entries.done());
    fields_.end_rows(!outcome);
    return outcome;
}

void Inspector::route(const TableDumpEntry& entry) {
    fields_.begin_row();
    fields_.field("prefix", to_string(entry.prefix));
    session(entry.session);
    fields_.field("originated", to_rfc3339(entry.originated));
    attributes(entry.attributes, {.asn_bytes = entry.asn_bytes, .dump = true});
    fields_.end_row();
}

Decoded<void> Inspector::entry(const Record& record) {
    const auto found = read_entry(record);
    if (!found) return std::unexpected(found.error());
    begin(record, "rib");
    fields_.begin_rows("routes");
    route(*found);
    fields_.end_rows(false);
    return {};
}

}  // namespace dimout::decode
