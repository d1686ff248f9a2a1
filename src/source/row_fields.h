// The named fields of one row, out of a line of CSV or of NDJSON.
//
// A row is what stands in one line: a quoted field cannot hold a line's end, so that one stray
// quote spoils one row and not the rest of the file.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace dimout::source {

/// How a row says that it has no value: nothing, `NA`, `NaN`, `null`, `None`.
[[nodiscard]] bool says_nothing(std::string_view field);

class RowFields {
public:
    virtual ~RowFields() = default;
    /// Puts the wanted fields of `line` into `fields`, in the order in which they were wanted; an
    /// empty answer is success, else what is wrong. The views live until the next call.
    [[nodiscard]] virtual std::string read(std::string_view line,
                                           std::vector<std::string_view>& fields) = 0;
};

/// The names in the first line of a CSV file.
[[nodiscard]] std::vector<std::string> csv_names(std::string_view line);

/// `places`: the column of each wanted field.
[[nodiscard]] std::unique_ptr<RowFields> csv_fields(std::vector<std::size_t> places);
/// A line is an object; a wanted field that it does not have is empty.
[[nodiscard]] std::unique_ptr<RowFields> json_fields(std::vector<std::string> names);

}  // namespace dimout::source
