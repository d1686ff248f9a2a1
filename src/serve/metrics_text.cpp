#include "serve/metrics_text.h"

#include <fmt/format.h>

namespace dimout::serve {
namespace {

std::string escaped(std::string_view text) {
    std::string out;
    for (const char letter : text) {
        if (letter == '\\' || letter == '"') out += '\\';
        if (letter == '\n')
            out += "\\n";
        else
            out += letter;
    }
    return out;
}

}  // namespace

void MetricsText::family(std::string_view name, std::string_view type, std::string_view help) {
    name_ = name;
    text_ += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, help, name, type);
}

void MetricsText::sample(double value, Labels labels) { line(fmt::format("{}", value), labels); }

void MetricsText::line(std::string_view value, Labels labels) {
    text_ += name_;
    char before = '{';
    for (const auto& [name, content] : labels) {
        text_ += fmt::format("{}{}=\"{}\"", before, name, escaped(content));
        before = ',';
    }
    if (labels.size() > 0) text_ += '}';
    text_ += fmt::format(" {}\n", value);
}

}  // namespace dimout::serve
