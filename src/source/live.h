// What live sources hear, on its way to the journal.
//
// A live source (RIS Live, BMP, …) translates what it hears into MRT records, in the order in which
// it hears them, and tells when it can no longer hear. It knows neither bins nor tables nor time
// zones; when something was heard is noted by whoever listens.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/bytes.h"

namespace dimout::source {

/// Takes what live sources hear. Called from the sources' threads; may make them wait, so that a
/// source that is too fast is read more slowly and not into memory without end.
class Listener {
public:
    virtual ~Listener() = default;
    /// One whole MRT record of `collector` (a name such as `rrc00` or `bmp-core1`), header
    /// included: BGP4MP_ET or BGP4MP (RFC 6396 §4.4, RFC 8050). The stamp is when the collector
    /// saw it, by the collector's clock.
    virtual void hear(std::string_view collector, Bytes record) = 0;
    /// From now on nothing is heard of `collector`, or something was missed: what its tables say is
    /// not known any more until they are told anew. `reason` is for people: "the connection
    /// closed".
    virtual void lose(std::string_view collector, std::string_view reason) = 0;
};

/// What a source can say of itself, for health pages and metrics. A snapshot.
struct SourceHealth {
    bool connected = false;
    std::uint64_t messages = 0;  ///< Taken from the wire.
    std::uint64_t refused = 0;   ///< That could not be understood: counted, never fatal.
    std::uint64_t reconnects = 0;
    /// From the collector's stamp to us, of the newest message; empty: not known.
    std::optional<std::chrono::microseconds> lag{};
};

}  // namespace dimout::source
