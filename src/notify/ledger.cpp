#include "notify/ledger.h"

#include <algorithm>
#include <array>

#include "base/json.h"
#include "base/json_value.h"

namespace dimout::notify {
namespace {

constexpr std::int64_t kFormat = 1;
/// More are none of ours: every quarter of an hour for ten thousand days.
constexpr std::int64_t kMostTries = 1'000'000;
constexpr std::array<std::string_view, 4> kProgress{"waiting", "sent", "joined", "dead"};

void write_time(JsonWriter& json, std::string_view name, EventTime time) {
    json.field(name, to_rfc3339(time));
}

void write_message(JsonWriter& json, const Message& message) {
    json.begin_object();
    json.field("id", message.id).field("thread", message.thread);
    json.field("kind", to_string(message.kind)).field("level", to_string(message.level));
    json.field("subject", message.subject).field("body", message.body);
    json.field("entity", message.entity).field("name", message.name);
    write_time(json, "at", message.at);
    write_time(json, "start", message.start);
    if (message.end) write_time(json, "end", *message.end);
    json.field("outage", message.outage).end_object();
}

Message read_message(const JsonValue& value) {
    return {.id = value.at("id").text(),
            .thread = value.at("thread").text(),
            .kind = value.known(parse_kind(value.at("kind").text())),
            .level = value.at("level").text() == "critical" ? Level::Critical : Level::Warning,
            .subject = value.at("subject").text(),
            .body = value.at("body").text(),
            .entity = value.at("entity").text(),
            .name = value.at("name").text(),
            .at = value.at("at").time(),
            .start = value.at("start").time(),
            .end = value.has("end") ? std::optional(value.at("end").time()) : std::nullopt,
            .outage = value.at("outage").text()};
}

void write_story(JsonWriter& json, const Story& story) {
    json.begin_object();
    json.field("thread", story.thread).field("revision", story.revision).field("open", story.open);
    json.field("told", story.told).field("worst", story.worst);
    json.field("was_back", story.was_back);
    write_time(json, "told_at", story.told_at);
    write_message(json.key("last"), story.last);
    json.end_object();
}

Story read_story(const JsonValue& value) {
    return {.thread = value.at("thread").text(),
            .revision = static_cast<std::uint32_t>(value.at("revision").number()),
            .open = value.at("open").truth(),
            .told = value.at("told").text(),
            .worst = value.at("worst").integer(),
            .was_back = value.at("was_back").truth(),
            .told_at = value.at("told_at").time(),
            .last = read_message(value.at("last"))};
}

void write_entry(JsonWriter& json, const Entry& entry) {
    write_message(json.begin_object().key("message"), entry.message);
    write_time(json, "since", entry.since);
    json.key("deliveries").begin_array();
    for (const Delivery& delivery : entry.deliveries) {
        json.begin_object().field("channel", delivery.channel);
        json.field("progress", to_string(delivery.progress)).field("tries", delivery.tries);
        write_time(json, "next", delivery.next);
        json.field("trouble", delivery.trouble).end_object();
    }
    json.end_array().end_object();
}

Delivery read_delivery(const JsonValue& value) {
    const auto progress = std::ranges::find(kProgress, value.at("progress").text());
    return {.channel = value.at("channel").text(),
            .progress = value.known(
                progress == kProgress.end()
                    ? std::nullopt
                    : std::optional(static_cast<Progress>(progress - kProgress.begin()))),
            .tries = std::clamp<std::int64_t>(value.at("tries").integer(), 0, kMostTries),
            .next = value.at("next").time(),
            .trouble = value.at("trouble").text()};
}

Entry read_entry(const JsonValue& value) {
    Entry entry{.message = read_message(value.at("message")),
                .since = value.at("since").time(),
                .deliveries = {}};
    value.at("deliveries").for_each([&](const JsonValue& one) {
        entry.deliveries.push_back(read_delivery(one));
    });
    return entry;
}

}  // namespace

std::string_view to_string(Progress progress) {
    return kProgress.at(static_cast<std::size_t>(progress));
}

bool Entry::waits() const {
    return std::ranges::find(deliveries, Progress::Waiting, &Delivery::progress) !=
           deliveries.end();
}

const Story* Ledger::story(std::string_view thread) const {
    const auto found = std::ranges::find(stories, thread, &Story::thread);
    return found == stories.end() ? nullptr : &*found;
}

void Ledger::tell(Story story) {
    const auto found = std::ranges::find(stories, story.thread, &Story::thread);
    if (found == stories.end()) {
        stories.push_back(std::move(story));
    } else {
        *found = std::move(story);
    }
}

std::string ledger_text(const Ledger& ledger) {
    JsonWriter json;
    json.begin_object().field("dimout_outbox", kFormat);
    write_time(json, "begins", ledger.begins);
    json.key("stories").begin_array();
    for (const Story& story : ledger.stories) write_story(json, story);
    json.end_array().key("entries").begin_array();
    for (const Entry& entry : ledger.entries) write_entry(json, entry);
    json.end_array().end_object();
    return json.text() + '\n';
}

std::optional<Ledger> read_ledger(std::string_view text) {
    Ledger ledger;
    std::int64_t format = 0;
    const bool fine = read_json(text, [&](const JsonValue& root) {
        format = root.at("dimout_outbox").integer();
        ledger.begins = root.at("begins").time();
        root.at("stories").for_each(
            [&](const JsonValue& story) { ledger.stories.push_back(read_story(story)); });
        root.at("entries").for_each(
            [&](const JsonValue& entry) { ledger.entries.push_back(read_entry(entry)); });
    });
    return fine && format == kFormat ? std::optional(std::move(ledger)) : std::nullopt;
}

}  // namespace dimout::notify
