// What the real archives hold, as counted by others (data/INDEX.md), and bgpdump's own words.
#include "decode/real_files.h"

#include <set>

#include "decode/made_records.h"
#include "decode/record_printer.h"

namespace dimout::decode {
namespace {

/// Counts; of the peers also who had a route.
class Counter : public RouteSink {
public:
    void on_update(const Update& update) override {
        update.for_each_withdrawn([&](const Prefix&, std::uint32_t) { ++withdrawn; });
        update.for_each_announced([&](const Prefix&, std::uint32_t) { ++announced; });
        speakers.insert(update.peer);
        end_of_rib += update.end_of_rib.has_value() ? 1U : 0U;
    }
    void on_dump_begin(const DumpBegin& begin) override { listed = begin.peers.size(); }
    void on_dump_row(const DumpRow& row) override {
        ++rows;
        speakers.insert(row.peer);
        if (row.prefix == wanted) path = made::text_of(row.path());
    }
    void on_dump_end(const DumpEnd& end) override { complete = end.complete; }
    void on_state(const StateChange&) override { ++states; }

    std::size_t withdrawn = 0, announced = 0, rows = 0, states = 0, listed = 0, end_of_rib = 0;
    std::set<PeerId> speakers;
    Prefix wanted = *parse_prefix("175.45.177.0/24");
    std::string path;
    bool complete = false;
};

struct Decoded {
    PeerTable peers;
    Decoder decoder{peers};
    Counter counter;
};

void decode(Decoded& into, const std::string& name) {
    const std::string content = real::unpacked(real::folder() / name);
    real::for_each_frame(content,
                         [&](const Frame& frame) { into.decoder.decode(frame, into.counter); });
}

TEST(RealFiles, NorthKoreaIsInTheJinxTableBehindChinaUnicom) {
    DIMOUT_SKIP_WITHOUT_REAL_FILES();
    Decoded found;
    decode(found, "route-views.jinx.rib.20140530.2200.bz2");
    EXPECT_EQ(found.counter.rows, 503590U);
    EXPECT_EQ(found.counter.path, "30844 3356 1239 4837 131279");
    EXPECT_TRUE(found.counter.complete);
    EXPECT_EQ(found.decoder.errors().total(), 0U);
}

TEST(RealFiles, TheIndexListsMorePeersThanHaveRoutes) {
    DIMOUT_SKIP_WITHOUT_REAL_FILES();
    Decoded route_views6;
    decode(route_views6, "route-views6.rib.20150922.1200.bz2");
    EXPECT_EQ(route_views6.counter.listed, 29U);
    EXPECT_EQ(route_views6.counter.speakers.size(), 27U);
    EXPECT_EQ(route_views6.counter.rows, 609246U);
    Decoded cut;
    decode(cut, "rib.20140523.0600_firstMB.bz2");
    EXPECT_EQ(cut.counter.listed, 47U);
    EXPECT_EQ(cut.counter.speakers.size(), 35U);
    EXPECT_FALSE(cut.counter.complete) << "the file is cut";
}

TEST(RealFiles, CsuArch0Has35SessionsOf32Ases) {
    DIMOUT_SKIP_WITHOUT_REAL_FILES();
    Decoded found;
    decode(found, "csu-arch0.20130101.mrt.gz");
    std::set<Asn> ases;
    for (const PeerId peer : found.counter.speakers) ases.insert(found.peers.peer(peer).asn);
    EXPECT_EQ(found.counter.speakers.size(), 35U);
    EXPECT_EQ(ases.size(), 32U);
    EXPECT_EQ(found.counter.rows, 0U);
}

TEST(RealFiles, CountsOfUpdatesAreThoseOfTheIndex) {
    DIMOUT_SKIP_WITHOUT_REAL_FILES();
    struct Case {
        const char* name;
        std::size_t announced, withdrawn;
    };
    for (const Case& expected : {Case{"ris.updates.20190101.0000.gz", 159948, 2626},
                                 Case{"rrc20.updates.20180205.1030.gz", 63301, 4194},
                                 Case{"updates.long_withdrawal.gz", 0, 4096}}) {
        Decoded found;
        decode(found, expected.name);
        EXPECT_EQ(found.counter.announced, expected.announced) << expected.name;
        EXPECT_EQ(found.counter.withdrawn, expected.withdrawn) << expected.name;
        EXPECT_EQ(found.decoder.errors().total(), 0U) << expected.name;
    }
}

TEST(RealFiles, APathThroughAs0IsWithdrawnAndCounted) {  // RFC 7607
    DIMOUT_SKIP_WITHOUT_REAL_FILES();
    Decoded found;
    decode(found, "updates.et-header.2015.gz");
    EXPECT_EQ(found.counter.announced, 577733U);
    EXPECT_EQ(found.counter.withdrawn, 7U) << "3 of the peer's own and 4 whose path holds AS 0";
    EXPECT_EQ(found.decoder.counts().treat_as_withdraw, 1U);
    EXPECT_EQ(found.decoder.counts().attribute_discard, 3U);
    EXPECT_EQ(found.counter.end_of_rib, 1U);
}

TEST(RealFiles, RowsWithoutAnIndexAreThreeErrors) {
    DIMOUT_SKIP_WITHOUT_REAL_FILES();
    Decoded found;
    decode(found, "bview.20140112.1600_3samples.bz2");
    EXPECT_EQ(found.decoder.errors().count(ErrorCode::PeerIndexMissing), 3U);
}

TEST(RealFiles, SmallFilesPrintAsBgpdumpPrintsThem) {
    DIMOUT_SKIP_WITHOUT_REAL_FILES();
    if (real::output_of("command -v bgpdump").empty())
        GTEST_SKIP() << "SKIPPED: bgpdump is not installed; text parity was not tested.";
    constexpr std::uintmax_t kSmall = 60000;  // tests/e2e_bgpdump_parity.sh has all of them.
    std::size_t compared = 0;
    for (const auto& file : real::files()) {
        if (std::filesystem::file_size(file) > kSmall) continue;
        std::string ours;
        {
            RecordPrinter printer(TextFormat::Bgpdump,
                                  [&](std::string_view text) { ours += text; });
            const std::string content = real::unpacked(file);
            real::for_each_frame(content, [&](const Frame& frame) { printer.print(frame); });
        }
        EXPECT_EQ(ours, real::output_of("bgpdump -m '" + file.string() + "' 2>/dev/null"))
            << file.filename();
        ++compared;
    }
    EXPECT_GE(compared, 25U);
}

}  // namespace
}  // namespace dimout::decode
