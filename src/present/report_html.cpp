#include "present/report_html.h"

#include <fmt/format.h>

#include "present/chart_svg.h"
#include "present/report_style.h"

namespace dimout::present {
namespace {

std::string html(std::string_view text) { return escaped(text, Isolates::AsElements); }

class Page {
public:
    explicit Page(const ReportFacts& facts) : facts_(facts) {}

    void print(const std::vector<Block>& blocks) {
        for (const Block& block : blocks)
            std::visit([this](const auto& one) { add(one); }, block.what);
    }
    [[nodiscard]] const std::string& text() const { return text_; }

private:
    void add(const Heading& heading) {
        text_ += fmt::format("<h{0}>{1}</h{0}>\n", heading.level, html(heading.text));
    }
    void add(const Paragraph& paragraph) {
        if (paragraph.text.empty()) return;
        const std::string role =
            paragraph.role.empty() ? "" : fmt::format(" class=\"{}\"", paragraph.role);
        text_ += fmt::format("<p{}>{}</p>\n", role, html(paragraph.text));
    }
    void add(const List& list) {
        text_ += "<ul>\n";
        for (const std::string& item : list.items)
            text_ += fmt::format("<li>{}</li>\n", html(item));
        text_ += "</ul>\n";
    }
    /// A table may be wider than a phone: then it scrolls alone, by keyboard too.
    void open_table(const std::string& caption, const std::vector<std::string>& head) {
        text_ += fmt::format(
            "<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
            "aria-label=\"{}\"><table><caption>{}</caption>\n<thead><tr>",
            escaped(caption, Isolates::Dropped), html(caption));
        for (const std::string& cell : head)
            text_ +=
                cell.empty() ? "<td></td>" : fmt::format("<th scope=\"col\">{}</th>", html(cell));
        text_ += "</tr></thead>\n<tbody>\n";
    }
    void close_table() { text_ += "</tbody></table></div>\n"; }
    void add(const Table& table) {
        open_table(table.caption, table.head);
        for (const auto& row : table.rows) {
            text_ += "<tr>";
            for (const std::string& cell : row) text_ += fmt::format("<td>{}</td>", html(cell));
            text_ += "</tr>\n";
        }
        close_table();
    }
    void add(const Code& code) {
        text_ += fmt::format("<pre lang=\"en\" dir=\"ltr\" tabindex=\"0\"><code>{}</code></pre>\n",
                             html(code.text));
    }
    void add(const Figure& figure) {
        text_ += fmt::format("<figure dir=\"auto\">{}", chart_svg(facts_, figure, figure.chart));
        text_ += "<ul class=\"legend\">";
        for (const auto& [phase, word] : figure.phases)
            text_ += fmt::format(
                "<li><svg viewBox=\"0 0 14 8\" aria-hidden=\"true\"><rect class=\"phase {}\" "
                "width=\"14\" height=\"8\"/></svg>{}</li>",
                to_string(phase), html(word));
        text_ += fmt::format(
            "<li><svg viewBox=\"0 0 14 8\" aria-hidden=\"true\"><rect class=\"gap-ground\" "
            "width=\"14\" height=\"8\"/><path class=\"gap-hatch\" d=\"M0,8L8,0M6,8L14,0\"/></svg>"
            "{}</li></ul>\n",
            html(figure.missing));
        text_ += fmt::format("<figcaption><strong>{}.</strong> {}</figcaption></figure>\n",
                             html(figure.title), html(figure.description));
        text_ += fmt::format("<details><summary>{}</summary>\n", html(figure.data_summary));
        add(figure.data);
        text_ += "</details>\n";
    }
    void add(const ClockTable& table) {
        open_table(table.caption, {"", table.utc_head, table.there_head, table.reader_head});
        for (const auto& row : table.rows) {
            const std::string stamp = to_rfc3339(row.time);
            text_ += fmt::format(
                "<tr><th scope=\"row\">{0}</th><td><time datetime=\"{1}\">{2}</time></td>"
                "<td>{3}</td><td><time datetime=\"{1}\" data-reader>{2}</time></td></tr>\n",
                html(row.what), stamp, html(row.utc), html(row.there));
        }
        close_table();
    }
    void add(const Fold& fold) {
        text_ += fmt::format("<details{}><summary>{}</summary>\n", fold.open ? " open" : "",
                             html(fold.summary));
        print(fold.inside);
        text_ += "</details>\n";
    }

    const ReportFacts& facts_;
    std::string text_;
};

}  // namespace

std::string report_html(const Document& document, const ReportFacts& facts) {
    Page page(facts);
    page.print(document.blocks);
    return fmt::format(
        "<!doctype html>\n<html lang=\"{0}\" dir=\"{1}\" data-digits=\"{8}\">\n<head>\n<meta "
        "charset=\"utf-8\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
        "'unsafe-inline'; script-src 'sha256-{2}'; base-uri 'none'; form-action 'none'\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<title>{3}</title>\n<style>{4}</style>\n</head>\n<body>\n<main>\n{5}"
        "<footer>{6}</footer>\n</main>\n<script>{7}</script>\n</body>\n</html>\n",
        document.language, document.right_to_left ? "rtl" : "ltr", kReportScriptHash,
        escaped(document.title, Isolates::Dropped), kReportStyle, page.text(),
        html(document.generator), kReportScript, document.digits);
}

}  // namespace dimout::present
