#!/usr/bin/env python3
"""Trains one of the two sets of trees that choose blocks, and writes its weights as text.

    train.py first|second --out WEIGHTS [--trees N] [--leaves N] [--without NAME,NAME] DIR=FEATURES.jsonl[@WEIGHT] …

DIR has index.jsonl: one labelled page a line, as {"id", "url", "gt"}, or with "with"/"without" segments, or, for a page made by a
mutation, {"id", "page"} with manifest.jsonl beside it. FEATURES.jsonl is the output of `block-features DIR`. Pages of hosts in
--not-hosts (a file, one host a line) are left out. Needs numpy and lightgbm; all random numbers are seeded.
"""
import argparse, json, os, re
from urllib.parse import urlparse

import lightgbm as lgb
import numpy as np

SECOND = "first"  # the first feature that only the second set has


def tokens(text):
    return re.findall(r"\w+", text)


def grams(words):
    return [tuple(words[i:i + 4]) for i in range(len(words) - 3)]


def by_text(blocks, gt):
    """Labels for all blocks from the page's labelled text: 1, 0, or None if unknown."""
    known = set(grams(tokens(gt)))
    lines = {" ".join(tokens(line)) for line in gt.split("\n")}
    whole = " " + " ".join(tokens(gt)) + " "
    labels = []
    for block in blocks:
        words = tokens(block["text"])
        joined = " ".join(words)
        if len(words) >= 4:
            labels.append(int(sum(g in known for g in grams(words)) >= 0.5 * (len(words) - 3)))
        elif joined in lines:
            labels.append(1)
        else:
            labels.append(None if f" {joined} " in whole else 0)
    def near(order):
        return next((labels[i] for i in order if labels[i] is not None), 0)
    def settle(i):
        alone = not near(range(i - 1, -1, -1)) and not near(range(i + 1, len(labels)))
        return 0 if alone else None
    return [settle(i) if label is None else label for i, label in enumerate(labels)]


def by_segments(blocks, inside, outside):
    def label(text):
        if any(s in text for s in inside):
            return 1
        return 0 if any(s in text for s in outside) and len(tokens(text)) < 40 else None
    return [label(block["text"]) for block in blocks]


def host(url):
    return (urlparse(url or "").hostname or "").removeprefix("www.")


class Rows:
    def __init__(self, columns):
        self.columns, self.x, self.y, self.w = columns, [], [], []

    def page(self, blocks, labels, weight):
        usable = [(b, l, min(len(tokens(b["text"])), 80) ** 0.8 + 1) for b, l in zip(blocks, labels) if l is not None and not b["why"]]
        total = sum(w for _, _, w in usable)
        for block, label, w in usable:
            self.x.append(block["features"][:self.columns])
            self.y.append(label)
            self.w.append(weight * w / total ** 0.6)


def covered(blocks, labels, gt):
    """Share of the labelled text inside blocks labelled 1. Pages without their labelled text are useless for training."""
    got = set().union(*[set(grams(tokens(b["text"]))) for b, l in zip(blocks, labels) if l == 1] or [set()])
    known = set(grams(tokens(gt)))
    return len(got & known) / max(1, len(known))


def read(source, rows, not_hosts, state):
    directory, rest = source.split("=")
    features, _, weight = rest.partition("@")
    index = {r["id"]: r for r in map(json.loads, open(os.path.join(directory, "index.jsonl")))}
    came = {}
    manifest = os.path.join(directory, "manifest.jsonl")
    if os.path.exists(manifest):
        for pair in map(json.loads, open(manifest)):
            if pair.get("field", "body") != "title":
                came.setdefault(pair["b"], []).extend(pair.get("came", []))
    lines = open(features)
    state["names"] = json.loads(next(lines))
    for page in map(json.loads, lines):
        row = index[page["id"]]
        if host(row.get("url")) in not_hosts:
            continue
        blocks = page["blocks"]
        origin = state["gt"].get(row.get("page"), row.get("gt"))
        if origin:
            state["gt"].setdefault(page["id"], origin)
            text = "\n".join([origin] + came.get(page["id"], []))
            labels = by_text(blocks, text)
            if covered(blocks, labels, origin) < 0.8:
                continue
        elif row.get("with"):
            labels = by_segments(blocks, row["with"], row.get("without", []))
        else:
            continue
        rows.page(blocks, labels, float(weight or 1))


def tree(node):
    """A tree in preorder, as `src/extract/trees.rs` reads it."""
    if "leaf_value" in node:
        return ["=%.4g" % node["leaf_value"]]
    assert node["decision_type"] == "<="
    return ["%d<%.4g" % (node["split_feature"], node["threshold"])] + tree(node["left_child"]) + tree(node["right_child"])


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("look", choices=["first", "second"])
    ap.add_argument("--out", required=True)
    ap.add_argument("--trees", type=int, default=80)
    ap.add_argument("--leaves", type=int, default=16)
    ap.add_argument("--rate", type=float, default=0.1)
    ap.add_argument("--without", default="")
    ap.add_argument("--not-hosts")
    ap.add_argument("sources", nargs="+")
    args = ap.parse_args()
    not_hosts = set(open(args.not_hosts).read().split()) if args.not_hosts else set()
    state = {"gt": {}, "names": json.loads(open(args.sources[0].split("=")[1].split("@")[0]).readline())}
    names = state["names"][:state["names"].index(SECOND)] if args.look == "first" else state["names"]
    rows = Rows(len(names))
    for source in args.sources:
        read(source, rows, not_hosts, state)
    x = np.array(rows.x, dtype=np.float32)
    x[:, [names.index(n) for n in args.without.split(",") if n]] = 0
    print(x.shape, "rows,", sum(rows.y), "of the article")
    params = dict(objective="binary", learning_rate=args.rate, num_leaves=args.leaves, min_data_in_leaf=100, feature_fraction=0.4,
                  bagging_fraction=0.7, bagging_freq=1, lambda_l2=10, max_bin=63, seed=3, deterministic=True, force_row_wise=True,
                  num_threads=2, verbose=-1)
    model = lgb.train(params, lgb.Dataset(x, np.array(rows.y), weight=np.array(rows.w), feature_name=names), args.trees)
    gain = sorted(zip(model.feature_importance("gain"), names), reverse=True)
    print("gain:", ", ".join("%s %.1f %%" % (n, 100 * g / sum(model.feature_importance("gain"))) for g, n in gain[:30]))
    with open(args.out, "w") as out:
        out.write("# Boosted trees that choose blocks; made by tools/train-blocks, read by src/extract/trees.rs.\n")
        out.write("# features: %s\n" % " ".join(names))
        for one in model.dump_model()["tree_info"]:
            out.write(" ".join(tree(one["tree_structure"])) + "\n")


main()
