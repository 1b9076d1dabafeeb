"""Equal causes of failed transfers as one banner, with the button that mends them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

from s3gui.core.errors import AclRefused, AlreadyExists, ObjectChanged, S3guiError
from s3gui.core.transfer import ASKS_PERSON, ConflictRule
from s3gui.gui.banner import Banner
from s3gui.gui.counters import FailureGroup
from s3gui.gui.options_text import conflict_titles
from s3gui.gui.theme import Theme
from s3gui.gui.transfer_actions import Action
from s3gui.gui.transfer_text import format_count
from s3gui.i18n import _, ngettext, translated

_CONFLICTS = frozenset({AlreadyExists.code, ObjectChanged.code})


class FailureBanner(Banner):
    """Shows the largest group; one file that only needs another try says so in its own row."""

    action_wanted = Signal(object, list)
    without_acl_wanted = Signal(list)
    conflict_resolved = Signal(object, list)
    """A ConflictRule, and the ids of the transfers that are to be sent again by it."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._shown: FailureGroup | None = None
        self._dismissed: dict[str, set[int]] = {}
        self.conflict_menu = QMenu(self)
        for rule, title in conflict_titles().items():
            if rule is not ConflictRule.FAIL:
                self.conflict_menu.addAction(title, partial(self._resolve, rule))
        self.closed.connect(self._remember)

    def show_groups(self, groups: Sequence[FailureGroup]) -> None:
        for group in groups:
            is_worth_it = len(group.ids) > 1 or group.failure.code in ASKS_PERSON
            if is_worth_it and not self._was_closed(group):
                self._show_group(group)
                return
        self._shown = None
        self.hide()

    def _show_group(self, group: FailureGroup) -> None:
        if group == self._shown:
            return
        self._shown = group
        files = ngettext("{count} file", "{count} files", len(group.ids)).format(
            count=format_count(len(group.ids))
        )
        title = next(
            (each.title for each in _kinds(S3guiError) if each.code == group.failure.code),
            group.failure.message,
        )
        code = group.failure.code
        is_conflict = code in _CONFLICTS
        self.fix.setMenu(self.conflict_menu if is_conflict else None)  # type: ignore[arg-type]
        fixes = {AclRefused.code: _("Send without ACL")} | dict.fromkeys(_CONFLICTS, _("Choose…"))
        self.say(
            f"{files}: {translated(title)}",
            translated(group.failure.hint) if code not in fixes else "",
            is_error=code not in ASKS_PERSON,
            fix=fixes.get(code, _("Retry")),
            on_fix=None if is_conflict else self._mend,
        )

    def _resolve(self, rule: ConflictRule) -> None:
        group = self._shown
        if group is not None:
            self.conflict_resolved.emit(rule, list(group.ids))
            self._shown = None
            self.hide()

    def _mend(self) -> None:
        group = self._shown
        if group is None:
            return
        if group.failure.code == AclRefused.code:
            self.without_acl_wanted.emit(list(group.ids))
        else:
            self.action_wanted.emit(Action.RETRY, list(group.ids))
        self._shown = None
        self.hide()

    def _remember(self) -> None:
        """A closed banner comes back only for files that failed since, or for another cause."""
        if self._shown is not None:
            code = self._shown.failure.code
            self._dismissed.setdefault(code, set()).update(self._shown.ids)
            self._shown = None

    def _was_closed(self, group: FailureGroup) -> bool:
        return self._dismissed.get(group.failure.code, set()).issuperset(group.ids)


def _kinds(error: type[S3guiError]) -> Iterator[type[S3guiError]]:
    yield error
    for kind in error.__subclasses__():
        yield from _kinds(kind)
