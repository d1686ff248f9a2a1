// Messages made here, and real captures beside their decoded text when the data folder is there.
#include "source/bmp.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "base/files.h"
#include "source/made_files.h"
#include "source/mrt_file.h"

namespace dimout::source {
namespace {

using made::Buffer;
using made::operator+;
using made::put;

constexpr EventTime kNow = event_time(1'700'000'000);
constexpr std::uint32_t kThen = 1'699'000'000;

Buffer message(unsigned type, const Buffer& body) {
    Buffer bytes{3};
    put(bytes, body.size() + 6, 4);
    put(bytes, type, 1);
    return bytes + body;
}

struct PeerWords {
    unsigned type = 0;
    unsigned flags = 0;
    std::uint64_t distinguisher = 0;
    std::uint32_t seconds = kThen;
};

Buffer peer_header(const PeerWords& words = {}) {
    Buffer bytes;
    put(bytes, words.type, 1);
    put(bytes, words.flags, 1);
    put(bytes, words.distinguisher, 8);
    put(bytes, 0, 8);
    put(bytes, 0, 4);
    put(bytes, 0xC0000201, 4);  // 192.0.2.1
    put(bytes, 64500, 4);
    put(bytes, 1, 4);
    put(bytes, words.seconds, 4);
    put(bytes, 250'000, 4);
    return bytes;
}

Buffer bgp(unsigned type, const Buffer& body) {
    Buffer bytes(16, 0xFF);
    put(bytes, body.size() + 19, 2);
    put(bytes, type, 1);
    return bytes + body;
}

/// With a four-octet AS number, and what it says of path identifiers of IPv4.
Buffer open(std::uint32_t asn, unsigned add_path) {
    Buffer capabilities;
    for (const std::uint64_t byte : {65ULL, 4ULL}) put(capabilities, byte, 1);
    put(capabilities, asn, 4);
    for (const std::uint64_t byte : {69ULL, 4ULL, 0ULL, 1ULL, 1ULL}) put(capabilities, byte, 1);
    put(capabilities, add_path, 1);
    Buffer body{4};
    put(body, 23456, 2);
    put(body, 180, 2);
    put(body, 7, 4);
    put(body, capabilities.size() + 2, 1);
    put(body, 2, 1);
    put(body, capabilities.size(), 1);
    return bgp(1, body + capabilities);
}

Buffer peer_up(unsigned sent_add_path = 0, unsigned received_add_path = 0,
               const PeerWords& words = {}) {
    Buffer body = peer_header(words);
    put(body, 0, 8);
    put(body, 0, 4);
    put(body, 0xC0000202, 4);
    put(body, 179, 2);
    put(body, 40000, 2);
    return message(3, body + open(4'200'000'001, sent_add_path) + open(64500, received_add_path));
}

Buffer withdrawal() {
    Buffer body;
    put(body, 4, 2);
    for (const std::uint64_t byte : {24ULL, 198ULL, 51ULL, 100ULL}) put(body, byte, 1);
    put(body, 0, 2);
    return bgp(2, body);
}

Buffer route(const PeerWords& words = {}) { return message(0, peer_header(words) + withdrawal()); }

Buffer initiation(const std::string& name) {
    Buffer body;
    put(body, 2, 2);
    put(body, name.size(), 2);
    return message(4, body + Buffer(name.begin(), name.end()));
}

/// What a listener is told, as text: "bmp-core1 17/4 at 1699000000", "lost bmp-core1: why".
class Ears final : public Listener {
public:
    void hear(std::string_view collector, Bytes record) override {
        const MrtHeader header = header_of(record);
        EXPECT_EQ(record.size(), kMrtHeaderSize + header.length);
        told.push_back(std::string(collector) + " " + std::to_string(header.type) + "/" +
                       std::to_string(header.subtype) + " at " + std::to_string(header.stamp));
        last.assign(record.begin(), record.end());
    }
    void lose(std::string_view collector, std::string_view reason) override {
        told.push_back("lost " + std::string(collector) + ": " + std::string(reason));
    }
    std::vector<std::string> told;
    Buffer last;
};

class Bmp : public testing::Test {
protected:
    void take(const Buffer& bytes) { ASSERT_TRUE(translator.take(bytes, kNow)); }
    Ears ears;
    BmpTranslator translator{ears, Address::v4(0x0A000001)};
};

TEST_F(Bmp, ARouterNamesItselfAndItsSessionsBecomeStates) {
    take(initiation("core 1/x") + peer_up() + route() + message(2, peer_header() + Buffer{4}));
    translator.close("the connection closed");
    EXPECT_EQ(ears.told,
              (std::vector<std::string>{
                  "bmp-core-1-x 17/5 at 1699000000", "bmp-core-1-x 17/4 at 1699000000",
                  "bmp-core-1-x 17/5 at 1699000000", "lost bmp-core-1-x: the connection closed"}));
}

TEST_F(Bmp, WhoIsUpAndHasNothingToSayIsHeardOfAllTheSame) {
    take(initiation("r") + peer_up());
    ears.told.clear();
    translator.alive(kNow);
    EXPECT_EQ(ears.told, std::vector<std::string>{"bmp-r 16/4 at 1700000000"});
    const Buffer keepalive = bgp(4, {});
    ASSERT_GT(ears.last.size(), keepalive.size());
    EXPECT_TRUE(std::equal(keepalive.rbegin(), keepalive.rend(), ears.last.rbegin()));
    take(message(2, peer_header() + Buffer{4}));
    ears.told.clear();
    translator.alive(kNow);
    EXPECT_EQ(ears.told, std::vector<std::string>{});
}

TEST_F(Bmp, TheRecordSaysWhoSpokeToWhom) {
    take(peer_up() + route());
    Buffer expected;
    put(expected, kThen, 4);
    put(expected, 17, 2);
    put(expected, 4, 2);
    put(expected, 4 + 20 + withdrawal().size(), 4);
    put(expected, 250'000, 4);
    put(expected, 64500, 4);
    put(expected, 4'200'000'001, 4);
    put(expected, 0, 2);
    put(expected, 1, 2);
    put(expected, 0xC0000201, 4);
    put(expected, 0xC0000202, 4);
    EXPECT_EQ(ears.last, expected + withdrawal());
    EXPECT_EQ(translator.collector(), "bmp-10.0.0.1");
}

TEST_F(Bmp, PathIdentifiersAreThereWhenBothEndsAgreed) {
    take(peer_up(1, 2) + route());
    EXPECT_EQ(ears.told.back(), "bmp-10.0.0.1 17/9 at 1699000000");
    take(peer_up(2, 1) + route());
    EXPECT_EQ(ears.told.back(), "bmp-10.0.0.1 17/4 at 1699000000");
}

TEST_F(Bmp, OldRoutersSpeakInTwoOctetsAndWithoutTime) {
    take(route({.flags = 0x20, .seconds = 0}));
    EXPECT_EQ(ears.told.back(), "bmp-10.0.0.1 16/1 at 1700000000");
}

TEST_F(Bmp, OneTableOfEachPeer) {
    take(route({.flags = 0x40}));  // After policy: better than nothing.
    take(route());                 // Before policy: from now on the only one.
    take(route({.flags = 0x40}));
    take(route({.flags = 0x10}));                  // Sent, not received.
    take(route({.type = 1, .distinguisher = 5}));  // A VPN.
    take(route({.type = 3}));                      // The router's own table.
    EXPECT_EQ(ears.told.size(), 3U);
    EXPECT_EQ(translator.counts().routes, 3U);
    EXPECT_EQ(translator.counts().other_tables, 3U);
}

TEST_F(Bmp, APeerThatComesUpTwiceBeginsAnew) {
    take(peer_up() + peer_up());
    EXPECT_EQ(ears.told.size(), 3U);
    EXPECT_EQ(ears.last[ears.last.size() - 1], 6) << "established";
}

TEST_F(Bmp, BytesMayComeInAnyPieces) {
    const Buffer all = initiation("r1") + peer_up() + route() + route();
    take(all);
    const auto whole = ears.told;
    for (std::size_t piece = 1; piece < 40; ++piece) {
        Ears other;
        BmpTranslator cut(other, Address::v4(1));
        for (std::size_t at = 0; at < all.size(); at += piece)
            ASSERT_TRUE(cut.take(Bytes(all).subspan(at, std::min(piece, all.size() - at)), kNow));
        EXPECT_EQ(other.told, whole) << piece;
    }
}

TEST_F(Bmp, DamageIsCountedAndWhatIsNoBmpEndsIt) {
    take(message(0, Buffer(10, 0)) + message(0, peer_header()) + message(9, {}) +
         message(3, peer_header()));
    EXPECT_EQ(translator.counts().refused, 4U);
    EXPECT_TRUE(ears.told.empty());
    EXPECT_FALSE(translator.take(Buffer{0x16, 3, 1, 0, 200, 1}, kNow)) << "a TLS hello";
    BmpTranslator other(ears, Address::v4(1));
    EXPECT_FALSE(other.take(Buffer{3, 0x7F, 0xFF, 0xFF, 0xFF, 0}, kNow)) << "too long";
}

TEST_F(Bmp, ARouterCannotInventPeersWithoutEnd) {
    Buffer words = peer_header();
    for (std::uint32_t asn = 0; asn < kMostBmpPeers + 10; ++asn) {
        for (int i = 0; i < 4; ++i) words[26 + i] = static_cast<std::uint8_t>(asn >> (24 - 8 * i));
        take(message(0, words + withdrawal()));
    }
    EXPECT_EQ(translator.counts().routes, kMostBmpPeers);
    EXPECT_EQ(translator.counts().refused, 10U);
}

// Captures: TCP payloads in order of sequence numbers, by connection.

struct Segment {
    std::uint32_t sequence = 0;
    Buffer payload;
};

std::uint32_t number(const Buffer& from, std::size_t at, unsigned width) {
    std::uint32_t value = 0;
    for (unsigned i = 0; i < width; ++i) value = value << 8 | from[at + i];
    return value;
}

/// Behind the link's header: Ethernet (with VLAN tags), or Linux "cooked".
std::size_t network_offset(const Buffer& packet, unsigned link) {
    if (link == 113) return 16;
    if (link == 276) return 20;
    std::size_t at = 12;
    while (number(packet, at, 2) == 0x8100) at += 4;
    return at + 2;
}

/// By (addresses, ports).
std::map<std::string, std::vector<Segment>> segments_of(const std::filesystem::path& path) {
    const Buffer file = made::read_whole(path);
    const auto little = [&](std::size_t at) {
        return file[at] | file[at + 1] << 8U | file[at + 2] << 16U |
               static_cast<std::uint32_t>(file[at + 3]) << 24U;
    };
    const unsigned link = static_cast<unsigned>(little(20));
    std::map<std::string, std::vector<Segment>> found;
    for (std::size_t at = 24; at + 16 <= file.size(); at += 16 + little(at + 8)) {
        const Buffer packet(file.begin() + static_cast<std::ptrdiff_t>(at + 16),
                            file.begin() + static_cast<std::ptrdiff_t>(at + 16 + little(at + 8)));
        const std::size_t ip = network_offset(packet, link);
        const bool v6 = packet[ip] >> 4 == 6;
        const std::size_t tcp = ip + (v6 ? 40U : (packet[ip] & 15U) * 4U);
        const std::size_t end =
            ip + (v6 ? 40 + number(packet, ip + 4, 2) : number(packet, ip + 2, 2));
        const std::size_t payload = tcp + (packet[tcp + 12] >> 4) * 4U;
        const std::size_t addresses = ip + (v6 ? 8 : 12);
        const std::string key(packet.begin() + static_cast<std::ptrdiff_t>(addresses),
                              packet.begin() + static_cast<std::ptrdiff_t>(tcp + 4));
        if (payload < end && end <= packet.size())
            found[key].push_back({number(packet, tcp + 4, 4),
                                  Buffer(packet.begin() + static_cast<std::ptrdiff_t>(payload),
                                         packet.begin() + static_cast<std::ptrdiff_t>(end))});
    }
    return found;
}

Buffer stream_of(std::vector<Segment> segments) {
    const std::uint32_t first = segments.front().sequence;
    Buffer stream;
    for (const Segment& segment : segments) {
        const std::size_t at = segment.sequence - first;
        if (at > 1U << 26) continue;  // Before the first: told again.
        if (stream.size() < at + segment.payload.size()) stream.resize(at + segment.payload.size());
        std::ranges::copy(segment.payload, stream.begin() + static_cast<std::ptrdiff_t>(at));
    }
    return stream;
}

std::size_t times(const std::string& text, const std::string& word) {
    std::size_t count = 0;
    for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1))
        ++count;
    return count;
}

TEST(BmpCaptures, GiveAsManyMessagesOfEachKindAsTheirDecodedText) {
    const std::filesystem::path folder = DIMOUT_SOURCE_DIR "/../shared/data/bmp";
    if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no captures in " << folder;
    std::size_t files = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        if (entry.path().extension() != ".pcap") continue;
        std::string text_path = entry.path().string();
        text_path = text_path.substr(0, text_path.size() - 5) + "-bmp.json";
        if (!std::filesystem::exists(text_path)) continue;
        SCOPED_TRACE(entry.path().filename());
        const auto text = read_file(text_path);
        ASSERT_TRUE(text);
        Ears ears;
        std::map<std::string, std::size_t> found;
        for (auto& [key, segments] : segments_of(entry.path())) {
            BmpTranslator translator(ears, Address::v4(1));
            static_cast<void>(translator.take(stream_of(std::move(segments)), kNow));
            const BmpCounts& counts = translator.counts();
            found["messages"] += counts.messages;
            found["down"] += counts.peer_down;
            found["statistics"] += counts.statistics;
        }
        EXPECT_EQ(found["statistics"], times(*text, "{\"V3\":{\"StatisticsReport\""));
        // Messages whose BGP part its reader did not like are messages too.
        EXPECT_EQ(found["messages"],
                  times(*text, "{\"V3\":") + times(*text, "{\"BmpMessageParsingError\""));
        ++files;
    }
    EXPECT_GT(files, 5U);
}

}  // namespace
}  // namespace dimout::source
