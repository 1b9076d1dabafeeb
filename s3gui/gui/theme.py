"""Puts a palette on the application; follows the system and switches while it runs."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

from s3gui.core.settings import Appearance
from s3gui.gui.palette import DARK, LIGHT, Palette
from s3gui.gui.style import style_sheet

__all__ = ["DARK", "LIGHT", "Palette", "Theme", "tabular"]


class Theme(QObject):
    """The palette in use. `changed` comes after the application wears the new one."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._palette = LIGHT
        self._appearance = Appearance.SYSTEM
        self._application: QApplication | None = None

    @property
    def palette(self) -> Palette:
        return self._palette

    def apply(self, application: QApplication, appearance: Appearance) -> None:
        """Dress `application`, and keep following the system if `appearance` says so."""
        self._appearance = appearance
        hints = application.styleHints()
        if self._application is None:
            self._application = application
            hints.colorSchemeChanged.connect(self._follow)
        if appearance is Appearance.SYSTEM:
            hints.unsetColorScheme()
            self._wear(application, hints.colorScheme())
        else:
            dark = appearance is Appearance.DARK
            scheme = Qt.ColorScheme.Dark if dark else Qt.ColorScheme.Light
            # Tells the platform too, so that title bar and native dialogs match.
            hints.setColorScheme(scheme)
            self._wear(application, scheme)

    def _follow(self, scheme: Qt.ColorScheme) -> None:
        if self._appearance is Appearance.SYSTEM and self._application is not None:
            self._wear(self._application, scheme)

    def _wear(self, application: QApplication, scheme: Qt.ColorScheme) -> None:
        palette = DARK if scheme is Qt.ColorScheme.Dark else LIGHT
        if palette is self._palette and application.styleSheet():
            return
        self._palette = palette
        if application.style().name() != "fusion":
            application.setStyle(QStyleFactory.create("Fusion"))
        application.setPalette(qt_palette(palette))
        application.setStyleSheet(style_sheet(palette))
        self.changed.emit()


def qt_palette(palette: Palette) -> QPalette:
    """The tokens in the roles that Fusion paints with."""
    role = QPalette.ColorRole
    colours = {
        role.Window: palette.window,
        role.WindowText: palette.text,
        role.Base: palette.card,
        role.AlternateBase: palette.hover,
        role.ToolTipBase: palette.card,
        role.ToolTipText: palette.text,
        role.PlaceholderText: palette.muted,
        role.Text: palette.text,
        role.Button: palette.card,
        role.ButtonText: palette.text,
        role.BrightText: palette.text_on_accent,
        role.Link: palette.accent_text,
        role.Highlight: palette.accent,
        role.HighlightedText: palette.text_on_accent,
        role.Accent: palette.accent,
        role.Light: palette.card,
        role.Midlight: palette.line,
        role.Mid: palette.line,
        role.Dark: palette.muted,
        role.Shadow: palette.line,
    }
    result = QPalette()
    for colour_role, colour in colours.items():
        result.setColor(colour_role, QColor(colour))
    for colour_role in (role.WindowText, role.Text, role.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, colour_role, QColor(palette.muted))
    return result


def tabular(font: QFont) -> QFont:
    """`font` with digits of one width, so that changing numbers don't dance."""
    result = QFont(font)
    result.setFeature(QFont.Tag("tnum"), 1)
    return result
