#include "scenario/check.h"

#include <algorithm>

#include <fmt/format.h>

#include "scenario/blocks.h"
#include "scenario/event_grammar.h"
#include "scenario/registries.h"

namespace dimout::scenario {
namespace {

/// What the addresses of sessions and the options of paths leave room for.
constexpr std::size_t kSessionsMax = 250;
constexpr std::size_t kCollectorsMax = 100;
constexpr std::size_t kEventsMax = 250;
/// What is drawn second by second in reasonable time.
constexpr unsigned kRequestsMax = 10'000;
constexpr unsigned kDailyMax = 50;
constexpr unsigned kClumpMax = 100;

class Checker {
public:
    explicit Checker(const Scenario& scenario) : scenario_(scenario) {}

    std::vector<Complaint> run() {
        check_whole();
        for (const Peers& peers : scenario_.peers) {
            if (!has_collector(peers.collector))
                complain(0, "peers of '{}', which is no collector", peers.collector);
        }
        for (const Block& block : scenario_.blocks) check_block(block);
        if (!complaints_.empty()) return std::move(complaints_);  // The rest counts prefixes.
        for (const Traffic& traffic : scenario_.traffic) check_traffic(traffic);
        for (const Event& event : scenario_.events) check_event(event);
        for (const Expectation& expectation : scenario_.expectations)
            check_expectation(expectation);
        return std::move(complaints_);
    }

private:
    template <typename... Arguments>
    void complain(unsigned line, fmt::format_string<Arguments...> sentence,
                  Arguments&&... arguments) {
        complaints_.push_back({line, fmt::format(sentence, std::forward<Arguments>(arguments)...)});
    }

    bool has_collector(std::string_view name) const {
        return std::ranges::find(scenario_.collectors, name, &Collector::name) !=
               scenario_.collectors.end();
    }

    bool has_source(std::string_view source) const {
        const std::size_t slash = source.find('/');
        if (slash == std::string_view::npos) return has_collector(source);
        return std::ranges::any_of(scenario_.peers, [&](const Peers& peers) {
            return peers.collector == source.substr(0, slash) &&
                   std::ranges::any_of(peers.asns, [&](Asn asn) {
                       return fmt::format_int(asn.value).str() == source.substr(slash + 1);
                   });
        });
    }

    void check_whole() {
        if (scenario_.time.from >= scenario_.time.until) {
            complain(0, "expected a line 'from T' and, later in time, a line 'until T'");
        }
        if (scenario_.time.until - scenario_.time.from > std::chrono::days{366}) {
            complain(0, "expected at most 366 days");
        }
        if (scenario_.events.size() > kEventsMax)
            complain(0, "expected at most {} events", kEventsMax);
        if (scenario_.collectors.size() > kCollectorsMax) {
            complain(0, "expected at most {} collectors", kCollectorsMax);
        }
        if (scenario_.peers.empty()) complain(0, "expected at least one collector with peers");
        for (const Collector& collector : scenario_.collectors) check_collector(collector);
        if (scenario_.expectations.empty()) {
            complain(0, "expected what must be found: 'expect nothing' or 'expect outage ...'");
        }
    }

    void check_collector(const Collector& collector) {
        std::size_t sessions = 0;
        for (const Peers& peers : scenario_.peers) {
            sessions += peers.collector == collector.name ? peers.asns.size() : 0;
        }
        if (sessions > kSessionsMax) {
            complain(0, "expected at most {} peers of '{}'", kSessionsMax, collector.name);
        }
        if (std::ranges::count(scenario_.collectors, collector.name, &Collector::name) > 1) {
            complain(0, "the collector '{}' is named twice", collector.name);
        }
        if (collector.name.find_first_of("/.\\") != std::string::npos) {
            complain(0, "the collector's name '{}' is no plain word", collector.name);
        }
    }

    void check_pieces(const Pieces& pieces, const Prefix& prefix, unsigned line) {
        const unsigned bits = std::min(pieces.length - prefix.length, 16U);
        const bool fits = pieces.length >= prefix.length &&
                          pieces.length <= max_length(prefix.family) && pieces.count <= 1U << bits;
        if (!fits)
            complain(line, "{}x{} does not fit into {}", pieces.count, pieces.length,
                     to_string(prefix));
    }

    void check_block(const Block& block) {
        for (const Pieces& pieces : block.pieces) check_pieces(pieces, block.prefix, block.line);
        if (find_country(block.country) == nullptr)
            complain(block.line, "no registry is known for {}", block.country.text());
        for (const Block& other : scenario_.blocks) {
            if (&other == &block || !other.prefix.covers(block.prefix)) continue;
            if (other.prefix == block.prefix || other.country != block.country) {
                complain(block.line, "{} is, or lies in, another block of {}",
                         to_string(block.prefix), other.country.text());
            }
        }
    }

    void check_traffic(const Traffic& traffic) {
        if (count_prefixes(scenario_, traffic.entity) == 0)
            complain(traffic.line, "no block of this scenario belongs to {}",
                     to_string(traffic.entity));
        if (std::ranges::count(scenario_.traffic, traffic.entity, &Traffic::entity) > 1)
            complain(traffic.line, "{} has more than one line of traffic",
                     to_string(traffic.entity));
        if (traffic.per_hour == 0 || traffic.per_hour > kRequestsMax)
            complain(traffic.line, "expected 1 to {} requests an hour", kRequestsMax);
        if (traffic.daily == 0 || traffic.daily > kDailyMax)
            complain(traffic.line, "expected a daily factor of x1 to x{}", kDailyMax);
        if (traffic.clump == 0 || traffic.clump > kClumpMax)
            complain(traffic.line, "expected clumps of 1 to {}", kClumpMax);
    }

    void check_event(const Event& event) {
        if (event.at < scenario_.time.from || event.at >= scenario_.time.until) {
            complain(event.line, "{} is not between 'from' and 'until'", to_rfc3339(event.at));
        }
        if (event.until && *event.until <= event.at)
            complain(event.line, "it ends before it begins");
        if (!event.source.empty()) check_source(event);
        if (event.entity) check_entity(event);
        if (event.prefix) check_prefix(event);
    }

    void check_source(const Event& event) {
        if (!has_source(event.source))
            complain(event.line, "'{}' is no collector and no peer here", event.source);
        const bool whole = event.kind == EventKind::Missing || event.kind == EventKind::Silent;
        const bool names_peer = event.source.find('/') != std::string::npos;
        if (whole && names_peer)
            complain(event.line, "expected a collector, not the peer '{}'", event.source);
    }

    void check_entity(const Event& event) {
        const std::size_t count = count_prefixes(scenario_, *event.entity);
        if (count == 0)
            complain(event.line, "no block of this scenario belongs to {}",
                     to_string(*event.entity));
        const bool has_count = (rule_of(event.kind).allowed & kCount) != 0;
        if (has_count && (event.of != count || event.count > count)) {
            complain(event.line, "{} has {} prefixes, not {}", to_string(*event.entity), count,
                     event.of);
        }
    }

    void check_prefix(const Event& event) {
        const Block* block = block_around(scenario_, *event.prefix);
        if (block == nullptr)
            return complain(event.line, "no block of this scenario holds {}",
                            to_string(*event.prefix));
        if (event.kind == EventKind::Renumber && !block->reserved) {
            complain(event.line, "the new block {} must be marked 'reserved'",
                     to_string(*event.prefix));
        }
        if (event.pieces) check_pieces(*event.pieces, *event.prefix, event.line);
    }

    void check_expectation(const Expectation& expectation) {
        for (const PhaseSpan& span : expectation.phases) {
            if (!span.until || *span.until <= span.from)
                complain(expectation.line, "phases are not in order of time");
        }
        if (expectation.entity && count_prefixes(scenario_, *expectation.entity) == 0) {
            complain(expectation.line, "no block of this scenario belongs to {}",
                     to_string(*expectation.entity));
        }
    }

    const Scenario& scenario_;
    std::vector<Complaint> complaints_;
};

}  // namespace

std::vector<Complaint> check(const Scenario& scenario) { return Checker(scenario).run(); }

}  // namespace dimout::scenario
