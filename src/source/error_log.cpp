#include "source/error_log.h"

#include <utility>

namespace dimout::source {

void ErrorLog::add(InputError error) {
    ++total_;
    Entry& entry = by_code_[error.code];
    ++entry.count;
    if (entry.first.size() < kept_) entry.first.push_back(std::move(error));
}

std::string describe(const InputError& error, const std::string& file_name) {
    return file_name + ": record " + std::to_string(error.position.record) + " at byte " +
           std::to_string(error.position.offset) + ": " + error.reason + '.';
}

}  // namespace dimout::source
