// A TOML file that people write by hand, read key by key: what is wrong with it is collected, so
// that everything is said at once, each with file, line, key and what was expected. A key that
// nobody asked for is a fault, with the one that was probably meant.
//
//   TomlDocument document(text, "dimout.toml");
//   TomlSection top = document.top();
//   top.text("store", store);
//   TomlSection sources = top.section("sources");
//   sources.texts("bmp", bmp, expect_address);
//   sources.finish();
//   top.finish();
//   if (!document.faults().empty()) …
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/toml.h"

namespace dimout {

/// What is wrong, in the order of lines.
class TomlFaults {
public:
    explicit TomlFaults(std::string file) : file_(std::move(file)) {}
    /// `what` without a full stop: "store: expected a text".
    void add(std::uint32_t line, std::string what);
    [[nodiscard]] bool empty() const { return faults_.empty(); }
    /// One a line: "dimout.toml:3: store: expected a text."
    [[nodiscard]] std::string text() const;

private:
    struct Fault {
        std::uint32_t line = 0;
        std::string what;
    };
    std::string file_;
    std::vector<Fault> faults_;  ///< By line; of one line in the order in which they were told.
};

/// What is wrong with a text: "expected an address"; empty when nothing is.
using TomlCheck = std::function<std::string(const std::string&)>;

class TomlDocument;

/// A table of the document, or one that is not there: then nothing is set. Goes before the document
/// does.
class TomlSection {
public:
    /// Each sets `target` when the key is there and right. Texts may hold any letters.
    void text(std::string_view key, std::optional<std::string>& target,
              const TomlCheck& check = {});
    void texts(std::string_view key, std::optional<std::vector<std::string>>& target,
               const TomlCheck& check = {});
    void number(std::string_view key, std::optional<std::int64_t>& target, std::int64_t least,
                std::int64_t most);
    void truth(std::string_view key, std::optional<bool>& target);
    [[nodiscard]] TomlSection section(std::string_view key);
    /// Somebody else reads these.
    void leave(std::initializer_list<std::string_view> keys);

    /// Where the key stands; 0 when it does not.
    [[nodiscard]] std::uint32_t line_of(std::string_view key) const;
    /// The keys that were asked for so far.
    [[nodiscard]] const std::vector<std::string_view>& keys() const { return known_; }
    /// What stands in it.
    [[nodiscard]] std::vector<std::string_view> present() const;
    /// Complains of every key that nobody asked for.
    void finish();

private:
    friend class TomlDocument;
    TomlSection(TomlDocument& document, const toml::table* table, std::string path)
        : document_(document), table_(table), path_(std::move(path)) {}
    [[nodiscard]] const toml::node* node(std::string_view key);
    void fault(const toml::node& node, std::string_view key, std::string_view what);

    TomlDocument& document_;
    const toml::table* table_;  ///< Null: it is not there.
    std::string path_;          ///< `sources.`
    std::vector<std::string_view> known_;
};

class TomlDocument {
public:
    /// A text that is no TOML is one fault, and an empty document. `file` stands in the faults.
    TomlDocument(std::string_view text, std::string file);
    TomlDocument(const TomlDocument&) = delete;
    TomlDocument& operator=(const TomlDocument&) = delete;

    [[nodiscard]] TomlSection top() { return {*this, &table_, ""}; }
    [[nodiscard]] TomlFaults& faults() { return faults_; }
    /// False when the text is no TOML.
    [[nodiscard]] bool readable() const { return readable_; }

private:
    friend class TomlSection;
    [[nodiscard]] std::string text_of(const toml::node& node) const;

    std::string text_;
    TomlFaults faults_;
    toml::table table_;
    bool readable_ = true;
};

}  // namespace dimout
