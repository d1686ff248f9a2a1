#include "store/rows.h"

namespace dimout::store {

std::string_view to_string(HealthEvent::Kind kind) {
    switch (kind) {
        case HealthEvent::Kind::PeerDown: return "peer_down";
        case HealthEvent::Kind::PeerReset: return "peer_reset";
        case HealthEvent::Kind::PeerShrunk: return "peer_shrunk";
        case HealthEvent::Kind::PeerSilent: return "peer_silent";
        case HealthEvent::Kind::CollectorSilent: return "collector_silent";
        case HealthEvent::Kind::CollectorBack: return "collector_back";
    }
    return "";
}

}  // namespace dimout::store
