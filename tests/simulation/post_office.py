"""Brings what Jira's webhooks send to our receiver."""

from flask import Flask

from demo.jira_cloud.cloud import Cloud
from demo.jira_cloud.webhooks.deliveries import Attempt
from tests.simulation.network import Network
from tests.simulation.scheduler import Process, Scheduler

ON_THE_WAY = 0.1  # seconds


class PostOffice:
    """Pumps the stand-in's deliveries; each is posted by an actor of its own."""

    def __init__(self, scheduler: Scheduler, cloud: Cloud, network: Network, app: Flask) -> None:
        self._scheduler = scheduler
        self._deliveries = cloud.deliveries
        self._network = network
        self._app = app
        self._number = 0

    def look(self) -> None:
        """Something may be due, now or later."""
        due = self._deliveries.next_due()
        if due is not None:
            wait = max(0.0, due - self._scheduler.now) + ON_THE_WAY
            self._scheduler.start("post", Process("jira"), self._pump, wait)

    def _pump(self) -> None:
        while (attempt := self._deliveries.take()) is not None:
            self._number += 1
            process = Process(f"delivery-{self._number}")
            self._scheduler.start(process.name, process, self._post(attempt), 0.0)

    def _post(self, attempt: Attempt):  # type: ignore[no-untyped-def]
        def post() -> None:
            status = 0
            try:
                if not self._network.receiver_away:
                    status = self._ask(attempt)
            finally:
                self._deliveries.settle(attempt, status)
                self.look()

        return post

    def _ask(self, attempt: Attempt) -> int:
        answer = self._app.test_client().post(
            "/webhooks/jira", data=attempt.body, headers=attempt.headers
        )
        return answer.status_code
