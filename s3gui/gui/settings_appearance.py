"""How the window looks, and which language it speaks."""

from __future__ import annotations

from dataclasses import replace

from s3gui.core.settings import TEXT_PERCENTS, Appearance, Settings
from s3gui.gui.settings_page import SettingsPage
from s3gui.i18n import LANGUAGES, _


class AppearancePage(SettingsPage):
    def __init__(self, settings: Settings) -> None:
        super().__init__()
        appearances = (
            (_("As the system"), Appearance.SYSTEM),
            (_("Light"), Appearance.LIGHT),
            (_("Dark"), Appearance.DARK),
            (_("High contrast, light"), Appearance.HIGH_CONTRAST_LIGHT),
            (_("High contrast, dark"), Appearance.HIGH_CONTRAST_DARK),
        )
        self.appearance = self.add_choice(
            _("&Colours"),
            appearances,
            settings.appearance,
            _("As the system: also when it switches, and when it asks for high contrast."),
        )
        self.text_percent = self.add_choice(
            _("Te&xt size"),
            [
                (_("{percent} %").format(percent=percent), percent)
                for percent in sorted({settings.text_percent, *TEXT_PERCENTS})
            ],
            settings.text_percent,
            _("Of the size that the system's settings give to texts."),
        )
        named = [(name, code) for code, name in LANGUAGES.items()]
        if settings.language is not None and settings.language not in LANGUAGES:
            named.append((settings.language, settings.language))
        self.language = self.add_choice(
            _("&Language"),
            [(_("As the system"), None), *named],
            settings.language,
            _("A change counts when the settings are closed."),
        )
        self.add_stretch()

    def apply(self, settings: Settings) -> Settings:
        return replace(
            settings,
            appearance=Appearance(self.appearance.currentData()),
            text_percent=int(self.text_percent.currentData()),
            language=self.language.currentData(),
        )
