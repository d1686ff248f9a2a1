// One signal in one bin of a store, as `series` prints it.
#pragma once

#include "present/series.h"
#include "signal/signal_names.h"
#include "store/reader.h"

namespace dimout::app {

/// Without a value when nobody could have seen it.
[[nodiscard]] present::SeriesPoint point_of(const store::SeriesPoint& bin,
                                            const signal::SignalName& signal, const Entity& entity);

}  // namespace dimout::app
