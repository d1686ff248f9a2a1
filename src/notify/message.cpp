#include "notify/message.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "notify/headline.h"
#include "present/clock_text.h"
#include "present/outage_json.h"
#include "present/sentence.h"

namespace dimout::notify {
namespace {

constexpr std::array<std::string_view, 5> kKinds{"open", "update", "close", "digest", "test"};

bool was_dark(const Outage& outage) {
    return std::ranges::any_of(outage.phases,
                               [](const PhaseSpan& span) { return span.phase == Phase::Dark; });
}

/// What an owner wants to be woken for: that his own networks are gone, and that they are back.
Level level_of(const Outage& outage) {
    const bool own = outage.entity.kind == Entity::Kind::Group;
    return own && was_dark(outage) ? Level::Critical : Level::Warning;
}

std::string phases_text(const Outage& outage) {
    std::string text;
    for (const PhaseSpan& span : outage.phases) {
        text += fmt::format("{} from {}", to_string(span.phase), present::utc_text(span.from));
        if (span.until) {
            text += fmt::format(" until {} ({})", present::utc_text(*span.until),
                                present::duration_text(*span.until - span.from));
        }
        text += '\n';
    }
    return text;
}

}  // namespace

std::string_view to_string(Kind kind) { return kKinds.at(static_cast<std::size_t>(kind)); }

std::optional<Kind> parse_kind(std::string_view text) {
    const auto found = std::ranges::find(kKinds, text);
    if (found == kKinds.end()) return std::nullopt;
    return static_cast<Kind>(found - kKinds.begin());
}

std::string_view to_string(Level level) {
    return level == Level::Critical ? "critical" : "warning";
}

Message outage_message(Kind kind, const Outage& outage, const present::Naming& naming) {
    JsonWriter json;
    present::write_outage(json, outage, naming);
    return {.id = fmt::format("{}.{}", outage.id, outage.revision),
            .thread = outage.id,
            .kind = kind,
            .level = level_of(outage),
            .subject = headline(kind, outage, naming),
            .body = fmt::format("{}\n{}{} revision {}, known at {}\n",
                                present::sentence(outage, naming), phases_text(outage), outage.id,
                                outage.revision, present::utc_text(outage.known_at)),
            .entity = to_string(outage.entity),
            .name = naming.name(outage.entity),
            .at = outage.known_at,
            .start = outage.start.best,
            .end = outage.end && (kind == Kind::Close || is_back(outage))
                       ? std::optional(outage.end->best)
                       : std::nullopt,
            .outage = json.text()};
}

Message digest_message(std::span<const Message> parts, EventTime at) {
    std::string body;
    for (const Message& part : parts) body += part.subject + '\n';
    for (const Message& part : parts) body += '\n' + part.body;
    const std::string id = fmt::format("digest-{}-{}", parts.size(), parts.back().id);
    return {.id = id,
            .thread = id,
            .kind = Kind::Digest,
            .subject = fitted(
                fmt::format("{} messages: ", parts.size()),
                {parts.front().subject, shortened(parts.front().subject, kLongestSubject - 20)}),
            .body = std::move(body),
            .entity = {},
            .name = {},
            .at = at,
            .start = parts.front().start,
            .outage = {}};
}

Message blind_message(EventTime since, std::optional<EventTime> end, EventTime at) {
    const std::string when = present::short_utc_text(since);
    const std::string thread = std::string(kBlindThread) + to_compact(since);
    Message message{.id = thread + (end ? ".2" : ".1"),
                    .thread = thread,
                    .kind = end ? Kind::Close : Kind::Open,
                    .level = Level::Critical,
                    .subject = "dimout is blind: no source says anything since " + when,
                    .body =
                        "None of the sources says anything. This is our own trouble: nothing is "
                        "known of any network since then, good or bad.\n",
                    .entity = {},
                    .name = {},
                    .at = at,
                    .start = since,
                    .end = end,
                    .outage = {}};
    if (!end) return message;
    message.subject = fmt::format("dimout sees again, after {}: it was blind from {}",
                                  present::duration_text(*end - since), when);
    message.body =
        "Sources say something again. What happened in between is not known, and is kept "
        "as a gap.\n";
    return message;
}

Message test_message(EventTime at) {
    const std::string id = "test-" + to_compact(at);
    return {.id = id,
            .thread = id,
            .kind = Kind::Test,
            .subject = fitted("A test by dimout, at ",
                              {present::short_utc_text(at) + ": this is where outages are told"}),
            .body = "Nothing is out. Somebody ran `dimout notify test`.\n",
            .entity = {},
            .name = {},
            .at = at,
            .start = at,
            .outage = {}};
}

}  // namespace dimout::notify
