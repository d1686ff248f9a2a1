// DuckDB's functions, looked up when the first engine is opened.
//
// The library is no part of what the program loads when it starts: to put its addresses in order
// takes 15 ms and 10 MB, more than `inspect` or `--version` take in all, and they need none of it.
#pragma once

#include <duckdb.h>

#include "base/error.h"

namespace dimout::store {

// clang-format off
#define DIMOUT_DUCKDB_FUNCTIONS(X)                                                                \
    X(bind_add_result_column) X(bind_get_extra_info) X(close) X(connect) X(create_config)         \
    X(create_logical_type) X(create_table_function) X(data_chunk_get_column_count)                \
    X(data_chunk_get_size) X(data_chunk_get_vector) X(data_chunk_set_size) X(destroy_config)      \
    X(destroy_data_chunk) X(destroy_logical_type) X(destroy_pending) X(destroy_prepare)           \
    X(destroy_result) X(destroy_table_function) X(disconnect) X(execute_pending) X(fetch_chunk)   \
    X(free) X(function_get_extra_info) X(init_set_max_threads) X(open_ext) X(pending_error)       \
    X(pending_prepared_streaming) X(prepare) X(prepare_error) X(query)                            \
    X(register_table_function) X(result_error) X(set_config) X(string_t_data) X(string_t_length)  \
    X(table_function_set_bind) X(table_function_set_extra_info) X(table_function_set_function)    \
    X(table_function_set_init) X(table_function_set_name) X(validity_row_is_valid)                \
    X(validity_set_row_invalid) X(vector_assign_string_element_len)                               \
    X(vector_ensure_validity_writable) X(vector_get_data) X(vector_get_validity) X(vector_size)
// clang-format on

/// `duck->query(…)` is `duckdb_query(…)`.
struct DuckDb {
#define DIMOUT_FUNCTION(name) decltype(&::duckdb_##name) name = nullptr;
    DIMOUT_DUCKDB_FUNCTIONS(DIMOUT_FUNCTION)
#undef DIMOUT_FUNCTION
};

/// Null until `load_duckdb` succeeded.
extern const DuckDb* duck;

/// Finds libduckdb.so where the loader looks for libraries of this program, once; later calls
/// repeat the first answer. Any thread may call it.
[[nodiscard]] Result<void> load_duckdb();

}  // namespace dimout::store
