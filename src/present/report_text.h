// A report as a text in one language, before it is Markdown or a page.
//
// Three depths: what happened, what speaks for it, and the raw data with the commands that make all
// of it again. Texts hold Unicode isolates (messages.h); whoever prints them turns those into what
// its format has.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "present/messages.h"
#include "present/report_facts.h"

namespace dimout::present {

struct Block;

struct Heading {
    int level = 2;
    std::string text;
};
struct Paragraph {
    std::string text;
    std::string role;  ///< `headline`, `verdict`, `note`, or nothing special.
};
struct List {
    std::vector<std::string> items;
};
struct Table {
    std::string caption;
    std::vector<std::string> head;
    std::vector<std::vector<std::string>> rows;
};
struct Code {
    std::string text;
};
/// A chart of ReportFacts. The table says the same; Markdown, which has no charts and no folds,
/// does with the description.
struct Figure {
    std::size_t chart = 0;
    std::string title;
    std::string description;
    std::string missing;  ///< "not measured", for the legend.
    std::vector<std::pair<Phase, std::string>> phases;
    std::string data_summary;  ///< "The same as a table".
    Table data;
};
/// A row of the table of clocks; a page adds the reader's own.
struct ClockTable {
    struct Row {
        std::string what;
        EventTime time;
        std::string utc;
        std::string there;  ///< Empty when nobody knows.
    };
    std::string caption;
    std::string utc_head;
    std::string there_head;
    std::string reader_head;
    std::vector<Row> rows;
};
/// What a page may show closed.
struct Fold {
    std::string summary;
    bool open = false;
    std::vector<Block> inside;
};

struct Block {
    std::variant<Heading, Paragraph, List, Table, Code, Figure, ClockTable, Fold> what;
};

struct Document {
    std::string language;
    bool right_to_left = false;
    std::string digits;  ///< Messages::digits().
    std::string title;
    std::string generator;  ///< Who made it, for a page's foot.
    std::vector<Block> blocks;
};

[[nodiscard]] Document report_text(const ReportFacts& facts, const Messages& messages);

/// The first sentence alone, with its hedge word.
[[nodiscard]] std::string report_headline(const ReportFacts& facts, const Messages& messages);

}  // namespace dimout::present
