// `withdrew`: which link, or the origin itself, explains what one outage took.

#include <fmt/format.h>

#include <algorithm>

#include "app/archive_fates.h"
#include "app/commands.h"
#include "app/config.h"
#include "app/exit_code.h"
#include "app/outage_withdrawal.h"
#include "app/output.h"
#include "app/registry_notes.h"
#include "app/store_fates.h"
#include "registry/registry.h"
#include "store/reader.h"

namespace dimout::app {
namespace {

constexpr std::size_t kRowsShown = 5;

struct Subject {
    Entity entity;
    TimeRange window;
};

Result<Subject> of_outage(const WithdrewOptions& options) {
    if (options.store.empty())
        return fail(
            "an outage is looked up in a store: add --store FOLDER, or ask with --entity, "
            "--from and --until.");
    const auto reader = store::Reader::open(options.store.string());
    if (!reader) return std::unexpected(reader.error());
    for (const Outage& outage : reader->outages()) {
        if (outage.id == options.outage) return Subject{outage.entity, onset_window(outage)};
    }
    return fail(fmt::format("{}: no outage '{}'. `dimout outages --store {} --all` lists them.",
                            options.store.string(), options.outage, options.store.string()));
}

Result<Subject> subject_of(const WithdrewOptions& options) {
    if (options.archive.empty() && options.store.empty())
        return fail("say where the paths are: --store FOLDER, or --archive FILES.");
    Subject subject;
    if (!options.outage.empty()) {
        const auto found = of_outage(options);
        if (!found) return std::unexpected(found.error());
        subject = *found;
    } else if (options.entity && options.from && options.until) {
        subject.entity = *options.entity;
    } else {
        return fail("say which outage, or --entity, --from and --until.");
    }
    if (options.from) subject.window.from = *options.from;
    if (options.until) subject.window.until = *options.until;
    if (subject.window.until <= subject.window.from)
        return fail("the window ends before it begins: give --from before --until.");
    if (subject.entity.kind == Entity::Kind::Region)
        return fail("regions have no routes of their own: ask for a network, prefix or country.");
    return subject;
}

std::string as_text(const Subject& subject, const WithdrawalEvidence& evidence,
                    const Fates& fates) {
    std::string text = fmt::format("{}, {} to {}\n{}\n", to_string(subject.entity),
                                   to_rfc3339(subject.window.from),
                                   to_rfc3339(subject.window.until), evidence.headline());
    for (const std::string& line : evidence.lines()) text += "  " + line + '\n';
    if (fates.heard_late > 0)
        text += fmt::format(
            "  of {} lost routes no path is known from before the window; the "
            "first heard within it stands for it\n",
            fates.heard_late);
    if (fates.peers_gone > 0)
        text += fmt::format("  {} sessions ended within the window and are left out\n",
                            fates.peers_gone);
    if (evidence.who.rows.empty()) return text;
    text += "\n   decibans  lost moved  others' lost moved  still crossed  suspects\n";
    const auto& rows = evidence.who.rows;
    for (std::size_t i = 0; i < std::min(kRowsShown, rows.size()); ++i) {
        const depend::Explanation& row = rows[i];
        std::string names;
        for (const depend::Suspect& suspect : row.suspects)
            names += (names.empty() ? "" : " = ") + suspect_text(suspect);
        text += fmt::format("   {:>8.0f} {:>5} {:>5}  {:>12} {:>5}  {:>13}  {}\n", row.decibans,
                            row.explains.lost, row.explains.moved, row.explains_others.lost,
                            row.explains_others.moved, row.survived, names);
    }
    return text;
}

std::string as_json(const Subject& subject, const WithdrawalEvidence& evidence,
                    const Fates& fates) {
    JsonWriter json;
    json.begin_object().field("entity", to_string(subject.entity));
    json.field("heard_late", fates.heard_late).field("sessions_left_out", fates.peers_gone);
    json.key("withdrawal");
    write_withdrawal(json, evidence);
    json.end_object();
    return json.text() + '\n';
}

Result<Fates> fates_of(const WithdrewOptions& options, const CommonOptions& common,
                       const Subject& subject, const registry::Registry& registry) {
    if (options.archive.empty())
        return read_store_fates(options.store, subject.entity, subject.window, registry);
    return read_fates({.archive = options.archive,
                       .collector = options.collector,
                       .entity = subject.entity,
                       .quiet = common.quiet,
                       .window = subject.window},
                      registry);
}

}  // namespace

int run_withdrew(const WithdrewOptions& options, const CommonOptions& common) {
    const auto subject = subject_of(options);
    if (!subject) return complain(subject.error().message), kFailed;
    const auto registry = registry::Registry::load({.paths = options.registry,
                                                    .date = subject->window.from,
                                                    .groups_file = options.groups,
                                                    .other_keys = config_keys(),
                                                    .followed = {},
                                                    .cache_dir = cache_folder()});
    if (!registry) return complain(registry.error().message), kFailed;
    const auto fates = fates_of(options, common, *subject, *registry);
    if (!fates) return complain(fates.error().message), kFailed;
    for (const std::string& error : fates->errors) complain(error);
    if (fates->asked.empty()) {
        complain(fmt::format("{}: no route to it is known before {}.", to_string(subject->entity),
                             to_rfc3339(subject->window.until)));
        return kFailed;
    }
    const auto evidence = withdrawal_evidence({.window = subject->window,
                                               .asked = fates->asked,
                                               .others = fates->others,
                                               .countrymen = fates->countrymen});
    write_out(options.format == "json" ? as_json(*subject, evidence, *fates)
                                       : as_text(*subject, evidence, *fates));
    return exit_code_after_output(fates->errors.empty() ? kDone : kIncomplete);
}

}  // namespace dimout::app
