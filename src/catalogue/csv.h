// RFC 4180 records, one at a time: quoted fields may hold commas, quotes and line ends.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace dimout::catalogue {

class CsvReader {
public:
    explicit CsvReader(std::string_view text);

    /// The fields of the next record that is not empty; false at the end.
    bool next(std::vector<std::string>& fields);
    /// Line on which the last record began, from 1.
    [[nodiscard]] std::size_t line() const { return line_; }

private:
    std::string quoted();
    std::string plain();

    std::string_view rest_;
    std::size_t line_ = 0;
    std::size_t next_line_ = 1;
};

}  // namespace dimout::catalogue
