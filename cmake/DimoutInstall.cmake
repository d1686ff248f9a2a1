# Where things go, and the two packages. The program finds DuckDB, which no distribution has, in its own
# folder beside it ($ORIGIN/../lib/dimout); the tarball carries every other library there too, but for the C
# library. --disable-new-dtags, because only the older RPATH serves the libraries' own needs as well.
#
# Components: program (all that an installation needs), bundled (what makes the tarball self-contained).
set_target_properties(dimout PROPERTIES
  RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}
  INSTALL_RPATH "$ORIGIN/../lib/dimout")
target_link_options(dimout PRIVATE -Wl,--disable-new-dtags)

set(private_libraries lib/dimout)
set(notices ${CMAKE_INSTALL_DATADIR}/doc/dimout)

install(TARGETS dimout RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT program)
foreach(page LICENSE README.md CHANGELOG.md)
  install(FILES ${PROJECT_SOURCE_DIR}/${page} DESTINATION ${notices} COMPONENT program OPTIONAL)
endforeach()
if(TARGET duckdb)
  install(FILES $<TARGET_FILE:duckdb> DESTINATION ${private_libraries} COMPONENT program)
  install(FILES ${DuckDB_LICENSE} DESTINATION ${notices}/third-party RENAME duckdb COMPONENT program OPTIONAL)
endif()

# The service. Nobody starts it: there is no configuration yet.
install(FILES ${PROJECT_SOURCE_DIR}/packaging/dimout.service DESTINATION lib/systemd/system COMPONENT program)
install(FILES ${PROJECT_SOURCE_DIR}/packaging/dimout.sysusers DESTINATION lib/sysusers.d RENAME dimout.conf COMPONENT program)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${PROJECT_SOURCE_DIR}/packaging/postinst)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION TRUE)

# The copyright file of each library that is compiled or linked in, and of the compiler's own.
file(READ ${PROJECT_SOURCE_DIR}/packaging/debian-packages.txt packages)
string(REGEX REPLACE "\\[tests\\].*" "" packages "${packages}")
string(REGEX MATCHALL "\n(lib[^\n]*-dev|zlib1g-dev|iso-codes|tzdata)" linked "${packages}")
string(REPLACE "\n" "" linked "${linked}")
list(APPEND linked libstdc++6 libgcc-s1)
foreach(package ${linked})
  install(FILES /usr/share/doc/${package}/copyright DESTINATION ${notices}/third-party RENAME ${package}
    COMPONENT program OPTIONAL)
endforeach()

# Manual page and completions say what the program says.
if(Python3_FOUND AND NOT DIMOUT_SANITIZE)
  set(pages ${CMAKE_BINARY_DIR}/help)
  add_custom_command(OUTPUT ${pages}/dimout.1 ${pages}/dimout.bash ${pages}/_dimout ${pages}/dimout.fish
    COMMAND Python3::Interpreter ${PROJECT_SOURCE_DIR}/tools/help_pages.py $<TARGET_FILE:dimout> ${pages}
    DEPENDS dimout ${PROJECT_SOURCE_DIR}/tools/help_pages.py
    COMMENT "Manual page and completions" VERBATIM)
  add_custom_target(help_pages ALL DEPENDS ${pages}/dimout.1)
  install(FILES ${pages}/dimout.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT program)
  install(FILES ${pages}/dimout.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions
    RENAME dimout COMPONENT program)
  install(FILES ${pages}/_dimout DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions COMPONENT program)
  install(FILES ${pages}/dimout.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d COMPONENT program)
endif()

# The libraries that the program loads here, copied beside DuckDB.
install(CODE "
  file(GET_RUNTIME_DEPENDENCIES EXECUTABLES \"$<TARGET_FILE:dimout>\" RESOLVED_DEPENDENCIES_VAR loaded
    PRE_EXCLUDE_REGEXES \"^lib(c|m|dl|rt|pthread|duckdb)\\\\.so\" \"^ld-linux\")
  foreach(library IN LISTS loaded)
    file(INSTALL \"\${library}\" DESTINATION \"\${CMAKE_INSTALL_PREFIX}/${private_libraries}\" FOLLOW_SYMLINK_CHAIN)
  endforeach()"
  COMPONENT bundled EXCLUDE_FROM_ALL)

set(CPACK_PACKAGE_NAME dimout)
set(CPACK_PACKAGE_VENDOR "The dimout authors")
set(CPACK_PACKAGE_CONTACT "The dimout authors")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY ${PROJECT_DESCRIPTION})
set(CPACK_PACKAGE_DIRECTORY ${PROJECT_SOURCE_DIR}/build/packages)
set(CPACK_PROJECT_CONFIG_FILE ${PROJECT_SOURCE_DIR}/packaging/CPackOptions.cmake)
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
set(CPACK_STRIP_FILES ON)
set(CPACK_THREADS 0)
string(TOLOWER ${CMAKE_SYSTEM_NAME} system)
set(CPACK_PACKAGE_FILE_NAME dimout-${PROJECT_VERSION}-${system}-${CMAKE_SYSTEM_PROCESSOR})
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_COMPRESSION_TYPE zstd)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS ${PROJECT_SOURCE_DIR}/build/deps/duckdb/lib)
include(CPack)
