"""Where uploads go, who may read them, and how they are stored."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from s3gui.core.profile import Profile
from s3gui.core.provider import AWS
from s3gui.core.transfer import Destination, UploadOptions
from s3gui.engine.ports import BucketRules
from s3gui.gui.access_box import AccessBox
from s3gui.gui.breadcrumb import Breadcrumb
from s3gui.gui.form import plain_label
from s3gui.gui.icons import icon
from s3gui.gui.kept_preferences import KeptPreferences
from s3gui.gui.options_text import chosen_options
from s3gui.gui.theme import Theme
from s3gui.gui.tooltip import plain_tooltip
from s3gui.i18n import _


class DestinationBar(QWidget):
    """Part of a card, above the ObjectList."""

    destination_changed = Signal(object)
    """The Destination that the user went to."""

    options_changed = Signal(object)
    """The UploadOptions in use from now on."""

    new_prefix_wanted = Signal()
    favourite_toggled = Signal()

    def __init__(
        self, theme: Theme, preferences: KeptPreferences, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._preferences = preferences
        self._profile: Profile | None = None
        self._destination: Destination | None = None
        self._options = self._usual_options = UploadOptions()
        self._is_favourite = False
        self._build()
        shortcut = QShortcut(QKeySequence("Ctrl+L"), self)
        shortcut.activated.connect(self.breadcrumb.edit)
        theme.changed.connect(self._tint)
        self._tint()
        self._show_options()
        self.set_destination(None)

    def set_profile(self, profile: Profile | None) -> None:
        """The connection in use: its service's limits, and whether it has ACLs."""
        self._profile = profile
        self.set_destination(None)

    def destination(self) -> Destination | None:
        """None while no bucket is chosen."""
        return self._destination

    def set_destination(self, destination: Destination | None) -> None:
        """Show another destination; says nothing to `destination_changed`."""
        former, self._destination = self._destination, destination
        self.breadcrumb.set_destination(destination)
        for widget in (self.access_label, self.access):
            widget.setEnabled(destination is not None)
        if destination is None or former is None or former.bucket != destination.bucket:
            self.access.set_place(
                self._profile.id if self._profile else "",
                self._profile.provider if self._profile else AWS,
                destination.bucket if destination else "",
            )
            self._begin_with_options()

    def set_rules(self, rules: BucketRules) -> None:
        """What the bucket of the destination allows, when that became known."""
        self.access.set_rules(rules)

    def options(self) -> UploadOptions:
        """How to store what is added now, the access included."""
        return replace(self._options, acl=self.access.acl())

    def options_elsewhere(self, bucket: str) -> UploadOptions:
        """How to store what is added to a bucket that is not shown."""
        return self._kept_options(bucket) or self._usual_options

    def set_options(self, options: UploadOptions) -> None:
        """Take over all but the access, which is chosen bucket by bucket."""
        self._options = options
        if self._kept_options(self._destination.bucket if self._destination else "") is None:
            self._usual_options = options
        self._show_options()

    def show_favourite(self, *, is_favourite: bool) -> None:
        """Whether the place shown is one of the favourites."""
        self._is_favourite = is_favourite
        self._tint()

    def set_enabled(self, *, enabled: bool) -> None:
        self.setEnabled(enabled)

    def choose_options(self) -> None:
        """Open the dialog."""
        from s3gui.gui.kept_options_dialog import KeptOptionsDialog

        provider = self._profile.provider if self._profile else AWS
        profile_id = self._profile.id if self._profile else ""
        bucket = self._destination.bucket if self._destination else ""
        dialog = KeptOptionsDialog(
            self._options, provider, self._preferences, (profile_id, bucket), self
        )
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.options_chosen.connect(self._take_options)
        dialog.open()

    def _build(self) -> None:
        self.breadcrumb = Breadcrumb()
        self.breadcrumb.destination_chosen.connect(self._go)
        self.breadcrumb.new_prefix_wanted.connect(self.new_prefix_wanted)
        self.breadcrumb.path.favourite.clicked.connect(self.favourite_toggled)
        self.access = AccessBox(self._theme)
        self.access.acl_chosen.connect(lambda: self.options_changed.emit(self.options()))
        self.access_label = plain_label(_("Acc&ess"), muted=True)
        self.access_label.setBuddy(self.access)
        self.options_button = QPushButton()
        self.options_button.clicked.connect(self.choose_options)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.breadcrumb, 1)
        for widget in (self.access_label, self.access, self.options_button):
            row.addWidget(widget, 0, Qt.AlignmentFlag.AlignTop)

    def _tint(self) -> None:
        for widget in (self.access_label, self.access, self.options_button):
            widget.setMinimumHeight(self.access.sizeHint().height())
        self.breadcrumb.path.new_prefix.setIcon(icon("plus", self._theme.palette.muted))
        star = self.breadcrumb.path.favourite
        star.setChecked(self._is_favourite)
        palette = self._theme.palette
        name, color = (
            ("star-filled", palette.warning) if self._is_favourite else ("star", palette.muted)
        )
        star.setIcon(icon(name, color))

    def _kept_options(self, bucket: str) -> UploadOptions | None:
        """What was kept for this bucket."""
        if self._profile is None or not bucket:
            return None
        return self._preferences.value.options_of(self._profile.id, bucket)

    def _begin_with_options(self) -> None:
        """The bucket's own, else those that were used before in a bucket without."""
        bucket = self._destination.bucket if self._destination else ""
        self._options = self._kept_options(bucket) or self._usual_options
        self._show_options()

    def _go(self, destination: Destination) -> None:
        self.set_destination(destination)
        self.destination_changed.emit(destination)

    def _take_options(self, options: UploadOptions) -> None:
        self.set_options(options)
        self.options_changed.emit(self.options())

    def _show_options(self) -> None:
        """The number of options in use is a word of its own, not only a colour."""
        chosen = chosen_options(self._options)
        text = _("O&ptions…")
        if chosen:
            text = _("O&ptions ({count})…").format(count=len(chosen))
        self.options_button.setText(text)
        self.options_button.setAccessibleName(
            _("Options, {count} in use").format(count=len(chosen)) if chosen else _("Options")
        )
        self.options_button.setToolTip(plain_tooltip("\n".join(chosen)))
