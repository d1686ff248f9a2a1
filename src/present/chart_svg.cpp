#include "present/chart_svg.h"

#include <fmt/format.h>

#include <algorithm>

namespace dimout::present {
namespace {

constexpr double kWidth = 720;
constexpr double kHeight = 230;
constexpr double kLeft = 56;
constexpr double kRight = 10;
constexpr double kTop = 14;
constexpr double kBottom = 30;
constexpr std::int64_t kDay = 86'400;
constexpr std::int64_t kTicksMax = 5;

/// Where times and values lie on the drawing.
class Scale {
public:
    Scale(const ReportChart& chart)
        : from_(chart.columns.front().from), until_(chart.columns.back().until) {
        for (const ChartColumn& column : chart.columns)
            top_ = std::max(top_, column.highest.value_or(0));
    }
    [[nodiscard]] double x(EventTime time) const {
        const double share = static_cast<double>((time - from_).count()) /
                             static_cast<double>((until_ - from_).count());
        return kLeft + std::clamp(share, 0.0, 1.0) * (kWidth - kLeft - kRight);
    }
    [[nodiscard]] double y(double value) const {
        return kTop + (1 - (top_ > 0 ? value / top_ : 0)) * (kHeight - kTop - kBottom);
    }
    [[nodiscard]] double top() const { return top_; }
    [[nodiscard]] EventTime from() const { return from_; }
    [[nodiscard]] EventTime until() const { return until_; }

private:
    EventTime from_;
    EventTime until_;
    double top_ = 0;
};

std::string band(const Scale& scale, EventTime from, EventTime until, std::string_view look) {
    const double left = scale.x(from);
    const double right = scale.x(until);
    if (right <= left) return {};
    return fmt::format("<rect {} x=\"{:.1f}\" y=\"{}\" width=\"{:.1f}\" height=\"{}\"/>\n", look,
                       left, kTop, right - left, kHeight - kTop - kBottom);
}

/// From the lowest to the highest of each column, stretch by stretch between gaps.
std::string areas(const ReportChart& chart, const Scale& scale) {
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

std::string axes(const Scale& scale) {
    const double base = kHeight - kBottom;
    std::string text = fmt::format(
        "<path class=\"axis\" d=\"M{0},{1}V{2}H{3}\"/>\n<text x=\"{4}\" y=\"{5}\" "
        "text-anchor=\"end\">{6}</text>\n<text x=\"{4}\" y=\"{2}\" text-anchor=\"end\">0</text>\n",
        kLeft, kTop, base, kWidth - kRight, kLeft - 6, kTop + 9, scale.top());
    const std::int64_t first = (unix_seconds(scale.from()) + kDay - 1) / kDay;
    const std::int64_t last = unix_seconds(scale.until()) / kDay;
    const std::int64_t step = std::max<std::int64_t>(1, (last - first + kTicksMax) / kTicksMax);
    for (std::int64_t day = first; day <= last; day += step) {
        const EventTime time = event_time(day * kDay);
        text += fmt::format("<path class=\"axis\" d=\"M{0:.1f},{1}v5\"/>", scale.x(time), base);
        text += fmt::format("<text x=\"{:.1f}\" y=\"{}\" text-anchor=\"middle\">{}</text>\n",
                            std::clamp(scale.x(time), kLeft + 30, kWidth - kRight - 34), base + 20,
                            to_rfc3339(time).substr(0, 10));
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
    const Scale scale(chart);
    std::string text = fmt::format(
        "<svg viewBox=\"0 0 {0} {1}\" role=\"img\" aria-labelledby=\"t{2} d{2}\">\n"
        "<title id=\"t{2}\">{3}</title><desc id=\"d{2}\">{4}</desc>\n"
        "<defs><pattern id=\"gap{2}\" width=\"8\" height=\"8\" patternUnits=\"userSpaceOnUse\">"
        "<rect class=\"gap-ground\" width=\"8\" height=\"8\"/>"
        "<path class=\"gap-hatch\" d=\"M0,8L8,0\"/></pattern></defs>\n",
        kWidth, kHeight, number, escaped(figure.title, Isolates::Dropped),
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
