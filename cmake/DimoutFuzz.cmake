# Each fuzz/NAME.cpp is one libFuzzer program, build/fuzz/fuzz/NAME, linked with every module. Its seeds are
# the files of fuzz/corpus/NAME.
if(DIMOUT_FUZZ)
  get_property(modules GLOBAL PROPERTY DIMOUT_MODULES)
  file(GLOB fuzz_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/fuzz/*.cpp)
  add_custom_target(fuzzers)
  foreach(source ${fuzz_sources})
    get_filename_component(name ${source} NAME_WE)
    add_executable(fuzz_${name} ${source})
    set_target_properties(fuzz_${name} PROPERTIES
      OUTPUT_NAME ${name} RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/fuzz)
    target_link_libraries(fuzz_${name} PRIVATE ${modules})
    add_dependencies(fuzzers fuzz_${name})
    target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
  endforeach()
endif()
