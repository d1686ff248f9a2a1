#include "serve/metrics_text.h"

#include <gtest/gtest.h>

namespace dimout::serve {
namespace {

TEST(MetricsText, names_types_and_labels_stand_where_prometheus_wants_them) {
    MetricsText metrics;
    metrics.family("dimout_messages_total", "counter", "Taken from the wire.");
    metrics.sample(std::uint64_t{18'446'744'073'709'551'615U}, {{"source", "BMP on \"a\\b\"\n"}});
    metrics.sample(7, {{"source", "x"}, {"family", "v4"}});
    metrics.one("dimout_lag_seconds", "gauge", "How late.", 0.25);
    EXPECT_EQ(metrics.text(),
              "# HELP dimout_messages_total Taken from the wire.\n"
              "# TYPE dimout_messages_total counter\n"
              "dimout_messages_total{source=\"BMP on \\\"a\\\\b\\\"\\n\"} 18446744073709551615\n"
              "dimout_messages_total{source=\"x\",family=\"v4\"} 7\n"
              "# HELP dimout_lag_seconds How late.\n"
              "# TYPE dimout_lag_seconds gauge\n"
              "dimout_lag_seconds 0.25\n");
}

}  // namespace
}  // namespace dimout::serve
