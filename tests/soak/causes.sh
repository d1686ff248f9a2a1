#!/bin/sh
# 200 random outages, each with the verdict that its features imply.
#   DIMOUT=build/release/dimout tests/soak/causes.sh [VARIANTS]
exec "$(dirname "$0")/../e2e_explain.py" "${1:-200}" 2026
