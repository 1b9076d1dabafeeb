"""Notifies who is not looking: of the end of work, of failures, and of what needs somebody."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject

from s3gui.core.events import ConnectionHeld
from s3gui.core.transfer import WAITS_FOR_PERSON
from s3gui.gui.counters import Summary
from s3gui.gui.notices import Notice, NoticeKind
from s3gui.gui.round_text import failed_text, round_facts, round_title
from s3gui.gui.transfer_text import format_count
from s3gui.gui.work_round import RoundSummary
from s3gui.i18n import _, ngettext, translated


class Telling(QObject):
    """`is_wanted`: the user set it, and the window has no focus. `show` shows a Notice."""

    def __init__(
        self,
        is_wanted: Callable[[], bool],
        show: Callable[[Notice], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._is_wanted = is_wanted
        self._show = show
        self._held: dict[str, ConnectionHeld] = {}
        self._failures = Summary().failures

    def note_held(self, held: Mapping[str, ConnectionHeld | None]) -> None:
        """Which connections wait, by their profiles' ids; None for one that goes on."""
        for profile_id, event in held.items():
            if event is None:
                self._held.pop(profile_id, None)
            elif event.waiting_for in WAITS_FOR_PERSON:
                self._held[profile_id] = event

    def note_failures(self, summary: Summary) -> None:
        self._failures = summary.failures

    def tell_end(self, summary: RoundSummary) -> None:
        kind = NoticeKind.PROBLEM if summary.failed else NoticeKind.DONE
        self._tell(kind, round_title(summary), " · ".join(round_facts(summary)))

    def tell_failure(self, count: int) -> None:
        """Of the first ones only: the end tells how many there were."""
        cause = translated(self._failures[0].failure.message) if self._failures else ""
        self._tell(NoticeKind.PROBLEM, failed_text(count), f"{cause} {_('The others go on.')}")

    def tell_need(self, count: int) -> None:
        title = ngettext("{count} upload needs you", "{count} uploads need you", count).format(
            count=format_count(count)
        )
        held = next(reversed(self._held.values()), None)
        if held is not None:
            text = f"{translated(held.failure.message)} {translated(held.failure.hint)}".strip()
        elif self._failures:
            text = translated(self._failures[0].failure.message)
        else:
            text = ""
        self._tell(NoticeKind.PROBLEM, title, text)

    def _tell(self, kind: NoticeKind, title: str, text: str) -> None:
        if self._is_wanted():
            self._show(Notice(kind, title, text))
