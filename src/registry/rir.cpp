#include "registry/rir.h"

namespace dimout::registry {
namespace {

struct RirName {
    std::string_view file;
    std::string_view display;
};

constexpr std::array<RirName, 5> kNames{{{"afrinic", "AFRINIC"},
                                         {"apnic", "APNIC"},
                                         {"arin", "ARIN"},
                                         {"lacnic", "LACNIC"},
                                         {"ripencc", "RIPE NCC"}}};

const RirName& names_of(Rir rir) { return kNames[static_cast<std::size_t>(rir)]; }

}  // namespace

std::string_view file_name_of(Rir rir) { return names_of(rir).file; }

std::string_view display_name(Rir rir) { return names_of(rir).display; }

std::optional<Rir> parse_rir(std::string_view file_name) {
    for (const Rir rir : kAllRirs) {
        if (names_of(rir).file == file_name) return rir;
    }
    return std::nullopt;
}

}  // namespace dimout::registry
