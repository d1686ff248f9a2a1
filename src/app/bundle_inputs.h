// Which files a bundle was made from: path, size and SHA-256, so that anybody can get the same
// ones.
#pragma once

#include <string>

#include "app/commands.h"
#include "app/recorder.h"
#include "base/error.h"

namespace dimout::app {

/// `inputs.json`. Paths begin with the last folder that the user named: where on his disk it lies
/// is his business.
[[nodiscard]] Result<std::string> inputs_text(const ReplayOptions& options,
                                              const Recording& recording);

}  // namespace dimout::app
