#include "source/ris_message.h"

#include <simdjson.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <string>

namespace dimout::source {
namespace {

constexpr std::size_t kRoomLeast = 4096;

using simdjson::ondemand::array;
using simdjson::ondemand::json_type;
using simdjson::ondemand::object;
using simdjson::ondemand::value;
using Fault = std::expected<void, Refusal>;

Fault refuse(std::string_view code, std::string_view reason) {
    return std::unexpected(Refusal{code, reason});
}

Fault bad_json() { return refuse("ris_json", "the message is no whole JSON object"); }
Fault bad_field() { return refuse("ris_field", "a field has a value of another kind"); }

/// Null is the same as not told.
Fault take_text(value& from, std::string_view& to) {
    json_type type{};
    if (from.type().get(type)) return bad_json();
    if (type == json_type::null) return {};
    if (type != json_type::string) return bad_field();
    return from.get_string().get(to) ? bad_json() : Fault{};
}

Fault take_word(value& from, std::optional<std::uint32_t>& to) {
    json_type type{};
    if (from.type().get(type)) return bad_json();
    if (type == json_type::null) return {};
    std::uint64_t number = 0;
    if (type == json_type::string) {
        std::string_view text;
        if (from.get_string().get(text)) return bad_json();
        const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (error != std::errc{} || stop != text.data() + text.size()) return bad_field();
    } else if (type != json_type::number || from.get_uint64().get(number)) {
        return bad_field();
    }
    if (number > UINT32_MAX) return bad_field();
    to = static_cast<std::uint32_t>(number);
    return {};
}

/// Seconds since 1970 with a fraction, of which a double holds microseconds until 2255.
Fault take_stamp(value& from, std::optional<Stamp>& to) {
    double seconds = 0;
    if (from.get_double().get(seconds)) return bad_field();
    if (!(seconds >= 0 && seconds < 4'294'967'295.0))
        return refuse("ris_time", "the timestamp is not between 1970 and 2106");
    const auto micros = static_cast<std::uint64_t>(std::llround(seconds * 1e6));
    to = Stamp{.time = event_time(static_cast<std::int64_t>(micros / 1'000'000)),
               .microseconds = static_cast<std::uint32_t>(micros % 1'000'000),
               .extended = true};
    return {};
}

/// Calls `each(value&)` for the elements of a list; null is an empty one.
template <typename Each>
Fault for_each(value& from, Each&& each) {
    json_type type{};
    if (from.type().get(type)) return bad_json();
    if (type == json_type::null) return {};
    array list;
    if (type != json_type::array || from.get_array().get(list)) return bad_field();
    for (auto element : list) {
        value one;
        if (std::move(element).get(one)) return bad_json();
        if (auto taken = each(one); !taken) return taken;
    }
    return {};
}

Fault take_prefixes(value& from, std::vector<Prefix>& to) {
    return for_each(from, [&](value& element) -> Fault {
        std::string_view text;
        if (auto taken = take_text(element, text); !taken) return taken;
        const auto prefix = parse_prefix(text);
        if (!prefix) return refuse("ris_prefix", "a prefix cannot be read");
        to.push_back(*prefix);
        return {};
    });
}

/// Numbers, and lists of numbers where the path has an AS_SET.
Fault take_path(value& from, RisMessage& to) {
    const auto take_asn = [&](value& element) -> Fault {
        std::optional<std::uint32_t> asn;
        if (auto taken = take_word(element, asn); !taken) return taken;
        if (!asn) return bad_field();
        to.asns.push_back(*asn);
        ++to.path.back().count;
        return {};
    };
    return for_each(from, [&](value& element) -> Fault {
        json_type type{};
        if (element.type().get(type)) return bad_json();
        const bool is_set = type == json_type::array;
        if (is_set || to.path.empty() || to.path.back().is_set)
            to.path.push_back({.is_set = is_set, .first = to.asns.size(), .count = 0});
        return is_set ? for_each(element, take_asn) : take_asn(element);
    });
}

/// Pairs of two octets each; other shapes are attributes that we do not write.
Fault take_communities(value& from, std::vector<std::uint32_t>& to) {
    return for_each(from, [&](value& pair) -> Fault {
        std::uint64_t halves[2] = {0, 0};
        std::size_t count = 0;
        auto taken = for_each(pair, [&](value& half) -> Fault {
            std::optional<std::uint32_t> number;
            if (auto part = take_word(half, number); !part) return part;
            if (!number || *number > UINT16_MAX || count == 2) return bad_field();
            halves[count++] = *number;
            return {};
        });
        if (taken && count != 2) return bad_field();
        if (taken) to.push_back(static_cast<std::uint32_t>(halves[0] << 16 | halves[1]));
        return taken;
    });
}

/// Calls `each(key, value&)` for the members of an object.
template <typename Each>
Fault for_each_field(object& from, Each&& each) {
    for (auto member : from) {
        simdjson::ondemand::field field;
        if (std::move(member).get(field)) return bad_json();
        std::string_view key;
        if (field.unescaped_key().get(key)) return bad_json();
        value content = field.value();
        if (auto taken = each(key, content); !taken) return taken;
    }
    return {};
}

Fault take_announcements(value& from, RisMessage& to) {
    return for_each(from, [&](value& element) -> Fault {
        object entry;
        if (element.get_object().get(entry)) return bad_field();
        RisAnnouncement announcement{.next_hop = {}, .first = to.announced.size(), .count = 0};
        auto taken = for_each_field(entry, [&](std::string_view key, value& content) -> Fault {
            if (key == "next_hop") return take_text(content, announcement.next_hop);
            if (key == "prefixes") return take_prefixes(content, to.announced);
            return {};
        });
        announcement.count = to.announced.size() - announcement.first;
        if (taken) to.announcements.push_back(announcement);
        return taken;
    });
}

Fault take_route_field(std::string_view key, value& content, RisMessage& to) {
    if (key == "path") return take_path(content, to);
    if (key == "announcements") return take_announcements(content, to);
    if (key == "withdrawals") return take_prefixes(content, to.withdrawn);
    if (key == "community") return take_communities(content, to.communities);
    if (key == "med") return take_word(content, to.med);
    if (key == "origin") return take_text(content, to.origin);
    return {};
}

Fault take_field(std::string_view key, value& content, RisMessage& to) {
    if (key == "timestamp") return take_stamp(content, to.stamp);
    if (key == "peer") return take_text(content, to.peer);
    if (key == "peer_asn") return take_word(content, to.peer_asn);
    if (key == "id") return take_text(content, to.id);
    if (key == "host") return take_text(content, to.host);
    if (key == "type") return take_text(content, to.type);
    if (key == "raw") return take_text(content, to.raw);
    if (key == "state") return take_text(content, to.state);
    if (key == "direction") return take_text(content, to.direction);
    if (key == "message") return take_text(content, to.text);
    return {};
}

}  // namespace

void RisMessage::clear() {
    envelope = type = host = peer = id = raw = state = direction = origin = text = {};
    peer_asn.reset();
    stamp.reset();
    med.reset();
    asns.clear();
    path.clear();
    communities.clear();
    announced.clear();
    announcements.clear();
    withdrawn.clear();
}

/// All of simdjson that is kept from message to message.
class RisReader::Parsing {
public:
    explicit Parsing(std::size_t message_max) : message_max_(message_max) {}

    Fault read(std::string_view text, RisMessage& to) {
        if (text.size() > message_max_)
            return refuse("ris_too_long", "the message is longer than any that is sent");
        const std::size_t room = text.size() + simdjson::SIMDJSON_PADDING;
        if (text_.size() < room) {
            // Doubled, or each message that is longer by a digit would allocate.
            text_.resize(std::bit_ceil(std::max(room, kRoomLeast)));
            if (parser_.allocate(text_.size())) return bad_json();
        }
        std::memcpy(text_.data(), text.data(), text.size());
        std::memset(text_.data() + text.size(), ' ', simdjson::SIMDJSON_PADDING);
        size_ = text.size();
        return parse(to, false);
    }

    Fault parse(RisMessage& to, bool with_routes) {
        to.clear();
        simdjson::ondemand::document document;
        object outer;
        if (parser_.iterate(text_.data(), size_, text_.size()).get(document)) return bad_json();
        if (document.get_object().get(outer)) return bad_json();
        auto taken = for_each_field(outer, [&](std::string_view key, value& content) -> Fault {
            if (key == "type") return take_text(content, to.envelope);
            if (key == "data") return take_data(content, to, with_routes);
            return {};
        });
        const char* behind = nullptr;
        const bool at_end = document.current_location().get(behind) == simdjson::OUT_OF_BOUNDS;
        return taken && !at_end ? bad_json() : taken;
    }

private:
    /// The data of other messages than `ris_message` may be a list or nothing at all.
    static Fault take_data(value& content, RisMessage& to, bool with_routes) {
        json_type type{};
        if (content.type().get(type)) return bad_json();
        object fields;
        if (type != json_type::object) return {};
        if (content.get_object().get(fields)) return bad_json();
        return for_each_field(fields, [&](std::string_view key, value& field) -> Fault {
            if (auto taken = take_field(key, field, to); !taken || !with_routes) return taken;
            return take_route_field(key, field, to);
        });
    }

    std::size_t message_max_;
    simdjson::ondemand::parser parser_;
    std::string text_;
    std::size_t size_ = 0;
};

RisReader::RisReader(std::size_t message_max) : parsing_(std::make_unique<Parsing>(message_max)) {}
RisReader::~RisReader() = default;

std::expected<void, Refusal> RisReader::read(std::string_view text) {
    return parsing_->read(text, message_);
}

std::expected<void, Refusal> RisReader::read_routes() { return parsing_->parse(message_, true); }

}  // namespace dimout::source
