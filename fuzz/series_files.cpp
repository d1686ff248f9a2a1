// Texts that a series can be read from, in the long and in a wide form: no crash, no endless loop,
// and samples in order.
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/error.h"
#include "source/series_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    using namespace dimout::source;
    static const int file = ::memfd_create("series", 0);
    static const std::string path = "/proc/self/fd/" + std::to_string(file);
    if (::ftruncate(file, 0) != 0 || ::pwrite(file, bytes, size, 0) < 0) return 0;
    static_cast<void>(parse_series_spec({reinterpret_cast<const char*>(bytes), size}));
    for (const char* form : {"", ",entity=country/IQ,columns=value:traffic.requests,where=a:b"}) {
        auto files = SeriesFiles::open({*parse_series_spec(path + form)});
        if (!files) continue;
        while (const auto bin = files->next_bin()) {
            for (const auto& sample : files->take(*bin))
                DIMOUT_CHECK(bin_of_end(sample.until()) == *bin && sample.width.count() > 0);
        }
        for (const auto& [code, entry] : files->errors().by_code()) {
            for (const auto& error : entry.first) static_cast<void>(files->describe(error));
        }
    }
    return 0;
}
