// stdout in large pieces. A closed pipe is not an error: the command ends quietly.
#pragma once

#include <string_view>

namespace dimout::app {

/// Writes all of `text`; false when nobody reads any more, or the disk behind stdout is full.
bool write_out(std::string_view text);
/// `code`, but failed when stdout could not take all that was written (a full disk, not a closed
/// pipe).
[[nodiscard]] int exit_code_after_output(int code);
/// One line to stderr, prefixed by the program's name.
void complain(std::string_view sentence);
/// From now on complaints are JSON: {"time":"…","message":"…"}, a line each.
void complain_as_json();

}  // namespace dimout::app
