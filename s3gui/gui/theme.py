"""Puts a palette on the application; follows the system and switches while it runs."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontInfo, QPalette, QStyleHints
from PySide6.QtWidgets import QApplication, QStyleFactory

from s3gui.core.settings import Appearance
from s3gui.gui.palette import DARK, HIGH_CONTRAST_DARK, HIGH_CONTRAST_LIGHT, LIGHT, Palette
from s3gui.gui.style import style_sheet

__all__ = ["DARK", "LIGHT", "Palette", "Theme", "tabular"]


_USUAL_FONT = "usualFont"
_TEXT_PERCENT = "textPercent"
_CHOSEN = {
    Appearance.LIGHT: LIGHT,
    Appearance.DARK: DARK,
    Appearance.HIGH_CONTRAST_LIGHT: HIGH_CONTRAST_LIGHT,
    Appearance.HIGH_CONTRAST_DARK: HIGH_CONTRAST_DARK,
}


class Theme(QObject):
    """The palette and the text size in use. `changed` comes after the application wears them."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._palette = LIGHT
        self._appearance = Appearance.SYSTEM
        self._scheme = Qt.ColorScheme.Unknown
        self._application: QApplication | None = None

    @property
    def palette(self) -> Palette:
        return self._palette

    def apply(
        self, application: QApplication, appearance: Appearance, text_percent: int = 100
    ) -> None:
        """Dress `application`, and keep following the system if `appearance` says so.

        `text_percent` is of the text size that the application had before it was first changed.
        """
        self._appearance = appearance
        hints = application.styleHints()
        if self._application is None:
            self._application = application
            hints.colorSchemeChanged.connect(self._follow)
            contrast = _contrast_hints(hints)
            if contrast is not None:
                contrast.contrastPreferenceChanged.connect(self._follow_contrast)
        is_resized = self._resize_text(application, text_percent)
        if appearance is Appearance.SYSTEM:
            hints.unsetColorScheme()
            self._scheme = hints.colorScheme()
        else:
            dark = _CHOSEN[appearance].is_dark
            # Tells the platform too, so that title bar and native dialogs match.
            hints.setColorScheme(Qt.ColorScheme.Dark if dark else Qt.ColorScheme.Light)
        self._wear(application, self._wanted(application), anew=is_resized)

    def _follow(self, scheme: Qt.ColorScheme) -> None:
        if self._appearance is Appearance.SYSTEM and self._application is not None:
            self._scheme = scheme
            self._wear(self._application, self._wanted(self._application))

    def _follow_contrast(self) -> None:
        self._follow(self._scheme)

    def _wanted(self, application: QApplication) -> Palette:
        if self._appearance is not Appearance.SYSTEM:
            return _CHOSEN[self._appearance]
        is_dark = self._scheme is Qt.ColorScheme.Dark
        if wants_contrast(application.styleHints()):
            return HIGH_CONTRAST_DARK if is_dark else HIGH_CONTRAST_LIGHT
        return DARK if is_dark else LIGHT

    def _resize_text(self, application: QApplication, text_percent: int) -> bool:
        """The application itself remembers its size: another window has a theme of its own."""
        usual = application.property(_USUAL_FONT)
        if not isinstance(usual, QFont):
            usual = application.font()
        now = application.property(_TEXT_PERCENT) or 100
        if text_percent == now:
            return False
        application.setProperty(_USUAL_FONT, usual)
        application.setProperty(_TEXT_PERCENT, text_percent)
        font = QFont(usual)
        if text_percent != 100:
            # Qt knows the points also of a font that is measured in pixels.
            font.setPointSizeF(QFontInfo(usual).pointSizeF() * text_percent / 100)
        application.setFont(font)
        return True

    def _wear(self, application: QApplication, palette: Palette, *, anew: bool = False) -> None:
        if palette is self._palette and application.styleSheet() and not anew:
            return
        self._palette = palette
        if application.style().name() != "fusion":
            application.setStyle(QStyleFactory.create("Fusion"))
        application.setPalette(qt_palette(palette))
        if anew:
            application.setStyleSheet("")  # what it makes bold keeps its size otherwise
        application.setStyleSheet(style_sheet(palette))
        self.changed.emit()


def wants_contrast(hints: QStyleHints) -> bool:
    """Whether the system asks for high contrast."""
    contrast = _contrast_hints(hints)
    return contrast is not None and contrast.contrastPreference().name == "HighContrast"


def _contrast_hints(hints: QStyleHints) -> Any:
    """Good as long as `hints` is. None where Qt is older than 6.10, which brought them."""
    accessibility = getattr(hints, "accessibility", None)
    return accessibility() if accessibility is not None else None


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
        role.PlaceholderText: palette.placeholder,
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
