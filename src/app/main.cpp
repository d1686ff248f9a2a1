#include <csignal>

#include "app/commands.h"
#include "app/output.h"
#include "app/stop.h"

int main(int count, char** arguments) {
    // A reader that closes the pipe ends us quietly: writes fail and the command returns.
    std::signal(SIGPIPE, SIG_IGN);
    dimout::app::catch_stop_signals();
    const int code = dimout::app::run_command_line(count, arguments);
    return dimout::app::exit_code_after(dimout::app::exit_code_after_output(code));
}
