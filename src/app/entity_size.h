// How large a country or network was at a moment, gathered from the registry files of that date and
// from a store.
#pragma once

#include "base/error.h"
#include "present/size_card.h"
#include "registry/registry.h"
#include "store/reader.h"

namespace dimout::app {

/// `registry` should be loaded for `at`. Registered and geolocated addresses are known of countries
/// only; routed ones of whatever the store follows, ranked among countries or networks. Reads of
/// the store the rows of that day and kind up to `at`.
[[nodiscard]] Result<present::SizeCard> entity_size(store::Reader& reader,
                                                    const registry::Registry& registry,
                                                    const Entity& entity, EventTime at);

}  // namespace dimout::app
