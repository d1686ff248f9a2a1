#include "catalogue/csv.h"

#include <algorithm>

namespace dimout::catalogue {

CsvReader::CsvReader(std::string_view text) : rest_(text) {
    if (rest_.starts_with("\xEF\xBB\xBF")) rest_.remove_prefix(3);
}

bool CsvReader::next(std::vector<std::string>& fields) {
    while (!rest_.empty()) {
        fields.clear();
        line_ = next_line_;
        for (;;) {
            fields.push_back(rest_.starts_with('"') ? quoted() : plain());
            if (!rest_.starts_with(',')) break;
            rest_.remove_prefix(1);
        }
        if (rest_.starts_with('\r')) rest_.remove_prefix(1);
        if (rest_.starts_with('\n')) rest_.remove_prefix(1);
        ++next_line_;
        if (fields.size() > 1 || !fields.front().empty()) return true;
    }
    return false;
}

std::string CsvReader::quoted() {
    std::string field;
    rest_.remove_prefix(1);
    while (!rest_.empty()) {
        const std::size_t quote = std::min(rest_.find('"'), rest_.size());
        field += rest_.substr(0, quote);
        rest_.remove_prefix(std::min(quote + 1, rest_.size()));
        if (!rest_.starts_with('"')) break;
        field += '"';
        rest_.remove_prefix(1);
    }
    next_line_ += static_cast<std::size_t>(std::ranges::count(field, '\n'));
    return field + plain();  // What follows a closing quote is kept rather than lost.
}

std::string CsvReader::plain() {
    const std::size_t end = std::min(rest_.find_first_of(",\r\n"), rest_.size());
    std::string field(rest_.substr(0, end));
    rest_.remove_prefix(end);
    return field;
}

}  // namespace dimout::catalogue
