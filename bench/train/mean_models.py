"""The mean of two tree models, by their scaled logits: `python mean_models.py A.json B.json OUT.json`."""
import json
import sys

PARTS = [json.load(open(path)) for path in sys.argv[1:3]]
if PARTS[0]["features"] != PARTS[1]["features"]:
    sys.exit("the models read different facts")
mean = dict(features=PARTS[0]["features"], roots=[], feature=[], threshold=[], left=[], base=0)
for part in PARTS:
    offset, slope = len(mean["feature"]), part["scale"][0] / 2
    mean["roots"] += [root + offset for root in part["roots"]]
    mean["left"] += [at + offset for at in part["left"]]
    mean["threshold"] += [
        float(f"{x * slope:.6g}") if f < 0 else x for f, x in zip(part["feature"], part["threshold"])
    ]
    mean["feature"] += part["feature"]
mean["scale"] = [1, round(sum(part["scale"][1] for part in PARTS) / 2, 4)]
json.dump(mean, open(sys.argv[3], "w"), separators=(",", ":"))
