// What RIS Live tells and what an archive holds are the same, seen through our decoder: real
// captured messages, and real archives told as RIS Live by tests/ris_live.py, which was written
// apart from the program.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "decode/made_records.h"
#include "decode/real_files.h"
#include "source/ris_live.h"

namespace dimout::app {
namespace {

namespace made = decode::made;
namespace real = decode::real;
using source::RisHeard;
using source::RisLiveTranslator;

/// Decodes records and remembers for each line when and from whom it was.
class Listening final : public decode::RouteSink {
public:
    void take(Bytes record) {
        Frame frame;
        frame.bytes = record;
        decoder_.decode(frame, *this);
    }
    void on_update(const decode::Update& update) override {
        lines_.lines.clear();
        lines_.on_update(update);
        for (const std::string& line : lines_.lines) add(update.time, update.peer, line);
    }
    void on_state(const decode::StateChange& change) override {
        add(change.time, change.peer, change.new_state == decode::kEstablished ? "up" : "down");
    }
    void on_other_message(PeerId peer, EventTime time, decode::BgpType type) override {
        add(time, peer, fmt::format("M {}", static_cast<int>(type)));
    }
    void on_dump_begin(const decode::DumpBegin&) override {}
    void on_dump_row(const decode::DumpRow&) override {}
    void on_dump_end(const decode::DumpEnd&) override {}

    [[nodiscard]] const decode::DecodeCounts& counts() const { return decoder_.counts(); }
    [[nodiscard]] const decode::ErrorLog& errors() const { return decoder_.errors(); }
    std::vector<std::string> heard;

private:
    void add(EventTime time, PeerId id, const std::string& line) {
        const Peer& peer = peers_.peer(id);
        heard.push_back(fmt::format("{} {} AS{} {}", to_rfc3339(time), to_string(peer.address),
                                    peer.asn.value, line));
    }

    decode::PeerTable peers_;
    decode::Decoder decoder_{peers_};
    made::Lines lines_;
};

/// What is left of a message when its server was not asked for the octets.
std::string without_raw(std::string line) {
    const std::size_t begin = line.find("\"raw\"");
    if (begin == std::string::npos) return line;
    const std::size_t end = line.find(',', begin);
    // As the last member it takes the comma before it along.
    if (end != std::string::npos) return line.erase(begin, end + 1 - begin);
    const std::size_t comma = line.rfind(',', begin);
    return line.erase(comma, line.find('}', begin) - comma);
}

/// Tells the lines to a translator, and what comes out to a decoder.
struct Told {
    explicit Told(const std::string& lines, bool with_raw = true) {
        std::istringstream all(lines);
        for (std::string line; std::getline(all, line);) {
            const RisHeard heard = translator.translate(with_raw ? line : without_raw(line));
            for (const Bytes record : heard.records) listening.take(record);
        }
    }
    RisLiveTranslator translator;
    Listening listening;
};

std::filesystem::path captured() {
    return std::filesystem::path(DIMOUT_SOURCE_DIR) /
           "../shared/data/rislive/libbgpstream-ris-live-stream.json";
}

TEST(RisLiveRoundTrip, CapturedMessagesSayInOctetsWhatTheySayInWords) {
    if (!std::filesystem::exists(captured()))
        GTEST_SKIP() << "SKIPPED: no captured messages at " << captured()
                     << ", so nothing that only they show was tested.";
    std::ostringstream text;
    text << std::ifstream(captured()).rdbuf();
    const Told exact(text.str());
    const std::vector<std::string> expected{
        "2019-03-26T19:19:47Z 72.22.223.9 AS11708 A 45.161.192.0/23: 11708 32097 1299 52320 263009 "
        "263009 263009 263009 263009 52993 268481 268481",
        "2019-03-26T18:31:21Z 195.66.224.59 AS24931 down",
        "2019-03-26T18:30:16Z 2001:7f8:4::73ab:1 AS29611 M 3",
        "2019-03-26T18:30:34Z 80.249.210.89 AS31042 M 4"};
    EXPECT_EQ(exact.listening.heard, expected);
    // The OPEN that the collector sent, and the last line, which was cut.
    EXPECT_EQ(exact.listening.counts().sent_by_collector, 1U);
    EXPECT_EQ(exact.translator.refused().total(), 1U);
    EXPECT_EQ(exact.translator.refused().by_code().begin()->first, "ris_json");
    const Told words(text.str(), false);
    EXPECT_EQ(words.listening.heard[0], expected[0]);
    EXPECT_EQ(words.listening.heard[1], expected[1]);
    EXPECT_EQ(words.translator.refused().by_code().count("ris_no_raw"), 1U);
}

/// A real archive told as RIS Live.
std::string told(const std::filesystem::path& file) {
    return real::output_of(
        fmt::format("python3 '{}/tests/ris_live.py' '{}' rrc06", DIMOUT_SOURCE_DIR, file.string()));
}

/// The archive itself, without what RIS Live does not tell: changes between two states of which
/// none is Established.
std::vector<std::string> read(const std::filesystem::path& file, Listening& listening) {
    const std::string content = real::unpacked(file);
    real::for_each_frame(content, [&](const Frame& frame) {
        if (frame.kind != Frame::Kind::Record) return;
        const auto record = decode::read_record(frame.bytes);
        const bool is_state = record && (record->subtype == 0 || record->subtype == 5);
        if (is_state) {
            const auto state = decode::read_state(*record);
            if (!state || (state->old_state != 6 && state->new_state != 6)) return;
        }
        listening.take(frame.bytes);
    });
    return listening.heard;
}

class RealArchive : public testing::TestWithParam<const char*> {};

TEST_P(RealArchive, IsTheSameToldByRisLiveWithItsOctets) {
    DIMOUT_SKIP_WITHOUT_REAL_FILES();
    Listening archive;
    const auto expected = read(real::folder() / GetParam(), archive);
    const Told exact(told(real::folder() / GetParam()));
    ASSERT_FALSE(expected.empty());
    EXPECT_EQ(exact.translator.refused().total(), 0U);
    EXPECT_EQ(exact.translator.repeats(), 0U);
    EXPECT_EQ(exact.listening.errors().total(), archive.errors().total());
    ASSERT_EQ(exact.listening.heard.size(), expected.size());
    EXPECT_TRUE(exact.listening.heard == expected);
}

TEST_P(RealArchive, HasTheSameRoutesToldByRisLiveInWords) {
    DIMOUT_SKIP_WITHOUT_REAL_FILES();
    const auto is_route = [](const std::string& line) {
        return line.contains(" A ") || line.contains(" W ") || line.ends_with("up") ||
               line.ends_with("down");
    };
    Listening archive;
    std::vector<std::string> expected = read(real::folder() / GetParam(), archive);
    std::erase_if(expected, [&](const std::string& line) { return !is_route(line); });
    Told words(told(real::folder() / GetParam()), false);
    std::erase_if(words.listening.heard, [&](const std::string& line) { return !is_route(line); });
    EXPECT_EQ(words.listening.errors().total(), 0U);
    ASSERT_EQ(words.listening.heard.size(), expected.size());
    EXPECT_TRUE(words.listening.heard == expected);
}

// RIS in two years, IPv4 and IPv6; two octets an AS number beside four; a full IPv6 feed with
// OPENs.
INSTANTIATE_TEST_SUITE_P(RisLiveRoundTrip, RealArchive,
                         testing::Values("rrc06.updates.20140530.2215.gz",
                                         "ris.updates.20170103.0630.mrt.gz",
                                         "rrc20.updates.20180205.1030.gz",
                                         "bird-as51861.20151105.mrt.gz"));

}  // namespace
}  // namespace dimout::app
