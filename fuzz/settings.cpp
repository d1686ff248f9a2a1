// Texts that a person can type into dimout.toml or give as an option, read key by key: no crash,
// and every text that comes out is as long as what went in allows.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/endpoint.h"
#include "base/error.h"
#include "base/nearest_word.h"
#include "base/toml_section.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    using namespace dimout;
    const std::string text(reinterpret_cast<const char*>(bytes), size);
    static_cast<void>(parse_endpoint(text));
    TomlDocument document(text, "fuzz");
    std::optional<std::string> word;
    std::optional<std::vector<std::string>> words;
    std::optional<std::int64_t> number;
    std::optional<bool> truth;
    TomlSection top = document.top();
    top.text("store", word);
    top.texts("registry", words);
    top.number("threads", number, 0, 64);
    TomlSection keep = top.section("keep");
    keep.truth("origins_only", truth);
    keep.finish();
    top.finish();
    DIMOUT_CHECK(!word || word->size() <= size);
    DIMOUT_CHECK(document.readable() || (!word && !words && !number && !truth));
    DIMOUT_CHECK(document.readable() || !document.faults().empty());
    static_cast<void>(document.faults().text());
    return 0;
}
