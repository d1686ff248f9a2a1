// What hearing RIS Live costs, in messages per CPU-second: translation with and without the
// octets, simdjson alone on the same text, and everything from a socket to the listener.
//
//   tests/ris_live.py ARCHIVE > LINES; tests/ris_live_server.py LINES --hold   # prints its port
//   ninja ris_live_bench && src/source/ris_live_bench LINES [ws://127.0.0.1:PORT/]
#include <benchmark/benchmark.h>
#include <simdjson.h>

#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

#include "source/ris_live_source.h"

namespace dimout::source {
namespace {

std::vector<std::string> read_lines(const char* path) {
    std::vector<std::string> lines;
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);) lines.push_back(line);
    return lines;
}

/// As a server sends them that was not asked for raw.
std::vector<std::string> without_raw(std::vector<std::string> lines) {
    for (std::string& line : lines) {
        const std::size_t begin = line.find(",\"raw\":\"");
        if (begin != std::string::npos) line.erase(begin, line.find('"', begin + 8) + 1 - begin);
    }
    return lines;
}

void translate(benchmark::State& state, const std::vector<std::string>& lines) {
    std::size_t octets = 0;
    for (auto unused : state) {
        (void)unused;
        RisLiveTranslator translator;
        for (const std::string& line : lines) {
            for (const Bytes record : translator.translate(line).records) octets += record.size();
        }
    }
    benchmark::DoNotOptimize(octets);
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(lines.size()));
}

/// The floor: the text is looked at once, four fields are taken out, nothing is done with them.
void parse_alone(benchmark::State& state, const std::vector<std::string>& lines) {
    std::vector<simdjson::padded_string> padded;
    for (const std::string& line : lines) padded.emplace_back(line);
    simdjson::ondemand::parser parser;
    std::size_t octets = 0;
    for (auto unused : state) {
        (void)unused;
        for (const simdjson::padded_string& text : padded) {
            simdjson::ondemand::document document;
            simdjson::ondemand::object data;
            if (parser.iterate(text).get(document) || document["data"].get_object().get(data))
                continue;
            for (const char* key : {"peer", "host", "type", "raw"}) {
                std::string_view value;
                if (!data.find_field_unordered(key).get_string().get(value)) octets += value.size();
            }
        }
    }
    benchmark::DoNotOptimize(octets);
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(lines.size()));
}

struct Counting final : Listener {
    void hear(std::string_view, Bytes record) override { octets += record.size(); }
    void lose(std::string_view, std::string_view) override {}
    std::size_t octets = 0;
};

/// The server plays the file once, on its own core; the CPU is that of the reading thread.
void receive(benchmark::State& state, const std::string& url, std::size_t messages) {
    Counting listener;
    const auto clock = machine_clock();
    const auto address = parse_web_address(url);
    if (!address) return state.SkipWithError(address.error().message.c_str());
    const auto open = [&](const std::stop_token& stop) { return open_channel(*address, {}, stop); };
    RisLiveReader reader(listener, {.url = url}, open, *clock);
    for (auto unused : state) {
        (void)unused;
        for (std::size_t step = 0; step <= messages; ++step) reader.step({});
        while (reader.status().health.messages < messages && reader.status().health.connected)
            reader.step({});
        if (!reader.status().health.connected)
            return state.SkipWithError(reader.status().last_trouble.c_str());
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(messages));
}

}  // namespace
}  // namespace dimout::source

int main(int count, char** words) {
    namespace source = dimout::source;
    benchmark::Initialize(&count, words);
    const std::vector<std::string> lines =
        count > 1 ? source::read_lines(words[1]) : std::vector<std::string>{};
    if (lines.empty()) {
        std::fprintf(stderr,
                     "usage: ris_live_bench LINES [URL]; LINES is what ris_live.py prints\n");
        return 64;
    }
    const std::vector<std::string> words_only = source::without_raw(lines);
    benchmark::RegisterBenchmark("translate/raw", source::translate, lines);
    benchmark::RegisterBenchmark("translate/words", source::translate, words_only);
    benchmark::RegisterBenchmark("simdjson_alone", source::parse_alone, lines);
    if (count > 2)
        benchmark::RegisterBenchmark("receive", source::receive, std::string(words[2]),
                                     lines.size())
            ->Iterations(1);
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
