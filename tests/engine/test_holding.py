"""The holds by themselves; what they mean for the queue is in test_queue_holds."""

from s3gui.core.errors import CredentialsExpired, Unreachable
from s3gui.core.profile import Profile
from s3gui.core.transfer import Destination
from s3gui.engine.clock import SystemClock
from s3gui.engine.holding import Holding
from s3gui.engine.holds import hold_for

PROFILE = Profile("work", "Work")
PLACE = Destination("photos", "")


def held_for(error):
    hold = hold_for(error, PLACE)
    assert hold is not None
    return hold


class Queue:
    """`meets` is met by a transfer under way, in the moment in which a hold is released."""

    def __init__(self, *meets):
        self.meets = list(meets)
        self.released = []
        self.went_on = 0
        self.holding = Holding(lambda *_: None, SystemClock(), self.on_released)

    def on_released(self, profile, hold):
        self.released.append(hold.failure.code)
        if self.meets:
            self.holding.hold(profile, held_for(self.meets.pop(0)))
        return self.go_on

    def go_on(self):
        self.went_on += 1


def test_a_cause_that_was_met_once_more_while_somebody_signed_in_holds_nobody_unseen():
    queue = Queue(CredentialsExpired(), CredentialsExpired())
    assert queue.holding.hold(PROFILE, held_for(CredentialsExpired()))
    queue.holding.release(PROFILE.id)
    assert queue.released == [CredentialsExpired.code] * 3
    assert queue.went_on == 3
    assert queue.holding.profile_ids == frozenset()


def test_another_cause_that_is_met_while_somebody_signs_in_stays():
    queue = Queue(Unreachable())
    queue.holding.hold(PROFILE, held_for(CredentialsExpired()))
    queue.holding.release(PROFILE.id)
    assert queue.holding.profile_ids == {PROFILE.id}
    queue.holding.close()
