// Frames in, routes out.
//
// The decoder knows the structure of every record and remembers only what the format makes it
// remember: the peer index of each open table dump. What it hands to the sink are views that live
// for the length of the call; paths and other attributes are decoded when asked for. Nothing is
// allocated per route.
//
// Delivered are IPv4 and IPv6 unicast routes that a collector received. Multicast, other families,
// routes that the collector itself sent and records of other protocols are counted and stepped
// over. Whether an UPDATE carries path identifiers is what its subtype says (RFC 8050), never a
// guess.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "decode/attributes.h"
#include "decode/bgp.h"
#include "decode/errors.h"
#include "decode/mrt.h"
#include "decode/peer_table.h"
#include "model/frame.h"

namespace dimout::decode {

/// One UPDATE of one peer.
class Update {
public:
    EventTime time;
    std::uint32_t microseconds = 0;
    CollectorId collector{};
    PeerId peer{};
    /// RFC 7606: what it announces is to be taken as withdrawn. `for_each_withdrawn` has it
    /// already.
    bool treat_as_withdraw = false;
    /// RFC 4724 §2: the peer has sent all routes of this family.
    std::optional<Family> end_of_rib;

    /// Calls `visit(const Prefix&, std::uint32_t path_identifier)`. Withdrawals come before
    /// announcements.
    template <typename Visit>
    void for_each_withdrawn(Visit&& visit) const {
        withdrawn_.for_each(visit);
        mp_withdrawn_.for_each(visit);
        if (!treat_as_withdraw) return;
        announced_.for_each(visit);
        mp_announced_.for_each(visit);
    }
    template <typename Visit>
    void for_each_announced(Visit&& visit) const {
        if (treat_as_withdraw) return;
        announced_.for_each(visit);
        mp_announced_.for_each(visit);
    }
    [[nodiscard]] bool announces() const {
        return !treat_as_withdraw && announced_.size() + mp_announced_.size() != 0;
    }

    /// Of all announced prefixes. Built at the first call's cost each time: ask once.
    [[nodiscard]] AsPath path() const { return attributes_->path(); }
    [[nodiscard]] const Attributes& attributes() const { return *attributes_; }

private:
    friend class Decoder;
    NlriList withdrawn_;
    NlriList announced_;
    NlriList mp_withdrawn_;
    NlriList mp_announced_;
    const Attributes* attributes_ = nullptr;
};

/// A table dump begins: a PEER_INDEX_TABLE, or the first TABLE_DUMP record of a file. Some daemons
/// write an index for each of their tables: one that follows within kSameDump belongs to the dump
/// that is open.
struct DumpBegin {
    EventTime time;
    bool continues = false;  ///< Another index of the same dump; `time` is that of its first.
    CollectorId collector{};
    std::span<const PeerId> peers;  ///< By index; empty when the format has no index.
};

inline constexpr std::chrono::seconds kSameDump{600};

/// One route of a table dump.
struct DumpRow {
    EventTime time;
    EventTime dump_began;  ///< Of the DumpBegin that it belongs to.
    EventTime originated;
    CollectorId collector{};
    PeerId peer{};
    Prefix prefix;
    std::uint32_t path_identifier = 0;  ///< RFC 7911; 0 without add-path.
    const Attributes* attributes = nullptr;

    [[nodiscard]] AsPath path() const { return attributes->path(); }
};

struct DumpEnd {
    EventTime time;  ///< Of the last record.
    EventTime began;
    CollectorId collector{};
    /// The file ended at a record's end and no record of the dump was wrong: what it does not list
    /// is not there.
    bool complete = false;
};

/// The collector says that a session changed (RFC 6396 §4.4.1). 6 is Established.
struct StateChange {
    EventTime time;
    CollectorId collector{};
    PeerId peer{};
    std::uint16_t old_state = 0;
    std::uint16_t new_state = 0;
};
inline constexpr std::uint16_t kEstablished = 6;

/// Takes what the decoder finds, in stream order. Views are valid during the call only.
class RouteSink {
public:
    virtual ~RouteSink() = default;
    virtual void on_update(const Update& update) = 0;
    virtual void on_dump_begin(const DumpBegin& begin) = 0;
    virtual void on_dump_row(const DumpRow& row) = 0;
    virtual void on_dump_end(const DumpEnd& end) = 0;
    virtual void on_state(const StateChange& change) = 0;
    /// OPEN, NOTIFICATION, KEEPALIVE, ROUTE-REFRESH of a peer: it is alive, or just died.
    virtual void on_other_message(PeerId, EventTime, BgpType) {}
};

/// What was decoded, and what was stepped over because it is not ours.
struct DecodeCounts {
    std::uint64_t records = 0;
    std::uint64_t updates = 0;
    std::uint64_t dump_rows = 0;
    std::uint64_t states = 0;
    std::uint64_t other_messages = 0;     ///< OPEN, NOTIFICATION, KEEPALIVE, ROUTE-REFRESH.
    std::uint64_t treat_as_withdraw = 0;  ///< UPDATEs and rows (RFC 7606).
    std::uint64_t attribute_discard = 0;  ///< Attributes (RFC 7606).
    std::uint64_t other_protocol =
        0;                           ///< Records of OSPF, IS-IS, RIP, GEO_PEER_TABLE, snapshots, …
    std::uint64_t other_family = 0;  ///< Records or attributes that are not IPv4 or IPv6 unicast.
    std::uint64_t sent_by_collector = 0;  ///< BGP4MP_MESSAGE_LOCAL and kin.
    std::uint64_t nameless = 0;  ///< States and messages of a session whose peer has no address.
};

class Decoder {
public:
    explicit Decoder(PeerTable& peers) : peers_(peers) {}

    /// Takes the next frame of the stream. Frames of several collectors and files may be mixed; a
    /// FileEnd ends the table dump of its file.
    void decode(const Frame& frame, RouteSink& sink);

    [[nodiscard]] const DecodeCounts& counts() const { return counts_; }
    [[nodiscard]] const ErrorLog& errors() const { return errors_; }

private:
    /// The table dump that a file is in the middle of.
    struct Dump {
        FileId file{};
        CollectorId collector{};
        EventTime began;
        EventTime last;
        bool complete = true;
        bool indexed = false;  ///< Has a PEER_INDEX_TABLE.
        std::vector<PeerId> peers;
    };

    [[nodiscard]] Decoded<void> dispatch(const Frame& frame, RouteSink& sink);
    [[nodiscard]] Decoded<void> table_dump(const Frame& frame, const Record& record,
                                           RouteSink& sink);
    [[nodiscard]] Decoded<void> table_dump_v2(const Frame& frame, const Record& record,
                                              RouteSink& sink);
    [[nodiscard]] Decoded<void> peer_index(const Frame& frame, const Record& record,
                                           RouteSink& sink);
    [[nodiscard]] Decoded<void> rib(const Frame& frame, const Record& record, RouteSink& sink);
    [[nodiscard]] Decoded<void> entry(const Frame& frame, const Record& record, RouteSink& sink);
    [[nodiscard]] Decoded<void> bgp4mp(const Frame& frame, const Record& record, RouteSink& sink);
    [[nodiscard]] Decoded<void> message(const Frame& frame, const Record& record, RouteSink& sink);
    [[nodiscard]] Decoded<void> old_bgp(const Frame& frame, const Record& record, RouteSink& sink);
    [[nodiscard]] Decoded<void> update(const Frame& frame, const Record& record,
                                       const Session& session, Bytes body,
                                       const AttributeScope& scope, RouteSink& sink);
    [[nodiscard]] Decoded<void> state(const Frame& frame, const Record& record,
                                      const Decoded<StateRecord>& change, RouteSink& sink);
    [[nodiscard]] Decoded<void> route(const Frame& frame, const Record& record,
                                      const TableDumpEntry& found, RouteSink& sink);
    void row(const Record& record, Dump& dump, PeerId peer, const RibEntry& entry,
             const Prefix& prefix, const AttributeScope& scope, RouteSink& sink);
    [[nodiscard]] Decoded<PeerId> peer_of(CollectorId collector, const Address& address, Asn asn);
    void count(Treatment treatment);
    void take_multiprotocol();
    void mark_end_of_rib(const UpdateParts& parts);

    [[nodiscard]] Dump* find_dump(FileId file);
    Dump& begin_dump(const Frame& frame, EventTime time);
    void end_dump(const Frame& frame, bool complete, RouteSink& sink);

    PeerTable& peers_;
    std::vector<Dump> dumps_;
    Attributes attributes_;
    Update update_;
    DecodeCounts counts_;
    ErrorLog errors_;
};

}  // namespace dimout::decode
