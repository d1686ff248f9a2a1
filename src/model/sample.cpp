#include "model/sample.h"

namespace dimout {

std::optional<SignalKind> kind_of_signal(std::string_view signal) {
    const std::string_view kind = signal.substr(0, signal.find('.'));
    if (kind.size() + 1 >= signal.size()) return std::nullopt;
    if (kind == "bgp") return SignalKind::Routes;
    if (kind == "traffic") return SignalKind::Traffic;
    if (kind == "probe") return SignalKind::Probes;
    return std::nullopt;
}

}  // namespace dimout
