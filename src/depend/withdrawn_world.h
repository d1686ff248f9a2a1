// Invented Internets in which one link is cut, with what several collectors saw of it.
//
// The truth for "who withdrew?". Networks have one to three providers, peerings, prefixes that are
// announced to some providers only or prepended; collectors hear some networks in full and some in
// part, their clocks are off by seconds, and other things happen at the same time: another link
// goes, networks withdraw prefixes, single peers move or lose routes, and some routes get stuck.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "depend/withdrawn_bgp.h"
#include "depend/withdrawn_routes.h"

namespace dimout::depend {

struct MadeInternetSize {
    unsigned core = 6;
    unsigned middle = 60;
    unsigned stubs = 180;
    unsigned peers = 20;  ///< Networks that tell a collector; drawn between half and all of it.
    /// 1: of a route that the cut does not touch, 1 in 1,000 is lost and 3 move; 3 in 1,000 of the
    /// others get stuck; up to 3 networks withdraw prefixes. 10: ten times that.
    unsigned noise = 1;
};

/// One cut and what was seen of it.
struct LinkRemoval {
    Asn first{};  ///< The two ends of the link that was cut.
    Asn second{};
    /// Whether nothing else explains exactly the same of what was seen, with exactly the same
    /// routes against it: no other link, and no withdrawal by an origin. Worked out from the routes
    /// and the truth alone.
    bool separable = false;
    bool with_origin = false;   ///< The origin of what was lost cannot be told from the link.
    std::size_t lost = 0;       ///< Seen routes that the cut alone took.
    std::size_t moved = 0;      ///< Seen routes that it moved.
    std::size_t unrelated = 0;  ///< Seen changes that it did not make.
    /// The network whose loss is asked about: one of those that lost routes, if any did, of whose
    /// changes the cut made more than half.
    Asn subject{};
    std::vector<RouteFate> asked{};   ///< All routes to the subject.
    std::vector<RouteFate> others{};  ///< All other routes.
};

class MadeInternet {
public:
    MadeInternet(const MadeInternetSize& size, std::uint64_t seed);

    /// Cuts a link that some seen route crosses and asks about a network that felt it. Empty when
    /// nobody who was looking saw a change of it.
    [[nodiscard]] std::optional<LinkRemoval> remove_link(std::uint64_t seed);

private:
    struct Vantage {
        std::uint32_t node = 0;
        std::uint16_t collector = 0;
        bool full = true;
    };
    /// Prefixes that one network announces in one way.
    struct Group {
        MadeOrigin origin;
        std::vector<Prefix> prefixes;
        MadeRoutes routes;
    };
    struct Happening;
    struct Seen;

    void link_up(const MadeInternetSize& size, Random& random);
    void announce(Random& random);
    void look(const MadeInternetSize& size, Random& random);
    [[nodiscard]] Hops hops(const Vantage& vantage, const MadeRoutes& routes);
    [[nodiscard]] std::vector<std::uint32_t> crossed_links();
    [[nodiscard]] Happening draw(Random& random);
    [[nodiscard]] bool uses(const Group& group, std::uint32_t link) const;
    void live(const Group& group, std::size_t index, const Happening& happening, Random& random,
              std::vector<Seen>& seen);
    void disturb(std::vector<Seen>& seen, Random& random) const;
    [[nodiscard]] std::optional<LinkRemoval> ask(std::vector<Seen> seen, const Happening& happening,
                                                 Random& random) const;

    MadeTopology topology_;
    MadePaths paths_;
    std::vector<Group> groups_;
    std::vector<Vantage> vantages_;
    unsigned noise_ = 1;
    std::vector<std::uint32_t> crossed_;  ///< Links that some seen route crosses.
    std::vector<std::int64_t> skew_;      ///< By collector, milliseconds.
};

/// Fills in `separable` and `with_origin` from the truth and the routes.
void judge_separability(LinkRemoval& removal);

[[nodiscard]] Asn made_asn(std::uint32_t node);

}  // namespace dimout::depend
