#include "store/duckdb_library.h"

#include <dlfcn.h>
#include <fmt/format.h>

namespace dimout::store {
namespace {

constexpr const char* kLibrary = "libduckdb.so";

DuckDb functions;

template <typename Function>
bool look_up(void* library, const char* name, Function& function) {
    function = reinterpret_cast<Function>(dlsym(library, name));
    return function != nullptr;
}

Result<void> look_up_all() {
    void* const library = dlopen(kLibrary, RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr)
        return fail(fmt::format(
            "{} cannot be loaded: {}. It belongs into lib/dimout beside the program's folder.",
            kLibrary, dlerror()));
#define DIMOUT_FUNCTION(name)                                                                    \
    if (!look_up(library, "duckdb_" #name, functions.name))                                      \
        return fail(fmt::format("{}: has no duckdb_" #name ": another version of it is needed.", \
                                kLibrary));
    DIMOUT_DUCKDB_FUNCTIONS(DIMOUT_FUNCTION)
#undef DIMOUT_FUNCTION
    duck = &functions;
    return {};
}

}  // namespace

const DuckDb* duck = nullptr;

Result<void> load_duckdb() {
    static const Result<void> done = look_up_all();
    return done;
}

}  // namespace dimout::store
