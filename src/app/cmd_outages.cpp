// `outages`: the outages of a store, newest revision each.

#include <fmt/format.h>

#include <algorithm>

#include "app/commands.h"
#include "app/exit_code.h"
#include "app/names.h"
#include "app/output.h"
#include "app/public_outages.h"
#include "app/store_notes.h"
#include "present/outage_json.h"
#include "present/outage_table.h"
#include "present/sentence.h"
#include "store/reader.h"

namespace dimout::app {
namespace {

std::string as_json(const std::vector<Outage>& outages) {
    JsonWriter json;
    json.begin_array();
    for (const Outage& outage : outages) present::write_outage(json, outage, EmbeddedNames{});
    json.end_array();
    return json.text() + '\n';
}

std::string as_sentences(const std::vector<Outage>& outages) {
    std::string text;
    for (const Outage& outage : outages) text += present::sentence(outage, EmbeddedNames{}) + '\n';
    return text;
}

std::string as_table(const std::vector<Outage>& outages, const store::Reader& reader) {
    std::string text = present::outage_table(outages, EmbeddedNames{});
    const StoreNotes notes = StoreNotes::from_lines(reader.facts().registry);
    text += notes.country_map + '\n';
    if (!notes.synthetic.empty()) text += notes.synthetic + '\n';
    return text;
}

}  // namespace

std::vector<Outage> public_outages(std::vector<Outage> outages) {
    std::erase_if(outages, [](const Outage& outage) {
        return !outage.source.empty() || outage.state == OutageState::Suspected ||
               outage.state == OutageState::Artifact || outage.state == OutageState::Merged ||
               outage.state == OutageState::LevelShift;
    });
    return outages;
}

int run_outages(const OutagesOptions& options, const CommonOptions&) {
    auto reader = store::Reader::open(options.store.string());
    if (!reader) return complain(reader.error().message), kFailed;
    auto outages = reader->outages(
        {.entity = options.entity, .during = {}, .as_of = options.as_of, .all_revisions = false});
    if (!options.all) outages = public_outages(std::move(outages));
    if (options.format == "json") {
        write_out(as_json(outages));
    } else if (options.format == "sentence") {
        write_out(as_sentences(outages));
    } else {
        write_out(as_table(outages, *reader));
    }
    return kDone;
}

}  // namespace dimout::app
