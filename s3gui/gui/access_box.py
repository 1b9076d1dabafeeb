"""Chooses who may read what is uploaded: one of S3's canned ACLs."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QStandardItemModel, QWheelEvent
from PySide6.QtWidgets import (
    QComboBox,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from s3gui.core.acl import OFFERED_ACLS, CannedAcl
from s3gui.core.frozen import frozen
from s3gui.core.provider import AWS, Provider
from s3gui.core.text import visible
from s3gui.engine.ports import BucketRules
from s3gui.gui.icons import icon
from s3gui.gui.theme import Theme
from s3gui.gui.tooltip import plain_tooltip
from s3gui.i18n import _, translated

_SECOND_LINE = Qt.ItemDataRole.UserRole + 1
_ICON_SIZE = 16
_PADDING = 8
Index = QModelIndex | QPersistentModelIndex


@frozen
class _Place:
    """A bucket of a connection: a choice made for one says nothing about another."""

    profile_id: str
    bucket: str


class AccessBox(QComboBox):
    """Begins with “private” in each bucket, and remembers the choice for each while it lives."""

    acl_chosen = Signal(object)
    """The CannedAcl that the user chose, and confirmed where it is public."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._place = _Place("", "")
        self._provider = AWS
        self._rules = BucketRules()
        self._choices: dict[_Place, CannedAcl] = {}
        self._confirmed: set[_Place] = set()
        self._acl = CannedAcl.PRIVATE
        self.setAccessibleName(_("Access"))
        self.setItemDelegate(_TwoLines(theme, self))
        for acl in OFFERED_ACLS:
            self.addItem(acl_title(acl), acl)
        self.activated.connect(self._activated)
        theme.changed.connect(self._refresh)
        self._refresh()

    def acl(self) -> CannedAcl:
        return self._acl

    def set_place(self, profile_id: str, provider: Provider, bucket: str) -> None:
        """Another bucket: what it allows is not known until `set_rules`."""
        self._place = _Place(profile_id, bucket)
        self._provider = provider
        self._rules = BucketRules()
        self._acl = self._choices.get(self._place, CannedAcl.PRIVATE)
        self._refresh()

    def set_rules(self, rules: BucketRules) -> None:
        """Grey out what the bucket refuses; a choice that it refuses becomes “private”."""
        self._rules = rules
        if refusal(self._acl, rules, self._provider):
            self._keep(CannedAcl.PRIVATE)
        self._refresh()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scrolling past must not make anything public."""
        event.ignore()

    def sizeHint(self) -> QSize:
        """As wide as the choice: the breadcrumb beside it needs the room."""
        text = self.fontMetrics().horizontalAdvance(self.currentText())
        return QSize(max(150, text + _ICON_SIZE + 80), max(32, super().sizeHint().height()))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def showPopup(self) -> None:
        widest = max(
            QFontMetrics(self.font()).horizontalAdvance(text)
            for row in range(self.count())
            for text in (self.itemText(row), str(self.itemData(row, _SECOND_LINE)))
        )
        self.view().setMinimumWidth(widest + _ICON_SIZE + 5 * _PADDING)
        self.view().setStyleSheet("border: none;")  # the window around it has one
        super().showPopup()

    def _activated(self, row: int) -> None:
        acl = CannedAcl(self.itemData(row))
        self._refresh()
        if not acl.is_public or self._place in self._confirmed:
            self._choose(acl)
            return
        from s3gui.gui.question import ask

        place = self._place
        ask(
            self,
            _("Make uploads to “{bucket}” public?").format(bucket=visible(place.bucket)),
            _(
                "{title}: this goes for everything you upload to this bucket until you choose "
                "otherwise. You are asked once per bucket."
            ).format(title=acl_title(acl)),
            yes=_("&Make public"),
            no=_("&Keep as it is"),
            on_yes=lambda: self._confirm(place, acl),
        )

    def _confirm(self, place: _Place, acl: CannedAcl) -> None:
        self._confirmed.add(place)
        if place == self._place:
            self._choose(acl)

    def _choose(self, acl: CannedAcl) -> None:
        self._keep(acl)
        self._refresh()
        self.acl_chosen.emit(acl)

    def _keep(self, acl: CannedAcl) -> None:
        self._acl = acl
        self._choices[self._place] = acl

    def _refresh(self) -> None:
        palette = self._theme.palette
        model = self.model()
        assert isinstance(model, QStandardItemModel)
        for row, acl in enumerate(OFFERED_ACLS):
            reason = refusal(acl, self._rules, self._provider)
            color = palette.warning_text if acl.is_public and not reason else palette.muted
            item = model.item(row)
            item.setEnabled(not reason)
            item.setIcon(icon(_icon_name(acl), color))
            item.setData(reason or _explanation(acl), _SECOND_LINE)
            item.setToolTip(plain_tooltip(reason or acl.value))
            item.setAccessibleText(f"{acl_title(acl)}. {reason or _explanation(acl)}")
        self.setCurrentIndex(OFFERED_ACLS.index(self._acl))
        self.setToolTip(plain_tooltip(f"{acl_title(self._acl)}\n{_explanation(self._acl)}"))
        self.setStyleSheet(
            f"QComboBox {{ color: {palette.warning_text}; border-color: {palette.warning}; }}"
            if self._acl.is_public
            else ""
        )
        self.updateGeometry()


def acl_title(acl: CannedAcl) -> str:
    return {
        CannedAcl.PRIVATE: _("Private (default)"),
        CannedAcl.PUBLIC_READ: _("Public: everyone can read"),
        CannedAcl.PUBLIC_READ_WRITE: _("Public: everyone can read and write"),
        CannedAcl.AUTHENTICATED_READ: _("Public: every AWS account can read"),
        CannedAcl.BUCKET_OWNER_READ: _("Bucket owner can read"),
        CannedAcl.BUCKET_OWNER_FULL_CONTROL: _("Bucket owner has full control"),
    }[acl]


def refusal(acl: CannedAcl, rules: BucketRules, provider: Provider) -> str:
    """Why the bucket would refuse `acl`, and what to do instead; empty if it would not.

    Buckets with ACLs disabled accept no ACL but bucket-owner-full-control (S3 User Guide,
    "Error responses when ACLs are disabled").
    """
    if acl is CannedAcl.PRIVATE:
        return ""
    if not provider.acls:
        return _("{provider} has no ACLs: set access for the whole bucket there.").format(
            provider=translated(provider.title)
        )
    if rules.acls_enabled is False and acl is not CannedAcl.BUCKET_OWNER_FULL_CONTROL:
        return _("ACLs are disabled in this bucket: use a bucket policy instead.")
    if rules.public_acls_blocked and acl.is_public:
        return _("The bucket blocks public access: share a presigned link instead.")
    return ""


def _explanation(acl: CannedAcl) -> str:
    if acl is CannedAcl.PRIVATE:
        return _("No ACL is sent: the bucket's own rules decide")
    return acl.value


def _icon_name(acl: CannedAcl) -> str:
    if acl.is_public:
        return "globe"
    return "lock" if acl is CannedAcl.PRIVATE else "bucket"


class _TwoLines(QStyledItemDelegate):
    """The title, and below it S3's name or the reason why not."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002
        lines = option.fontMetrics.height() + QFontMetrics(_small(option.font)).height()
        return QSize(0, lines + 2 * _PADDING)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        palette = self._theme.palette
        is_enabled = bool(index.flags() & Qt.ItemFlag.ItemIsEnabled)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(option.rect, QColor(palette.card))
        if option.state & QStyle.StateFlag.State_Selected and is_enabled:
            painter.setBrush(QColor(palette.selection))
            painter.setPen(QColor(palette.selection_edge))
            painter.drawRoundedRect(QRectF(option.rect).adjusted(1, 1, -1, -1), 6, 6)
        room = option.rect.adjusted(_PADDING, _PADDING, -_PADDING, -_PADDING)
        first_line = room.adjusted(0, 0, 0, option.fontMetrics.height() - room.height())
        picture = first_line.adjusted(0, 0, _ICON_SIZE - room.width(), 0)
        index.data(Qt.ItemDataRole.DecorationRole).paint(painter, picture)
        room.setLeft(room.left() + _ICON_SIZE + _PADDING)
        align = Qt.AlignmentFlag.AlignLeft
        painter.setPen(QColor(palette.text if is_enabled else palette.muted))
        painter.drawText(room, align | Qt.AlignmentFlag.AlignTop, index.data())
        painter.setFont(_small(option.font))
        painter.setPen(QColor(palette.muted))
        painter.drawText(room, align | Qt.AlignmentFlag.AlignBottom, index.data(_SECOND_LINE))
        painter.restore()


def _small(font: QFont) -> QFont:
    small = QFont(font)
    small.setPointSizeF(font.pointSizeF() * 0.9)
    return small
