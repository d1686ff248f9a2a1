// What the shell is told (DESIGN §3). 130 and 143 follow from the signal that stopped us.
#pragma once

namespace dimout::app {

enum ExitCode : int {
    kDone = 0,
    kFailed = 1,
    kIncomplete = 2,  ///< Done, but the input had gaps, errors or a torn end.
    kUsage = 64,
};

}  // namespace dimout::app
