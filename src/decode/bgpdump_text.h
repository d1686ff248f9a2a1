// `bgpdump -m` (1.6.2), byte for byte, mistakes included: scripts of twenty years read these lines.
//
// The mistakes that are kept, and the records where we differ, are in
// docs/reference/bgpdump-differences.md. A line is made of a head that is the same for the record,
// the prefix, and a tail that is the same for the route: an UPDATE with a hundred prefixes makes
// its tail once.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "decode/bgpdump_read.h"
#include "decode/mrt.h"
#include "decode/tail_cache.h"
#include "decode/text_buffer.h"

namespace dimout::decode {

class BgpdumpText {
public:
    explicit BgpdumpText(TextBuffer& out) : out_(out) {}

    /// One whole record, header included.
    void print(Bytes record);
    /// The next record belongs to another file: its peers are unknown.
    void forget_peers() {
        peers_.clear();
        has_index_ = false;
    }

private:
    struct Header {
        std::uint32_t time = 0;
        std::uint32_t microseconds = 0;
        MrtType type = MrtType::Null;
        std::uint16_t subtype = 0;
        std::uint32_t length = 0;
    };
    /// How a tail is written; each of bgpdump's printers has its own way.
    struct Style {
        bool signed_numbers = false;  ///< Of IPv4 in MP_REACH_NLRI.
        bool bar_after_med = true;    ///< Not in records of type BGP.
    };

    void table_dump(const Header& header, LooseCursor cursor);
    void table_dump_v2(const Header& header, LooseCursor cursor);
    void peer_index(LooseCursor cursor);
    void rib(const Header& header, LooseCursor cursor, Family family, bool add_path);
    void bgp4mp(const Header& header, LooseCursor cursor);
    void state(const Header& header, LooseCursor cursor, unsigned asn_bytes);
    void message(const Header& header, LooseCursor cursor, unsigned asn_bytes);
    void update(LooseCursor cursor, unsigned asn_bytes, bool add_path);
    void old_bgp(const Header& header, LooseCursor cursor);

    void begin(std::string_view format, const Header& header);
    void peer(const Address& address, std::uint32_t asn);
    void make_tail(const LooseAttributes& attributes, const Address& next_hop, Style style);
    [[nodiscard]] std::string_view dumped_tail(Bytes attributes);
    void announce(Family family, Bytes prefixes, bool add_path);
    void withdraw(Family family, Bytes prefixes, bool add_path);

    TextBuffer& out_;
    TextBuffer head_;    ///< "BGP4MP|1385856019|"
    TextBuffer peer_;    ///< "144.228.241.130|1239|"
    TextBuffer tail_;    ///< From the AS path to the line's end.
    TextBuffer prefix_;  ///< "10.0.0.0/8|" of the rows of a table dump.
    TailCache tails_;    ///< Of the rows of a table dump.
    LooseReader reader_;
    std::vector<std::string> peers_;  ///< "address|asn|" of each peer of the index.
    bool has_index_ = false;
};

}  // namespace dimout::decode
