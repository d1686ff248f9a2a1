// Numbers in the text form that Prometheus reads
// (https://prometheus.io/docs/instrumenting/exposition_formats, version 0.0.4).
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace dimout::serve {

class MetricsText {
public:
    using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;
    static constexpr std::string_view kType = "text/plain; version=0.0.4; charset=utf-8";

    /// The samples that follow are of this name. `help` is one line; `type`: counter or gauge.
    void family(std::string_view name, std::string_view type, std::string_view help);
    void sample(double value, Labels labels = {});
    template <std::integral Number>
    void sample(Number value, Labels labels = {}) {
        line(std::to_string(value), labels);
    }
    /// A family of one sample without labels.
    template <typename Number>
    void one(std::string_view name, std::string_view type, std::string_view help, Number value) {
        family(name, type, help);
        sample(value);
    }
    [[nodiscard]] const std::string& text() const { return text_; }

private:
    void line(std::string_view value, Labels labels);

    std::string name_;
    std::string text_;
};

}  // namespace dimout::serve
