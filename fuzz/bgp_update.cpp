// Any bytes as the body of an UPDATE, in a record and message that are right around it. The first
// byte chooses the record's subtype: width of AS numbers, path identifiers, direction.
//
// Held to: what is checked once can be walked; paths are well formed; treat-as-withdraw announces
// nothing.
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "decode/decoder.h"
#include "decode/record_printer.h"

namespace {

using namespace dimout;
using namespace dimout::decode;

struct Judge final : RouteSink {
    void on_update(const Update& update) override {
        std::size_t announced = 0;
        update.for_each_withdrawn([](const Prefix& prefix, std::uint32_t) {
            DIMOUT_CHECK(prefix.length <= max_length(prefix.family));
        });
        update.for_each_announced([&](const Prefix&, std::uint32_t) { ++announced; });
        DIMOUT_CHECK(update.announces() == (announced != 0));
        DIMOUT_CHECK(!update.treat_as_withdraw || announced == 0);
        if (announced == 0) return;
        const AsPath path = update.path();
        DIMOUT_CHECK(check_path(path.wire(), 4) == PathFault::None);
        const Attributes& attributes = update.attributes();
        static_cast<void>(attributes.origin());
        static_cast<void>(attributes.aggregator());
        static_cast<void>(attributes.next_hop());
        static_cast<void>(attributes.link_local_next_hop());
        static_cast<void>(attributes.blackhole());
    }
    void on_dump_begin(const DumpBegin&) override {}
    void on_dump_row(const DumpRow&) override {}
    void on_dump_end(const DumpEnd&) override {}
    void on_state(const StateChange&) override {}
};

/// BGP4MP of AS64500 at 192.0.2.1, around the body.
std::vector<std::uint8_t> wrap(std::uint8_t choice, Bytes body) {
    constexpr std::uint8_t kSubtypes[] = {1, 4, 8, 9, 6, 7, 10, 11};
    const std::uint8_t subtype = kSubtypes[choice % 8];
    const bool wide = subtype == 4 || subtype == 7 || subtype == 9 || subtype == 11;
    std::vector<std::uint8_t> record{0, 0, 0, 0, 0, 16, 0, subtype, 0, 0, 0, 0};
    for (const std::uint8_t low : {0xF4, 0xF5}) {
        if (wide) record.insert(record.end(), {0, 0});
        record.insert(record.end(), {0xFB, low});
    }
    record.insert(record.end(), {0, 0, 0, 1, 192, 0, 2, 1, 192, 0, 2, 2});
    record.insert(record.end(), 16, 0xFF);
    const std::size_t length = 19 + body.size();
    record.insert(record.end(),
                  {static_cast<std::uint8_t>(length >> 8), static_cast<std::uint8_t>(length), 2});
    record.insert(record.end(), body.begin(), body.end());
    const std::size_t size = record.size() - 12;
    for (int i = 0; i < 4; ++i)
        record[8 + static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(size >> (24 - 8 * i));
    return record;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0 || size > 60000) return 0;
    const std::vector<std::uint8_t> record = wrap(data[0], {data + 1, size - 1});
    Frame frame;
    frame.bytes = record;
    PeerTable peers;
    Decoder decoder(peers);
    Judge judge;
    decoder.decode(frame, judge);
    const auto ignore = [](std::string_view) {};
    RecordPrinter json(TextFormat::Json, ignore);
    RecordPrinter bgpdump(TextFormat::Bgpdump, ignore);
    json.print(frame);
    bgpdump.print(frame);
    return 0;
}
