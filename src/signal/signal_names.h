// The signals that routes give, by name: what `series --signal` takes and the store keeps.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "model/visibility_bin.h"

namespace dimout::signal {

struct SignalName {
    std::string_view name;      ///< `bgp.visible_slash24`.
    std::string_view sentence;  ///< What it says.
    std::string_view unit;
    Family family = Family::v4;  ///< Whose coverage it stands on.
    std::uint64_t (*numerator)(const EntityBin& entity) =
        nullptr;           ///< Null: it is `Coverage::live` itself.
    bool per_asn = false;  ///< Divided by the live full-feed ASNs.
    bool is_level =
        true;  ///< Holds until it changes; else it is a count of the bin, 0 when absent.
};

/// All signals, ordered by name.
[[nodiscard]] std::span<const SignalName> signal_names();
/// Null when there is no such signal.
[[nodiscard]] const SignalName* find_signal(std::string_view name);

/// Its value; empty when nobody full-feed was live, because missing is not zero. (How many were
/// live is known even then.)
[[nodiscard]] std::optional<double> value_of(const SignalName& signal, const EntityBin& entity,
                                             const Coverage& coverage);

}  // namespace dimout::signal
