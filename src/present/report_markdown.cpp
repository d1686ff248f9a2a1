#include "present/report_markdown.h"

#include <fmt/format.h>

namespace dimout::present {
namespace {

class Printer {
public:
    explicit Printer(bool right_to_left) : keeps_isolates_(right_to_left) {}

    void print(const std::vector<Block>& blocks) {
        for (const Block& block : blocks)
            std::visit([this](const auto& one) { add(one); }, block.what);
    }
    [[nodiscard]] const std::string& text() const { return text_; }

private:
    /// Without Markdown's own signs; isolates stay only where a line runs from right to left.
    [[nodiscard]] std::string plain(std::string_view text) const {
        std::string safe;
        while (!text.empty()) {
            if (text.starts_with(kFirstStrong) || text.starts_with(kLeftToRight) ||
                text.starts_with(kPopIsolate)) {
                if (keeps_isolates_) safe += text.substr(0, kPopIsolate.size());
                text.remove_prefix(kPopIsolate.size());
                continue;
            }
            if (std::string_view("\\`*_{}[]<>#|").find(text.front()) != std::string_view::npos)
                safe += '\\';
            safe += text.front() == '\n' ? ' ' : text.front();
            text.remove_prefix(1);
        }
        return safe;
    }
    void add_row(const std::vector<std::string>& cells) {
        text_ += '|';
        for (const std::string& cell : cells) text_ += fmt::format(" {} |", plain(cell));
        text_ += '\n';
    }
    void add_rule(std::size_t columns) {
        text_ += '|';
        for (std::size_t i = 0; i < columns; ++i) text_ += "---|";
        text_ += '\n';
    }

    void add(const Heading& heading) {
        text_ += fmt::format("{} {}\n\n", std::string(static_cast<std::size_t>(heading.level), '#'),
                             plain(heading.text));
    }
    void add(const Paragraph& paragraph) {
        const bool strong = paragraph.role == "headline" || paragraph.role == "warning";
        const std::string_view mark = strong ? "**" : "";
        text_ += fmt::format("{0}{1}{0}\n\n", mark, plain(paragraph.text));
    }
    void add(const List& list) {
        for (const std::string& item : list.items) text_ += fmt::format("- {}\n", plain(item));
        text_ += '\n';
    }
    void add(const Table& table) {
        text_ += fmt::format("*{}*\n\n", plain(table.caption));
        add_row(table.head);
        add_rule(table.head.size());
        for (const auto& row : table.rows) add_row(row);
        text_ += '\n';
    }
    void add(const Code& code) { text_ += fmt::format("```\n{}\n```\n\n", code.text); }
    void add(const Figure& figure) {
        text_ += fmt::format("**{}.** {}\n\n", plain(figure.title), plain(figure.description));
    }
    void add(const ClockTable& table) {
        add_row({"", table.utc_head, table.there_head});
        add_rule(3);
        for (const auto& row : table.rows) add_row({row.what, row.utc, row.there});
        text_ += '\n';
    }
    void add(const Fold& fold) {
        text_ += fmt::format("**{}**\n\n", plain(fold.summary));
        print(fold.inside);
    }

    std::string text_;
    bool keeps_isolates_;
};

}  // namespace

std::string report_markdown(const Document& document) {
    Printer printer(document.right_to_left);
    printer.print(document.blocks);
    return fmt::format("{}{}\n", printer.text(), document.generator);
}

}  // namespace dimout::present
