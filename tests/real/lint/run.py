"""Runs pkilint's command lines over many certificates in one process, since starting Python takes longer than linting.

Each line of the input is a JSON list: the linter, then its arguments. Each line of the output is the JSON report.
"""

import contextlib
import functools
import importlib
import io
import json
import sys

import publicsuffixlist

# Each validator reads the public suffixes anew, which takes nine tenths of the time.
publicsuffixlist.PublicSuffixList = functools.cache(publicsuffixlist.PublicSuffixList)

for line in sys.stdin:
    linter, *arguments = json.loads(line)
    module = importlib.import_module(f"pkilint.bin.{linter}")
    report = io.StringIO()
    with contextlib.redirect_stdout(report):
        module.main(["lint", "--format", "JSON", *arguments])
    print(report.getvalue().strip(), flush=True)
