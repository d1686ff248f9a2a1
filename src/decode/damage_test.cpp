// The real archives, cut and with flipped bits: nothing may crash or hang, whatever it says. Meant
// for the sanitizers; 50 cuts and 50 flips a file, with DIMOUT_SOAK set 100 and 1,000.
#include <cstdlib>
#include <random>

#include "decode/made_records.h"
#include "decode/real_files.h"
#include "decode/record_printer.h"

namespace dimout::decode {
namespace {

constexpr std::size_t kWindow = std::size_t{256} << 10;
/// Enough for a single cut or flip: the work grows with the size, the finds do not.
constexpr std::size_t kFront = std::size_t{16} << 10;

bool thorough() { return std::getenv("DIMOUT_SOAK") != nullptr; }

/// Touches every byte that a sink can get at.
class Toucher : public RouteSink {
public:
    void on_update(const Update& update) override {
        update.for_each_withdrawn(
            [&](const Prefix& prefix, std::uint32_t identifier) { sum += prefix.hi + identifier; });
        update.for_each_announced(
            [&](const Prefix& prefix, std::uint32_t identifier) { sum += prefix.lo + identifier; });
        touch(update.path());
    }
    void on_dump_begin(const DumpBegin& begin) override { sum += begin.peers.size(); }
    void on_dump_row(const DumpRow& row) override { touch(row.path()); }
    void on_dump_end(const DumpEnd&) override {}
    void on_state(const StateChange& change) override { sum += change.new_state; }

    std::uint64_t sum = 0;

private:
    void touch(AsPath path) {
        path.for_each_asn([&](Asn asn) { sum += asn.value; });
        path.for_each_origin([&](Asn asn) { sum += asn.value; });
    }
};

/// Decodes and prints what the bytes can be taken for.
void survive(std::string_view content) {
    PeerTable peers;
    Decoder decoder(peers);
    Toucher sink;
    const auto ignore = [](std::string_view) {};
    RecordPrinter text(TextFormat::Text, ignore);
    RecordPrinter bgpdump(TextFormat::Bgpdump, ignore);
    std::size_t frames = 0;
    real::for_each_frame(content, [&](const Frame& frame) {
        frames += frame.kind == Frame::Kind::Record ? 1U : 0U;
        decoder.decode(frame, sink);
        text.print(frame);
        bgpdump.print(frame);
    });
    EXPECT_EQ(decoder.counts().records > 0, frames > 0);
}

void flip(std::string& window, std::mt19937_64& random) {
    const std::size_t at = random() % window.size();
    window[at] = static_cast<char>(random());
}

TEST(Damage, CutsAndFlipsOfRealFilesAreSurvived) {
    DIMOUT_SKIP_WITHOUT_REAL_FILES();
    const std::size_t cuts = thorough() ? 100 : 50;
    const std::size_t flips = thorough() ? 1000 : 50;
    std::mt19937_64 random(20141222);
    for (const auto& file : real::files()) {
        const std::string window = real::unpacked(file, kWindow);
        if (window.empty()) continue;
        const std::string_view front = std::string_view(window).substr(0, kFront);
        for (std::size_t i = 0; i < cuts; ++i) survive(front.substr(0, random() % front.size()));
        std::string damaged = window;
        for (std::size_t i = 0; i < flips; ++i) flip(damaged, random);
        survive(damaged);
        for (std::size_t i = 0; i < flips; ++i) {
            std::string one(front);
            flip(one, random);
            survive(one);
        }
    }
}

TEST(Damage, EveryCutOfEachHandMadeRecordIsSurvived) {
    using made::Octets;
    Octets attributes = made::usual_attributes();
    attributes.attribute(
        Attribute::MpReach,
        Octets().u16(2).u8(1).u8(16).address("2001:db8::1").u8(0).prefix("2001:db8::/32"));
    attributes.attribute(Attribute::Communities, Octets().u32(1))
        .attribute(Attribute::As4Path, made::path({1}));
    const std::vector<Octets> records{
        made::message(
            made::bgp(BgpType::Update, made::update(Octets().prefix("10.0.0.0/8"), attributes,
                                                    Octets().prefix("10.0.0.0/8")))),
        made::peer_index(3),
        made::rib(DumpSubtype::Ipv6UnicastAddPath, "2001:db8::/32",
                  {made::rib_entry(0, attributes)}),
        made::record(MrtType::Bgp4mp, 5, made::session(4).u16(6).u16(1))};
    for (const Octets& whole : records) {
        for (std::size_t size = 0; size <= whole.size(); ++size) {
            Octets cut = whole;
            cut.raw().resize(size);
            if (size >= 12) {
                cut.raw()[10] = static_cast<std::uint8_t>((size - 12) >> 8);
                cut.raw()[11] = static_cast<std::uint8_t>(size - 12);
            }
            survive({reinterpret_cast<const char*>(cut.raw().data()), cut.size()});
        }
    }
}

}  // namespace
}  // namespace dimout::decode
