"""Tests of newloom_report against a server that fails on demand: python3 -m unittest, in this folder."""

import decimal
import http.server
import json
import socket
import threading
import time
import unittest
from contextlib import contextmanager
from unittest import mock

from newloom_report import Reporter, ReportError

TOKEN = "a-secret-token"
REFUSED = {"title": "Not authorized for this stream", "status": 403, "code": "permission_denied", "detail": "no"}
FINISHED = {"title": "Execution has already finished", "status": 409, "code": "invalid_state"}
WRONG = (400, {"title": "Invalid message format", "status": 400, "code": "invalid_format", "detail": "total_count"})


class Service:
    """What the server heard, and what it answers: for each report the next of its answers, then 200.

    An answer is a status with a body and perhaps a Retry-After; None takes the report and drops the connection.
    """

    def __init__(self):
        self.heard = []
        self.heard_at = []
        self.is_free = threading.Event()  # while it is not set, nothing is answered
        self.is_free.set()
        self.tokens = set()
        self.answers = []
        self.changed = threading.Condition()

    def take(self, path, token, body):
        with self.changed:
            self.heard.append((path.rsplit("/", 1)[1], body))
            self.heard_at.append(time.monotonic())
            self.tokens.add(token)
            self.changed.notify_all()
        self.is_free.wait(30)
        with self.changed:
            return self.answers.pop(0) if self.answers else (200, {})

    def wait_for(self, seen, count=1):
        with self.changed:
            found = self.changed.wait_for(lambda: sum(1 for report in self.heard if seen(report)) >= count, 10)
        assert found, self.heard

    def gaps(self):
        return [later - earlier for earlier, later in zip(self.heard_at, self.heard_at[1:])]

    def statuses(self):
        return [body["status"] for path, body in self.heard if path == "status"]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        answer = self.server.service.take(self.path, self.headers["Authorization"], body)
        if answer is None:
            self.close_connection = True
            return
        status, problem, *retry_after = answer
        content = json.dumps(problem).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        if retry_after:
            self.send_header("Retry-After", str(retry_after[0]))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args):
        pass


@contextmanager
def running_service():
    service = Service()
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        server.service = service
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield service, f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


def is_status(status):
    return lambda report: report[0] == "status" and report[1]["status"] == status


def is_stats(report):
    return report[0] == "stats"


class ReporterTests(unittest.TestCase):
    def test_job_that_ends_well_completes_after_its_last_counters(self):
        with running_service() as (service, url):
            with Reporter(url, 7, TOKEN, lease_seconds=30) as job:
                for done in range(1, 1_001):
                    job.stats(processed=done, total=1_000)
            self.assertEqual(("status", {"status": "running", "lease_seconds": 30}), service.heard[0])
            self.assertEqual(("status", {"status": "completed"}), service.heard[-1])
            self.assertEqual({"processed_count": 1_000, "total_count": 1_000}, service.heard[-2][1]["stats"])
            self.assertLess(len(service.heard), 20)
            self.assertEqual({f"Bearer {TOKEN}"}, service.tokens)

    def test_exception_fails_the_job_with_its_text_and_goes_on(self):
        with running_service() as (service, url):
            with self.assertRaises(ZeroDivisionError):
                with Reporter(url, 7, TOKEN):
                    1 / 0
            self.assertEqual(
                {"message": "division by zero", "code": "ZeroDivisionError"}, service.heard[-2][1]["error"])
            self.assertEqual(["running", "failed"], service.statuses())

    def test_end(self):
        for problem, status, error in (
            (KeyboardInterrupt(), "cancelled", None),
            (SystemExit("no such file"), "failed", "no such file"),
            (SystemExit(2), "failed", "exit code 2"),
            (SystemExit(0), "completed", None),
            (SystemExit(), "completed", None),
        ):
            with self.subTest(problem=repr(problem)), running_service() as (service, url):
                with self.assertRaises(type(problem)):
                    with Reporter(url, 7, TOKEN):
                        raise problem
                self.assertEqual(["running", status], service.statuses())
                errors = [body["error"]["message"] for path, body in service.heard if path == "errors"]
                self.assertEqual([error] if error else [], errors)

    def test_statuses_and_errors_come_all_and_in_order(self):
        with running_service() as (service, url):
            with Reporter(url, 7, TOKEN) as job:
                for number in range(50):
                    job.error(f"error {number}", code="E")
                    job.stats(processed=number + 1)
                job.status("paused")
            errors = [body["error"]["message"] for path, body in service.heard if path == "errors"]
            self.assertEqual([f"error {number}" for number in range(50)], errors)
            self.assertEqual(["running", "paused", "completed"], service.statuses())

    def test_what_may_succeed_later_is_tried_again(self):
        for failure in (None, (503, {"code": "unavailable"}, 0), (429, {"code": "rate_limited"}, 0), (500, {})):
            with self.subTest(failure=failure), running_service() as (service, url):
                service.answers = [(200, {}), failure, failure]
                with Reporter(url, 7, TOKEN) as job:
                    job.error("once", code="E")
                self.assertEqual(3, sum(1 for path, _ in service.heard if path == "errors"))
                self.assertEqual("completed", service.statuses()[-1])

    def test_pauses_between_tries_grow(self):
        with running_service() as (service, url):
            service.answers = [(500, {})] * 3
            with Reporter(url, 7, TOKEN):
                pass
            for gap, least in zip(service.gaps(), (0.1, 0.2, 0.4)):
                self.assertGreaterEqual(gap, least)

    def test_service_says_when_to_try_again(self):
        for status in (429, 503):
            with self.subTest(status=status), running_service() as (service, url):
                service.answers = [(status, {"code": "later"}, 1)]
                with Reporter(url, 7, TOKEN):
                    pass
                self.assertGreaterEqual(service.gaps()[0], 1)

    def test_counters_come_before_the_error_that_follows_them(self):
        with running_service() as (service, url):
            with Reporter(url, 7, TOKEN) as job:
                job.stats(processed=5)
                job.error("row 6", code="E")
                job.stats(processed=6)
            self.assertEqual(["status", "stats", "errors", "stats", "status"], [path for path, _ in service.heard])
            self.assertEqual({"processed_count": 5}, service.heard[1][1]["stats"])

    def test_only_so_many_reports_wait(self):
        with running_service() as (service, url), mock.patch("newloom_report._QUEUE_COUNT", 3):
            job = Reporter(url, 7, TOKEN, retry_seconds=0.3)
            with job:
                service.is_free.clear()
                job.error("under way", code="E")
                service.wait_for(lambda report: report[0] == "errors")
                for _ in range(3):
                    job.error("waits", code="E")
                with self.assertRaises(ReportError) as caught:
                    job.error("one too many", code="E")
                service.is_free.set()
            self.assertEqual("unavailable", caught.exception.code)
            self.assertEqual(4, sum(1 for path, _ in service.heard if path == "errors"))

    def test_refused_report_alone_is_left_out(self):
        with running_service() as (service, url):
            service.answers = [(200, {}), WRONG]
            with self.assertRaises(ValueError):
                with Reporter(url, 7, TOKEN) as job:
                    job.stats(processed=11, total=10)
                    raise ValueError("bad row")
            self.assertEqual("bad row", service.heard[-2][1]["error"]["message"])
            self.assertEqual(["running", "failed"], service.statuses())

    def test_refused_counters_are_not_repeated_and_the_job_stays_alive(self):
        with running_service() as (service, url):
            service.answers = [(200, {}), WRONG]
            with self.assertRaises(ReportError) as caught:
                with Reporter(url, 7, TOKEN, lease_seconds=5) as job:
                    job.stats(processed=11, total=10)
                    service.wait_for(is_stats, count=2)
            self.assertEqual("invalid_format", caught.exception.code)
            self.assertEqual({"processed_count": 0}, service.heard[2][1]["stats"])
            self.assertEqual(["running", "completed"], service.statuses())

    def test_undeliverable_report_alone_is_left_out(self):
        with running_service() as (service, url):
            service.answers = [(200, {})] + [(503, {"code": "unavailable"}, 1)]
            with self.assertRaises(ValueError):
                with Reporter(url, 7, TOKEN, retry_seconds=0.5) as job:
                    job.stats(processed=1)
                    raise ValueError("bad row")
            self.assertEqual("bad row", service.heard[-2][1]["error"]["message"])
            self.assertEqual(["running", "failed"], service.statuses())

    def test_end_of_a_job_waits_for_its_last_status_alone_while_the_service_is_down(self):
        with running_service() as (service, url):
            service.answers = [(200, {})] + [(503, {"code": "unavailable"}, 1)] * 4
            with self.assertRaises(ReportError):
                with Reporter(url, 7, TOKEN, retry_seconds=0.5) as job:
                    for number in range(100):
                        job.error(f"error {number}", code="E")
            # One error patiently, one more in haste, then the end.
            self.assertEqual(["status", "errors", "errors", "status"], [path for path, _ in service.heard])

    def test_end_is_tried_also_after_a_refusal_for_good(self):
        for answer in ((401, {"code": "connection_error"}), (403, REFUSED), (409, FINISHED)):
            with self.subTest(answer=answer), running_service() as (service, url):
                service.answers = [(200, {}), answer]
                service.is_free.clear()
                threading.Timer(0.2, service.is_free.set).start()
                with self.assertRaises(ReportError):
                    with Reporter(url, 7, TOKEN) as job:
                        for number in range(10):
                            job.error(f"error {number}", code="E")
                self.assertEqual(["status", "errors", "status"], [path for path, _ in service.heard])

    def test_what_is_no_number_raises_at_the_caller(self):
        with running_service() as (service, url):
            with Reporter(url, 7, TOKEN) as job:
                for wrong in ({"processed": decimal.Decimal(3)}, {"total": 2.5}, {"execution_time": 12}):
                    with self.subTest(wrong=wrong), self.assertRaises(TypeError):
                        job.stats(**wrong)
                job.stats(processed=4)
            self.assertEqual({"processed_count": 4}, service.heard[1][1]["stats"])

    def test_bug_in_the_thread_becomes_a_failure_and_the_end_is_told(self):
        with running_service() as (service, url):
            with self.assertRaises(ReportError) as caught:
                with Reporter(url, 7, TOKEN) as job:
                    job._add("errors", {"error": {"message": decimal.Decimal(1)}})
            self.assertEqual(("internal_error", "TypeError"), (caught.exception.code, caught.exception.detail))
            self.assertEqual(["running", "completed"], service.statuses())

    def test_token_is_stripped_and_never_shown(self):
        with running_service() as (service, url):
            with Reporter(url, 7, f" {TOKEN}\r\n"):
                pass
            self.assertEqual({f"Bearer {TOKEN}"}, service.tokens)
        for wrong in (f"{TOKEN}\nX", f"{TOKEN}é", f"{TOKEN}\x7f", " "):
            with self.subTest(wrong=wrong), self.assertRaises(ValueError) as caught:
                Reporter("http://localhost", 7, wrong)
            self.assertNotIn(TOKEN, str(caught.exception))

    def test_request_is_given_up_within_a_third_of_the_lease(self):
        for lease_seconds, timeout in ((5, 5 / 3), (30, 10), (3_600, 15)):
            with running_service() as (service, url), Reporter(url, 7, TOKEN, lease_seconds=lease_seconds) as job:
                self.assertEqual(timeout, job._sender._connection.timeout)

    def test_lost_answer_to_the_end_is_no_failure(self):
        with running_service() as (service, url):
            service.answers = [(200, {}), None, (409, FINISHED)]
            with Reporter(url, 7, TOKEN):
                pass
            self.assertEqual(["running", "completed", "completed"], service.statuses())

    def test_finished_execution_is_a_failure_when_no_earlier_try_arrived(self):
        for first in ((429, {"code": "rate_limited"}, 0), (503, {"code": "unavailable"}, 0)):
            with self.subTest(first=first), running_service() as (service, url):
                service.answers = [(200, {}), first, (409, FINISHED)]
                with self.assertRaises(ReportError) as caught:
                    with Reporter(url, 7, TOKEN):
                        pass
                self.assertEqual("invalid_state", caught.exception.code)

    def test_finished_execution_is_a_failure_after_a_refused_connection(self):
        with running_service() as (service, url):
            service.answers = [(200, {}), (409, FINISHED)]
            with self.assertRaises(ReportError) as caught:
                with Reporter(url, 7, TOKEN) as job:
                    job._sender.close()
                    refusals = iter([ConnectionRefusedError()])
                    connect = socket.create_connection

                    def refuse_once(*arguments, **named):
                        for refusal in refusals:
                            raise refusal
                        return connect(*arguments, **named)

                    patch = mock.patch("socket.create_connection", refuse_once)
                    patch.start()
                    self.addCleanup(patch.stop)
            self.assertEqual("invalid_state", caught.exception.code)

    def test_finished_execution_is_a_failure_the_first_time(self):
        with running_service() as (service, url):
            service.answers = [(200, {}), (409, FINISHED)]
            with self.assertRaises(ReportError) as caught:
                with Reporter(url, 7, TOKEN):
                    pass
            self.assertEqual("invalid_state", caught.exception.code)

    def test_refusal_at_the_start_stops_the_job_and_hides_the_token(self):
        with running_service() as (service, url):
            service.answers = [(403, REFUSED)]
            with self.assertRaises(ReportError) as caught:
                with Reporter(url, 7, TOKEN):
                    self.fail("The job must not begin.")
            self.assertEqual(("permission_denied", "no"), (caught.exception.code, caught.exception.detail))
            self.assertNotIn(TOKEN, str(caught.exception))
            self.assertNotIn(TOKEN, repr(Reporter(url, 7, TOKEN)))

    def test_refusal_later_raises_at_the_next_call(self):
        with running_service() as (service, url):
            service.answers = [(200, {}), (403, REFUSED)]
            with self.assertRaises(ReportError):
                with Reporter(url, 7, TOKEN) as job:
                    job.error("refused", code="E")
                    service.wait_for(lambda report: report[0] == "errors")
                    while True:
                        job.stats(processed=1)

    def test_unreachable_service_is_given_up_after_the_limit(self):
        with running_service() as (_, url):
            pass
        with self.assertRaises(ReportError) as caught:
            with Reporter(url, 7, TOKEN, retry_seconds=0.5):
                self.fail("The job must not begin.")
        self.assertEqual("unavailable", caught.exception.code)

    def test_silent_job_says_that_it_is_alive_three_times_in_a_lease_and_nothing_else(self):
        with running_service() as (service, url):
            with Reporter(url, 7, TOKEN, lease_seconds=5) as job:
                service.wait_for(is_stats, count=1)
                job.status("paused")
                service.wait_for(is_stats, count=2)
                job.stats(processed=3)
                service.wait_for(is_stats, count=4)
            stats = [body["stats"]["processed_count"] for path, body in service.heard if path == "stats"]
            self.assertEqual([0, 0, 3, 3], stats)
            self.assertEqual(["running", "paused", "completed"], service.statuses())
            self.assertLess(max(service.gaps()), 5 / 2)

    def test_unanswered_sign_of_life_is_no_storm(self):
        with running_service() as (service, url):
            service.answers = [(200, {})] + [(400, WRONG[1])] * 100
            with self.assertRaises(ReportError):
                with Reporter(url, 7, TOKEN, lease_seconds=5):
                    service.wait_for(is_stats, count=2)
            self.assertGreaterEqual(service.gaps()[1], 1)

    def test_long_texts_are_cut_and_empty_ones_named(self):
        with running_service() as (service, url):
            with Reporter(url, 7, TOKEN) as job:
                job.error("x" * 5_000, code="c" * 100)
                job.error(" ", code="")
            long, empty = (body["error"] for path, body in service.heard if path == "errors")
            self.assertEqual((4_000, 64), (len(long["message"]), len(long["code"])))
            self.assertEqual({"message": "(no text)", "code": "ERROR"}, empty)

    def test_wrong_arguments(self):
        for arguments in ({"lease_seconds": 4}, {"lease_seconds": 3_601}, {"url": "ftp://x"}, {"url": "localhost"}):
            with self.subTest(arguments=arguments), self.assertRaises(ValueError):
                Reporter(**{"url": "http://localhost", "stream_id": 1, "token": TOKEN, **arguments})
        with running_service() as (_, url), Reporter(url, 7, TOKEN) as job:
            with self.assertRaises(ValueError):
                job.status("completed")


if __name__ == "__main__":
    unittest.main()
