"""The line at the bottom: all transfers together, in one sentence."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from s3gui.core.frozen import frozen
from s3gui.core.text import format_duration
from s3gui.core.transfer import ACTIVE_STATES, TransferState
from s3gui.engine.ports import Count
from s3gui.gui.amounts import format_rate
from s3gui.gui.counters import Counts, share_done, total
from s3gui.gui.form import plain_label
from s3gui.gui.icons import pixmap
from s3gui.gui.limit_button import LimitButton
from s3gui.gui.theme import Theme, tabular
from s3gui.gui.throughput_line import ThroughputLine
from s3gui.gui.transfer_text import amount_text, format_count
from s3gui.i18n import _, ngettext

_OPEN_STATES = ACTIVE_STATES | {
    TransferState.QUEUED,
    TransferState.WAITING,
    TransferState.PAUSED,
}
_ICON = 14
_SPACING = 6


@frozen
class Round:
    """What was there before the queue last began to work: it is not counted again."""

    completed: Count = Count()

    def work(self, counts: Counts) -> Count:
        """What is to do in this round, and what of it is done."""
        unfinished = total(counts, _OPEN_STATES)
        done = total(counts, [TransferState.COMPLETED])
        done_bytes = max(0, done.bytes - self.completed.bytes)
        return Count(
            unfinished.files + max(0, done.files - self.completed.files),
            unfinished.bytes + done_bytes,
            unfinished.sent_bytes + done_bytes,
            unfinished.files_of_unknown_size,
        )

    def without(self, files: int, size_bytes: int) -> Round:
        """After so many done ones left the table: what this round did stays as it was."""
        before = self.completed
        return Round(Count(before.files - files, before.bytes - size_bytes))


class StatusBar(QWidget):
    leftovers_wanted = Signal()
    summary_wanted = Signal()
    work_shown = Signal(object, str)
    """How much of all is there, from 0 to 1, None when nothing is under way; and the sentence."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._round = Round()
        self._was_busy = False
        self._completed: Count | None = None
        self.text = plain_label(muted=True)
        self.text.setFont(tabular(self.text.font()))
        self.text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.bar = OverallBar(theme)
        self.throughput = ThroughputLine(theme)
        self.limit = LimitButton()
        self._icon = QLabel()
        self._promise = plain_label(_("checksums verified end to end"), muted=True)
        self.leftovers = QPushButton()
        self.leftovers.setProperty("flat", True)
        self.leftovers.clicked.connect(self.leftovers_wanted)
        self.leftovers.hide()
        self.summary = QPushButton(_("Summary"))
        self.summary.setProperty("flat", True)
        self.summary.setToolTip(_("Show again what the last work came to"))
        self.summary.clicked.connect(self.summary_wanted)
        self.summary.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 0, 4, 0)
        row.setSpacing(_SPACING)
        row.addWidget(self.text, 1)
        row.addWidget(self.summary)
        row.addWidget(self.leftovers)
        row.addWidget(self.limit)
        row.addWidget(self.throughput)
        row.addSpacing(4)
        row.addWidget(self.bar)
        row.addSpacing(10)
        row.addWidget(self._icon)
        row.addWidget(self._promise)
        theme.changed.connect(self._tint)
        self._tint()
        self.bar.hide()
        self.text.setText(self._idle_text({}, Count()))

    def show_work(self, counts: Counts, in_flight_bytes: int, bytes_per_second: float) -> None:
        """Say how far everything is. In-flight bytes shorten the time left, not the rest."""
        is_busy = any(counts.get(state, Count()).files for state in _OPEN_STATES)
        completed = total(counts, [TransferState.COMPLETED])
        before = self._completed if self._completed is not None else completed
        # The quickest files are done when a round is seen for the first time, or even the last.
        if not self._was_busy and (is_busy or completed.files > before.files):
            self._round = Round(before)
        elif self._completed is None:
            self._round = Round(completed)
        if completed.files < before.files:
            removed_bytes = before.bytes - completed.bytes
            self._round = self._round.without(before.files - completed.files, removed_bytes)
        self._completed, self._was_busy = completed, is_busy
        self.throughput.show_rate(bytes_per_second)
        work = self._round.work(counts)
        self.bar.setVisible(is_busy)
        share = share_done(work, work.files - total(counts, _OPEN_STATES).files)
        self.bar.show_share(share)
        text = (
            self._busy_text(counts, work, in_flight_bytes, bytes_per_second)
            if is_busy
            else self._idle_text(counts, work)
        )
        self.text.setText(text)
        self._make_room()
        self.work_shown.emit(share if is_busy else None, text)

    def show_leftovers(self, count: int) -> None:
        """A badge while uploads are left open that no transfer goes on with."""
        text = ngettext("{count} leftover upload", "{count} leftover uploads", count)
        self.leftovers.setText(text.format(count=format_count(count)))
        self.leftovers.setVisible(count > 0)

    def _busy_text(
        self, counts: Counts, work: Count, in_flight_bytes: int, bytes_per_second: float
    ) -> str:
        active = total(counts, ACTIVE_STATES).files
        waiting = total(counts, _OPEN_STATES - ACTIVE_STATES).files
        paused = total(counts, [TransferState.PAUSED]).files
        if active:
            first = _("{count} uploading").format(count=format_count(active))
        elif waiting == paused:
            first = _("{count} paused").format(count=format_count(paused))
        else:
            first = _("{count} waiting").format(count=format_count(waiting))
        texts = [first, amount_text(work)]
        if bytes_per_second >= 1:
            texts.append(format_rate(bytes_per_second))
            if not work.files_of_unknown_size:
                left = max(0, work.bytes - work.sent_bytes - in_flight_bytes) / bytes_per_second
                texts.append(_("{time} left").format(time=format_duration(left)))
        return "  ·  ".join(texts)

    def _idle_text(self, counts: Counts, work: Count) -> str:
        failed = total(counts, [TransferState.FAILED]).files
        if work.files:
            text = ngettext(
                "{count} file uploaded and verified",
                "{count} files uploaded and verified",
                work.files,
            ).format(count=format_count(work.files))
        else:
            text = _("Nothing to do")
        if failed:
            text += "  ·  " + _("{count} failed").format(count=format_count(failed))
        return text

    def sizeHint(self) -> QSize:
        return self._with_a_button(super().sizeHint())

    def _with_a_button(self, size: QSize) -> QSize:
        """As high without a button as with one: else all above moves when one comes."""
        return size.expandedTo(QSize(0, self.summary.sizeHint().height()))

    def minimumSizeHint(self) -> QSize:
        """Without the promise, which goes where there is no room for it."""
        least = self._with_a_button(super().minimumSizeHint())
        spare = [each for each in (self._icon, self._promise) if not each.isHidden()]
        width = sum(each.sizeHint().width() + _SPACING for each in spare)
        return QSize(least.width() - width, least.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        """The promise goes first where the sentence needs the room."""
        promise = self._promise.sizeHint().width() + _ICON + 16
        others = (self.summary, self.leftovers, self.limit, self.throughput, self.bar)
        needed = sum(
            max(each.sizeHint().width(), each.minimumWidth()) + 8
            for each in others
            if not each.isHidden()
        )
        has_room = self.width() >= self.text.sizeHint().width() + needed + promise
        for each in (self._icon, self._promise):
            each.setVisible(has_room)

    def _tint(self) -> None:
        ratio = self.devicePixelRatioF()
        image = pixmap("check", self._theme.palette.ok, round(_ICON * ratio))
        image.setDevicePixelRatio(ratio)
        self._icon.setPixmap(image)


class OverallBar(QWidget):
    """All the work of this round as one slim bar."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._share = 0.0
        self.setFixedSize(QSize(160, 14))
        self.setAccessibleName(_("Overall progress"))
        theme.changed.connect(self.update)

    def show_share(self, share: float) -> None:
        self._share = min(1.0, max(0.0, share))
        self.setAccessibleDescription(f"{int(100 * self._share)}%")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        bar = QRectF(0, self.height() / 2 - 3, self.width(), 6)
        painter.setBrush(QColor(self._theme.palette.track))
        painter.drawRoundedRect(bar, 3, 3)
        bar.setWidth(bar.width() * self._share)
        painter.setBrush(QColor(self._theme.palette.accent))
        painter.drawRoundedRect(bar, 3, 3)
