"""The top of the window: which connection, and what to add."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMenu,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QStylePainter,
    QToolButton,
    QWidget,
)

from s3gui.bootstrap import PRACTICE_PROFILE_ID
from s3gui.core.profile import Profile
from s3gui.core.text import visible
from s3gui.gui.connections import ConnectionState
from s3gui.gui.icons import icon, pixmap
from s3gui.gui.theme import Theme
from s3gui.gui.tooltip import plain_tooltip
from s3gui.i18n import _

_DOT = 10
_PADDING = 12
_CHEVRON = 12
_BADGE_PADDING = 8


class ConnectionButton(QPushButton):
    """State dot, name and host of the open connection; a click lists the others."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._state = ConnectionState.NONE
        self._name = ""
        self._detail = ""
        self._badge = ""
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)
        self.show_connection(None, ConnectionState.NONE)

    def show_connection(
        self, profile: Profile | None, state: ConnectionState, problem: str = ""
    ) -> None:
        self._state = state
        self._name = visible(profile.name) if profile is not None else _("No connection")
        host = visible(profile.host) if profile is not None else ""
        self._detail = {
            ConnectionState.NONE: _("choose one"),
            ConnectionState.CONNECTING: _("connecting…"),
            ConnectionState.CONNECTED: host,
            ConnectionState.FAILED: _("not connected"),
        }[state]
        said = _("connected to {host}").format(host=host)
        state_text = said if state is ConnectionState.CONNECTED else self._detail
        is_open = profile is not None and profile.is_unencrypted
        self._badge = _("not encrypted") if is_open else ""
        state_text = ", ".join(filter(None, [state_text, self._badge]))
        self.setAccessibleName(f"{_('Connection')}: {self._name}, {state_text}")
        self.setToolTip(plain_tooltip("\n".join(filter(None, [state_text, visible(problem)]))))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        width = self.fontMetrics().horizontalAdvance(f"{self._name}  —  {self._detail}")
        wanted = width + _DOT + _CHEVRON + 4 * _PADDING + self._badge_width()
        return QSize(min(420, max(260, wanted)), super().sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = ""
        painter = QStylePainter(self)
        painter.drawControl(QStyle.ControlElement.CE_PushButton, option)
        self._paint_content(painter)

    def _paint_content(self, painter: QPainter) -> None:
        palette = self._theme.palette
        room = self.rect().adjusted(_PADDING, 0, -_PADDING, 0)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_dot(painter, QRectF(room.left(), room.center().y() - _DOT / 2 + 1, _DOT, _DOT))
        ratio = self.devicePixelRatioF()
        chevron = pixmap("chevron-down", palette.muted, round(_CHEVRON * ratio))
        chevron.setDevicePixelRatio(ratio)
        painter.drawPixmap(
            room.right() - _CHEVRON + 1, room.center().y() - _CHEVRON // 2 + 1, chevron
        )
        room.adjust(_DOT + 8, 0, -_CHEVRON - 8, 0)
        if self._badge:
            self._paint_badge(painter, room)
            room.adjust(0, 0, -self._badge_width(), 0)
        metrics = self.fontMetrics()
        name = metrics.elidedText(self._name, Qt.TextElideMode.ElideMiddle, room.width())
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        painter.setPen(QColor(palette.text))
        painter.drawText(room, middle, name)
        room.adjust(metrics.horizontalAdvance(f"{name}  "), 0, 0, 0)
        is_bad = self._state is ConnectionState.FAILED
        painter.setPen(QColor(palette.error_text if is_bad else palette.muted))
        detail = f"—  {self._detail}"
        painter.drawText(
            room, middle, metrics.elidedText(detail, Qt.TextElideMode.ElideMiddle, room.width())
        )

    def _badge_width(self) -> int:
        """With the gap to its left; nothing where there is no badge."""
        if not self._badge:
            return 0
        return self.fontMetrics().horizontalAdvance(self._badge) + 3 * _BADGE_PADDING

    def _paint_badge(self, painter: QPainter, room: QRect) -> None:
        """At the right end: what travels over plain http is anybody's."""
        palette = self._theme.palette
        height = self.fontMetrics().height() + 4
        width = self._badge_width() - _BADGE_PADDING
        place = QRect(room.right() - width, room.center().y() - height // 2 + 1, width, height)
        ground = QColor(palette.warning)
        ground.setAlphaF(0.16)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(place, 6, 6)
        painter.setPen(QColor(palette.warning_text))
        painter.drawText(place, int(Qt.AlignmentFlag.AlignCenter), self._badge)

    def _paint_dot(self, painter: QPainter, place: QRectF) -> None:
        """A full dot means connected, a ring means not, whoever sees no colours."""
        palette = self._theme.palette
        color = {
            ConnectionState.NONE: palette.muted,
            ConnectionState.CONNECTING: palette.warning,
            ConnectionState.CONNECTED: palette.ok,
            ConnectionState.FAILED: palette.error,
        }[self._state]
        pen = painter.pen()
        pen.setColor(QColor(color))
        pen.setWidthF(2)
        painter.setPen(pen)
        is_full = self._state is ConnectionState.CONNECTED
        painter.setBrush(QColor(color) if is_full else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(place.adjusted(1, 1, -1, -1))


class TopBar(QWidget):
    profile_chosen = Signal(object)
    practice_wanted = Signal()
    add_profile_wanted = Signal()
    edit_profile_wanted = Signal(object)
    duplicate_profile_wanted = Signal(object)
    import_wanted = Signal()
    export_wanted = Signal()
    files_wanted = Signal()
    folder_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.connection = ConnectionButton(theme)
        self.connections_menu = QMenu(self)
        self.connection.setMenu(self.connections_menu)
        self.add_folder = QPushButton(_("Add f&older…"))
        self.add_files = QPushButton(_("&Add files…"))
        self.add_files.setProperty("primary", True)
        self.menu_button = QToolButton()
        self.menu_button.setAccessibleName(_("Menu"))
        self.menu_button.setToolTip(_("Menu"))
        self.menu_button.setIconSize(QSize(18, 18))
        self.menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu = QMenu(self)
        self.menu_button.setMenu(self.menu)
        self.add_folder.clicked.connect(self.folder_wanted)
        self.add_files.clicked.connect(self.files_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.connection)
        row.addStretch(1)
        row.addWidget(self.add_folder)
        row.addWidget(self.add_files)
        row.addWidget(self.menu_button)
        theme.changed.connect(self._tint)
        self._tint()

    def show_connection(
        self, profile: Profile | None, state: ConnectionState, problem: str = ""
    ) -> None:
        self.connection.show_connection(profile, state, problem)

    def show_profiles(self, profiles: Sequence[Profile], current: Profile | None) -> None:
        """List what can be switched to."""
        menu = self.connections_menu
        menu.clear()
        for profile in profiles:
            text = f"{visible(profile.name)}  —  {visible(profile.host)}"
            action = menu.addAction(_plain_action(text))
            action.triggered.connect(lambda _=False, each=profile: self.profile_chosen.emit(each))
            _mark(action, is_current=current is not None and profile.id == current.id)
        practice = menu.addAction(_("Practice server"), self.practice_wanted.emit)
        _mark(practice, is_current=current is not None and current.id == PRACTICE_PROFILE_ID)
        menu.addSeparator()
        menu.addAction(_("Add a connection…"), self.add_profile_wanted.emit)
        if current is not None and current.id != PRACTICE_PROFILE_ID:
            edit = _("Edit “{name}”…").format(name=visible(current.name))
            menu.addAction(_plain_action(edit), lambda: self.edit_profile_wanted.emit(current))
            twin = _("Duplicate “{name}”…").format(name=visible(current.name))
            menu.addAction(_plain_action(twin), lambda: self.duplicate_profile_wanted.emit(current))
        menu.addSeparator()
        menu.addAction(_("Import connections…"), self.import_wanted.emit)
        menu.addAction(_("Export connections…"), self.export_wanted.emit).setEnabled(bool(profiles))

    def _tint(self) -> None:
        height = self.add_files.sizeHint().height() + 2
        for button in (self.connection, self.add_folder, self.add_files, self.menu_button):
            button.setMinimumHeight(height)
        self.menu_button.setMaximumHeight(height)
        self.menu_button.setIcon(icon("menu", self._theme.palette.text))


def _plain_action(text: str) -> str:
    """An ampersand in a name is no access key."""
    return text.replace("&", "&&")


def _mark(action: QAction, *, is_current: bool) -> None:
    action.setCheckable(True)
    action.setChecked(is_current)
