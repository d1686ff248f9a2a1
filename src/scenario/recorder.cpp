#include "scenario/recorder.h"

#include <algorithm>
#include <array>

#include "scenario/archive_file.h"
#include "scenario/file_names.h"
#include "scenario/message_writer.h"
#include "scenario/rib_writer.h"

namespace dimout::scenario {
namespace {

/// The AS numbers of the two projects' collectors.
constexpr Asn kRouteViewsAsn{6447};
constexpr Asn kRisAsn{12654};

constexpr unsigned kIdle = 1;
constexpr unsigned kEstablished = 6;
/// Idle, Active, OpenSent, OpenConfirm, Established.
constexpr std::array<unsigned, 5> kWayUp{kIdle, 3, 4, 5, kEstablished};

constexpr std::size_t kBufferMax = 1 << 18;

RecordStyle style_of(const Scenario& scenario, const Collector& collector) {
    return {.start = scenario.time.from,
            .local_asn = collector.layout == Layout::Ris ? kRisAsn : kRouteViewsAsn,
            .microseconds = collector.microseconds};
}

class Recorder {
public:
    Recorder(const Recording& recording, std::uint16_t collector, const std::filesystem::path& out)
        : it_(recording),
          collector_(recording.scenario.collectors[collector]),
          out_(out),
          paths_(recording.internet, recording.timeline.options),
          messages_(recording.internet, paths_, style_of(recording.scenario, collector_), records_),
          ribs_(recording.internet, paths_, recording.scenario.time.from, records_) {
        find_sessions(collector);
        std::ranges::copy_if(it_.timeline.items, std::back_inserter(items_), [&](const Item& item) {
            return it_.sessions[item.session].collector == collector;
        });
        fill_tables();
        order_for_bursts();
    }

    Result<Summary> run(const std::function<void(double)>& progress) {
        const std::int64_t length = (it_.scenario.time.until - it_.scenario.time.from).count();
        const std::int64_t step = collector_.updates_every.count();
        for (std::int64_t second = 0; second < length; second += step) {
            const std::int64_t end = std::min(second + step, length);
            if (second % collector_.rib_every.count() < step) {
                if (auto done = write_rib(time_at(second)); !done)
                    return fail(done.error().message);
            }
            if (auto done = write_updates(second, end); !done) return fail(done.error().message);
            if (progress) progress(static_cast<double>(end) / static_cast<double>(length));
        }
        summary_.peers = sessions_.size();
        return summary_;
    }

private:
    [[nodiscard]] EventTime time_at(std::int64_t second) const {
        return it_.scenario.time.from + seconds{second};
    }

    [[nodiscard]] std::size_t at(std::size_t session, RouteIndex route) const {
        return std::size_t{route} * sessions_.size() + session;
    }

    [[nodiscard]] const Route& route(RouteIndex index) const {
        return it_.internet.routes()[index];
    }

    /// Sessions of a collector have neighbouring numbers.
    void find_sessions(std::uint16_t collector) {
        const auto found =
            std::ranges::equal_range(it_.sessions, collector, {}, &Session::collector);
        sessions_ = std::span(found);
        first_ = static_cast<std::uint16_t>(found.begin() - it_.sessions.begin());
    }

    void fill_tables() {
        const auto& routes = it_.internet.routes();
        table_.assign(routes.size() * sessions_.size(), kAbsent);
        heard_.resize(table_.size());
        is_up_.assign(sessions_.size(), true);
        hidden_percent_.assign(sessions_.size(), 0);
        for (RouteIndex i = 0; i < routes.size(); ++i) {
            const Asn origin = it_.internet.networks()[routes[i].network].asn;
            for (std::size_t session = 0; session < sessions_.size(); ++session) {
                if (!routes[i].announced || !sessions_[session].carries(routes[i], origin))
                    continue;
                const std::uint64_t word = mix(it_.seed, session, routes[i].network);
                table_[at(session, i)] = 0;
                heard_[at(session, i)] = {
                    .cell = 0, .since = -static_cast<std::int32_t>(scaled(word, 2'000'000))};
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

    // -- Files --------------------------------------------------------------------------------

    [[nodiscard]] bool is_lost(EventTime time, bool updates) const {
        return std::ranges::any_of(it_.scenario.events, [&](const Event& event) {
            const bool fits =
                event.kind == EventKind::Silent || (updates && event.kind == EventKind::Missing);
            return fits && event.source == collector_.name && time >= event.at &&
                   time < *event.until;
        });
    }

    Result<void> write_rib(EventTime time) {
        if (is_lost(time, false)) return {};
        auto file = ArchiveFile::create(out_ / rib_path(collector_, time), collector_.compression);
        if (!file) return fail(file.error().message);
        ribs_.write_index(time, collector_.name, sessions_);
        for (RouteIndex i = 0; i < it_.internet.routes().size(); ++i) {
            ribs_.write_route(time, i, sessions_,
                              std::span(heard_).subspan(at(0, i), sessions_.size()));
            if (records_.size() > kBufferMax) flush(**file);
        }
        return close(**file);
    }

    Result<void> write_updates(std::int64_t begin, std::int64_t end) {
        const std::uint64_t changes = summary_.changes;
        const std::uint64_t records = messages_.records_written();
        while (next_ < items_.size() && items_[next_].second < end) apply(items_[next_++]);
        messages_.flush();
        if (is_lost(time_at(begin), true)) {
            records_.clear();
            summary_.changes = changes;
            lost_records_ += messages_.records_written() - records;
            return {};
        }
        auto file = ArchiveFile::create(out_ / updates_path(collector_, time_at(begin)),
                                        collector_.compression);
        if (!file) return fail(file.error().message);
        return close(**file);
    }

    void flush(ArchiveFile& file) {
        file.write(records_.bytes());
        records_.clear();
    }

    Result<void> close(ArchiveFile& file) {
        flush(file);
        const auto size = file.close();
        if (!size) return fail(size.error().message);
        summary_.bytes += *size;
        summary_.files += 1;
        summary_.records = messages_.records_written() - lost_records_ + ribs_.records_written();
        summary_.routes = ribs_.entries_written();
        return {};
    }

    // -- Items --------------------------------------------------------------------------------

    void apply(const Item& item) {
        speaker_ = item.session - std::size_t{first_};
        second_ = item.second;
        messages_.speak(sessions_[speaker_], item.second);
        switch (item.kind) {
            case Item::Kind::Route:
                table_[at(speaker_, item.route)] = item.cell;
                return hear(item.route, item.cell);
            case Item::Kind::Down: return go_down(item.cell != 0);
            case Item::Kind::Up: return come_up();
            case Item::Kind::Burst: return tell_slice(item.route);
            case Item::Kind::Hide:
                hidden_percent_[speaker_] = item.cell;
                return hide_slice(item.route);
            case Item::Kind::Show: hidden_percent_[speaker_] = 0; return show_slice(item.route);
        }
    }

    [[nodiscard]] bool is_hidden(RouteIndex index) const {
        const unsigned percent = hidden_percent_[speaker_];
        const std::uint64_t word = mix(sessions_[speaker_].asn.value, route(index).network, 5);
        return percent != 0 && chance(word, percent);
    }

    /// The session says something of a route, unless it is down or has lost the route itself.
    void hear(RouteIndex index, Cell cell) {
        if (!is_up_[speaker_]) return;
        if (is_hidden(index)) cell = kAbsent;
        Heard& heard = heard_[at(speaker_, index)];
        if (cell == kAbsent && heard.cell == kAbsent) return;
        heard = {.cell = cell, .since = second_};
        messages_.say(index, cell);
        ++summary_.changes;
    }

    void go_down(bool quietly) {
        if (!is_up_[speaker_]) return;
        is_up_[speaker_] = false;
        for (RouteIndex i = 0; i < it_.internet.routes().size(); ++i) heard_[at(speaker_, i)] = {};
        if (collector_.states && !quietly) messages_.say_state(kEstablished, kIdle);
    }

    void come_up() {
        if (is_up_[speaker_]) return;
        is_up_[speaker_] = true;
        if (!collector_.states) return;
        for (std::size_t i = 1; i < kWayUp.size(); ++i)
            messages_.say_state(kWayUp[i - 1], kWayUp[i]);
    }

    void tell_slice(std::uint32_t number) {
        for (const RouteIndex index : slice(number)) {
            const Cell cell = table_[at(speaker_, index)];
            if (cell != kAbsent) hear(index, cell);
        }
        if (number + 1 == kSlices && is_up_[speaker_]) messages_.say_end_of_rib();
    }

    void hide_slice(std::uint32_t number) {
        for (const RouteIndex index : slice(number)) {
            if (is_hidden(index)) hear(index, kAbsent);
        }
    }

    void show_slice(std::uint32_t number) {
        for (const RouteIndex index : slice(number)) {
            const Cell cell = table_[at(speaker_, index)];
            if (cell != kAbsent && heard_[at(speaker_, index)].cell == kAbsent) hear(index, cell);
        }
    }

    const Recording& it_;
    const Collector& collector_;
    const std::filesystem::path& out_;
    Wire records_;
    Paths paths_;
    MessageWriter messages_;
    RibWriter ribs_;

    std::span<const Session> sessions_;
    std::uint16_t first_ = 0;
    std::vector<Item> items_;
    std::size_t next_ = 0;
    std::vector<RouteIndex> burst_order_;

    std::vector<Cell> table_;   ///< What each peer has, by route and session.
    std::vector<Heard> heard_;  ///< What the collector knows of it.
    std::vector<bool> is_up_;
    std::vector<unsigned> hidden_percent_;

    std::size_t speaker_ = 0;  ///< The session whose item is applied.
    std::int32_t second_ = 0;
    std::uint64_t lost_records_ = 0;  ///< Of files that never reached the archive.
    Summary summary_;
};

}  // namespace

Result<Summary> record(const Recording& recording, std::uint16_t collector,
                       const std::filesystem::path& out,
                       const std::function<void(double)>& progress) {
    return Recorder(recording, collector, out).run(progress);
}

}  // namespace dimout::scenario
