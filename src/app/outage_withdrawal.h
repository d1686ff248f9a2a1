// "Who withdrew?" of an outage that a store has, from the paths that the store keeps.
#pragma once

#include <filesystem>
#include <optional>

#include "app/withdrawal_evidence.h"
#include "base/error.h"
#include "model/outage.h"
#include "registry/registry.h"

namespace dimout::app {

/// From 5 minutes before the onset of the darkness, or of the first phase when it never was dark,
/// to 15 minutes after it or to its end: path hunting takes minutes (RFC 4271 §9.2.1.1 lets a
/// session wait 30 s between announcements).
[[nodiscard]] TimeRange onset_window(const Outage& outage);

/// From 5 minutes before the last darkness ended, or the outage when it never was dark, to 15
/// minutes after. Empty while it lasts.
[[nodiscard]] std::optional<TimeRange> return_window(const Outage& outage);

/// Fails when the store holds no paths of that day. Looks at nothing after `known`, if it is given.
/// `registry` says which prefixes belong to a country, and which networks are of the same one.
[[nodiscard]] Result<WithdrawalEvidence> withdrawal_of(const std::filesystem::path& store,
                                                       const Outage& outage,
                                                       const registry::Registry& registry,
                                                       std::optional<EventTime> known = {});

}  // namespace dimout::app
