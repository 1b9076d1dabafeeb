"""The one style sheet, made of a palette. Widgets choose by property: card, primary, pill …"""

from __future__ import annotations

from s3gui.assets import resource
from s3gui.gui.palette import Palette


def style_sheet(palette: Palette) -> str:
    """A 2 px focus ring takes the place of 1 px border and 1 px padding: nothing moves.

    A combo box opens a list, not Fusion's menu: that one leaves the padding out of its height, and
    hides its last row behind an arrow.
    """
    p = palette
    icons = resource("icons")
    black, white = (icons / "check.svg").as_posix(), (icons / "check-white.svg").as_posix()
    tick, pale_tick = (black, white) if p.is_dark else (white, black)
    chevron = (icons / "chevron-down.svg").as_posix()
    return f"""
QMainWindow, QDialog {{ background: {p.window}; }}
QFrame[card="true"] {{
    background: {p.card}; border: 1px solid {p.line}; border-radius: 10px;
}}
QLabel {{ background: transparent; }}
QLabel[muted="true"] {{ color: {p.muted}; }}
QLabel[heading="true"] {{ font-weight: 600; }}
QLabel[error="true"] {{ color: {p.error_text}; }}
QLabel[warning="true"] {{ color: {p.warning_text}; }}
QLabel[ok="true"] {{ color: {p.ok_text}; }}

QPushButton, QToolButton, QComboBox, QLineEdit, QSpinBox, QDoubleSpinBox, QTimeEdit,
QPlainTextEdit {{
    background: {p.card}; color: {p.text};
    border: 1px solid {p.line}; border-radius: 7px; padding: 5px 11px;
    selection-background-color: {p.accent}; selection-color: {p.text_on_accent};
}}
QLineEdit {{ placeholder-text-color: {p.placeholder}; }}
QPushButton:hover, QToolButton:hover, QComboBox:hover {{ background: {p.hover}; }}
QPushButton:pressed, QToolButton:pressed {{ background: {p.track}; }}
QPushButton:focus, QToolButton:focus, QComboBox:focus, QLineEdit:focus, QSpinBox:focus,
QDoubleSpinBox:focus, QTimeEdit:focus, QPlainTextEdit:focus {{
    border: 2px solid {p.accent}; padding: 4px 10px;
}}
/* Fusion adds what its arrows would need: without it they are as high as a drop-down. */
QSpinBox, QDoubleSpinBox, QTimeEdit {{ padding: 3px 11px 4px 11px; }}
QSpinBox:focus, QDoubleSpinBox:focus, QTimeEdit:focus {{ padding: 2px 10px 3px 10px; }}
QPushButton:disabled, QToolButton:disabled, QComboBox:disabled, QLineEdit:disabled,
QSpinBox:disabled, QDoubleSpinBox:disabled, QTimeEdit:disabled {{
    color: {p.muted}; background: {p.window}; border-color: {p.track};
}}
QPushButton::menu-indicator, QToolButton::menu-indicator {{ image: none; width: 0; }}
QToolButton {{ padding: 5px; }}
QToolButton:focus {{ padding: 4px; }}
QSpinBox::up-button, QSpinBox::down-button, QDoubleSpinBox::up-button,
QDoubleSpinBox::down-button, QTimeEdit::up-button, QTimeEdit::down-button {{
    width: 0; border: none;
}}
QPushButton[primary="true"] {{
    background: {p.accent}; color: {p.text_on_accent}; border-color: {p.accent}; font-weight: 600;
}}
QPushButton[primary="true"]:hover {{ background: {p.accent_text}; }}
QPushButton[primary="true"]:focus {{ border-color: {p.text}; }}
QPushButton[primary="true"]:disabled {{
    background: {p.track}; color: {p.muted}; border-color: {p.track};
}}
QPushButton[danger="true"] {{ color: {p.error_text}; }}
QPushButton[danger="true"]:focus {{ border-color: {p.error}; }}
QPushButton[flat="true"], QToolButton[flat="true"] {{
    background: transparent; border-color: transparent;
}}
QPushButton[flat="true"]:hover, QToolButton[flat="true"]:hover {{ background: {p.hover}; }}
QPushButton[flat="true"]:focus, QToolButton[flat="true"]:focus {{ border-color: {p.accent}; }}
QPushButton[quiet="true"] {{ color: {p.muted}; padding: 1px 7px; }}
QPushButton[quiet="true"]:focus {{ padding: 0 6px; }}
QPushButton[pill="true"] {{
    background: transparent; color: {p.muted};
    border: 1px solid transparent; border-radius: 13px; padding: 4px 12px;
}}
QPushButton[pill="true"]:hover {{ background: {p.hover}; }}
QPushButton[pill="true"]:focus {{ border: 2px solid {p.accent}; padding: 3px 11px; }}
QPushButton[pill="true"]:checked {{
    background: {p.selection}; color: {p.accent_text}; font-weight: 600;
}}
QPushButton[pill="true"]:checked:!focus {{ border-color: {p.selection_edge}; }}

/* Fusion's own has no outline to be seen in the dark. */
QCheckBox {{ spacing: 7px; }}
QCheckBox::indicator {{
    width: 14px; height: 14px; border: 1px solid {p.muted}; border-radius: 4px;
    background: {p.card};
}}
QCheckBox::indicator:focus {{ border: 2px solid {p.accent}; }}
QCheckBox::indicator:checked {{
    background: {p.accent}; border-color: {p.accent}; image: url("{tick}");
}}
QCheckBox::indicator:checked:focus {{ border: 2px solid {p.text}; }}
QCheckBox::indicator:disabled {{ background: {p.track}; border-color: {p.track}; }}
QCheckBox::indicator:checked:disabled {{ image: url("{pale_tick}"); }}

QComboBox {{ padding-right: 26px; combobox-popup: 0; }}
QComboBox:focus {{ padding-right: 25px; }}
QComboBox::drop-down {{ border: none; width: 24px; }}
QComboBox::down-arrow {{ image: url("{chevron}"); width: 12px; height: 12px; }}
QComboBox QAbstractItemView {{
    background: {p.card}; border: 1px solid {p.line}; outline: none; padding: 4px;
    selection-background-color: {p.selection}; selection-color: {p.text};
}}
QComboBox QAbstractItemView::item {{ padding: 4px 6px; }}

QTableView, QTreeView, QListView {{
    background: transparent; border: 1px solid transparent; border-radius: 7px; outline: none;
    selection-background-color: {p.selection}; selection-color: {p.text};
    gridline-color: {p.line};
}}
QTableView:focus, QTreeView:focus, QListView:focus {{ border-color: {p.accent}; }}
QScrollArea[stop="true"] {{ border: 1px solid transparent; border-radius: 7px; padding: 3px 5px; }}
QScrollArea[stop="true"]:focus {{ border-color: {p.accent}; }}
QHeaderView {{ background: transparent; border: none; }}
QHeaderView::section {{
    background: transparent; color: {p.muted}; font-weight: 500;
    border: none; border-bottom: 1px solid {p.line}; padding: 6px 8px;
}}
QScrollBar {{ background: transparent; border: none; }}
QScrollBar:vertical {{ width: 10px; }}
QScrollBar:horizontal {{ height: 10px; }}
QScrollBar::handle {{ background: {p.line}; border-radius: 3px; margin: 2px; }}
QScrollBar::handle:vertical {{ min-height: 32px; }}
QScrollBar::handle:horizontal {{ min-width: 32px; }}
QScrollBar::handle:hover {{ background: {p.muted}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QSplitter::handle {{ background: transparent; }}
QSplitter::handle:hover {{ background: {p.line}; }}

QMenu {{
    background: {p.card}; color: {p.text}; border: 1px solid {p.line}; padding: 5px;
}}
QMenu::item {{
    padding: 5px 25px 5px 11px; border: 1px solid transparent; border-radius: 5px;
}}
QMenu::item:selected {{ background: {p.selection}; border-color: {p.selection_edge}; }}
QMenu::item:disabled {{ color: {p.muted}; }}
QMenu::separator {{ height: 1px; background: {p.line}; margin: 5px 6px; }}
QToolTip {{
    background: {p.card}; color: {p.text}; border: 1px solid {p.line}; padding: 5px 7px;
}}
"""
