#include <string>

#include "decode/inspector.h"

namespace dimout::decode {

namespace {

std::string_view name_of(OriginCode origin) {
    switch (origin) {
        case OriginCode::Igp: return "IGP";
        case OriginCode::Egp: return "EGP";
        case OriginCode::Incomplete: return "INCOMPLETE";
    }
    return {};
}

std::pair<std::string_view, std::string_view> delimiters(SegmentType type) {
    switch (type) {
        case SegmentType::AsSet: return {"{", "}"};
        case SegmentType::ConfedSet: return {"[", "]"};
        case SegmentType::ConfedSequence: return {"(", ")"};
        case SegmentType::AsSequence: break;
    }
    return {"", ""};
}

/// `3356 1239 {64500,64501}`; confederations in round and square brackets (RFC 5065).
void append_path(TextBuffer& text, AsPath path) {
    bool first_segment = true;
    path.for_each_segment([&](SegmentType type, unsigned, Bytes asns) {
        const auto [open, close] = delimiters(type);
        const bool set = type == SegmentType::AsSet || type == SegmentType::ConfedSet;
        if (!first_segment) text.append(' ');
        first_segment = false;
        text.append(open);
        for (Cursor cursor(asns); !cursor.empty();) {
            if (cursor.position() != 0) text.append(set ? ',' : ' ');
            text.append(cursor.u32());
        }
        text.append(close);
    });
}

/// A list of values of `parts` numbers of `width` octets each, joined by colons.
void numbers(FieldWriter& fields, std::string_view name, Bytes value, unsigned parts,
             unsigned width) {
    fields.begin_list(name);
    for (Cursor cursor(value); !cursor.empty();) {
        TextBuffer& text = fields.item();
        for (unsigned part = 0; part < parts; ++part) {
            if (part != 0) text.append(':');
            text.append(width == 4 ? cursor.u32() : cursor.u16());
        }
    }
    fields.end_list();
}

void addresses(FieldWriter& fields, std::string_view name, Bytes value) {
    fields.begin_list(name);
    for (Cursor cursor(value); !cursor.empty();) fields.item().append_v4(cursor.u32());
    fields.end_list();
}

void octets(FieldWriter& fields, std::string_view name, Bytes value, std::size_t unit) {
    fields.begin_list(name);
    for (Cursor cursor(value); !cursor.empty();) {
        TextBuffer& text = fields.item();
        for (const std::uint8_t octet : cursor.take(std::min(unit, cursor.left())))
            text.append_hex(octet);
    }
    fields.end_list();
}

bool has_name(std::uint8_t type) {
    return (type >= 1 && type <= 10) || (type >= 14 && type <= 18) || type == 25 || type == 32 ||
           type == 35;
}

void routing(FieldWriter& fields, const Attributes& all, TextBuffer& scratch) {
    if (const auto origin = all.origin()) fields.field("origin", name_of(*origin));
    if (all.has(Attribute::AsPath)) {
        scratch.clear();
        append_path(scratch, all.path());
        fields.field("as_path", scratch.view());
    }
    if (const auto next_hop = all.next_hop()) fields.address("next_hop", *next_hop);
    if (const auto local = all.link_local_next_hop()) fields.address("next_hop_link_local", *local);
    if (const auto med = all.multi_exit_disc()) fields.number("multi_exit_disc", *med);
    if (const auto preference = all.local_pref()) fields.number("local_pref", *preference);
    if (all.atomic_aggregate()) fields.flag("atomic_aggregate");
    if (const auto aggregator = all.aggregator()) {
        fields.number("aggregator_asn", aggregator->asn.value);
        fields.address("aggregator", aggregator->address);
    }
}

void labels(FieldWriter& fields, const Attributes& all) {
    if (all.has(Attribute::Communities))
        numbers(fields, "communities", all.raw(Attribute::Communities), 2, 2);
    if (all.blackhole()) fields.flag("blackhole");
    if (all.has(Attribute::LargeCommunities)) {
        numbers(fields, "large_communities", all.raw(Attribute::LargeCommunities), 3, 4);
    }
    if (all.has(Attribute::ExtendedCommunities)) {
        octets(fields, "extended_communities", all.raw(Attribute::ExtendedCommunities), 8);
    }
    if (all.has(Attribute::Ipv6ExtendedCommunities)) {
        octets(fields, "ipv6_extended_communities", all.raw(Attribute::Ipv6ExtendedCommunities),
               20);
    }
    if (all.has(Attribute::OriginatorId))
        addresses(fields, "originator_id", all.raw(Attribute::OriginatorId));
    if (all.has(Attribute::ClusterList))
        addresses(fields, "cluster_list", all.raw(Attribute::ClusterList));
    if (const auto customer = all.only_to_customer()) fields.number("only_to_customer", *customer);
}

void nameless(FieldWriter& fields, Bytes block) {
    for_each_attribute(block, [&](std::uint8_t, std::uint8_t type, Bytes value) {
        if (!has_name(type))
            octets(fields, "attribute_" + std::to_string(type), value, value.size());
    });
}

}  // namespace

void describe_attributes(FieldWriter& fields, const Attributes& attributes, TextBuffer& scratch) {
    routing(fields, attributes, scratch);
    labels(fields, attributes);
    nameless(fields, attributes.block());
}

}  // namespace dimout::decode
