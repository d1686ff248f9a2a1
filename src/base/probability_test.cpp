#include "base/probability.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "base/random.h"

namespace dimout {
namespace {

double uniform(Random& random) { return static_cast<double>(random.next() >> 11) * 0x1p-53; }

TEST(Probability, LogGammaAgreesWithTheLibrary) {
    for (const double x : {1e-3, 0.5, 1.0, 2.0, 3.7, 9.99, 10.0, 123.4, 1e6, 3e9})
        EXPECT_NEAR(log_gamma(x), std::lgamma(x), 1e-13 * std::max(1.0, std::abs(std::lgamma(x))));
}

TEST(Probability, ThePoissonTailIsTheSumOfItsTerms) {
    for (const double mean : {0.1, 3.0, 40.0, 900.0}) {
        double sum = 0;
        for (double x = 0; x < mean * 1.2 + 3; x += 1) {
            sum += std::exp(poisson_log_pmf(x, mean));
            EXPECT_NEAR(poisson_cdf(x, mean), sum, 1e-11) << mean << " " << x;
        }
    }
}

TEST(Probability, TheNegativeBinomialTailIsTheSumOfItsTerms) {
    for (const NegativeBinomial law : {NegativeBinomial{0.2, 5}, {10, 0.7}, {50, 1000}, {400, 5}}) {
        double sum = 0;
        for (double x = 0; x < law.mean * 1.5 + 5; x += 1) {
            sum += std::exp(law.log_pmf(x));
            EXPECT_NEAR(law.cdf(x), sum, 1e-10) << law.mean << " " << x;
        }
    }
}

TEST(Probability, HugeCountsStayFiniteAndInOrder) {
    const NegativeBinomial law{3e9, 25};
    EXPECT_NEAR(law.cdf(3e9), 0.5, 0.06);
    EXPECT_LT(law.cdf(1e9), 1e-3);
    EXPECT_GT(law.log_ratio(1.5e9, 0.5), 1);
    EXPECT_LT(law.log_ratio(3e9, 0.5), -1);
    EXPECT_TRUE(std::isfinite(law.log_ratio(0, 0.002)));
    EXPECT_NEAR(law.quantile(0.5), 3e9, 6e7);
}

TEST(Probability, ARatioIsTheDifferenceOfTwoLaws) {
    const NegativeBinomial law{12, 7};
    for (const double x : {0.0, 3.0, 12.0, 40.0}) {
        EXPECT_NEAR(law.log_ratio(x, 0.25), (NegativeBinomial{3, 7}.log_pmf(x) - law.log_pmf(x)),
                    1e-10);
    }
}

TEST(Probability, AQuantileIsTheFirstCountThatReachesIt) {
    for (const NegativeBinomial law : {NegativeBinomial{0.2, 5}, {10, 0.7}, {29, 100}}) {
        for (const double p : {0.05, 0.5, 0.95}) {
            const double x = law.quantile(p);
            EXPECT_GE(law.cdf(x), p - 1e-12);
            EXPECT_LT(law.cdf(x - 1), p);
        }
    }
    EXPECT_NEAR(NegativeBinomial({600, 5}).cdf(NegativeBinomial({600, 5}).quantile(0.05)), 0.05,
                0.005);
}

TEST(Probability, QuantilesUndoTails) {
    EXPECT_NEAR(normal_quantile(0.975), 1.959963984540054, 1e-12);
    for (const double p : {1e-100, 1e-9, 0.01, 0.3, 0.5, 0.9, 1 - 1e-9})
        EXPECT_NEAR(normal_cdf(normal_quantile(p)), p, 1e-12 * p) << p;
    EXPECT_NEAR(chi_square_quantile(0.95, 4), 9.487729036781154, 1e-9);
    EXPECT_NEAR(beta_quantile(0.95, 1, 1000), 1 - std::pow(0.05, 1e-3), 1e-12);
}

// methods.md §7: exact intervals of a rate, 90 %.
TEST(Probability, PoissonIntervalsAreThePublishedOnes) {
    EXPECT_NEAR(poisson_interval(1, 0.9).low, 0.051, 5e-4);
    EXPECT_NEAR(poisson_interval(1, 0.9).high, 4.74, 5e-3);
    EXPECT_NEAR(poisson_interval(5, 0.9).low, 1.97, 5e-3);
    EXPECT_NEAR(poisson_interval(5, 0.9).high, 10.5, 2e-2);
}

TEST(Probability, NothingInAThousandIsBelowThreePerMille) {
    EXPECT_NEAR(binomial_upper(0, 1000, 0.95), 0.00299, 1e-5);
    EXPECT_EQ(binomial_interval(0, 10, 0.9).low, 0);
    EXPECT_EQ(binomial_interval(10, 10, 0.9).high, 1);
}

TEST(Probability, DiscreteLawsAddUpToOne) {
    double binomial = 0;
    double beta_binomial = 0;
    for (double x = 0; x <= 20; x += 1) {
        binomial += std::exp(binomial_log_pmf(x, 20, 0.3));
        beta_binomial += std::exp(beta_binomial_log_pmf(x, 20, 0.5, 20));
        EXPECT_NEAR(binomial_cdf(x, 20, 0.3), binomial, 1e-12);
    }
    EXPECT_NEAR(beta_binomial, 1, 1e-12);
}

TEST(Probability, RandomisedPOfPoissonCountsIsUniform) {
    int rejected = 0;
    for (std::uint64_t seed = 1; seed <= 100; ++seed) {
        Random random(seed);
        std::vector<double> values;
        for (int i = 0; i < 300; ++i) {
            // Inversion: the count whose cdf first exceeds the draw.
            const double draw = uniform(random);
            double x = 0;
            while (poisson_cdf(x, 2.5) < draw) x += 1;
            values.push_back(
                randomised_p(poisson_cdf(x - 1, 2.5), poisson_cdf(x, 2.5), uniform(random)));
        }
        rejected += ks_p_value(ks_distance(values), values.size()) < 0.05 ? 1 : 0;
    }
    EXPECT_LE(rejected, 10);
}

TEST(Probability, KolmogorovsTableIsReproduced) {
    EXPECT_NEAR(ks_p_value(1.358 / std::sqrt(1000.0), 1000), 0.05, 0.002);
    const std::vector<double> three{0.1, 0.5, 0.6};
    EXPECT_NEAR(ks_distance(three), 0.4, 1e-15);
}

TEST(Probability, ABootstrapIntervalHoldsTheMeanAndRepeats) {
    std::vector<double> values;
    for (int i = 0; i < 100; ++i) values.push_back(i);
    const Interval interval = bootstrap_mean(values, 0.9, 1000, 7);
    EXPECT_LT(interval.low, 49.5);
    EXPECT_GT(interval.high, 49.5);
    EXPECT_NEAR(interval.high - interval.low, 2 * 1.645 * 2.886, 1);
    EXPECT_EQ(interval, bootstrap_mean(values, 0.9, 1000, 7));
}

TEST(Probability, LogsAddWithoutOverflow) {
    EXPECT_NEAR(log_add(1000, 1000), 1000 + std::log(2.0), 1e-12);
    const std::vector<double> logs{-2000, -2000, -2000};
    EXPECT_NEAR(log_sum(logs), -2000 + std::log(3.0), 1e-12);
}

}  // namespace
}  // namespace dimout
