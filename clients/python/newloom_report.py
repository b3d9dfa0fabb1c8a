"""Reports the state of a long-running job to a NewLoom stream.

One file, Python 3.9 or later, standard library only. Copy it beside your worker::

    from newloom_report import Reporter

    with Reporter("http://localhost:8000", stream_id=123, token=TOKEN) as job:
        for done, item in enumerate(items, start=1):
            try:
                work(item)
            except ValueError as problem:
                job.error(str(problem), code="BAD_ITEM")
            job.stats(processed=done, total=len(items))

Viewers see ``running``, the counters as they rise, every error, and at the end ``completed``, or ``failed`` with the
text of the exception that left the block. A worker that dies is seen to be ``stalled`` after ``lease_seconds`` and
``lost`` after three times that.
"""

from __future__ import annotations

import collections
import http.client
import json
import logging
import operator
import random
import ssl
import threading
import time
import urllib.parse
from typing import Any, Deque, Dict, Optional, Tuple

__all__ = ["ReportError", "Reporter"]

_log = logging.getLogger("newloom_report")

_STATS_INTERVAL = 0.25  # seconds between two reports of counters
_QUEUE_COUNT = 1_000  # statuses and errors that may wait
_TIMEOUT_MAX = 15.0  # seconds for one HTTP exchange; the service itself gives up a call after 10 s
_BACKOFF_MIN, _BACKOFF_MAX = 0.2, 5.0  # seconds between two tries
_MESSAGE_LENGTH, _CODE_LENGTH = 4_000, 64  # characters that the service takes
_LOST_AFTER = 3  # leases
_TERMINAL = ("completed", "failed", "cancelled")

_Report = Tuple[str, Dict[str, Any]]  # the path's last part, and the body


class ReportError(Exception):
    """A report was refused, or could not be delivered in time.

    Attributes:
        code: the service's error code, as in ``permission_denied`` or ``invalid_state``; ``unavailable`` when the
            service could not be reached.
        detail: what was wrong, for a developer; may be empty.
    """

    def __init__(self, code: str, detail: str = "", status: int = 0) -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail
        self._status = status  # of HTTP; 0 without an answer

    @property
    def _may_pass(self) -> bool:
        """Whether the same report may succeed later."""
        return self._status == 0 or self._status == 429 or self._status >= 500

    @property
    def _ends_all(self) -> bool:
        """Whether no other report of this execution can succeed."""
        return self._status in (401, 403) or self.code == "invalid_state"


class Reporter:
    """Reports one execution of a job; a context manager.

    A thread of its own sends everything, so that the job never waits for the network: counters are sent about four
    times a second, the latest of them; statuses and errors all, in order. When nothing was sent for a third of the
    lease, it says that the job is alive. What fails for a moment is tried again for ``retry_seconds``. A report that is
    refused, or fails for longer, is left out, and raises :class:`ReportError` from the next call, or at the end of the
    block; how the job ended is still reported.

    Args:
        url: where the service listens, as in ``https://jobs.example.org``.
        stream_id: the stream; the token's user must be a publisher of it.
        token: a token with the scope ``streams:publish``. It is sent in a header and never shown.
        lease_seconds: 5 to 3600. A worker that is silent for so long counts as stalled. (default: 30)
        retry_seconds: how long one report is tried. (default: until the execution would be lost, three leases)
    """

    def __init__(
        self, url: str, stream_id: int, token: str, lease_seconds: int = 30, retry_seconds: Optional[float] = None
    ) -> None:
        if not 5 <= lease_seconds <= 3_600:
            raise ValueError("lease_seconds must be from 5 to 3600")
        self._lease_seconds = lease_seconds
        self._sender = _Sender(
            url, stream_id, token, retry_seconds or _LOST_AFTER * lease_seconds, min(_TIMEOUT_MAX, lease_seconds / 3)
        )
        self._changed = threading.Condition()
        self._queue: Deque[_Report] = collections.deque()
        self._stats: Dict[str, Any] = {}
        self._has_new_stats = False
        self._is_closing = False
        self._failure: Optional[ReportError] = None
        self._is_over = False  # no other report can succeed
        self._thread: Optional[threading.Thread] = None

    def __repr__(self) -> str:
        return f"Reporter({self._sender})"

    def __enter__(self) -> "Reporter":
        """Reports ``running``.

        Raises:
            ReportError: the service refuses it; the job has not begun.
        """
        if self._thread is not None:
            raise RuntimeError("a Reporter reports one execution: make another one")
        try:
            self._sender.send("status", {"status": "running", "lease_seconds": self._lease_seconds})
        except ReportError:
            self._sender.close()
            raise
        self._thread = threading.Thread(target=self._run, name="newloom-report", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, kind: Any, problem: Optional[BaseException], trace: Any) -> bool:
        """Reports how the job ended, and waits until that is delivered.

        Raises:
            ReportError: it could not be delivered, and no exception of the job's own is under way.
        """
        if problem is None or (isinstance(problem, SystemExit) and not problem.code):
            status = "completed"
        elif isinstance(problem, (Exception, SystemExit)):
            self._add("errors", _error(_text_of(problem), type(problem).__name__))
            status = "failed"
        else:
            status = "cancelled"  # KeyboardInterrupt, GeneratorExit
        self._add("status", {"status": status})
        with self._changed:
            self._is_closing = True
            self._changed.notify_all()
        self._thread.join()
        self._sender.close()
        if self._failure is not None and problem is None:
            raise self._failure
        if self._failure is not None:
            _log.warning("The end of the job could not be reported: %s", self._failure)
        return False

    def stats(
        self,
        processed: Optional[int] = None,
        failed: Optional[int] = None,
        total: Optional[int] = None,
        execution_time: Optional[str] = None,
    ) -> None:
        """Reports absolute counters; never waits. The latest win, and what is left out stays as it was.

        Args:
            processed: items that were processed well, so far.
            failed: items that failed, so far.
            total: items altogether. (default: processed and failed ones)
            execution_time: ``HH:MM:SS``. (default: computed by the service)

        Raises:
            ReportError: an earlier report failed for good.
            TypeError: a counter is no integer, or the time no string.
        """
        if execution_time is not None and not isinstance(execution_time, str):
            raise TypeError("execution_time must be a string, as in 00:05:23")
        counts = {"processed_count": processed, "failed_count": failed, "total_count": total}
        given: Dict[str, Any] = {name: operator.index(count) for name, count in counts.items() if count is not None}
        if execution_time is not None:
            given["execution_time"] = execution_time
        with self._changed:
            self._check()
            if not given:
                return
            self._stats.update(given)
            self._has_new_stats = True
            self._changed.notify_all()

    def error(self, message: str, code: str = "ERROR") -> None:
        """Reports that something went wrong; the execution goes on.

        Args:
            message: for people; cut at 4,000 characters.
            code: for programs; cut at 64 characters.

        Raises:
            ReportError: an earlier report failed for good, or 1,000 reports have waited for too long.
        """
        self._add("errors", _error(message, code), checks=True)

    def status(self, status: str) -> None:
        """Reports ``pending``, ``running`` or ``paused``. How the job ends is reported by leaving the block.

        Raises:
            ReportError: an earlier report failed for good, or 1,000 reports have waited for too long.
        """
        if status not in ("pending", "running", "paused"):
            raise ValueError("status must be pending, running or paused: leaving the block ends the execution")
        self._add("status", {"status": status}, checks=True)

    def _check(self) -> None:
        if self._failure is not None:
            raise self._failure

    def _add(self, path: str, body: Dict[str, Any], checks: bool = False) -> None:
        with self._changed:
            if checks:
                self._check()
                has_room = self._changed.wait_for(
                    lambda: len(self._queue) < _QUEUE_COUNT or self._failure is not None, self._sender.retry_seconds
                )
                self._check()
                if not has_room:
                    raise ReportError("unavailable", f"{_QUEUE_COUNT} reports wait already")
            if self._has_new_stats:
                # Counters that were given before this are sent before this.
                self._queue.append(("stats", {"stats": dict(self._stats)}))
                self._has_new_stats = False
            self._queue.append((path, body))
            self._changed.notify_all()

    def _run(self) -> None:
        is_down = False
        while True:
            report = self._next()
            if report is None:
                return
            path, body = report
            # A job that ends does not wait for each report in turn, only for its end.
            is_hurried = is_down and self._is_closing
            try:
                self._sender.send(path, body, is_patient=not is_hurried or body.get("status") in _TERMINAL)
                is_down = False
            except ReportError as failure:
                is_down = failure._may_pass
                self._note(path, failure, drops_waiting=failure._ends_all or (is_hurried and is_down))
            except Exception as problem:  # a thread that died would leave the job silent
                self._note(path, ReportError("internal_error", type(problem).__name__), drops_waiting=False)

    def _note(self, path: str, failure: ReportError, drops_waiting: bool) -> None:
        """A report has failed: the job is told at its next call, and the others go on as far as they can."""
        _log.warning("Stream %s: %s", self._sender.stream_id, failure)
        with self._changed:
            self._failure = self._failure or failure
            self._is_over = self._is_over or failure._ends_all
            if path == "stats" and not failure._may_pass:
                self._stats.clear()  # what was refused is not said again to show that the job is alive
                self._has_new_stats = False
            if drops_waiting:
                ends = [report for report in self._queue if report[1].get("status") in _TERMINAL]
                self._queue.clear()
                self._queue.extend(ends)
                self._has_new_stats = False
            self._changed.notify_all()

    def _next(self) -> Optional[_Report]:
        """The next report that is due; None when all is done."""
        with self._changed:
            while True:
                now = time.monotonic()
                if self._queue:
                    self._changed.notify_all()  # there is room for another
                    return self._queue.popleft()
                if self._is_closing:
                    return None
                if self._is_over:
                    self._changed.wait()
                    continue
                silent_since = self._sender.tried_at
                if self._has_new_stats and now >= silent_since + _STATS_INTERVAL:
                    self._has_new_stats = False
                    return "stats", {"stats": dict(self._stats)}
                if now >= silent_since + self._lease_seconds / 3:
                    # Never a status: the job may be paused, and somebody else may have ended the execution.
                    return "stats", {"stats": dict(self._stats) or {"processed_count": 0}}
                due = silent_since + (_STATS_INTERVAL if self._has_new_stats else self._lease_seconds / 3)
                self._changed.wait(max(0.01, due - now))


class _Sender:
    """Sends reports over one kept connection, and tries again what may succeed later. Used by one thread at a time."""

    def __init__(self, url: str, stream_id: int, token: str, retry_seconds: float, timeout: float) -> None:
        parts = urllib.parse.urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("url must start with http:// or https://")
        token = token.strip()
        if not token or not (token.isascii() and token.isprintable()):
            raise ValueError("token must be printable ASCII")  # without the token: somebody logs this
        self.stream_id = stream_id
        self.retry_seconds = retry_seconds
        self._timeout = timeout
        self._is_written = False  # whether the request that failed last may have arrived
        self.tried_at = time.monotonic()  # when the last report was delivered or given up
        self._url = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
        self._parts = parts
        self._path = f"{parts.path.rstrip('/')}/api/streams/{int(stream_id)}"
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self._connection: Optional[http.client.HTTPConnection] = None

    def __repr__(self) -> str:
        return f"{self._url}, stream {self.stream_id}"

    def send(self, path: str, body: Dict[str, Any], is_patient: bool = True) -> None:
        """Delivers one report; one that is not patient tries once.

        Raises:
            ReportError: it was refused, or could not be delivered within the limit.
        """
        give_up_at = time.monotonic() + (self.retry_seconds if is_patient else 0)
        backoff = _BACKOFF_MIN
        may_have_arrived = False
        while True:
            try:
                status, retry_after, problem = self._exchange(path, body)
            except (OSError, http.client.HTTPException) as failure:
                self.close()
                status, retry_after, problem = 0, None, {"code": "unavailable", "detail": type(failure).__name__}
            self.tried_at = time.monotonic()
            if 200 <= status < 300:
                return
            code = str(problem.get("code", f"http_{status}"))
            if code == "invalid_state" and may_have_arrived and body.get("status") in _TERMINAL:
                return  # the answer to an earlier try was lost, not the report
            may_have_arrived = may_have_arrived or (self._is_written if status == 0 else status not in (429, 503))
            failure = ReportError(code, str(problem.get("detail") or problem.get("title") or ""), status)
            wait = retry_after if retry_after is not None else backoff * random.uniform(0.5, 1.0)
            if not failure._may_pass or time.monotonic() + wait > give_up_at:
                raise failure
            time.sleep(wait)
            backoff = min(2 * backoff, _BACKOFF_MAX)

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _exchange(self, path: str, body: Dict[str, Any]) -> Tuple[int, Optional[float], Dict[str, Any]]:
        self._is_written = False
        if self._connection is None:
            self._connection = self._connect()
        self._connection.request("POST", f"{self._path}/{path}", json.dumps(body), self._headers)
        self._is_written = True
        response = self._connection.getresponse()
        content = response.read()
        if response.will_close:
            self.close()
        retry_after = response.getheader("Retry-After")
        seconds = min(float(retry_after), 60.0) if retry_after and retry_after.isdigit() else None
        return response.status, seconds, _problem_of(content)

    def _connect(self) -> http.client.HTTPConnection:
        host, port = self._parts.hostname, self._parts.port
        if self._parts.scheme == "http":
            return http.client.HTTPConnection(host, port, timeout=self._timeout)
        return http.client.HTTPSConnection(host, port, timeout=self._timeout, context=ssl.create_default_context())


def _error(message: str, code: str) -> Dict[str, Any]:
    text = message.encode("utf-8", "replace").decode() if message.strip() else "(no text)"
    return {"error": {"message": text[:_MESSAGE_LENGTH], "code": (code.strip() or "ERROR")[:_CODE_LENGTH]}}


def _text_of(problem: BaseException) -> str:
    if isinstance(problem, SystemExit) and not isinstance(problem.code, str):
        return f"exit code {problem.code}"
    return str(problem) or type(problem).__name__


def _problem_of(content: bytes) -> Dict[str, Any]:
    try:
        problem = json.loads(content)
    except ValueError:
        return {}
    return problem if isinstance(problem, dict) else {}
