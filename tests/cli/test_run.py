import threading
import time

from s3gui.cli.interruption import Interruption
from s3gui.cli.run import Events, Run
from s3gui.core.errors import InputError
from s3gui.core.events import TransferChanged, TransfersAdded
from s3gui.core.transfer import TransferState
from s3gui.engine.ports import Count
from s3gui.engine.stop import Stop, Stopped, StopReason
from tests.cli.transfers import failed, transfer


class FakeJob:
    """Does what the test says in `doing`; may be asked to leave off."""

    is_kept = True
    size_is_known = True

    def __init__(self, doing=lambda: None, counts=None, failed_rows=(), *, leaves_off=True):
        self._doing = doing
        self._counts = counts or {}
        self._failed_rows = failed_rows
        self._leaves_off = leaves_off
        self.stopped = threading.Event()
        self.seen = []
        self.has_ended = False

    def work(self):
        self._doing()

    def apply(self, event):
        self.seen.append(event)

    def leave_off(self, timeout_seconds):
        self.stopped.set()
        return self._leaves_off

    def counts(self):
        return self._counts

    def failed(self):
        return iter(self._failed_rows)

    def ended(self):
        self.has_ended = True


class FakeReporter:
    def __init__(self):
        self.events, self.notes, self.outcomes, self.ticks = [], [], [], 0

    def apply(self, event):
        self.events.append(event)

    def tick(self, tally, now_seconds):
        self.ticks += 1

    def note(self, sentence):
        self.notes.append(sentence)

    def close(self, outcome):
        self.outcomes.append(outcome)

    def stop(self):
        pass


def run(job, events, *, interruption=None):
    reporter = FakeReporter()
    outcome = Run(job, events, reporter, interruption or Interruption()).to_its_end()
    assert reporter.outcomes == [outcome]
    return outcome, reporter


def test_everybody_hears_every_event_and_then_the_outcome() -> None:
    events = Events()
    stored = TransferChanged(transfer(state=TransferState.COMPLETED))
    counts = {TransferState.COMPLETED: Count(1, 100, 100)}
    job = FakeJob(lambda: events.publish(stored), counts)
    outcome, reporter = run(job, events)
    assert job.seen == reporter.events == [stored]
    assert outcome.exit_code == 0
    assert outcome.last_stored == stored.transfer
    assert outcome.counts == counts
    assert job.has_ended


def test_what_could_not_even_be_queued_is_told_when_the_last_file_was_found() -> None:
    events = Events()
    job = FakeJob(
        lambda: events.publish(TransfersAdded(1, (1,), is_last=True)), failed_rows=[failed()]
    )
    outcome, reporter = run(job, events)
    assert reporter.events[1] == TransferChanged(failed())
    assert len(outcome.failures) == 1


def test_a_failure_that_is_seen_twice_is_told_once() -> None:
    events = Events()
    job = FakeJob(lambda: events.publish(TransferChanged(failed())), failed_rows=[failed()])
    _, reporter = run(job, events)
    assert reporter.events == [TransferChanged(failed())]


def test_what_the_work_refuses_ends_the_run_with_its_sentence() -> None:
    def refuse():
        raise InputError("This cannot be.")

    outcome, _ = run(FakeJob(refuse), Events())
    assert outcome.error.message == "This cannot be."
    assert outcome.exit_code == 2


def test_a_fault_of_the_program_becomes_a_sentence_too() -> None:
    def fail():
        raise ZeroDivisionError

    outcome, _ = run(FakeJob(fail), Events())
    assert outcome.error.code == "unexpected"
    assert "--debug" in outcome.error.advice
    assert outcome.exit_code == 1


def test_an_interruption_asks_the_job_to_leave_off() -> None:
    events = Events()
    interruption = Interruption()

    def work():
        interruption.is_requested = True
        events.interrupt()
        assert job.stopped.wait(10)

    job = FakeJob(work, {TransferState.PAUSED: Count(1, 100, 10)})
    outcome, reporter = run(job, events, interruption=interruption)
    assert outcome.exit_code == 130
    assert outcome.has_left_off
    assert reporter.notes == ["Stopping …"]


def test_a_folder_that_was_not_read_to_its_end_is_remembered() -> None:
    events = Events()
    interruption = Interruption()

    def work():
        interruption.is_requested = True
        events.interrupt()
        assert job.stopped.wait(10)
        raise Stopped(StopReason.PAUSED)

    job = FakeJob(work)
    outcome, _ = run(job, events, interruption=interruption)
    assert not outcome.is_all_found


def test_a_job_that_hangs_is_left_behind_with_a_last_word() -> None:
    events = Events()
    interruption = Interruption()
    never = Stop()

    def work():
        interruption.is_requested = True
        events.interrupt()
        never.wait(10)

    job = FakeJob(work, {TransferState.RUNNING: Count(1, 100, 10)}, leaves_off=False)
    before = time.monotonic()
    outcome, _ = run(job, events, interruption=interruption)
    never.request(StopReason.CANCELLED)
    assert time.monotonic() - before < 3
    assert not outcome.has_left_off
    assert outcome.exit_code == 130
    assert not job.has_ended
