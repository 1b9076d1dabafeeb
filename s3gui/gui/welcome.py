"""The card for a start without any connection: three roads to the first upload."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from s3gui.core.text import visible
from s3gui.gui.form import plain_label
from s3gui.gui.icons import pixmap
from s3gui.gui.theme import Theme
from s3gui.i18n import _

_CHARACTERS = 107
_ICON_SIZE = 22
_MARGIN = 14
_SIDE = 20
_SHARE = 20
"""Of 22: the rest is air on both sides."""


class Welcome(QFrame):
    aws_profile_chosen = Signal(str)
    """The name of a profile of the AWS config."""

    add_wanted = Signal()
    practice_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("card", True)
        self._theme = theme
        self._icons: list[tuple[QLabel, str]] = []
        self.aws_profiles = QComboBox()
        self.aws_profiles.setAccessibleName(_("AWS profile"))
        self.aws_profiles.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.use_button = QPushButton(_("&Use it"))
        self.use_button.setAccessibleName(_("Use this AWS profile"))
        self.add_button = QPushButton(_("Add a &connection…"))
        self.add_button.setProperty("primary", True)
        self.practice_button = QPushButton(_("&Try it"))
        self.practice_button.setAccessibleName(_("Try the practice server"))
        self._aws_sentence = plain_label(muted=True, wrap=True)
        self._lay_out()
        self.use_button.clicked.connect(
            lambda: self.aws_profile_chosen.emit(self.aws_profiles.currentData())
        )
        self.add_button.clicked.connect(self.add_wanted)
        self.practice_button.clicked.connect(self.practice_wanted)
        theme.changed.connect(self._tint)
        self._tint()
        self.set_aws_profiles([])

    def set_aws_profiles(self, names: Sequence[str]) -> None:
        """The names found in the AWS config of this computer."""
        self.aws_profiles.clear()
        for name in names:
            self.aws_profiles.addItem(visible(name), name)
        for widget in (self.aws_profiles, self.use_button):
            widget.setVisible(bool(names))
        self._aws_sentence.setText(
            _("As set up for the AWS command line, single sign-on included.")
            if names
            else _("None was found. They are made by “aws configure” or “aws login”.")
        )

    def minimumSizeHint(self) -> QSize:
        """As high as the sentences need: Qt counts one line of each."""
        least = super().minimumSizeHint()
        if self.isHidden():  # what is shown in its place needs less
            return least
        room = (self.width() - 2 * _SIDE) * _SHARE // (_SHARE + 2)
        width = min(self._middle.maximumWidth(), max(least.width() - 2 * _SIDE, room))
        edges = self.contentsMargins()  # the line around the card is in them
        sentences = self._column.totalHeightForWidth(width)
        needed = sentences + 2 * _MARGIN + edges.top() + edges.bottom()
        return QSize(least.width(), max(least.height(), needed))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.updateGeometry()

    def _lay_out(self) -> None:
        self._heading = heading = plain_label(_("Put files into S3"))
        heading.setProperty("heading", True)
        self._middle = QWidget()
        self._column = column = QVBoxLayout(self._middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(heading)
        column.addWidget(
            plain_label(_("Choose how to connect; more can be added later."), muted=True)
        )
        column.addSpacing(8)
        profiles = QHBoxLayout()
        profiles.setSpacing(8)
        profiles.addWidget(self.aws_profiles)
        profiles.addWidget(self.use_button)
        column.addWidget(
            self._road("file", _("An AWS profile of this computer"), self._aws_sentence, profiles)
        )
        column.addWidget(
            self._road(
                "link",
                _("A connection of your own"),
                plain_label(
                    _("Amazon S3 with access keys, or any S3-compatible service."),
                    muted=True,
                    wrap=True,
                ),
                _row(self.add_button),
            )
        )
        column.addWidget(
            self._road(
                "play",
                _("The practice server"),
                plain_label(
                    _("Runs on this computer, for trying things out: nothing leaves it."),
                    muted=True,
                    wrap=True,
                ),
                _row(self.practice_button),
            )
        )
        across = QHBoxLayout()
        across.addStretch(1)
        across.addWidget(self._middle, _SHARE)
        across.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(_SIDE, _MARGIN, _SIDE, _MARGIN)
        layout.addStretch(1)
        layout.addLayout(across)
        layout.addStretch(2)

    def _road(self, name: str, title: str, sentence: QLabel, choice: QHBoxLayout) -> QFrame:
        road = QFrame()
        road.setProperty("card", True)
        heading = plain_label(title)
        heading.setProperty("heading", True)
        picture = QLabel()
        picture.setFixedSize(QSize(_ICON_SIZE, _ICON_SIZE))
        self._icons.append((picture, name))
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(heading)
        words.addWidget(sentence)
        row = QHBoxLayout(road)
        row.setContentsMargins(14, 12, 14, 12)
        row.setSpacing(14)
        row.addWidget(picture, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(words, 1)
        row.addLayout(choice)
        return road

    def _tint(self) -> None:
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * 1.5)
        font.setBold(True)
        self._heading.setFont(font)
        self._middle.setMaximumWidth(self.fontMetrics().averageCharWidth() * _CHARACTERS)
        self.updateGeometry()
        ratio = self.devicePixelRatioF()
        for label, name in self._icons:
            picture = pixmap(name, self._theme.palette.accent, round(_ICON_SIZE * ratio))
            picture.setDevicePixelRatio(ratio)
            label.setPixmap(picture)


def _row(widget: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.addWidget(widget)
    return row
