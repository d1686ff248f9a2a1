/* The tables of make_tables.cpp as read-only bytes of the program; paths come from CMake. */
    .section .rodata
    .global dimout_names_begin
    .global dimout_names_end
    .global dimout_ranges_begin
    .global dimout_ranges_end
dimout_names_begin:
    .incbin DIMOUT_NAMES_FILE
dimout_names_end:
    .byte 0
dimout_ranges_begin:
    .incbin DIMOUT_RANGES_FILE
dimout_ranges_end:
    .byte 0
    .section .note.GNU-stack,"",%progbits
