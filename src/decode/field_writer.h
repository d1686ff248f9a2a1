// Named values in a line: as `name=value` for people, as JSON for programs.
//
// Whoever describes a record says each thing once, to a FieldWriter. Groups and rows are what
// differs: in JSON they nest, in text a group is nothing and each row is a line that begins like
// the others.
#pragma once

#include <cstdint>
#include <string_view>

#include "decode/text_buffer.h"

namespace dimout::decode {

class FieldWriter {
public:
    explicit FieldWriter(TextBuffer& out) : out_(out) {}
    virtual ~FieldWriter() = default;

    virtual void begin_line(std::string_view time, std::string_view kind) = 0;
    virtual void end_line() = 0;
    /// Words that need no quotes in JSON but as a string, such as addresses, need none of their
    /// own.
    virtual void field(std::string_view name, std::string_view value) = 0;
    /// In the form of RFC 5952.
    void address(std::string_view name, const Address& address);
    virtual void number(std::string_view name, std::uint64_t value) = 0;
    virtual void flag(std::string_view name) = 0;
    /// A list of words: `begin_list`, then `item` before each is appended to the buffer, then
    /// `end_list`.
    virtual void begin_list(std::string_view name) = 0;
    virtual TextBuffer& item() = 0;
    virtual void end_list() = 0;
    virtual void begin_group(std::string_view name) = 0;
    virtual void end_group() = 0;
    virtual void begin_rows(std::string_view name) = 0;
    virtual void begin_row() = 0;
    virtual void end_row() = 0;
    /// `more`: fields of the record itself follow.
    virtual void end_rows(bool more) = 0;

protected:
    TextBuffer& out_;

private:
    TextBuffer word_;
};

class TextFields final : public FieldWriter {
public:
    using FieldWriter::FieldWriter;
    void begin_line(std::string_view time, std::string_view kind) override;
    void end_line() override;
    void field(std::string_view name, std::string_view value) override;
    void number(std::string_view name, std::uint64_t value) override;
    void flag(std::string_view name) override;
    void begin_list(std::string_view name) override;
    TextBuffer& item() override;
    void end_list() override;
    void begin_group(std::string_view) override {}
    void end_group() override {}
    void begin_rows(std::string_view name) override;
    void begin_row() override;
    void end_row() override;
    void end_rows(bool more) override;

private:
    void name(std::string_view name);

    TextBuffer head_;  ///< Of lines that are rows.
    bool first_item_ = true;
    bool in_rows_ = false;
    bool any_row_ = false;
};

class JsonFields final : public FieldWriter {
public:
    using FieldWriter::FieldWriter;
    void begin_line(std::string_view time, std::string_view kind) override;
    void end_line() override;
    void field(std::string_view name, std::string_view value) override;
    void number(std::string_view name, std::uint64_t value) override;
    void flag(std::string_view name) override;
    void begin_list(std::string_view name) override;
    TextBuffer& item() override;
    void end_list() override;
    void begin_group(std::string_view name) override;
    void end_group() override;
    void begin_rows(std::string_view name) override;
    void begin_row() override;
    void end_row() override;
    void end_rows(bool more) override;

private:
    void name(std::string_view name);
    void separate();
    void quote(std::string_view text);

    bool comma_ = false;
    bool first_item_ = true;
};

}  // namespace dimout::decode
