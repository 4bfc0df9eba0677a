#!/usr/bin/env python3
"""Makes src/discover/suffixes.txt, the list of public suffixes, from the list in the psl crate.

    tools/public-suffixes.py     run it when a test says after an update of psl that the lists differ; needs cargo

The list is Mozilla's (https://publicsuffix.org, MPL-2.0): names as they are written in addresses, sorted by bytes, one rule a line.
"""
import json
import subprocess
from pathlib import Path

root = Path(__file__).parent.parent
metadata = subprocess.run(["cargo", "metadata", "--format-version=1", "--offline"], cwd=root, check=True, capture_output=True)
psl = next(package for package in json.loads(metadata.stdout)["packages"] if package["name"] == "psl")
rules = (Path(psl["manifest_path"]).parent / "data/rules.txt").read_text().split()


def ascii(rule):
    return ".".join(label if label in "*" else label.encode("idna").decode() if not label.isascii() else label for label in rule.split("."))


lines = sorted({ascii(rule) for rule in rules}, key=str.encode)
(root / "src/discover/suffixes.txt").write_text("\n".join(lines) + "\n")
print(f"{len(lines)} rules of psl {psl['version']}")
