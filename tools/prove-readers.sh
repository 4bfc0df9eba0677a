#!/usr/bin/env bash
# Runs real feed readers on a real redraft. Checks the first fetch, a 304, that each edit arrives exactly once, two edits within one
# second, titles that can be understood alone, Was and Now that are readable without tags, and the publication's name.
#
#   tools/prove-readers.sh [PROGRAM]     PROGRAM: a redraft; the default is target/debug/redraft
#
# Uses the installed ones of newsboat, sfeed, rss2email and elfeed (emacs-nox, elpa-elfeed) from Debian, and of feedparser and
# reader from PyPI, in the python3 of $PYTHON. Lists and skips missing ones. Uses loopback only and installs nothing. Exits with 1
# if a reader failed or none is installed.
set -eu
exec "${PYTHON:-python3}" "$(dirname "$0")/prove_readers.py" "${1:-$(dirname "$0")/../target/debug/redraft}"
