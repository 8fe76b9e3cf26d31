"""The worker: of several processes one leads, sends what waits, and sees what is due.

APScheduler runs the clock work; its jobs stand here in code, and every act is claimed in the store, so
that a job that runs twice, or in two processes, does nothing twice.
"""

import logging
import os
import secrets
import socket
import time
from collections.abc import Callable, Mapping
from concurrent import futures
from datetime import date
from functools import partial
from pathlib import Path
from threading import Timer
from typing import Any

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy.exc import IntegrityError

from config.errors import WrongClock
from notifications.channels import Channel, Permanent, Temporary, Unclear, open_channel
from notifications.hooks import HookSender
from notifications.rounds import Rounds
from workflow.dates import SHANGHAI
from workflow.service import Office, Unavailable
from workflow.service.accounts import Accounts
from workflow.service.backups.daily import DailyBackup
from workflow.service.forgetting import forget_all
from workflow.service.heads import FOLDER
from workflow.service.jobs import JobFailures
from workflow.service.logs import Seldom, kind_of
from workflow.service.messages.heads import send_daily
from workflow.service.messages.outbox import LEASE, ClaimLost, Outbox, Outgoing, channels_of_worker
from workflow.service.report.year_end import YearEnd
from workflow.service.storing import delete_noted
from workflow.service.tokens import Tokens

RENEW_SECONDS, RECOVER_SECONDS, SEND_SECONDS, ROUND_SECONDS = 10, 5, 3, 60
MOST_AT_ONCE = 200
SYSTEMS_AT_ONCE = 8
"""Addresses of other systems that are called at once at most."""
PATIENCE_SECONDS = 3
"""So long a worker that stops waits for answers of other systems."""
MARK_TRIES = 5
log = logging.getLogger("gongkai.worker")
seldom = Seldom(log)


class Worker:
    """One process's worker over the store of an office."""

    def __init__(self, office: Office, settings: Mapping[str, Any], name: str = "") -> None:
        self.office = office
        self.outbox = Outbox(office)
        self.rounds = Rounds(office)
        self.failures = JobFailures(office)
        self.name = name or f"{socket.gethostname()[:30]} {os.getpid()} {secrets.token_hex(4)}"
        self.channels: dict[str, Channel] = {
            kind.name: open_channel(kind, settings) for kind in channels_of_worker(office)
        }
        self.hooks = HookSender(office, settings)
        folder = settings.get("data_dir")
        self._heads = Path(folder) / FOLDER if folder else None
        self._backups = DailyBackup(office, settings) if folder else None
        self._tokens = Tokens(office, Accounts(office))
        self._leads_until = 0.0
        self._stopping = False
        self._statistics_of: date | None = None
        self._scheduler: BackgroundScheduler | None = None

    @property
    def leads(self) -> bool:
        """True while this process holds the lease, by a clock that nobody can move."""
        return not self._stopping and time.monotonic() < self._leads_until

    # -- the jobs -----------------------------------------------------------------------------------

    def lead(self) -> bool:
        """Take or renew the lease."""
        asked = time.monotonic()
        before = self.leads
        if self.outbox.lead(self.name):
            self._leads_until = asked + LEASE.total_seconds()
            if not before:
                log.info("leading")
        else:
            self._leads_until = 0.0
        return self.leads

    def recover(self) -> None:
        """Take up what dead processes left and gather digests."""
        if self.leads:
            self.outbox.recover()
            if self.hooks.allowed:
                self.hooks.outbox.recover()
            self.outbox.gather()

    def make_round(self) -> None:
        """See what is due and enqueue it; in January the drafts of last year's reports are made. What was never a case
        and has lain too long is let go (`workflow.service.forgetting`). Once a day the database looks how full its
        tables are, the heads of the chains go out, it is looked whether there is a backup, and whose token of the API ends soon
        is told."""
        if self.leads:
            self.rounds.run()
            forget_all(self.office)
            delete_noted(self.office)
            today = self.office.today()
            if today.month == 1:
                YearEnd(self.office).make_drafts(today)
            if today != self._statistics_of:
                if self._heads is not None:
                    send_daily(self.office, self._heads)
                if self._backups is not None:
                    self._backups.remind()
                self._tokens.tell_ending()
                self.office.store.gather_statistics()
                self._statistics_of = today

    def back_up(self) -> None:
        """Make the backup of the day, where it is due."""
        if self.leads and self._backups is not None:
            self._backups.run()

    def send_all(self) -> int:
        """Send what waits, in every channel and for other systems at once; how many were tried."""
        sends: list[Callable[[], int]] = [partial(self.send, name) for name in self.channels]
        sends += [self.send_to_systems] * SYSTEMS_AT_ONCE
        with futures.ThreadPoolExecutor(len(sends)) as threads:
            return sum(one.result() for one in [threads.submit(send) for send in sends])

    def send(self, name: str) -> int:
        """Send what waits for a channel; how many messages were tried."""
        tried = 0
        while self.leads and tried < MOST_AT_ONCE and self.send_one(name):
            tried += 1
        return tried

    def send_one(self, name: str) -> bool:
        """Send the next message of a channel; False if none waits."""
        message = self.outbox.claim(name)
        if message is None:
            return False
        try:
            detail = self.channels[name].send(message, lambda: self.outbox.handing(message))
        except ClaimLost:
            log.warning("message %s was taken over by another process", message.id)
        except Temporary as problem:
            self.outbox.later(message, str(problem))
        except Permanent as problem:
            self.outbox.never(message, str(problem), of_channel=problem.of_channel)
        except Unclear as problem:
            self.outbox.unclear(message, str(problem))
        else:
            self._mark_sent(message, detail)
        return True

    def send_to_systems(self) -> int:
        """Send what waits for other systems; how many deliveries were tried. While one of them is slow another thread does the
        same: the scheduler begins anew, `SYSTEMS_AT_ONCE` times at most."""
        tried = 0
        while self.hooks.allowed and self.leads and tried < MOST_AT_ONCE and self.hooks.send_one():
            tried += 1
        return tried

    def _mark_sent(self, message: Outgoing, detail: str) -> None:
        """The receiver has it: a store that is busy just now is no reason to call that unclear."""
        for _ in range(MARK_TRIES - 1):
            try:
                return self.outbox.sent(message, detail)
            except Unavailable:
                time.sleep(1)
        return self.outbox.sent(message, detail)

    # -- running ------------------------------------------------------------------------------------

    def start(self) -> None:
        """Run the jobs in threads of this process until `stop`, which is for good."""
        threads = ThreadPoolExecutor(5 + len(self.channels) + SYSTEMS_AT_ONCE)
        scheduler = BackgroundScheduler(
            timezone=SHANGHAI,
            executors={"default": threads},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        self._try(self.lead)

        def every(
            seconds: int, name: str, act: Callable[..., Any], *given: str, at_once: int = 1
        ) -> None:
            scheduler.add_job(
                self._job, "interval", (name, act, *given), id=name, seconds=seconds, max_instances=at_once
            )  # fmt: skip

        every(RENEW_SECONDS, "lease", self.lead)
        every(RECOVER_SECONDS, "recover", self.recover)
        every(ROUND_SECONDS, "round", self.make_round)
        every(ROUND_SECONDS, "backup", self.back_up)
        for name in self.channels:
            every(SEND_SECONDS, f"send {name}", self.send, name)
        if self.hooks.allowed:
            every(SEND_SECONDS, "send to systems", self.send_to_systems, at_once=SYSTEMS_AT_ONCE)
        scheduler.start()
        self._scheduler = scheduler

    def stop(self) -> None:
        """Let running sends end, then give the lease back. Another system that does not answer soon is not waited for: what it
        was given goes again under its key."""
        self._stopping = True
        if self._scheduler is not None:
            late = Timer(PATIENCE_SECONDS, self.hooks.hang_up)
            late.start()
            self._scheduler.shutdown(wait=True)
            late.cancel()
        self.outbox.resign(self.name)

    def _job(self, name: str, act: Callable[..., Any], *given: str) -> None:
        """Run a job by its name; that it failed stays noted until it does not."""
        try:
            self._try(act, *given)
        except Exception as error:  # whatever it is, it is noted and goes on as it came
            self._try(self.failures.failed, name, kind_of(error))
            raise
        self._try(self.failures.worked, name)

    @staticmethod
    def _try(act: Callable[..., Any], *given: str) -> None:
        """Run a job. A store that is busy is asked again at the next turn."""
        try:
            act(*given)
        except WrongClock:
            pass  # the watch says it in the log
        except (Unavailable, IntegrityError) as error:
            # Two processes at once, a lock, no room or no answer. The statement's values are not logged.
            seldom.warn(getattr(error, "trouble", "written twice"), "the store does not take it")
