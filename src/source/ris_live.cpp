#include "source/ris_live.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <functional>

#include "base/random.h"
#include "source/bgp_writer.h"

namespace dimout::source {
namespace {

/// The network of the collectors themselves.
constexpr Asn kRisAsn{12654};
constexpr std::size_t kNameMax = 32;
constexpr std::uint8_t kNoDigit = 0xFF;
/// RFC 4271 §8.2.2.
constexpr unsigned kIdle = 1;
constexpr unsigned kOpenConfirm = 5;
constexpr unsigned kEstablished = 6;

using Fault = std::expected<void, Refusal>;

std::unexpected<Refusal> refuse(std::string_view code, std::string_view reason) {
    return std::unexpected(Refusal{code, reason});
}

constexpr std::array<std::uint8_t, 256> make_digits() {
    std::array<std::uint8_t, 256> digits{};
    digits.fill(kNoDigit);
    for (std::uint8_t i = 0; i < 10; ++i) digits[std::size_t{'0'} + i] = i;
    for (std::uint8_t i = 0; i < 6; ++i) {
        digits[std::size_t{'a'} + i] = static_cast<std::uint8_t>(10 + i);
        digits[std::size_t{'A'} + i] = static_cast<std::uint8_t>(10 + i);
    }
    return digits;
}
constexpr std::array<std::uint8_t, 256> kDigits = make_digits();

/// False when `text` is not pairs of hexadecimal digits.
bool decode_hex(std::string_view text, std::vector<std::uint8_t>& to) {
    if (text.size() % 2 != 0) return false;
    to.resize(text.size() / 2);
    std::uint8_t wrong = 0;
    for (std::size_t i = 0; i < to.size(); ++i) {
        const std::uint8_t high = kDigits[static_cast<std::uint8_t>(text[2 * i])];
        const std::uint8_t low = kDigits[static_cast<std::uint8_t>(text[2 * i + 1])];
        wrong |= static_cast<std::uint8_t>((high | low) & 0x80);
        to[i] = static_cast<std::uint8_t>(high << 4 | low);
    }
    return wrong == 0;
}

/// `rrc21` of `rrc21` and `rrc21.ripe.net`; empty when it cannot be a collector's name.
std::string_view collector_of(std::string_view host) {
    const std::string_view name = host.substr(0, host.find('.'));
    const auto fits = [](unsigned char c) { return std::isalnum(c) != 0 || c == '-' || c == '_'; };
    return name.size() <= kNameMax && std::ranges::all_of(name, fits) ? name : std::string_view{};
}

std::optional<BgpKind> kind_of(std::string_view type) {
    if (type == "UPDATE") return BgpKind::Update;
    if (type == "KEEPALIVE") return BgpKind::Keepalive;
    if (type == "OPEN") return BgpKind::Open;
    if (type == "NOTIFICATION") return BgpKind::Notification;
    return std::nullopt;
}

}  // namespace

RisLiveTranslator::RisLiveTranslator(const Options& options)
    : reader_(options.message_max), repeat_(options.repeat_window) {}

RisHeard RisLiveTranslator::translate(std::string_view message) {
    ++messages_;
    const auto heard = understand(message);
    if (heard) return *heard;
    refused_.add({.code = std::string(heard.error().code),
                  .position = {.file = {}, .offset = 0, .record = messages_},
                  .reason = std::string(heard.error().reason)});
    return {.kind = RisHeard::Kind::Refused, .text = heard.error().reason};
}

std::expected<RisHeard, Refusal> RisLiveTranslator::understand(std::string_view message) {
    using Kind = RisHeard::Kind;
    if (auto read = reader_.read(message); !read) return std::unexpected(read.error());
    const RisMessage& told = reader_.message();
    if (told.envelope == "ris_message") return understand_ris_message();
    if (told.envelope == "ris_error") return RisHeard{.kind = Kind::Error, .text = told.text};
    if (told.envelope == "ris_subscribe_ok") return RisHeard{.kind = Kind::Subscribed};
    if (told.envelope == "pong") return RisHeard{.kind = Kind::Pong};
    if (told.envelope == "ris_rrc_list" || told.envelope == "ris_unsubscribe_ok")
        return RisHeard{.kind = Kind::Other};
    return refuse("ris_type", "the message is of a type that is not known");
}

std::expected<RisHeard, Refusal> RisLiveTranslator::understand_ris_message() {
    const RisMessage& told = reader_.message();
    const std::string_view collector = collector_of(told.host);
    if (collector.empty()) return refuse("ris_host", "it does not say which collector heard it");
    const auto peer = parse_address(told.peer);
    if (!peer || !told.peer_asn) return refuse("ris_peer", "it does not say who spoke");
    if (!told.stamp) return refuse("ris_time", "it has no timestamp");
    const Stamp stamp = *told.stamp;
    const SessionEnds session{.peer_asn = Asn{*told.peer_asn},
                              .local_asn = kRisAsn,
                              .peer = *peer,
                              .local = {.family = peer->family}};
    RisHeard heard{.kind = RisHeard::Kind::Records, .collector = collector, .stamp = stamp};
    bytes_.clear();
    ends_.clear();
    if (auto done = append_records(stamp, session); !done) return std::unexpected(done.error());
    cut_records();
    if (repeats_itself(stamp)) {
        ++repeats_;
        return RisHeard{.kind = RisHeard::Kind::Repeat, .collector = collector, .stamp = stamp};
    }
    heard.collector =
        collector_of(reader_.message().host);  // The message may have been read again.
    heard.records = records_;
    return heard;
}

/// With an `id` the server says what is the same; without, the same octets of the same microsecond
/// are. Both stand beside who heard it, from whom, and when.
bool RisLiveTranslator::repeats_itself(const Stamp& stamp) {
    const RisMessage& told = reader_.message();
    const std::hash<std::string_view> hash;
    const std::string_view content(reinterpret_cast<const char*>(bytes_.bytes().data()),
                                   bytes_.size());
    return repeat_.seen(mix(hash(told.id.empty() ? content : told.id), hash(told.host),
                            hash(told.peer), hash(told.type), unix_seconds(stamp.time),
                            stamp.microseconds));
}

void RisLiveTranslator::cut_records() {
    records_.clear();
    std::size_t begin = 0;
    for (const std::size_t end : ends_) {
        records_.push_back(bytes_.bytes().subspan(begin, end - begin));
        begin = end;
    }
}

Fault RisLiveTranslator::append_records(const Stamp& stamp, const SessionEnds& session) {
    const RisMessage& told = reader_.message();
    if (told.type == "RIS_PEER_STATE") return append_state(stamp, session);
    const auto kind = kind_of(told.type);
    if (!kind) return refuse("ris_kind", "what happened is of a kind that is not known");
    if (!told.raw.empty()) return append_raw(stamp, session, static_cast<std::uint8_t>(*kind));
    if (*kind == BgpKind::Update) return append_updates(stamp, session);
    if (*kind == BgpKind::Keepalive) return append_keepalive(stamp, session);
    return refuse("ris_no_raw", "without raw, an OPEN or NOTIFICATION cannot be known");
}

Fault RisLiveTranslator::append_state(const Stamp& stamp, const SessionEnds& session) {
    const std::string_view state = reader_.message().state;
    const bool up = state == "connected";
    if (!up && state != "down") return refuse("ris_state", "the state is not known");
    append_state_record(bytes_, stamp, session, up ? kOpenConfirm : kEstablished,
                        up ? kEstablished : kIdle);
    ends_.push_back(bytes_.size());
    return {};
}

Fault RisLiveTranslator::append_raw(const Stamp& stamp, SessionEnds session, std::uint8_t type) {
    const RisMessage& told = reader_.message();
    const auto kind = static_cast<BgpKind>(type);
    if (told.raw.size() > 2 * kBgpMessageMax || !decode_hex(told.raw, raw_) || !is_bgp(raw_, kind))
        return refuse("ris_raw", "raw is no whole BGP message of the kind that it says");
    session.two_octet =
        kind == BgpKind::Update && session.peer_asn.value <= UINT16_MAX && has_two_octet_path(raw_);
    session.from_collector = told.direction == "sent";
    append_message_record(bytes_, stamp, session, raw_);
    ends_.push_back(bytes_.size());
    return {};
}

Fault RisLiveTranslator::append_keepalive(const Stamp& stamp, const SessionEnds& session) {
    const std::size_t begin = open_bgp(message_, BgpKind::Keepalive);
    return append_written(stamp, session, begin);
}

Fault RisLiveTranslator::append_written(const Stamp& stamp, const SessionEnds& session,
                                        std::size_t begin) {
    if (message_.size() > kBgpMessageMax)
        return refuse("ris_too_long", "what it says does not fit into one BGP message");
    message_.close(begin, begin);
    append_message_record(bytes_, stamp, session, message_.bytes());
    ends_.push_back(bytes_.size());
    return {};
}

/// One UPDATE for all that is withdrawn and the first next hop, one for each further next hop.
Fault RisLiveTranslator::append_updates(const Stamp& stamp, const SessionEnds& session) {
    if (auto read = reader_.read_routes(); !read) return read;
    const RisMessage& told = reader_.message();
    if (told.announced.empty() && told.withdrawn.empty())
        return refuse("ris_empty", "an UPDATE without raw names no prefix");
    bool with_withdrawn = !told.withdrawn.empty();
    for (const RisAnnouncement& announcement : told.announcements) {
        if (announcement.count == 0) continue;
        if (auto done = append_update(stamp, session, &announcement, with_withdrawn); !done)
            return done;
        with_withdrawn = false;
    }
    return with_withdrawn ? append_update(stamp, session, nullptr, true) : Fault{};
}

Fault RisLiveTranslator::append_update(const Stamp& stamp, const SessionEnds& session,
                                       const RisAnnouncement* announcement, bool with_withdrawn) {
    const RisMessage& told = reader_.message();
    const std::span<const Prefix> withdrawn =
        with_withdrawn ? std::span<const Prefix>(told.withdrawn) : std::span<const Prefix>{};
    const std::size_t begin = open_bgp(message_, BgpKind::Update);
    if (!append_update_body(message_, attributes_, told, announcement, withdrawn))
        return refuse("ris_next_hop", "what is announced has no next hop that can be read");
    return append_written(stamp, session, begin);
}

}  // namespace dimout::source
