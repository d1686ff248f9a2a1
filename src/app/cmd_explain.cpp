// `explain`: what speaks for and against each cause of one outage.

#include "app/commands.h"
#include "app/explained_outage.h"
#include "app/exit_code.h"
#include "app/names.h"
#include "app/output.h"
#include "present/outage_json.h"

namespace dimout::app {

int run_explain(const ExplainOptions& options, const CommonOptions&) {
    auto reader = store::Reader::open(options.store.string());
    if (!reader) return complain(reader.error().message), kFailed;
    const auto found = explained_outage(*reader, options);
    if (!found) return complain(found.error().message), kFailed;
    const EmbeddedNames names;
    if (options.format == "json") {
        JsonWriter json;
        present::write_outage(json, found->outage, names, &found->why);
        write_out(json.text() + '\n');
    } else {
        write_out(present::explanation_text(found->outage, found->why, names));
    }
    return found->records_refused ? kIncomplete : kDone;
}

}  // namespace dimout::app
