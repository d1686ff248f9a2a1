// A journal begins with archives (the seed), and only behind their end does what was heard live
// count.
//
// So nothing was acted upon that a journal heard whose seed was cut short, by a crash or by being
// asked to stop: it is set aside, and the next start reads its archives from the beginning.
#pragma once

#include <string>

#include "base/error.h"
#include "base/files.h"

namespace dimout::source {

/// Whether the journal in `folder` holds a seed that has no end. Unpacks the journal as far as the
/// seed goes. False when there is no journal.
[[nodiscard]] bool has_unfinished_seed(const std::string& folder);

/// Renames the journal's files to `*.unfinished`, which no reader takes for a journal. What they
/// hold of live sources is kept for people, not read again.
[[nodiscard]] Result<void> set_journal_aside(const std::string& folder, Disk& disk = real_disk());

}  // namespace dimout::source
