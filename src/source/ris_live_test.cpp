#include "source/ris_live.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace dimout::source {
namespace {

/// A `ris_message` of rrc21 with these further members of `data`.
std::string message(const std::string& more) {
    return R"({"type":"ris_message","data":{"timestamp":1568279796.63,"peer":"192.0.2.0",)"
           R"("peer_asn":"64496","host":"rrc21",)" +
           more + "}}";
}

std::string update(const std::string& more) { return message(R"("type":"UPDATE",)" + more); }

std::string code_of(const std::string& text) {
    RisLiveTranslator translator;
    const RisHeard heard = translator.translate(text);
    if (heard.kind != RisHeard::Kind::Refused) return "";
    EXPECT_FALSE(heard.text.empty());
    return translator.refused().by_code().begin()->first;
}

std::string hex(Bytes bytes) {
    std::string text;
    for (const std::uint8_t byte : bytes) text += fmt::format("{:02x}", byte);
    return text;
}

TEST(RisLive, RawIsKeptToTheOctetWithStampPeerAndCollector) {
    RisLiveTranslator translator;
    const std::string raw = std::string(32, 'F') + "001304";
    const RisHeard heard =
        translator.translate(message(R"("type":"KEEPALIVE","raw":")" + raw + "\""));
    ASSERT_EQ(heard.kind, RisHeard::Kind::Records);
    EXPECT_EQ(heard.collector, "rrc21");
    ASSERT_EQ(heard.records.size(), 1U);
    // Stamp, BGP4MP_ET, MESSAGE_AS4, length, microseconds, both ASes, interface, family, ends.
    EXPECT_EQ(hex(heard.records[0]),
              "5d7a0cf4"
              "0011"
              "0004"
              "0000002b"
              "00099cf0"
              "0000fbf0"
              "0000316e"
              "0000"
              "0001"
              "c0000200"
              "00000000"
              "ffffffffffffffffffffffffffffffff001304");
}

TEST(RisLive, WhatTheCollectorSentIsMarkedAsItsOwn) {
    RisLiveTranslator translator;
    const std::string raw = std::string(32, 'F') + "001304";
    const RisHeard heard = translator.translate(
        message(R"("type":"KEEPALIVE","direction":"sent","raw":")" + raw + "\""));
    ASSERT_EQ(heard.records.size(), 1U);
    EXPECT_EQ(hex(heard.records[0].subspan(6, 2)), "0007");
}

TEST(RisLive, APathOfTwoOctetsANumberMakesARecordOfTwoOctets) {
    RisLiveTranslator translator;
    // ORIGIN igp, AS_PATH sequence of 64496 and 3356 in two octets, NEXT_HOP; 192.0.3.0/24.
    const std::string body =
        "0000"
        "0014"
        "40010100"
        "40020602"
        "02fbf00d1c"
        "400304c0000200";
    const std::string raw = std::string(32, 'f') + "002f02" + body + "18c00003";
    ASSERT_EQ(raw.size(), 2 * 0x2FU);
    const RisHeard heard = translator.translate(update(R"("raw":")" + raw + "\""));
    ASSERT_EQ(heard.kind, RisHeard::Kind::Records) << heard.text;
    EXPECT_EQ(hex(heard.records[0].subspan(6, 2)), "0001");
}

TEST(RisLive, HostsMayHaveADomainAndAsnsMayBeNumbers) {
    RisLiveTranslator translator;
    const RisHeard heard = translator.translate(
        R"({"data":{"host":"rrc21.ripe.net","type":"RIS_PEER_STATE","state":"down",)"
        R"("peer":"2001:db8::1","peer_asn":4200000001,"timestamp":1553625081},)"
        R"("type":"ris_message"})");
    ASSERT_EQ(heard.kind, RisHeard::Kind::Records) << heard.text;
    EXPECT_EQ(heard.collector, "rrc21");
    EXPECT_EQ(hex(heard.records[0].subspan(6, 2)), "0005");
    EXPECT_EQ(hex(heard.records[0].last(4)), "00060001");
}

TEST(RisLive, WhatIsSaidTwiceIsHeardOnce) {
    RisLiveTranslator translator;
    const auto with_id = [](int id) {
        return message(fmt::format(R"("type":"KEEPALIVE","id":"21-{}")", id));
    };
    EXPECT_EQ(translator.translate(with_id(1)).kind, RisHeard::Kind::Records);
    EXPECT_EQ(translator.translate(with_id(2)).kind, RisHeard::Kind::Records);
    EXPECT_EQ(translator.translate(with_id(1)).kind, RisHeard::Kind::Repeat);
    const std::string nameless = update(R"("withdrawals":["192.0.4.0/24"])");
    EXPECT_EQ(translator.translate(nameless).kind, RisHeard::Kind::Records);
    EXPECT_EQ(translator.translate(nameless).kind, RisHeard::Kind::Repeat);
    EXPECT_EQ(translator.repeats(), 2U);
}

TEST(RisLive, TheMemoryOfWhatWasSaidIsBounded) {
    RisLiveTranslator translator({.repeat_window = 8});
    const auto with_id = [](int id) {
        return message(fmt::format(R"("type":"KEEPALIVE","id":"21-{}")", id));
    };
    for (int id = 0; id < 17; ++id)
        EXPECT_EQ(translator.translate(with_id(id)).kind, RisHeard::Kind::Records);
    EXPECT_EQ(translator.translate(with_id(9)).kind, RisHeard::Kind::Repeat);
    EXPECT_EQ(translator.translate(with_id(0)).kind, RisHeard::Kind::Records);
}

TEST(RisLive, OtherNextHopsMakeFurtherUpdates) {
    RisLiveTranslator translator;
    const RisHeard heard = translator.translate(update(
        R"("path":[64496,[1,2]],"origin":"igp","withdrawals":["192.0.4.0/24"],"announcements":[)"
        R"({"next_hop":"192.0.2.0","prefixes":["192.0.3.0/24"]},)"
        R"({"next_hop":"2001:db8::1,fe80::1","prefixes":["2001:db8:3::/48"]}])"));
    ASSERT_EQ(heard.kind, RisHeard::Kind::Records) << heard.text;
    EXPECT_EQ(heard.records.size(), 2U);
}

TEST(RisLive, ControlMessagesAreUnderstood) {
    using Kind = RisHeard::Kind;
    RisLiveTranslator translator;
    const RisHeard error =
        translator.translate(R"({"type":"ris_error","data":{"message":"too slow"}})");
    EXPECT_EQ(error.kind, Kind::Error);
    EXPECT_EQ(error.text, "too slow");
    EXPECT_EQ(translator.translate(R"({"type":"pong","data":null})").kind, Kind::Pong);
    EXPECT_EQ(translator.translate(R"({"type":"pong"})").kind, Kind::Pong);
    const auto* subscribed =
        R"({"type":"ris_subscribe_ok","data":{"subscription":{"host":null,"type":"UPDATE"}}})";
    EXPECT_EQ(translator.translate(subscribed).kind, Kind::Subscribed);
    const auto* list = R"({"type":"ris_rrc_list","data":["rrc00","rrc01"]})";
    EXPECT_EQ(translator.translate(list).kind, Kind::Other);
    EXPECT_EQ(translator.refused().total(), 0U);
}

TEST(RisLive, WhatCannotBeUnderstoodHasAReason) {
    EXPECT_EQ(code_of(""), "ris_json");
    EXPECT_EQ(code_of("[]"), "ris_json");
    EXPECT_EQ(code_of("{\"type\":\"pong\""), "ris_json");
    EXPECT_EQ(code_of("{\"type\":\"pong\"}}"), "ris_json");
    EXPECT_EQ(code_of("{\"type\":\"pong\"} {}"), "ris_json");
    EXPECT_EQ(code_of("{\"type\":\"hello\"}"), "ris_type");
    EXPECT_EQ(code_of("{\"type\":7}"), "ris_field");
    EXPECT_EQ(code_of(R"({"type":"ris_message"})"), "ris_host");
    EXPECT_EQ(code_of(R"({"type":"ris_message","data":{"host":"../etc"}})"), "ris_host");
    EXPECT_EQ(code_of(R"({"type":"ris_message","data":{"host":"rrc00"}})"), "ris_peer");
    EXPECT_EQ(code_of(message(R"("type":"NONE")")), "ris_kind");
    EXPECT_EQ(code_of(message(R"("type":"OPEN")")), "ris_no_raw");
    EXPECT_EQ(code_of(message(R"("type":"RIS_PEER_STATE","state":"odd")")), "ris_state");
    EXPECT_EQ(code_of(message(R"("type":"KEEPALIVE","timestamp":-1)")), "ris_time");
    EXPECT_EQ(code_of(message(R"("type":"KEEPALIVE","timestamp":1e300)")), "ris_time");
    EXPECT_EQ(code_of(message(R"("type":"KEEPALIVE","peer_asn":"-1")")), "ris_field");
    EXPECT_EQ(code_of(message(R"("type":"KEEPALIVE","peer_asn":4294967296)")), "ris_field");
    EXPECT_EQ(code_of(std::string(2 << 20, ' ')), "ris_too_long");
}

TEST(RisLive, AnUpdateThatContradictsItselfHasAReason) {
    const auto announce = [](const std::string& hop, const std::string& prefix) {
        return update(fmt::format(
            R"("path":[1],"announcements":[{{"next_hop":"{}","prefixes":["{}"]}}])", hop, prefix));
    };
    EXPECT_EQ(code_of(announce("192.0.2.1", "192.0.2.0/24")), "");
    EXPECT_EQ(code_of(announce("192.0.2", "192.0.2.0/24")), "ris_next_hop");
    EXPECT_EQ(code_of(announce("192.0.2.1,192.0.2.2", "192.0.2.0/24")), "ris_next_hop");
    EXPECT_EQ(code_of(announce("192.0.2.1", "192.0.2.0/33")), "ris_prefix");
    EXPECT_EQ(code_of(announce("192.0.2.1", "192.0.2.1/24")), "ris_prefix");
    EXPECT_EQ(code_of(update(R"("path":[1])")), "ris_empty");
    EXPECT_EQ(code_of(update(R"("path":[[[1]]],"withdrawals":["10.0.0.0/8"])")), "ris_field");
    EXPECT_EQ(code_of(update(R"("path":{},"withdrawals":["10.0.0.0/8"])")), "ris_field");
    EXPECT_EQ(code_of(update(R"("raw":"FFF")")), "ris_raw");
    EXPECT_EQ(code_of(update(R"("raw":"zz")")), "ris_raw");
    EXPECT_EQ(code_of(update(R"("raw":")" + std::string(32, 'F') + "001304\"")), "ris_raw");
    std::string many = "\"10.0.0.0/32\"";
    for (int i = 0; i < 14'000; ++i) many += ",\"10.0.0.0/32\"";
    EXPECT_EQ(code_of(update(R"("withdrawals":[)" + many + "]")), "ris_too_long");
}

}  // namespace
}  // namespace dimout::source
