#include "scenario/recorder.h"

#include <algorithm>
#include <array>

#include "scenario/archive_file.h"
#include "scenario/encode.h"
#include "scenario/file_names.h"

namespace dimout::scenario {
namespace {

/// The AS numbers of the two projects' collectors.
constexpr Asn kRouteViewsAsn{6447};
constexpr Asn kRisAsn{12654};

constexpr unsigned kIdle = 1;
constexpr unsigned kEstablished = 6;
/// Idle, Active, OpenSent, OpenConfirm, Established.
constexpr std::array<unsigned, 5> kWayUp{kIdle, 3, 4, 5, kEstablished};

/// Prefixes a message: far below the 4096 octets of RFC 4271 §4.1.
constexpr std::size_t kPrefixesPerMessageMax = 200;
constexpr std::size_t kBufferMax = 1 << 18;

/// What the collector heard of one route of one session.
struct Heard {
    Cell cell = kAbsent;
    std::int32_t since = 0;
};

class Recorder {
public:
    Recorder(const Recording& recording, std::uint16_t collector, const std::filesystem::path& out)
        : it_(recording), number_(collector), collector_(recording.scenario.collectors[collector]), out_(out),
          paths_(recording.internet, recording.timeline.options) {
        for (std::uint16_t i = 0; i < it_.sessions.size(); ++i) {
            if (it_.sessions[i].collector == collector) sessions_.push_back(i);
        }
        if (!sessions_.empty()) first_ = sessions_.front();
        std::ranges::copy_if(it_.timeline.items, std::back_inserter(items_), [&](const Item& item) {
            return it_.sessions[item.session].collector == collector;
        });
        fill_tables();
        order_for_bursts();
    }

    Result<Summary> run(const std::function<void(double)>& progress) {
        const std::int64_t length = (it_.scenario.time.until - it_.scenario.time.from).count();
        for (std::int64_t second = 0; second < length; second += collector_.updates_every.count()) {
            const std::int64_t end = std::min(second + collector_.updates_every.count(), length);
            if (second % collector_.rib_every.count() < collector_.updates_every.count()) {
                if (auto done = write_rib(time_at(second)); !done) return std::unexpected(done.error());
            }
            if (auto done = write_updates(second, end); !done) return std::unexpected(done.error());
            if (progress) progress(static_cast<double>(end) / static_cast<double>(length));
        }
        summary_.peers = sessions_.size();
        return summary_;
    }

private:
    [[nodiscard]] EventTime time_at(std::int64_t second) const { return it_.scenario.time.from + seconds{second}; }

    /// Sessions of a collector have neighbouring numbers.
    [[nodiscard]] std::size_t at(std::uint16_t session, RouteIndex route) const {
        return std::size_t{route} * sessions_.size() + (session - first_);
    }

    [[nodiscard]] const Route& route(RouteIndex index) const { return it_.internet.routes()[index]; }

    void fill_tables() {
        const auto& routes = it_.internet.routes();
        table_.assign(routes.size() * sessions_.size(), kAbsent);
        heard_.resize(table_.size());
        is_up_.assign(sessions_.size(), true);
        hidden_percent_.assign(sessions_.size(), 0);
        for (RouteIndex i = 0; i < routes.size(); ++i) {
            for (const std::uint16_t session : sessions_) {
                const Asn origin = it_.internet.networks()[routes[i].network].asn;
                if (!routes[i].announced || !it_.sessions[session].carries(routes[i], origin)) continue;
                table_[at(session, i)] = 0;
                const auto age = static_cast<std::int32_t>(scaled(mix(it_.seed, session, routes[i].network), 2'000'000));
                heard_[at(session, i)] = {.cell = 0, .since = -age};
            }
        }
    }

    /// A table is told network by network, so that routes with one path share a message.
    void order_for_bursts() {
        for (const Network& network : it_.internet.networks()) {
            burst_order_.insert(burst_order_.end(), network.routes.begin(), network.routes.end());
        }
    }

    [[nodiscard]] std::span<const RouteIndex> slice(std::uint32_t number) const {
        const std::size_t begin = burst_order_.size() * number / kSlices;
        const std::size_t end = burst_order_.size() * (number + 1) / kSlices;
        return std::span(burst_order_).subspan(begin, end - begin);
    }

    // -- RIBs ---------------------------------------------------------------------------------------

    [[nodiscard]] bool lost_at(EventTime time, bool updates) const {
        return std::ranges::any_of(it_.scenario.events, [&](const Event& event) {
            const bool kind = event.kind == EventKind::Silent || (updates && event.kind == EventKind::Missing);
            return kind && event.source == collector_.name && time >= event.at && time < *event.until;
        });
    }

    Result<void> write_rib(EventTime time) {
        if (lost_at(time, false)) return {};
        auto file = ArchiveFile::create(out_ / rib_path(collector_, time), collector_.compression);
        if (!file) return std::unexpected(file.error());
        write_peer_index(time);
        sequence_ = 0;
        for (RouteIndex i = 0; i < it_.internet.routes().size(); ++i) {
            write_rib_record(time, i);
            if (records_.size() > kBufferMax) flush(**file);
        }
        return close(**file);
    }

    void write_peer_index(EventTime time) {
        body_.clear();
        body_.u32(198U << 24 | 18U << 16 | (number_ + 1U) << 8);  // The collector's BGP identifier.
        const std::size_t view = body_.open();
        body_.text(collector_.name);
        body_.close(view);
        body_.u16(sessions_.size());
        for (const std::uint16_t session : sessions_) {
            const Session& peer = it_.sessions[session];
            body_.u8(peer.address.family == Family::v4 ? 2 : 3);  // Four-octet numbers (RFC 6396 §4.3.1).
            body_.u32(198U << 24 | 18U << 16 | (number_ + 1U) << 8 | (peer.number + 1U));
            body_.address(peer.address);
            body_.u32(peer.asn.value);
        }
        append_header(records_, time, kTableDumpV2, kPeerIndexTable, body_.size());
        records_.append(body_.bytes());
        ++summary_.records;
    }

    void write_rib_record(EventTime time, RouteIndex index) {
        const Heard* heard = &heard_[at(first_, index)];
        entries_.clear();
        unsigned count = 0;
        for (std::size_t i = 0; i < sessions_.size(); ++i) {
            if (heard[i].cell == kAbsent) continue;
            append_entry(it_.sessions[sessions_[i]], index, heard[i]);
            ++count;
        }
        if (count == 0) return;
        body_.clear();
        body_.u32(sequence_++);
        body_.prefix(route(index).prefix);
        body_.u16(count);
        const unsigned subtype = route(index).prefix.family == Family::v4 ? kRibIpv4Unicast : kRibIpv6Unicast;
        append_header(records_, time, kTableDumpV2, subtype, body_.size() + entries_.size());
        records_.append(body_.bytes());
        records_.append(entries_.bytes());
        summary_.routes += count;
        ++summary_.records;
    }

    void append_entry(const Session& session, RouteIndex index, const Heard& heard) {
        entries_.u16(session.number);
        entries_.u32(static_cast<std::uint64_t>(unix_seconds(time_at(heard.since))));
        const std::size_t begin = entries_.open();
        append_rib_attributes(entries_, {.path = paths_.path(session, route(index).network, heard.cell),
                                         .next_hop = next_hop(session, route(index).prefix.family)});
        entries_.close(begin);
    }

    [[nodiscard]] static Address next_hop(const Session& session, Family family) {
        return family == Family::v4 ? session.address : session.next_hop_v6;
    }

    // -- Updates ------------------------------------------------------------------------------------

    Result<void> write_updates(std::int64_t begin, std::int64_t end) {
        const bool lost = lost_at(time_at(begin), true);
        const Summary before = summary_;
        while (next_ < items_.size() && items_[next_].second < end) apply(items_[next_++]);
        flush_message();
        if (lost) {
            records_.clear();
            summary_ = before;
            return {};
        }
        auto file = ArchiveFile::create(out_ / updates_path(collector_, time_at(begin)), collector_.compression);
        if (!file) return std::unexpected(file.error());
        return close(**file);
    }

    void apply(const Item& item) {
        const std::size_t session = item.session - first_;
        if (item.second != second_ || item.session != session_) flush_message();
        second_ = item.second;
        session_ = item.session;
        switch (item.kind) {
            case Item::Kind::Route:
                table_[at(item.session, item.route)] = item.cell;
                return hear(item.route, item.cell);
            case Item::Kind::Down: return go_down(item.cell != 0);
            case Item::Kind::Up: return come_up();
            case Item::Kind::Burst: return tell_slice(item.route);
            case Item::Kind::Hide:
                hidden_percent_[session] = item.cell;
                return hide_slice(item.route);
            case Item::Kind::Show:
                hidden_percent_[session] = 0;
                return show_slice(item.route);
        }
    }

    [[nodiscard]] bool is_hidden(RouteIndex index) const {
        const unsigned percent = hidden_percent_[session_ - first_];
        return percent != 0 && chance(mix(session_, route(index).network, 5), percent);
    }

    /// The session says something about a route, unless it is down or has lost the route itself.
    void hear(RouteIndex index, Cell cell) {
        if (!is_up_[session_ - first_]) return;
        if (is_hidden(index)) cell = kAbsent;
        Heard& heard = heard_[at(session_, index)];
        if (cell == kAbsent && heard.cell == kAbsent) return;
        heard = {.cell = cell, .since = second_};
        ++summary_.changes;
        const Family family = route(index).prefix.family;
        const bool joins = !prefixes_.empty() && message_cell_ == cell && prefixes_.front().family == family &&
                           prefixes_.size() < kPrefixesPerMessageMax &&
                           (cell == kAbsent || message_network_ == route(index).network);
        if (!joins) flush_message();
        message_cell_ = cell;
        message_network_ = route(index).network;
        prefixes_.push_back(route(index).prefix);
    }

    void go_down(bool quietly) {
        if (!is_up_[session_ - first_]) return;
        is_up_[session_ - first_] = false;
        for (RouteIndex i = 0; i < it_.internet.routes().size(); ++i) heard_[at(session_, i)] = {};
        if (collector_.states && !quietly) write_state(kEstablished, kIdle);
    }

    void come_up() {
        if (is_up_[session_ - first_]) return;
        is_up_[session_ - first_] = true;
        if (!collector_.states) return;
        for (std::size_t i = 1; i < kWayUp.size(); ++i) write_state(kWayUp[i - 1], kWayUp[i]);
    }

    void tell_slice(std::uint32_t number) {
        for (const RouteIndex index : slice(number)) {
            const Cell cell = table_[at(session_, index)];
            if (cell != kAbsent) hear(index, cell);
        }
        flush_message();
        if (number + 1 != kSlices || !is_up_[session_ - first_]) return;
        message_.clear();
        append_withdrawal(message_, {}, it_.sessions[session_].v4 ? Family::v4 : Family::v6);
        write_message();
    }

    void hide_slice(std::uint32_t number) {
        for (const RouteIndex index : slice(number)) {
            if (is_hidden(index)) hear(index, kAbsent);
        }
    }

    void show_slice(std::uint32_t number) {
        for (const RouteIndex index : slice(number)) {
            const Cell cell = table_[at(session_, index)];
            if (cell != kAbsent && heard_[at(session_, index)].cell == kAbsent) hear(index, cell);
        }
    }

    // -- Records ------------------------------------------------------------------------------------

    void flush_message() {
        if (prefixes_.empty()) return;
        const Session& session = it_.sessions[session_];
        const Family family = prefixes_.front().family;
        message_.clear();
        if (message_cell_ == kAbsent) {
            append_withdrawal(message_, prefixes_, family);
        } else {
            append_announcement(message_, prefixes_,
                                {.path = paths_.path(session, message_network_, message_cell_),
                                 .next_hop = next_hop(session, family)},
                                session.two_octet);
        }
        prefixes_.clear();
        write_message();
    }

    [[nodiscard]] SessionEnds ends() const {
        const Session& session = it_.sessions[session_];
        Address local = session.address;
        // The collector has the address that its sessions' numbers leave free.
        if (local.family == Family::v4) local.hi &= ~(std::uint64_t{0xFF} << 32);
        else local.lo = 0;
        return {.peer_asn = session.asn,
                .local_asn = collector_.layout == Layout::Ris ? kRisAsn : kRouteViewsAsn,
                .peer = session.address,
                .local = local,
                .two_octet = session.two_octet};
    }

    [[nodiscard]] Stamp stamp() {
        if (second_ != stamped_second_) in_second_ = 0;
        stamped_second_ = second_;
        const std::uint32_t micro = collector_.microseconds ? std::min(999'999U, ++in_second_ * 150U) : 0;
        return {.time = time_at(second_), .microseconds = micro, .extended = collector_.microseconds};
    }

    void write_message() {
        append_message_record(records_, stamp(), ends(), message_.bytes());
        ++summary_.records;
    }

    void write_state(unsigned old_state, unsigned new_state) {
        flush_message();
        append_state_record(records_, stamp(), ends(), old_state, new_state);
        ++summary_.records;
    }

    void flush(ArchiveFile& file) {
        file.write(records_.bytes());
        records_.clear();
    }

    Result<void> close(ArchiveFile& file) {
        flush(file);
        const auto size = file.close();
        if (!size) return std::unexpected(size.error());
        summary_.bytes += *size;
        ++summary_.files;
        return {};
    }

    const Recording& it_;
    const std::uint16_t number_;
    const Collector& collector_;
    const std::filesystem::path& out_;
    Paths paths_;
    std::vector<std::uint16_t> sessions_;
    std::uint16_t first_ = 0;
    std::vector<Item> items_;
    std::size_t next_ = 0;
    std::vector<Cell> table_;     ///< What each peer has, by route and session.
    std::vector<Heard> heard_;    ///< What the collector knows of it.
    std::vector<bool> is_up_;
    std::vector<unsigned> hidden_percent_;
    std::vector<RouteIndex> burst_order_;

    // The message that is being filled: one session, one second, one cell.
    std::vector<Prefix> prefixes_;
    Cell message_cell_ = kAbsent;
    NetworkIndex message_network_ = 0;
    std::int32_t second_ = 0;
    std::uint16_t session_ = 0;

    std::int32_t stamped_second_ = -1;
    std::uint32_t in_second_ = 0;
    std::uint32_t sequence_ = 0;
    Wire records_;
    Wire body_;
    Wire entries_;
    Wire message_;
    Summary summary_;
};

}  // namespace

Result<Summary> record(const Recording& recording, std::uint16_t collector, const std::filesystem::path& out,
                       const std::function<void(double)>& progress) {
    return Recorder(recording, collector, out).run(progress);
}

}  // namespace dimout::scenario
