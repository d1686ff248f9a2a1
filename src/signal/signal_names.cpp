#include "signal/signal_names.h"

#include <algorithm>
#include <array>

namespace dimout::signal {
namespace {

constexpr std::size_t kAny = 0;
constexpr std::size_t kAll = 4;

constexpr std::array kSignals{
    SignalName{
        "bgp.addresses_fallen",
        "Addresses that fell below half of the full-feed ASNs within the bin, once for each fall.",
        "addresses", Family::v4, [](const EntityBin& e) { return e.churn.addresses_fallen_v4; },
        false, false},
    SignalName{"bgp.announcements", "Announcements by full-feed peers.", "updates", Family::v4,
               [](const EntityBin& e) { return e.churn.announcements; }, false, false},
    SignalName{
        "bgp.carried_addresses",
        "Addresses that more than a tenth of the full-feed ASNs, and more than one, still see.",
        "addresses", Family::v4, [](const EntityBin& e) { return e.v4.carried; }},
    SignalName{"bgp.flaps", "Times that a full-feed peer lost a prefix it had.", "losses",
               Family::v4, [](const EntityBin& e) { return e.churn.flaps; }, false, false},
    SignalName{"bgp.known_addresses", "Addresses that a full-feed peer announced within 7 days.",
               "addresses", Family::v4, [](const EntityBin& e) { return e.v4.known; }},
    SignalName{"bgp.live_full_feed_asns", "Full-feed ASNs whose IPv4 tables were counted.", "ASNs",
               Family::v4},
    SignalName{"bgp.live_full_feed_asns_v6", "Full-feed ASNs whose IPv6 tables were counted.",
               "ASNs", Family::v6},
    SignalName{"bgp.mean_addresses", "Addresses seen by a full-feed ASN, on average.", "addresses",
               Family::v4, [](const EntityBin& e) { return e.v4.votes; }, true},
    SignalName{"bgp.mean_slash48", "IPv6 /48 blocks seen by a full-feed ASN, on average.",
               "/48 blocks", Family::v6, [](const EntityBin& e) { return e.v6.votes; }, true},
    SignalName{"bgp.path_changes", "Announcements that replaced a path by another.", "updates",
               Family::v4, [](const EntityBin& e) { return e.churn.path_changes; }, false, false},
    SignalName{"bgp.visible_addresses",
               "Addresses that at least half of the full-feed ASNs see through their own prefix.",
               "addresses", Family::v4,
               [](const EntityBin& e) { return e.v4.addresses[kHalfVisible]; }},
    SignalName{"bgp.visible_addresses_all",
               "Addresses that all full-feed ASNs see through their own prefix.", "addresses",
               Family::v4, [](const EntityBin& e) { return e.v4.addresses[kAll]; }},
    SignalName{"bgp.visible_addresses_any",
               "Addresses that at least one full-feed ASN sees through their own prefix.",
               "addresses", Family::v4, [](const EntityBin& e) { return e.v4.addresses[kAny]; }},
    SignalName{"bgp.visible_slash24",
               "IPv4 /24 blocks that at least half of the full-feed ASNs see through any prefix "
               "(IODA's definition).",
               "/24 blocks", Family::v4,
               [](const EntityBin& e) { return e.v4.blocks_any_cover[kHalfVisible]; }},
    SignalName{
        "bgp.visible_slash24_strict",
        "IPv4 /24 blocks that at least half of the full-feed ASNs see through their own prefix.",
        "/24 blocks", Family::v4, [](const EntityBin& e) { return e.v4.blocks[kHalfVisible]; }},
    SignalName{"bgp.visible_slash48",
               "IPv6 /48 blocks that at least half of the full-feed ASNs see through any prefix.",
               "/48 blocks", Family::v6,
               [](const EntityBin& e) { return e.v6.blocks_any_cover[kHalfVisible]; }},
    SignalName{
        "bgp.visible_slash48_strict",
        "IPv6 /48 blocks that at least half of the full-feed ASNs see through their own prefix.",
        "/48 blocks", Family::v6, [](const EntityBin& e) { return e.v6.blocks[kHalfVisible]; }},
    SignalName{"bgp.withdrawals", "Withdrawals by full-feed peers.", "updates", Family::v4,
               [](const EntityBin& e) { return e.churn.withdrawals; }, false, false},
};
static_assert(std::ranges::is_sorted(kSignals, {}, &SignalName::name));

}  // namespace

std::span<const SignalName> signal_names() { return kSignals; }

const SignalName* find_signal(std::string_view name) {
    const auto found = std::ranges::lower_bound(kSignals, name, {}, &SignalName::name);
    return found != kSignals.end() && found->name == name ? &*found : nullptr;
}

std::optional<double> value_of(const SignalName& signal, const EntityBin& entity,
                               const Coverage& coverage) {
    if (signal.numerator == nullptr) return coverage.live;
    if (coverage.live == 0) return std::nullopt;
    const auto value = static_cast<double>(signal.numerator(entity));
    return signal.per_asn ? value / coverage.live : value;
}

}  // namespace dimout::signal
