#!/usr/bin/env bash
# Real feed readers on a real redraft: the first fetch, a 304, each edit once and never twice, two edits within one second, titles that
# stand alone, Was and Now readable without tags, the publication named.
#
#   tools/prove-readers.sh [PROGRAM]     PROGRAM: a redraft; target/debug/redraft where none is named
#
# Takes those that are installed of newsboat, sfeed, rss2email and elfeed (emacs-nox, elpa-elfeed) from
# Debian, and of feedparser and reader from PyPI, in the python3 of $PYTHON. Those that are missing are named and left out. Asks
# nothing but loopback; installs nothing. Exit code 1 if one of them failed, or none is there.
set -eu
exec "${PYTHON:-python3}" "$(dirname "$0")/prove_readers.py" "${1:-$(dirname "$0")/../target/debug/redraft}"
