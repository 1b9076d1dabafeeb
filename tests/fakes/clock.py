"""A clock that a test moves. Nobody waits."""


class FakeClock:
    def __init__(self, *, random=0.5, on_pause=lambda: None):
        self.seconds = 1_000_000.0
        self.pauses = []
        self._random = random
        self._on_pause = on_pause

    def now(self):
        return self.seconds

    def steady(self):
        return self.seconds

    def random(self):
        return self._random

    def pause(self, seconds, stop):
        self.pauses.append(seconds)
        self.seconds += seconds
        self._on_pause()
        stop.check()
