from __future__ import annotations

import dataclasses

import pytest

from s3gui.gui.palette import DARK, HIGH_CONTRAST_DARK, HIGH_CONTRAST_LIGHT, LIGHT, Palette

PALETTES = pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
HIGH_CONTRAST = pytest.mark.parametrize(
    "palette", [HIGH_CONTRAST_LIGHT, HIGH_CONTRAST_DARK], ids=["light", "dark"]
)
TEXTS = ("text", "muted", "accent_text", "ok_text", "warning_text", "error_text")
SIGNS = ("accent", "ok", "warning", "error", "muted")


def luminance(colour: str) -> float:
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@PALETTES
@pytest.mark.parametrize("ground", ["window", "card", "selection", "hover"])
@pytest.mark.parametrize("text", TEXTS)
def test_every_text_can_be_read_on_every_ground(palette: Palette, text: str, ground: str):
    assert contrast(getattr(palette, text), getattr(palette, ground)) >= 4.5


@PALETTES
@pytest.mark.parametrize("sign", SIGNS)
def test_every_sign_stands_out_from_its_card(palette: Palette, sign: str):
    assert contrast(getattr(palette, sign), palette.card) >= 3.0


@PALETTES
@pytest.mark.parametrize("ground", ["accent", "accent_text"])
def test_the_accent_button_can_be_read_plain_and_under_the_pointer(palette: Palette, ground: str):
    assert contrast(palette.text_on_accent, getattr(palette, ground)) >= 4.5


def test_light_and_dark_share_no_ground():
    light, dark = dataclasses.asdict(LIGHT), dataclasses.asdict(DARK)
    assert all(light[name] != dark[name] for name in light)


@HIGH_CONTRAST
@pytest.mark.parametrize("ground", ["window", "card", "selection", "hover"])
@pytest.mark.parametrize("text", TEXTS)
def test_with_high_contrast_every_text_reaches_aaa(palette: Palette, text: str, ground: str):
    assert contrast(getattr(palette, text), getattr(palette, ground)) >= 7.0


@HIGH_CONTRAST
@pytest.mark.parametrize("sign", [*SIGNS, "line"])
def test_with_high_contrast_signs_and_lines_can_be_seen_by_anybody(palette: Palette, sign: str):
    assert contrast(getattr(palette, sign), palette.card) >= 4.5


@HIGH_CONTRAST
def test_with_high_contrast_an_example_can_be_read_and_is_told_from_what_was_typed(
    palette: Palette,
):
    assert contrast(palette.placeholder, palette.card) >= 7.0
    assert contrast(palette.placeholder, palette.text) >= 2.0


@HIGH_CONTRAST
@pytest.mark.parametrize("ground", ["card", "selection"])
def test_with_high_contrast_what_is_chosen_has_an_edge(palette: Palette, ground: str):
    assert palette.has_high_contrast
    assert contrast(palette.selection_edge, getattr(palette, ground)) >= 4.5


@HIGH_CONTRAST
@pytest.mark.parametrize("ground", ["accent", "accent_text"])
def test_with_high_contrast_the_accent_button_reaches_aaa(palette: Palette, ground: str):
    assert contrast(palette.text_on_accent, getattr(palette, ground)) >= 7.0


@HIGH_CONTRAST
def test_with_high_contrast_what_is_sent_stands_out_from_its_track(palette: Palette):
    assert contrast(palette.accent, palette.track) >= 4.5
