"""Posts what webhooks are to deliver, in threads."""

import requests

from demo.jira_cloud.machine import Background, Clock, in_background
from demo.jira_cloud.webhooks.deliveries import Attempt, Deliveries

AT_ONCE = 20
TIMEOUT = (5, 20)


class Sender:
    """Pumps the deliveries until its end. There is always a thread to spare, up to twenty."""

    def __init__(self, deliveries: Deliveries, clock: Clock) -> None:
        self._deliveries = deliveries
        self._clock = clock
        self._ended = False
        self._idle = 0
        self._threads: list[Background] = []
        self._have_one_to_spare()

    def end(self) -> None:
        """Let the threads end; what is queued is lost, as real webhooks can be."""
        with self._deliveries.changed:
            self._ended = True
            self._deliveries.changed.notify_all()
        for thread in self._threads:
            thread.join(timeout=1)

    def _have_one_to_spare(self) -> None:
        with self._deliveries.changed:
            if not self._idle and not self._ended and len(self._threads) < AT_ONCE:
                self._idle += 1
                self._threads.append(in_background(self._pump))

    def _pump(self) -> None:
        session = requests.Session()
        # A proxy in the environment is none of Jira's business.
        session.trust_env = False
        while (attempt := self._next()) is not None:
            status = 0
            try:
                status = _post(session, attempt)
            finally:
                self._deliveries.settle(attempt, status)
            with self._deliveries.changed:
                self._idle += 1

    def _next(self) -> Attempt | None:
        """Wait for the next attempt, None at the end. The thread counts as idle meanwhile."""
        with self._deliveries.changed:
            while not self._ended:
                attempt = self._deliveries.take()
                if attempt is not None:
                    self._idle -= 1
                    self._have_one_to_spare()
                    return attempt
                due = self._deliveries.next_due()
                self._deliveries.changed.wait(None if due is None else due - self._clock.seconds())
            return None


def _post(session: requests.Session, attempt: Attempt) -> int:
    """The status of the answer, 0 for no answer at all."""
    try:
        answer = session.post(
            attempt.delivery.url,
            data=attempt.body,
            headers=attempt.headers,
            timeout=TIMEOUT,
            allow_redirects=False,
        )
    except requests.RequestException:
        return 0
    return answer.status_code
