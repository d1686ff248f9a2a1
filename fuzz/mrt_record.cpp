// Any bytes as MRT records, so that a peer index and rows that name it can meet: decoded, and
// printed in every format. Each whole record is one frame; the rest is given as it is.
#include <cstdint>
#include <string_view>

#include "base/error.h"
#include "decode/decoder.h"
#include "decode/record_printer.h"

namespace {

using namespace dimout;
using namespace dimout::decode;

struct Toucher final : RouteSink {
    void on_update(const Update& update) override {
        update.for_each_withdrawn([&](const Prefix& prefix, std::uint32_t) { check(prefix); });
        update.for_each_announced([&](const Prefix& prefix, std::uint32_t) { check(prefix); });
        if (update.announces()) touch(update.path());
    }
    void on_dump_row(const DumpRow& row) override {
        check(row.prefix);
        touch(row.path());
    }
    void on_dump_begin(const DumpBegin&) override {}
    void on_dump_end(const DumpEnd&) override {}
    void on_state(const StateChange&) override {}

    static void check(const Prefix& prefix) {
        DIMOUT_CHECK(prefix.length <= max_length(prefix.family));
        DIMOUT_CHECK(Prefix::make(prefix.address(), prefix.length) == prefix);
    }
    /// RFC 7607: nobody gets a path through AS 0.
    static void touch(AsPath path) {
        path.for_each_asn([](Asn asn) { DIMOUT_CHECK(asn.value != 0); });
    }
};

template <typename Visit>
void for_each_frame(Bytes bytes, Visit&& visit) {
    Frame frame;
    while (!bytes.empty()) {
        Cursor cursor(bytes);
        cursor.skip(8);
        const std::uint64_t size = std::uint64_t{12} + cursor.u32();
        frame.bytes = bytes.first(size <= bytes.size() && cursor.ok() ? size : bytes.size());
        visit(frame);
        ++frame.position.record;
        bytes = bytes.subspan(frame.bytes.size());
    }
    frame.kind = Frame::Kind::FileEnd;
    visit(frame);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    PeerTable peers;
    Decoder decoder(peers);
    Toucher sink;
    const auto ignore = [](std::string_view) {};
    RecordPrinter text(TextFormat::Text, ignore);
    RecordPrinter json(TextFormat::Json, ignore);
    RecordPrinter bgpdump(TextFormat::Bgpdump, ignore);
    for_each_frame({data, size}, [&](const Frame& frame) {
        decoder.decode(frame, sink);
        text.print(frame);
        json.print(frame);
        bgpdump.print(frame);
    });
    return 0;
}
