#include "cause/table.h"

#include <gtest/gtest.h>

#include <numeric>

namespace dimout::cause {
namespace {

constexpr std::string_view kSmall = R"(
version = "t"
tempering = 1.0
prior_worth = 20.0
[source]
here = "a book"
[[cause]]
id = "a"
title = "A"
labelled = 4.0
source = "here"
[[cause]]
id = "b"
title = "B"
labelled = 0.0
source = "here"
[[feature]]
id = "relapses"
group = "recovery"
title = "it relapsed"
cells = [
  { cause = "a", shares = [0.2, 0.8], worth = 9.0, source = "here" },
  { cause = "b", shares = [0.9, 0.1], worth = 9.0, source = "here" },
]
)";

std::string with(std::string_view old, std::string_view now) {
    std::string text(kSmall);
    const std::size_t place = text.find(old);
    EXPECT_NE(place, std::string::npos) << old;
    return text.replace(place, old.size(), now);
}

TEST(CauseTable, reads_cells_and_tempered_prior) {
    const auto table = read_table(kSmall);
    ASSERT_TRUE(table) << table.error().message;
    EXPECT_DOUBLE_EQ(table->hypotheses[0].prior, 4.0 / 6);
    EXPECT_DOUBLE_EQ(table->rows[0].cells[0].expected(1), 0.8);
    EXPECT_DOUBLE_EQ(table->rows[0].cells[0].weight(1), 0.8 * 9 + 0.5);
    EXPECT_EQ(table->rows[0].cells[1].source, "a book");
    EXPECT_DOUBLE_EQ(table->rows[0].tempering, 1.0);
    const auto own = read_table(with("group = \"recovery\"", "group = \"r\"\ntempering = 0.5"));
    ASSERT_TRUE(own) << own.error().message;
    EXPECT_DOUBLE_EQ(own->rows[0].tempering, 0.5);
}

TEST(CauseTable, refuses_what_it_cannot_stand_for) {
    EXPECT_FALSE(read_table("version = "));
    EXPECT_FALSE(read_table(with("0.8]", "0.7]")));
    EXPECT_FALSE(read_table(with("0.8]", "0.8, 0.0]")));
    EXPECT_FALSE(read_table(with("worth = 9.0", "worth = 0.0")));
    EXPECT_FALSE(read_table(with("worth = 9.0, source = \"here\"", "worth = 9.0")));
    EXPECT_FALSE(
        read_table(with("worth = 9.0, source = \"here\"", "worth = 9.0, source = \"elsewhere\"")));
    EXPECT_FALSE(read_table(with("cause = \"b\"", "cause = \"a\"")));
    EXPECT_FALSE(read_table(with("cause = \"b\"", "cause = \"c\"")));
    EXPECT_FALSE(read_table(with("\"relapses\"", "\"motive\"")));
    EXPECT_FALSE(read_table(with("id = \"b\"", "id = \"a\"")));
    EXPECT_FALSE(read_table(with("tempering = 1.0", "tempering = 1.5")));
    EXPECT_FALSE(read_table(with("group = \"recovery\"", "group = \"r\"\ntempering = 0.0")));
}

TEST(CauseTable, the_shipped_one_is_whole) {
    const Table& table = shipped_table();
    EXPECT_EQ(table.hypotheses.size(), 10U);
    EXPECT_EQ(table.rows.size(), kFeatures);
    double sum = 0;
    for (const Hypothesis& cause : table.hypotheses) sum += cause.prior;
    EXPECT_NEAR(sum, 1, 1e-12);
    for (const FeatureRow& row : table.rows) {
        EXPECT_FALSE(row.holder.empty()) << row.title;
        for (const Cell& cell : row.cells) EXPECT_FALSE(cell.source.empty()) << row.title;
    }
}

}  // namespace
}  // namespace dimout::cause
