"""search.py ENGINE HASHES QUERIES EXPECTED: builds, answers each query alone, prints one JSON line. Times are processor times."""

import json
import sys
import time

import faiss
import numpy as np

engine, hashes_file, queries_file, expected_file = sys.argv[1:5]
faiss.omp_set_num_threads(1)
hashes = np.fromfile(hashes_file, dtype=np.uint8).reshape(-1, 32)
queries = np.fromfile(queries_file, dtype=np.uint8).reshape(-1, 32)
expected = np.fromfile(expected_file, dtype=np.uint32)


def resident():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmRSS"))


start = time.process_time()
if engine == "flat":
    index = faiss.IndexBinaryFlat(256)
else:
    index = faiss.IndexBinaryMultiHash(256, 16, 16)
    index.nflip = 1
index.add(hashes)
build = time.process_time() - start
del hashes
memory = resident()

for query in queries[:20]:
    index.range_search(query[None, :], 32)
times, found = [], 0
for query, entry in zip(queries, expected):
    start = time.thread_time()
    _, _, entries = index.range_search(query[None, :], 32)
    times.append(time.thread_time() - start)
    found += int(entry in entries)
print(json.dumps({"version": faiss.__version__, "build": build, "memory": memory, "times": times, "recall": found / len(queries)}))
