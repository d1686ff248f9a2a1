// Any bytes as a bundle, its manifest, a signature or a packed member: what is accepted is what we
// would have written, and everything else is refused.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/error.h"
#include "bundle/gzip.h"
#include "bundle/sealed.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    using namespace dimout::bundle;
    constexpr std::size_t kMost = 1 << 20;
    const std::string_view text(reinterpret_cast<const char*>(bytes), size);
    if (const auto views = read_zip(text)) {
        std::vector<Member> members;
        for (const MemberView& view : *views)
            members.push_back({std::string(view.name), std::string(view.content)});
        DIMOUT_CHECK(write_zip(members).value() == text);
    }
    if (const auto opened = open_sealed(text)) DIMOUT_CHECK(opened->members.size() <= size);
    if (const auto manifest = parse_manifest(text)) DIMOUT_CHECK(manifest_text(*manifest) == text);
    if (const auto signature = parse_signature(text))
        DIMOUT_CHECK(signature_text(*signature) == text);
    if (const auto content = gunzip(text, kMost)) DIMOUT_CHECK(content->size() <= kMost);
    return 0;
}
