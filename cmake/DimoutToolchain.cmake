# Compiler cache, linker and sanitizers, the same for every target. Each is used when it is there.
if(NOT CMAKE_CXX_COMPILER_LAUNCHER)
  find_program(DIMOUT_CCACHE ccache)
  if(DIMOUT_CCACHE)
    set(CMAKE_C_COMPILER_LAUNCHER ${DIMOUT_CCACHE})
    set(CMAKE_CXX_COMPILER_LAUNCHER ${DIMOUT_CCACHE})
  endif()
endif()

find_program(DIMOUT_MOLD mold)
if(DIMOUT_MOLD)
  add_link_options(-fuse-ld=mold)
endif()

if(DIMOUT_SANITIZE)
  add_compile_options(-fsanitize=${DIMOUT_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${DIMOUT_SANITIZE})
endif()

# clang 19 blames std::stable_sort's users for a deprecated call inside of libstdc++ 12.
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  add_compile_options(-Wno-deprecated-declarations)
endif()
