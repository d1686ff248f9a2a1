// JSON text, written straight into a string.
//
// The writer keeps track of commas; the caller opens and closes. Numbers that are not finite become
// null, as does an empty optional: a field that is not known is null, never invented.
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace dimout {

class JsonWriter {
public:
    JsonWriter& begin_object();
    JsonWriter& end_object();
    JsonWriter& begin_array();
    JsonWriter& end_array();
    /// The next value belongs to `name`.
    JsonWriter& key(std::string_view name);

    JsonWriter& value(std::string_view text);
    JsonWriter& value(const char* text) { return value(std::string_view(text)); }
    JsonWriter& value(double number);
    JsonWriter& value(bool truth);
    template <std::integral Number>
        requires(!std::same_as<Number, bool>)
    JsonWriter& value(Number number) {
        return raw(std::to_string(number));
    }
    JsonWriter& null();
    template <typename T>
    JsonWriter& value(const std::optional<T>& maybe) {
        return maybe ? value(*maybe) : null();
    }

    template <typename T>
    JsonWriter& field(std::string_view name, const T& content) {
        return key(name).value(content);
    }

    /// What was written so far.
    [[nodiscard]] const std::string& text() const { return text_; }

private:
    JsonWriter& raw(std::string_view text);
    void separate();
    void quote(std::string_view text);

    std::string text_;
    bool needs_comma_ = false;
};

}  // namespace dimout
