#include "decode/field_writer.h"

#include <algorithm>

namespace dimout::decode {

namespace {

bool is_word(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char letter) {
        return letter > ' ' && letter <= '~' && letter != '"' && letter != '\\' && letter != '=';
    });
}

/// JSON's quotes; bytes beyond ASCII are taken as Latin-1, so that any input makes valid output.
void append_quoted(TextBuffer& out, std::string_view text) {
    out.append('"');
    for (const char letter : text) {
        const auto octet = static_cast<std::uint8_t>(letter);
        if (letter == '"' || letter == '\\')
            out.append('\\').append(letter);
        else if (octet >= ' ' && octet <= '~')
            out.append(letter);
        else
            out.append("\\u00").append_hex(octet);
    }
    out.append('"');
}

}  // namespace

void FieldWriter::address(std::string_view name, const Address& address) {
    word_.clear();
    if (address.family == Family::v4)
        word_.append_v4(address.v4_word());
    else
        word_.append(to_string(address));
    field(name, word_.view());
}

void TextFields::begin_line(std::string_view time, std::string_view kind) {
    head_.clear();
    out_.append(time).append(' ').append(kind);
}

void TextFields::end_line() {
    if (!in_rows_) out_.append('\n');
    in_rows_ = false;
}

void TextFields::name(std::string_view name) { out_.append(' ').append(name); }

void TextFields::field(std::string_view name, std::string_view value) {
    this->name(name);
    out_.append('=');
    if (is_word(value))
        out_.append(value);
    else
        append_quoted(out_, value);
}

void TextFields::number(std::string_view name, std::uint64_t value) {
    this->name(name);
    out_.append('=').append(value);
}

void TextFields::flag(std::string_view name) { this->name(name); }

void TextFields::begin_list(std::string_view name) {
    this->name(name);
    out_.append('=');
    first_item_ = true;
}

TextBuffer& TextFields::item() {
    if (!first_item_) out_.append(',');
    first_item_ = false;
    return out_;
}

void TextFields::end_list() {}

void TextFields::begin_rows(std::string_view) {
    const std::string_view all = out_.view();
    const std::size_t line = all.rfind('\n') + 1;
    head_.append(all.substr(line));
    out_.cut(line);
    in_rows_ = true;
    any_row_ = false;
}

void TextFields::begin_row() {
    out_.append(head_.view());
    any_row_ = true;
}

void TextFields::end_row() { out_.append('\n'); }

void TextFields::end_rows(bool more) {
    // What follows the rows, such as an error, has a line of its own; so has a record without rows.
    if (!more && any_row_) return;
    out_.append(head_.view());
    in_rows_ = false;
}

void JsonFields::separate() {
    if (comma_) out_.append(',');
    comma_ = true;
}

void JsonFields::name(std::string_view name) {
    separate();
    out_.append('"').append(name).append("\":");
}

void JsonFields::quote(std::string_view text) { append_quoted(out_, text); }

void JsonFields::begin_line(std::string_view time, std::string_view kind) {
    out_.append('{');
    comma_ = false;
    field("time", time);
    field("kind", kind);
}

void JsonFields::end_line() { out_.append("}\n"); }

void JsonFields::field(std::string_view name, std::string_view value) {
    this->name(name);
    quote(value);
}

void JsonFields::number(std::string_view name, std::uint64_t value) {
    this->name(name);
    out_.append(value);
}

void JsonFields::flag(std::string_view name) {
    this->name(name);
    out_.append("true");
}

void JsonFields::begin_list(std::string_view name) {
    this->name(name);
    out_.append('[');
    first_item_ = true;
}

TextBuffer& JsonFields::item() {
    if (!first_item_) out_.append("\",");
    first_item_ = false;
    return out_.append('"');
}

void JsonFields::end_list() {
    if (!first_item_) out_.append('"');
    out_.append(']');
}

void JsonFields::begin_group(std::string_view name) {
    this->name(name);
    out_.append('{');
    comma_ = false;
}

void JsonFields::end_group() {
    out_.append('}');
    comma_ = true;
}

void JsonFields::begin_rows(std::string_view name) {
    this->name(name);
    out_.append('[');
    comma_ = false;
}

void JsonFields::begin_row() {
    separate();
    out_.append('{');
    comma_ = false;
}

void JsonFields::end_row() {
    out_.append('}');
    comma_ = true;
}

void JsonFields::end_rows(bool) {
    out_.append(']');
    comma_ = true;
}

}  // namespace dimout::decode
