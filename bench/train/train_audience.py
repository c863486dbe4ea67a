"""Trains the audience model and the watched model from the rows of dump-audience.ts.

    python train_audience.py OUT…             # several rounds are put together; the models go to the last folder

Held out: graphs, a quarter at a time. The cut of the figures is the prefix with the greatest expected F1.
"""
import collections
import json
import sys

import lightgbm as lgb
import numpy as np
from train import export, platt, sigmoid

SHAPE = {
    "audience": dict(num_leaves=8, rounds=100, learning_rate=0.08, min_data_in_leaf=300),
    "watched": dict(num_leaves=5, rounds=60, learning_rate=0.06, min_data_in_leaf=25),
}
# More of these never makes membership (or a ring) less likely.
RISING = {
    "audience": ("once", "again", "audience", "own", "mutual", "answered", "identifiers"),
    "watched": ("ringness", "watched"),
}
FOLDS = 4


def load(outs, name):
    facts = json.load(open(f"{outs[0]}/facts.audience.json"))[name]
    parts, queries = [], []
    for out in outs:
        rows = np.fromfile(f"{out}/{name}.f32", dtype=np.float32).reshape(-1, len(facts) + 3)
        number = rows[:, -3].astype(int) + len(queries)
        queries += [json.loads(line) for line in open(f"{out}/queries.audience.jsonl")]
        parts.append((rows[:, :-3], number, rows[:, -2], rows[:, -1].astype(int)))
    return facts, *(np.concatenate(column) for column in zip(*parts)), queries


def fit(name, facts, x, y, w):
    shape = dict(SHAPE[name])
    rounds = shape.pop("rounds")
    params = dict(
        objective="binary", verbose=-1, num_threads=1, seed=7, deterministic=True, force_row_wise=True,
        feature_fraction=0.7, bagging_fraction=0.8, bagging_freq=1, lambda_l2=5.0,
        monotone_constraints=[1 if f in RISING[name] else 0 for f in facts], **shape,
    )
    return lgb.train(params, lgb.Dataset(x, y, weight=w), rounds)


def cut(p, y, truth):
    order = np.argsort(-p, kind="stable")
    hits = np.cumsum(p[order])
    size = 1 + np.argmax(2 * hits / (np.arange(len(p)) + 1 + hits[-1]))
    right = y[order[:size]].sum()
    return 2 * right / (size + truth), right / size, right / truth, y[order[:truth]].mean()


def report(number, look, y, queries, readings):
    for name, p in readings.items():
        by = collections.defaultdict(list)
        for n in np.unique(number):
            of = np.flatnonzero(number == n)
            for name_of, when in (("first", look[of].min()), ("last", look[of].max())):
                at = of[look[of] == when]
                label = queries[n]["kind"] if not queries[n]["background"].startswith("sim") else "simulated"
                by[label, name_of].append(cut(p[at], y[at], max(1, queries[n]["truth"])))
        for (kind, when), rows in sorted(by.items()):
            print(f"  {name} {kind} {when} look n {len(rows)}: F1 %.3f P %.3f R %.3f Rprec %.3f" % tuple(np.mean(rows, 0)))


def train(outs, name):
    facts, x, number, y, look, queries = load(outs, name)
    graph = np.array([q["graph"] for q in queries])[number]
    size = np.bincount(number)[number]
    w = 1 / np.sqrt(size)
    held = np.zeros(len(y))
    names = sorted(set(graph))
    for fold in range(FOLDS):
        out_of = np.isin(graph, names[fold::FOLDS])
        held[out_of] = fit(name, facts, x[~out_of], y[~out_of], w[~out_of]).predict(x[out_of], raw_score=True)
    scale = platt(held, y, w)
    p = sigmoid(scale[0] * held + scale[1])
    print(name, "held-out graphs; scale", scale)
    if name == "audience":
        report(number, look, y, queries, {"once": sigmoid(x[:, 0]), "again": sigmoid(x[:, 1]), "audience": p})
    else:
        kind = np.array([q["kind"] for q in queries])[number]
        before = sigmoid(x[:, facts.index("ringness")])
        for k in sorted(set(kind)):
            m = kind == k
            print(f"  watched {k} n {m.sum()}: ringness before {before[m].mean():.3f}, after mean {p[m].mean():.3f}, 10 % {np.quantile(p[m], .1):.3f}, 90 % {np.quantile(p[m], .9):.3f}")
    model = fit(name, facts, x, y, w)
    export(model, facts, scale, f"{outs[-1]}/{name}.model.json")
    order = np.argsort(-model.feature_importance("gain"))
    print("  gain:", ", ".join(facts[i] for i in order[:12]))


if __name__ == "__main__":
    for each in ("audience", "watched"):
        train(sys.argv[1:], each)
