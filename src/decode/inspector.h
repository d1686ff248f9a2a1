// Describes any record to a FieldWriter: everything that is in it, and what is wrong with it.
//
// Reads as strictly as the decoder, from the same views; keeps the peer index of the file that it
// is in.
#pragma once

#include <vector>

#include "decode/attributes.h"
#include "decode/field_writer.h"
#include "decode/mrt.h"
#include "model/frame.h"

namespace dimout::decode {

class Inspector {
public:
    explicit Inspector(FieldWriter& fields) : fields_(fields) {}

    /// One line for the record, or one for each of its routes.
    Decoded<void> describe(const Frame& frame);
    void forget_peers() {
        peers_.clear();
        has_index_ = false;
    }

private:
    [[nodiscard]] Decoded<void> dispatch(const Record& record);
    [[nodiscard]] Decoded<void> table_dump(const Record& record);
    [[nodiscard]] Decoded<void> peer_index(const Record& record);
    [[nodiscard]] Decoded<void> rib(const Record& record);
    [[nodiscard]] Decoded<void> rib_rows(RibView& rib);
    [[nodiscard]] Decoded<void> entry(const Record& record);
    [[nodiscard]] Decoded<void> bgp4mp(const Record& record);
    [[nodiscard]] Decoded<void> message(const Record& record);
    [[nodiscard]] Decoded<void> old_bgp(const Record& record);
    [[nodiscard]] Decoded<void> update(Bytes body, const AttributeScope& scope);
    [[nodiscard]] Decoded<void> state(const Record& record, const Decoded<StateRecord>& change);

    void begin(const Record& record, std::string_view kind);
    void session(const Session& session);
    void route(const TableDumpEntry& entry);
    void attributes(Bytes block, const AttributeScope& scope);
    void prefixes(std::string_view name, const NlriList& list, bool add_path);
    void multiprotocol(std::string_view name, const MpNlri& mp, bool add_path);

    FieldWriter& fields_;
    Attributes attributes_;
    std::vector<IndexedPeer> peers_;
    TextBuffer time_;
    TextBuffer scratch_;
    bool has_index_ = false;
    bool begun_ = false;
};

/// Every attribute, under its RFC's name; those without a name as hexadecimal octets.
/// `scratch` is overwritten.
void describe_attributes(FieldWriter& fields, const Attributes& attributes, TextBuffer& scratch);

}  // namespace dimout::decode
