"""The lower half of the window on a journal in memory, without an engine behind it."""

from __future__ import annotations

import time

from s3gui.bootstrap import memory_journal
from s3gui.gui.background import Background
from s3gui.gui.bridge import EngineSignals
from s3gui.gui.counters import Counters
from s3gui.gui.event_feed import EventFeed
from s3gui.gui.live import LiveTransfers
from s3gui.gui.queue_commands import QueueCommands
from s3gui.gui.theme import Theme
from s3gui.gui.transfer_columns import Column
from s3gui.gui.transfer_model import TransferModel
from s3gui.gui.transfer_panel import TransferPanel
from tests.gui.fakes import FakeQueue
from tests.gui.queue_rows import QueueRows


class PanelWorld:
    def __init__(self, background: Background, theme: Theme) -> None:
        self.journal = memory_journal()
        self.queue = FakeQueue()
        self.live = LiveTransfers(time.monotonic)
        self.feed = EventFeed(EngineSignals(), self.live)
        self.rows = QueueRows(self.journal, self.feed.receive)
        self.model = TransferModel(self.journal, background, self.live)
        self.counters = Counters(self.journal, background)
        self.commands = QueueCommands(self.queue, self.journal, background)
        self.panel = TransferPanel(theme)
        self.feed.flushed.connect(self.panel.apply)
        self.feed.flushed.connect(self.counters.apply)
        self.panel.attach(self.model, self.counters, self.commands)
        self.panel.resize(1000, 500)
        self.panel.show()

    def names(self) -> list[str]:
        rows = range(self.model.rowCount())
        return [self.model.index(row, Column.FILE).data() for row in rows]

    def pills(self) -> list[str]:
        buttons = self.panel.pill_buttons.buttons()
        return [button.text() for button in buttons if not button.isHidden()]
