#include "app/config_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/json.h"

namespace dimout::app {
namespace {

/// JSON's quotes and escapes are TOML's too.
std::string quoted(const std::string& text) { return JsonWriter().value(text).text(); }

std::string list(const std::vector<std::string>& texts) {
    std::string all;
    for (const std::string& text : texts) all += (all.empty() ? "" : ", ") + quoted(text);
    return "[" + all + "]";
}

/// A key with its value, or an example that is commented out.
std::string line(const std::string& key, const std::optional<std::string>& value,
                 const std::string& example, const std::string& comment) {
    const std::string text =
        value ? fmt::format("{} = {}", key, *value) : fmt::format("# {} = {}", key, example);
    return fmt::format("{:<44} # {}\n", text, comment);
}

std::optional<std::string> list_if_any(const std::vector<std::string>& texts) {
    return texts.empty() ? std::nullopt : std::optional(list(texts));
}

std::optional<std::string> list_of(const std::optional<std::string>& text) {
    return text ? std::optional(list({*text})) : std::nullopt;
}

std::string numbers(const std::vector<Asn>& asns, std::string_view before) {
    std::vector<std::string> texts;
    texts.reserve(asns.size());
    for (const Asn asn : asns) texts.push_back(fmt::format("{}{}", before, asn.value));
    return fmt::format("{}", fmt::join(texts, ", "));
}

std::string prefixes_text(const ConfigDraft& draft) {
    if (draft.learnt_from.empty()) {
        return "# What those networks originate is in the group without naming it. Prefixes that "
               "others originate for\n# you may be added; `dimout init --rib FILE` learns them "
               "from "
               "a table dump.\n# prefixes = [\"192.0.2.0/24\"]\n";
    }
    if (draft.prefixes.size() > kMostPrefixes) {
        return fmt::format(
            "# {} prefixes were announced ({}); they are in the group without naming them.\n",
            draft.prefixes.size(), draft.learnt_from);
    }
    if (draft.prefixes.empty())
        return fmt::format("# None of them announced anything ({}).\n", draft.learnt_from);
    std::string text = fmt::format(
        "# What they announced ({}). More-specifics are in the group too, whoever\n"
        "# originates them.\nprefixes = [\n",
        draft.learnt_from);
    for (const AnnouncedPrefix& one : draft.prefixes) {
        text += fmt::format("    {:<40} # seen by {} of {} sessions\n",
                            quoted(to_string(one.prefix)) + ",", one.seen_by, one.of);
    }
    return text + "]\n";
}

std::string followed_text(const ConfigDraft& draft) {
    const bool some = !draft.prefixes.empty() && draft.prefixes.size() <= kMostPrefixes;
    std::vector<std::string> prefixes;
    prefixes.reserve(draft.prefixes.size());
    for (const AnnouncedPrefix& one : draft.prefixes) prefixes.push_back(to_string(one.prefix));
    return line("followed", some ? std::optional(list(prefixes)) : std::nullopt,
                "[\"192.0.2.0/24\"]", "prefixes that are watched one by one, too");
}

}  // namespace

std::string config_text(const ConfigDraft& draft) {
    std::string text =
        "# What `dimout watch` reads. Every key: docs/reference/configuration.md. Check it with\n"
        "# `dimout check --config dimout.toml`. Paths are seen from the folder of this file.\n\n";
    text += line("store", quoted(draft.store), "", "what was found; what is heard goes beside it");
    text += line("registry", list_of(draft.registry), "[\"archive/registry\"]",
                 "who owns what; without it a built-in table");
    text += line("country", draft.country ? std::optional(quoted(*draft.country)) : std::nullopt,
                 "\"KP\"", "the country that you look at");
    text += line("notify", list_if_any(draft.notify), "[\"ntfy://ntfy.sh/secret-topic\"]",
                 "where to tell of outages");
    text += line("listen", std::nullopt, "\"127.0.0.1:8470\"", "/metrics, /healthz and /readyz");
    text += followed_text(draft);
    text += "\n[sources]\n";
    text += line("bmp", list_if_any(draft.bmp), "[\"127.0.0.1:11019\"]",
                 "routers that speak BMP connect here");
    text += line("ris_live", list_if_any(draft.ris_live), "[\"rrc00\"]",
                 "RIPE's collectors, or \"all\"");
    text += line("archive", list_of(draft.archive), "[\"archive\"]",
                 "tables to begin with; RIS Live tells none");
    if (draft.laboratory)
        text += line("laboratory", "true", "", "these are not the routes of the Internet");
    text += "\n[keep]\n";
    text += line("path_days", "30", "", "days of paths: 4.3 MB a day and session");
    text += fmt::format("\n[group.mine]{:<33}# {}: the entity group/mine\n", "",
                        numbers(draft.asns, "AS"));
    text += fmt::format("asns = [{}]\n", numbers(draft.asns, ""));
    text += prefixes_text(draft);
    text += line("zone", draft.zone.empty() ? std::nullopt : std::optional(quoted(draft.zone)),
                 "\"Asia/Pyongyang\"", "in which you read the clock");
    return text;
}

}  // namespace dimout::app
