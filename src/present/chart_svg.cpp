#include "present/chart_svg.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "present/chart_scale.h"

namespace dimout::present {
namespace {

/// Half of what a whole date under a tick needs on a phone.
constexpr double kDateHalf = 56;
constexpr double kLine = 22;

std::string band(const ChartScale& scale, EventTime from, EventTime until, std::string_view look) {
    const double left = scale.x(from);
    const double right = scale.x(until);
    if (right <= left) return {};
    return fmt::format("<rect {} x=\"{:.1f}\" y=\"{}\" width=\"{:.1f}\" height=\"{}\"/>\n", look,
                       left, kChartTop, right - left, kChartHeight - kChartTop - kChartBottom);
}

/// From the lowest to the highest of each column, stretch by stretch between gaps.
std::string areas(const ReportChart& chart, const ChartScale& scale) {
    std::string text;
    const auto& columns = chart.columns;
    for (std::size_t i = 0; i < columns.size();) {
        if (!columns[i].lowest) {
            ++i;
            continue;
        }
        std::size_t end = i;
        std::string over;
        std::string under;
        for (; end < columns.size() && columns[end].lowest; ++end) {
            const ChartColumn& one = columns[end];
            over += fmt::format("{:.1f},{:.1f} {:.1f},{:.1f} ", scale.x(one.from),
                                scale.y(*one.highest), scale.x(one.until), scale.y(*one.highest));
            under = fmt::format("{:.1f},{:.1f} {:.1f},{:.1f} ", scale.x(one.until),
                                scale.y(*one.lowest), scale.x(one.from), scale.y(*one.lowest)) +
                    under;
        }
        text += fmt::format("<polygon class=\"line\" points=\"{}{}\"/>\n", over, under);
        i = end;
    }
    return text;
}

/// The highest value stands over the drawing, where it has room however long it is.
std::string axes(const ChartScale& scale) {
    const double base = kChartHeight - kChartBottom;
    std::string text = fmt::format(
        "<path class=\"axis\" d=\"M{0},{1}V{2}H{3}\"/>\n<text x=\"0\" y=\"{4}\">{5}</text>\n"
        "<text x=\"{6}\" y=\"{2}\" text-anchor=\"end\">0</text>\n",
        kChartLeft, kChartTop, base, kChartWidth - kChartRight, kChartTop - 8, scale.top(),
        kChartLeft - 6);
    const auto words = [&](double x, double y, const std::string& what) {
        if (!what.empty())
            text += fmt::format(
                "<text class=\"tick\" x=\"{:.1f}\" y=\"{}\" text-anchor=\"middle\">{}</text>\n",
                std::clamp(x, kDateHalf, kChartWidth - kDateHalf), y, what);
    };
    for (const TimeTick& tick : time_ticks(scale.from(), scale.until())) {
        const double x = scale.x(tick.time);
        text += fmt::format("<path class=\"axis\" d=\"M{0:.1f},{1}v5\"/>", x, base);
        words(x, base + kLine, tick.clock);
        words(x, base + (tick.clock.empty() ? kLine : 2 * kLine), tick.day);
    }
    return text;
}

}  // namespace

std::string escaped(std::string_view text, Isolates isolates) {
    std::string safe;
    const auto mark = [&](std::string_view element) {
        if (isolates == Isolates::AsElements) safe += element;
    };
    while (!text.empty()) {
        if (text.starts_with(kFirstStrong)) {
            mark("<bdi>");
        } else if (text.starts_with(kLeftToRight)) {
            mark("<bdi dir=\"ltr\" lang=\"en\">");
        } else if (text.starts_with(kPopIsolate)) {
            mark("</bdi>");
        } else {
            switch (text.front()) {
                case '&': safe += "&amp;"; break;
                case '<': safe += "&lt;"; break;
                case '>': safe += "&gt;"; break;
                case '"': safe += "&quot;"; break;
                default: safe += text.front();
            }
            text.remove_prefix(1);
            continue;
        }
        text.remove_prefix(kPopIsolate.size());
    }
    return safe;
}

std::string chart_svg(const ReportFacts& facts, const Figure& figure, std::size_t number) {
    const ReportChart& chart = facts.charts[figure.chart];
    const ChartScale scale(chart);
    std::string text = fmt::format(
        "<svg viewBox=\"0 0 {0} {1}\" role=\"img\" aria-labelledby=\"t{2} d{2}\">\n"
        "<title id=\"t{2}\">{3}</title><desc id=\"d{2}\">{4}</desc>\n"
        "<defs><pattern id=\"gap{2}\" width=\"8\" height=\"8\" patternUnits=\"userSpaceOnUse\">"
        "<rect class=\"gap-ground\" width=\"8\" height=\"8\"/>"
        "<path class=\"gap-hatch\" d=\"M0,8L8,0\"/></pattern></defs>\n",
        kChartWidth, kChartHeight, number, escaped(figure.title, Isolates::Dropped),
        escaped(figure.description, Isolates::Dropped));
    for (const PhaseSpan& span : facts.outage.phases)
        text += band(scale, span.from, span.until.value_or(scale.until()),
                     fmt::format("class=\"phase {}\"", to_string(span.phase)));
    for (const ChartColumn& column : chart.columns) {
        if (!column.lowest)
            text += band(scale, column.from, column.until,
                         fmt::format("class=\"gap\" fill=\"url(#gap{})\"", number));
    }
    return text + areas(chart, scale) + axes(scale) + "</svg>\n";
}

}  // namespace dimout::present
