// Pieces of JSON that several of the store's texts are made of.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/json_value.h"
#include "base/time.h"

namespace dimout::store {

inline void write_time(JsonWriter& json, std::string_view name, EventTime time) {
    json.field(name, to_rfc3339(time));
}

inline void write_optional_time(JsonWriter& json, std::string_view name,
                                const std::optional<EventTime>& time) {
    json.key(name);
    time ? json.value(to_rfc3339(*time)) : json.null();
}

inline void write_texts(JsonWriter& json, std::string_view name,
                        const std::vector<std::string>& texts) {
    json.key(name).begin_array();
    for (const std::string& text : texts) json.value(clean(text));
    json.end_array();
}

inline std::vector<std::string> read_texts(const JsonValue& value) {
    std::vector<std::string> texts;
    value.for_each([&](const JsonValue& item) { texts.push_back(item.text()); });
    return texts;
}

/// The beginning of a text that could not be read.
inline std::string shown(std::string_view text) { return std::string(text.substr(0, 120)); }

}  // namespace dimout::store
