"""Trains the tree models from the rows that dump.ts wrote and exports them as compact JSON.

    python train.py OUT first                 # first model, and one per fold for dump.ts second
    python train.py OUT second                # second, seed, network and ring model
Options: --without FAMILY leaves a ring family out of training (for the figures on unseen families).
"""
import argparse
import json

import lightgbm as lgb
import numpy as np

SHAPE = {
    "first": dict(num_leaves=15, rounds=120, learning_rate=0.08, min_data_in_leaf=200),
    "community": dict(num_leaves=15, rounds=120, learning_rate=0.07, min_data_in_leaf=200),
    "coordinated": dict(num_leaves=15, rounds=150, learning_rate=0.07, min_data_in_leaf=200),
    "seed": dict(num_leaves=7, rounds=90, learning_rate=0.06, min_data_in_leaf=40),
    "network": dict(num_leaves=7, rounds=80, learning_rate=0.06, min_data_in_leaf=30),
    "ring": dict(num_leaves=7, rounds=60, learning_rate=0.06, min_data_in_leaf=30),
}
# More of these never makes membership less likely.
RISING = ("ties", "tieLift", "softTies", "softTieLift", "seedTies", "first", "pageRank.", "embedded.", "heat.", "coNeighbours.", "percolation.level", "percolation.margin")
SEED_RISING = ("own",)
SEED_FALLING = ("nearest.", "meanPair.", "farthest.")


def monotone(name, facts):
    def sign(fact):
        if name in ("first", "community", "coordinated"):
            return 1 if fact.startswith(RISING) and fact != "firstRank" else 0
        if name == "seed":
            return 1 if fact in SEED_RISING else -1 if fact.startswith(SEED_FALLING) else 0
        if name == "ring":
            return 0
        return 1 if fact.startswith("own") else -1 if "Pair." in fact else 0

    return [sign(f) for f in facts]


def load(out, name):
    file = "second" if name in ("community", "coordinated") else name
    facts = json.load(open(f"{out}/facts.json"))[file]
    rows = np.fromfile(f"{out}/{file}.f32", dtype=np.float32).reshape(-1, len(facts) + 3)
    stage = "first" if name == "first" else "second"
    queries = [json.loads(line) for line in open(f"{out}/queries.{stage}.jsonl")]
    number = rows[:, -3].astype(int)
    return facts, rows[:, :-3], number, rows[:, -2], rows[:, -1].copy(), queries


def balanced(number, weight):
    """A query with thousands of rows should not drown the others."""
    total = np.bincount(number, weight)
    return weight / np.sqrt(np.maximum(total[number], 1))


def fit(name, x, y, w, facts):
    shape = dict(SHAPE[name])
    rounds = shape.pop("rounds")
    params = dict(
        objective="binary", verbose=-1, num_threads=2, seed=7, deterministic=True, force_row_wise=True,
        feature_fraction=0.6, bagging_fraction=0.7, bagging_freq=1, lambda_l2=5.0,
        monotone_constraints=monotone(name, facts), **shape,
    )
    return lgb.train(params, lgb.Dataset(x, y, weight=w), rounds)


def platt(logit, y, w):
    """Slope and shift by Newton's method."""
    columns = np.stack([logit, np.ones_like(logit)])
    theta = np.array([1.0, 0.0])
    for _ in range(40):
        p = 1 / (1 + np.exp(-theta @ columns))
        gradient = columns @ (w * (p - y)) + 1e-3 * (theta - [1, 0])
        hessian = (columns * (w * p * (1 - p))) @ columns.T + 1e-3 * np.eye(2)
        theta = theta - np.linalg.solve(hessian, gradient)
    return [round(float(t), 4) for t in theta]


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def export(model, facts, scale, path):
    roots, feature, threshold, left = [], [], [], []

    def number(x):
        return float(f"{x:.6g}")

    for tree in model.dump_model()["tree_info"]:
        roots.append(len(feature))
        feature.append(-1), threshold.append(0), left.append(0)
        queue = [(roots[-1], tree["tree_structure"])]
        while queue:
            at, node = queue.pop(0)
            if "leaf_value" in node:
                threshold[at] = number(node["leaf_value"])
                continue
            feature[at], threshold[at], left[at] = node["split_feature"], number(node["threshold"]), len(feature)
            for side in ("left_child", "right_child"):
                queue.append((len(feature), node[side]))
                feature.append(-1), threshold.append(0), left.append(0)
    trees = dict(features=list(facts), roots=roots, feature=feature, threshold=threshold, left=left, base=0, scale=scale)
    json.dump(trees, open(path, "w"), separators=(",", ":"))


def ece(p, y, w, above=0.1):
    keep = p > above
    total = 0
    for i in range(10):
        b = keep & (p >= i / 10) & (p < (i + 1) / 10 + (i == 9))
        total += abs(np.sum(w[b] * (p[b] - y[b])))
    return total / max(1e-9, np.sum(w[keep]))


def report(name, p, y, w, number, queries):
    kinds = sorted({q["kind"] for q in queries})
    kind = np.array([q["kind"] for q in queries])[number]
    for k in kinds:
        m = kind == k
        if not m.any():
            continue
        sure = m & (p >= 0.9)
        print(f"  {name} {k:10s} rows {m.sum():7d} rate {np.average(y[m], weights=w[m]):.3f} "
              f"ECE {ece(p[m], y[m], w[m]):.3f} P(p>=.9) {np.average(y[sure], weights=w[sure]) if sure.any() else float('nan'):.3f} "
              f"n {sure.sum()} correct@.5 {np.average((p[m] > .5) == (y[m] > .5), weights=w[m]):.3f}")


def train(out, name, without):
    facts, x, number, y, raw, queries = load(out, name)
    kind = np.array([q["kind"] for q in queries])[number]
    fold = np.array([q["fold"] for q in queries])[number]
    use = kind != without if without else np.ones(len(y), bool)
    # Communities and rings each have a judge of their own; both learn from seeds that have no network.
    if name == "community":
        use &= np.isin(kind, ["community", "null"])
    if name == "coordinated":
        use &= kind != "community"
    w = balanced(number, raw) if name in ("first", "community", "coordinated") else raw
    held = np.full(len(y), np.nan)
    for f in sorted(set(fold)):
        seen = use & (fold != f)
        model = fit(name, x[seen], y[seen], w[seen], facts)
        held[fold == f] = model.predict(x[fold == f], raw_score=True)
        if name == "first":
            export(model, facts, [1, 0], f"{out}/first.without-{f}.json")
    judged = use & (kind != "null") if name in ("community", "coordinated") else use
    scale = platt(held[judged], y[judged], raw[judged])
    if name == "community":
        # The shipped model has seen every kind of background, the folds' models have not: four fifths of
        # their correction are kept (chosen on com-DBLP: half was over-confident there, all of it under-confident).
        scale = [round(1 - 0.8 * (1 - scale[0]), 4), round(0.8 * scale[1], 4)]
    p = sigmoid(scale[0] * held + scale[1])
    print(name, "held-out backgrounds; scale", scale)
    report(name, p[use], y[use], raw[use], number[use], queries)
    if name in ("network", "seed"):
        for t in (0.1, 0.2, 0.3, 0.4, 0.5, 0.7):
            kept = ", ".join(f"{k} {np.mean(p[(kind == k) & (y == 1)] >= t):.3f}" for k in sorted(set(kind)) if k != "null")
            print(f"  p >= {t}: null kept {np.mean(p[kind == 'null'] >= t):.3f}, wrong kept {np.mean(p[y == 0] >= t):.3f}; right kept: {kept}")
    model = fit(name, x[use], y[use], w[use], facts)
    export(model, facts, scale, f"{out}/{name}.model.json")
    order = np.argsort(-model.feature_importance("gain"))[:14]
    print("  gain:", ", ".join(facts[i] for i in order))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("out")
    parser.add_argument("stage", choices=["first", "second"])
    parser.add_argument("--without", default=None)
    a = parser.parse_args()
    for each in ["first"] if a.stage == "first" else ["ring", "community", "coordinated", "seed", "network"]:
        train(a.out, each, a.without)
