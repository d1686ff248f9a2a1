# The imported target `duckdb`: DuckDB's library in the private prefix that `./dev setup` fills.
get_filename_component(duckdb_prefix "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)
if(NOT TARGET duckdb)
  add_library(duckdb SHARED IMPORTED GLOBAL)
  set_target_properties(duckdb PROPERTIES
    IMPORTED_LOCATION "${duckdb_prefix}/lib/libduckdb.so"
    INTERFACE_INCLUDE_DIRECTORIES "${duckdb_prefix}/include")
endif()
set(DuckDB_LICENSE "${duckdb_prefix}/LICENSE")
