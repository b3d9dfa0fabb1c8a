"""A worker as users write them: worker.py URL STREAM_ID TOKEN HOW, where HOW is good, failing, endless, or silent or
quiet: two leases without a word, the latter after some counters."""

import itertools
import sys
import time

from newloom_report import Reporter

LEASE_SECONDS = 5

url, stream_id, token, how = sys.argv[1:]
with Reporter(url, int(stream_id), token, lease_seconds=LEASE_SECONDS) as job:
    for done in range(1, 1_001) if how != "silent" else ():
        job.stats(processed=done, failed=1, total=2_000)
    if how in ("silent", "quiet"):
        time.sleep(2 * LEASE_SECONDS)
        sys.exit()
    job.error("row 17 has no price", code="BAD_ROW")
    if how == "failing":
        raise ValueError("the file ends in the middle of a row: 😀")
    for _ in itertools.count() if how == "endless" else ():
        time.sleep(1)
