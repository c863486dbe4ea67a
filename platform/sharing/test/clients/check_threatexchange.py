"""An outside judge: the public python client pulls from the NCMEC mock, and its PDQ hashes are compared with ours.

  python3 -m venv venv && venv/bin/pip install threatexchange
  venv/bin/python platform/sharing/test/clients/check_threatexchange.py [FOLDER OF PICTURES]
"""

import csv
import io
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

from threatexchange.exchanges.clients.ncmec import hash_api
from threatexchange.exchanges.impl.ncmec_api import (
    NCMECCollabConfig,
    NCMECSignalExchangeAPI,
)
from threatexchange.signal_type.md5 import VideoMD5Signal
from threatexchange.signal_type.pdq.signal import PdqSignal

ROOT = Path(__file__).resolve().parents[4]
NODE = ROOT / "node_modules" / ".bin" / "node"


def check_ncmec() -> None:
    server = subprocess.Popen(
        [NODE, ROOT / "platform/sharing/test/clients/serve-ncmec.ts"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    url = server.stdout.readline().strip()
    environment = SimpleNamespace(value=url)
    client = hash_api.NCMECHashAPI("user", "secret", environment)
    assert client.status().esp_id == 1
    assert [member.esp_id for member in client.members()] == [1, 7]

    exchange = NCMECSignalExchangeAPI(
        NCMECCollabConfig(name="mock", environment=environment), "user", "secret"
    )
    updates = {}
    checkpoint = None
    pages = 0
    for delta in exchange.fetch_iter([PdqSignal, VideoMD5Signal], None):
        pages += 1
        checkpoint = delta.checkpoint
        updates.update(delta.updates)
    records = list(updates.values())
    deleted = [one for one in records if one is None or getattr(one, "deleted", False)]
    assert len(records) == 2500, len(records)
    assert len(deleted) == 25, len(deleted)
    assert checkpoint.get_progress_timestamp() > 0
    live = [one for one in records if one is not None and not one.deleted]
    votes = sum(len(vote) for one in live for vote in one.feedback.values())
    assert votes == 100, votes

    kind = hash_api.FingerprintType.pdq
    client.submit_feedback(7, "image-3", kind, hash_api.FeedbackType.upvote)
    client.submit_feedback(7, "image-6", kind, hash_api.FeedbackType.downvote)
    server.stdin.close()
    told = server.stderr.read()
    server.wait()
    assert "7/image-3/PDQ affirmative" in told and "7/image-6/PDQ negative" in told, told
    print(f"ncmec: {len(records)} records in {pages} deltas, {len(deleted)} deleted, {votes} votes, feedback both ways")


def check_pdq(folder: Path) -> None:
    pictures = sorted(p for p in folder.rglob("*") if p.suffix.lower() in (".jpg", ".jpeg", ".png"))
    ours = subprocess.run(
        [NODE, ROOT / "apps/server/src/main.ts", "hash", "--type", "pdq", *pictures],
        capture_output=True,
        text=True,
        cwd=ROOT,
    ).stdout
    by_file = {row["file"]: row["hash"] for row in csv.DictReader(io.StringIO(ours))}
    distances = []
    for picture in pictures:
        theirs = PdqSignal.hash_from_file(picture)
        mine = by_file.get(str(picture))
        if not theirs or mine is None:
            print(f"  {picture.name}: theirs {theirs or 'none (low quality)'}, ours {mine}")
            continue
        comparison = PdqSignal.compare_hash(mine, theirs)
        distances.append((bin(int(mine, 16) ^ int(theirs, 16)).count("1"), picture.name))
        assert comparison.match, picture
    distances.sort()
    equal = sum(1 for distance, _ in distances if distance == 0)
    print(f"pdq: {len(distances)} pictures compared, {equal} equal, largest distance {distances[-1][0]} ({distances[-1][1]})")


if __name__ == "__main__":
    check_ncmec()
    if len(sys.argv) > 1:
        check_pdq(Path(sys.argv[1]))
