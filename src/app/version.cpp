#include "app/version.h"

#include <boost/version.hpp>
#include <fmt/format.h>
#include <isa-l.h>
#include <zstd.h>

#include "store/rows.h"

namespace dimout::app {

std::string version_text() {
    return fmt::format(
        "dimout {}\nstore format {}\nfmt {}.{}.{}, Boost {}.{}.{}, zstd {}, ISA-L {}.{}.{}",
        DIMOUT_VERSION, store::kFormat, FMT_VERSION / 10000, FMT_VERSION / 100 % 100,
        FMT_VERSION % 100, BOOST_VERSION / 100000, BOOST_VERSION / 100 % 1000, BOOST_VERSION % 100,
        ZSTD_versionString(), ISAL_MAJOR_VERSION, ISAL_MINOR_VERSION, ISAL_PATCH_VERSION);
}

}  // namespace dimout::app
