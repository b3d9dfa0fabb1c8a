"""Tests of newloom_report against a server that fails on demand: python3 -m unittest, in this folder."""

import http.server
import json
import threading
import unittest
from contextlib import contextmanager

from newloom_report import Reporter, ReportError

TOKEN = "a-secret-token"
REFUSED = {"title": "Not authorized for this stream", "status": 403, "code": "permission_denied", "detail": "no"}
FINISHED = {"title": "Execution has already finished", "status": 409, "code": "invalid_state"}


class Service:
    """What the server heard, and what it answers: for each report the next of its answers, then 200.

    An answer is a status with a body; None takes the report and drops the connection.
    """

    def __init__(self):
        self.heard = []
        self.tokens = set()
        self.answers = []
        self.changed = threading.Condition()

    def take(self, path, token, body):
        with self.changed:
            self.heard.append((path.rsplit("/", 1)[1], body))
            self.tokens.add(token)
            self.changed.notify_all()
            return self.answers.pop(0) if self.answers else (200, {})

    def wait_for(self, seen, count=1):
        with self.changed:
            found = self.changed.wait_for(lambda: sum(1 for report in self.heard if seen(report)) >= count, 10)
        assert found, self.heard

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
        status, problem = answer
        content = json.dumps(problem).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        if status in (429, 503):
            self.send_header("Retry-After", "0")
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
        for problem, status in ((KeyboardInterrupt(), "cancelled"), (SystemExit(2), "cancelled"),
                                (SystemExit(0), "completed"), (SystemExit(), "completed")):
            with self.subTest(problem=repr(problem)), running_service() as (service, url):
                with self.assertRaises(type(problem)):
                    with Reporter(url, 7, TOKEN):
                        raise problem
                self.assertEqual(["running", status], service.statuses())

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
        for failure in (None, (503, {"code": "unavailable"}), (429, {"code": "rate_limited"}), (500, {})):
            with self.subTest(failure=failure), running_service() as (service, url):
                service.answers = [(200, {}), failure, failure]
                with Reporter(url, 7, TOKEN) as job:
                    job.error("once", code="E")
                self.assertEqual(3, sum(1 for path, _ in service.heard if path == "errors"))
                self.assertEqual("completed", service.statuses()[-1])

    def test_lost_answer_to_the_end_is_no_failure(self):
        with running_service() as (service, url):
            service.answers = [(200, {}), None, (409, FINISHED)]
            with Reporter(url, 7, TOKEN):
                pass
            self.assertEqual(["running", "completed", "completed"], service.statuses())

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

    def test_silent_job_says_that_it_is_alive(self):
        with running_service() as (service, url):
            with Reporter(url, 7, TOKEN, lease_seconds=5) as job:
                service.wait_for(is_status("running"), count=2)
                job.stats(processed=3)
                service.wait_for(is_stats, count=2)
            self.assertEqual({"processed_count": 3}, service.heard[-2][1]["stats"])

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
