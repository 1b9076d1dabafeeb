"""The colour tokens: the one place where a colour is written down.

Texts reach a contrast of 4.5 on their ground and signs 3.0 (WCAG AA); with high contrast it is 7.0
for texts (AAA), and 4.5 for signs and lines. Tests say so. Where the token of a state is too pale
for text, `…_text` is its darker sister.
"""

from __future__ import annotations

from s3gui.core.frozen import frozen


@frozen
class Palette:
    """Colours as `#rrggbb`. `track` is the empty part of a bar, `selection` a chosen row.

    `selection_edge` is its outline: with high contrast a ground alone is too pale to say what is
    chosen. `placeholder` must not look as if somebody had typed it.
    """

    window: str
    card: str
    line: str
    text: str
    muted: str
    placeholder: str
    accent: str
    ok: str
    warning: str
    error: str
    track: str
    selection: str
    selection_edge: str
    text_on_accent: str
    accent_text: str
    ok_text: str
    warning_text: str
    error_text: str
    hover: str
    is_dark: bool

    @property
    def has_high_contrast(self) -> bool:
        return self.selection_edge != self.selection


LIGHT = Palette(
    window="#f6f7f9",
    card="#ffffff",
    line="#e3e6eb",
    text="#1b1f27",
    muted="#646c7a",
    placeholder="#646c7a",
    accent="#2f6fed",
    ok="#1f9d61",
    warning="#c77700",
    error="#d1383d",
    track="#e8ebf0",
    selection="#e8f0fe",
    selection_edge="#e8f0fe",
    text_on_accent="#ffffff",
    accent_text="#1d5fe0",
    ok_text="#147a49",
    warning_text="#8f5400",
    error_text="#c02a30",
    hover="#f2f4f7",
    is_dark=False,
)

DARK = Palette(
    window="#15181d",
    card="#1c2027",
    line="#2b313a",
    text="#e8eaee",
    muted="#939cab",
    placeholder="#939cab",
    accent="#5b93ff",
    ok="#3fbf83",
    warning="#e39a2d",
    error="#f06a6e",
    track="#2a303a",
    selection="#23324d",
    selection_edge="#23324d",
    text_on_accent="#0b1424",
    accent_text="#7aa7ff",
    ok_text="#3fbf83",
    warning_text="#e39a2d",
    error_text="#f37b7f",
    hover="#232831",
    is_dark=True,
)

HIGH_CONTRAST_LIGHT = Palette(
    window="#fefefe",
    card="#ffffff",
    line="#5c636e",
    text="#000000",
    muted="#353a42",
    placeholder="#515862",
    accent="#0a3da6",
    ok="#0b5c35",
    warning="#6a3d00",
    error="#990f14",
    track="#d3d7dd",
    selection="#d9e6ff",
    selection_edge="#5c636e",
    text_on_accent="#ffffff",
    accent_text="#08338c",
    ok_text="#074a2a",
    warning_text="#573200",
    error_text="#850a0f",
    hover="#e9edf3",
    is_dark=False,
)

HIGH_CONTRAST_DARK = Palette(
    window="#000000",
    card="#060708",
    line="#a3abb8",
    text="#ffffff",
    muted="#d3d9e1",
    placeholder="#a3abb8",
    accent="#8fbaff",
    ok="#63e6a5",
    warning="#ffc250",
    error="#ff9fa2",
    track="#3b434f",
    selection="#132f5b",
    selection_edge="#a3abb8",
    text_on_accent="#000000",
    accent_text="#b3d0ff",
    ok_text="#7aecb2",
    warning_text="#ffcc6b",
    error_text="#ffb3b5",
    hover="#1b222d",
    is_dark=True,
)
