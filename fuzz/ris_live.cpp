// Any text as RIS Live messages, one a line: no crash, and whole MRT records with the stamp that is
// told come out, whatever comes in. What is understood once is a repetition the second time.
#include <cstdint>
#include <string_view>

#include "base/error.h"
#include "decode/decoder.h"
#include "source/ris_live.h"

namespace {

using namespace dimout;
using source::RisHeard;

struct Ignore final : decode::RouteSink {
    void on_update(const decode::Update& update) override {
        if (update.announces()) update.path().for_each_asn([](Asn) {});
    }
    void on_dump_begin(const decode::DumpBegin&) override { DIMOUT_CHECK(false); }
    void on_dump_row(const decode::DumpRow&) override { DIMOUT_CHECK(false); }
    void on_dump_end(const decode::DumpEnd&) override { DIMOUT_CHECK(false); }
    void on_state(const decode::StateChange&) override {}
};

void check_record(Bytes bytes, const Stamp& stamp, decode::Decoder& decoder) {
    const auto record = decode::read_record(bytes);
    DIMOUT_CHECK(record && record->type == decode::MrtType::Bgp4mpEt);
    DIMOUT_CHECK(record->time == stamp.time && record->microseconds == stamp.microseconds);
    Ignore sink;
    Frame frame;
    frame.bytes = bytes;
    decoder.decode(frame, sink);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    source::RisLiveTranslator translator({.message_max = 1 << 16, .repeat_window = 64});
    decode::PeerTable peers;
    decode::Decoder decoder(peers);
    std::string_view text(reinterpret_cast<const char*>(data), size);
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        const std::string_view line = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        const RisHeard heard = translator.translate(line);
        for (const Bytes record : heard.records) check_record(record, heard.stamp, decoder);
        if (heard.kind == RisHeard::Kind::Records)
            DIMOUT_CHECK(translator.translate(line).kind == RisHeard::Kind::Repeat);
    }
    DIMOUT_CHECK(translator.refused().total() <= translator.messages());
    return 0;
}
