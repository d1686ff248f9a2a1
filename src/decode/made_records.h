// What the tests of this folder make their input of, and sinks that remember. Octets are written as
// the RFCs draw them: `Octets{}.u16(…).prefix("10.0.0.0/8")`.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "decode/decoder.h"
#include "decode/mrt.h"

namespace dimout::decode::made {

class Octets {
public:
    Octets() = default;

    Octets& u8(std::uint64_t number) { return put(number, 1); }
    Octets& u16(std::uint64_t number) { return put(number, 2); }
    Octets& u32(std::uint64_t number) { return put(number, 4); }
    Octets& add(const Octets& other) {
        bytes_.insert(bytes_.end(), other.bytes_.begin(), other.bytes_.end());
        return *this;
    }
    Octets& address(const std::string& text) {
        const Address address = parse_address(text).value();
        return octets(address, max_length(address.family) / 8);
    }
    /// Length and as many octets as it needs.
    Octets& prefix(const std::string& text) {
        const Prefix prefix = parse_prefix(text).value();
        u8(prefix.length);
        return octets(prefix.address(), (prefix.length + 7U) / 8);
    }
    /// A path attribute; flags as its RFC wants them unless given.
    Octets& attribute(Attribute type, const Octets& value, int flags = -1) {
        const bool well_known = type == Attribute::Origin || type == Attribute::AsPath ||
                                type == Attribute::NextHop || type == Attribute::LocalPref ||
                                type == Attribute::AtomicAggregate;
        const bool local = type == Attribute::MultiExitDisc || type == Attribute::OriginatorId ||
                           type == Attribute::ClusterList || type == Attribute::MpReach ||
                           type == Attribute::MpUnreach;
        const int usual = well_known ? 0x40 : local ? 0x80 : 0xC0;
        const bool longer = value.size() > 255;
        u8(static_cast<std::uint64_t>((flags < 0 ? usual : flags) | (longer ? 0x10 : 0)));
        u8(static_cast<std::uint64_t>(type));
        return put(value.size(), longer ? 2 : 1).add(value);
    }
    /// One segment of a path.
    Octets& segment(SegmentType type, const std::vector<std::uint32_t>& asns, unsigned width = 4) {
        u8(static_cast<std::uint64_t>(type)).u8(asns.size());
        for (const std::uint32_t asn : asns) put(asn, width);
        return *this;
    }

    [[nodiscard]] std::size_t size() const { return bytes_.size(); }
    [[nodiscard]] Bytes bytes() const { return bytes_; }
    [[nodiscard]] std::vector<std::uint8_t>& raw() { return bytes_; }

private:
    Octets& put(std::uint64_t number, unsigned width) {
        for (unsigned i = width; i-- > 0;)
            bytes_.push_back(static_cast<std::uint8_t>(number >> (8 * i)));
        return *this;
    }
    Octets& octets(const Address& address, std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) {
            bytes_.push_back(
                static_cast<std::uint8_t>((i < 8 ? address.hi : address.lo) >> (56 - 8 * (i & 7))));
        }
        return *this;
    }

    std::vector<std::uint8_t> bytes_;
};

inline Octets path(const std::vector<std::uint32_t>& asns, unsigned width = 4) {
    return Octets().segment(SegmentType::AsSequence, asns, width);
}

/// ORIGIN, AS_PATH and NEXT_HOP.
inline Octets usual_attributes(const Octets& as_path = path({64500, 131279})) {
    return Octets()
        .attribute(Attribute::Origin, Octets().u8(0))
        .attribute(Attribute::AsPath, as_path)
        .attribute(Attribute::NextHop, Octets().address("192.0.2.1"));
}

inline Octets update(const Octets& withdrawn, const Octets& attributes,
                     const Octets& announced = {}) {
    return Octets()
        .u16(withdrawn.size())
        .add(withdrawn)
        .u16(attributes.size())
        .add(attributes)
        .add(announced);
}

inline Octets bgp(BgpType type, const Octets& body) {
    Octets message;
    for (int i = 0; i < 16; ++i) message.u8(0xFF);
    return message.u16(19 + body.size()).u8(static_cast<std::uint64_t>(type)).add(body);
}

inline constexpr std::uint32_t kStamp = 1419264940;  // 2014-12-22T16:15:40Z

inline Octets record(MrtType type, unsigned subtype, const Octets& body,
                     std::uint32_t stamp = kStamp) {
    return Octets()
        .u32(stamp)
        .u16(static_cast<std::uint64_t>(type))
        .u16(subtype)
        .u32(body.size())
        .add(body);
}

/// AS64500 at 192.0.2.1 to AS64501 at 192.0.2.2.
inline Octets session(unsigned asn_width = 4) {
    Octets front;
    asn_width == 4 ? front.u32(64500).u32(64501) : front.u16(64500).u16(64501);
    return front.u16(0).u16(1).address("192.0.2.1").address("192.0.2.2");
}

inline Octets message(const Octets& bgp_message,
                      Bgp4mpSubtype subtype = Bgp4mpSubtype::MessageAs4) {
    const auto number = static_cast<unsigned>(subtype);
    const bool wide = subtype != Bgp4mpSubtype::Message && subtype != Bgp4mpSubtype::MessageLocal &&
                      subtype != Bgp4mpSubtype::MessageAddPath &&
                      subtype != Bgp4mpSubtype::MessageLocalAddPath;
    return record(MrtType::Bgp4mp, number, session(wide ? 4 : 2).add(bgp_message));
}

/// A PEER_INDEX_TABLE of AS64500, AS64501, … at 192.0.2.1, .2, …
inline Octets peer_index(unsigned peers, std::uint32_t stamp = kStamp) {
    Octets body = Octets().address("198.51.100.1").u16(0).u16(peers);
    for (unsigned i = 0; i < peers; ++i) {
        body.u8(2).u32(i).address(fmt::format("192.0.2.{}", i + 1)).u32(64500 + i);
    }
    return record(MrtType::TableDumpV2, 1, body, stamp);
}

inline Octets rib_entry(unsigned peer, const Octets& attributes) {
    return Octets().u16(peer).u32(kStamp - 60).u16(attributes.size()).add(attributes);
}

inline Octets rib(DumpSubtype subtype, const std::string& prefix,
                  const std::vector<Octets>& entries, std::uint32_t stamp = kStamp) {
    Octets body = Octets().u32(0).prefix(prefix).u16(entries.size());
    for (const Octets& entry : entries) body.add(entry);
    return record(MrtType::TableDumpV2, static_cast<unsigned>(subtype), body, stamp);
}

inline Frame frame_of(const Octets& bytes, std::uint32_t file = 0) {
    Frame frame;
    frame.position.file = FileId{file};
    frame.bytes = bytes.bytes();
    return frame;
}

inline Frame file_end(bool complete = true, std::uint32_t file = 0) {
    Frame frame;
    frame.kind = Frame::Kind::FileEnd;
    frame.complete = complete;
    frame.position.file = FileId{file};
    return frame;
}

/// "64500 131279", sets in braces.
inline std::string text_of(AsPath path) {
    std::string text;
    path.for_each_segment([&](SegmentType type, unsigned, Bytes asns) {
        if (type != SegmentType::AsSequence) text += "sSqC"[static_cast<unsigned>(type) - 1];
        for (Cursor cursor(asns); !cursor.empty();) text += std::to_string(cursor.u32()) + " ";
    });
    if (!text.empty()) text.pop_back();
    return text;
}

/// Remembers everything as lines: "A 10.0.0.0/8 1: 64500 131279".
class Lines : public RouteSink {
public:
    void on_update(const Update& update) override {
        update.for_each_withdrawn([&](const Prefix& prefix, std::uint32_t identifier) {
            route('W', prefix, identifier);
        });
        if (update.announces()) {
            const std::string as_path = text_of(update.path());
            update.for_each_announced([&](const Prefix& prefix, std::uint32_t identifier) {
                route('A', prefix, identifier);
                lines.back() += ": " + as_path;
            });
        }
        if (update.end_of_rib) lines.push_back(*update.end_of_rib == Family::v4 ? "EOR4" : "EOR6");
        peers.push_back(update.peer);
    }
    void on_dump_begin(const DumpBegin& begin) override {
        lines.push_back(
            fmt::format("{} {}", begin.continues ? "AND" : "BEGIN", begin.peers.size()));
    }
    void on_dump_row(const DumpRow& row) override {
        route('B', row.prefix, row.path_identifier);
        lines.back() += ": " + text_of(row.path());
        peers.push_back(row.peer);
    }
    void on_dump_end(const DumpEnd& end) override {
        lines.push_back(end.complete ? "END" : "TORN");
    }
    void on_state(const StateChange& change) override {
        lines.push_back(fmt::format("S {} {}", change.old_state, change.new_state));
    }
    void on_other_message(PeerId, EventTime, BgpType type) override {
        lines.push_back(fmt::format("M {}", static_cast<int>(type)));
    }

    std::vector<std::string> lines;
    std::vector<PeerId> peers;

private:
    void route(char kind, const Prefix& prefix, std::uint32_t identifier) {
        lines.push_back(fmt::format("{} {}", kind, to_string(prefix)));
        if (identifier != 0) lines.back() += fmt::format(" {}", identifier);
    }
};

/// A decoder with its peers and what it said.
struct Bench {
    PeerTable peers;
    Decoder decoder{peers};
    Lines sink;

    std::vector<std::string>& decode(const Octets& bytes, std::uint32_t file = 0) {
        decoder.decode(frame_of(bytes, file), sink);
        return sink.lines;
    }
    std::vector<std::string>& end(bool complete = true, std::uint32_t file = 0) {
        decoder.decode(file_end(complete, file), sink);
        return sink.lines;
    }
};

}  // namespace dimout::decode::made
