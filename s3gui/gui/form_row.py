"""Several controls that together are one field."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget


class FormRow(QWidget):
    """Controls beside each other, all as high as the highest; the first one takes the focus."""

    def lay_out(self, first: QWidget, *others: QWidget) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(first, 1)
        for each in others:
            row.addWidget(each)
        for each in (first, *others):
            policy = each.sizePolicy()
            policy.setVerticalPolicy(QSizePolicy.Policy.MinimumExpanding)
            each.setSizePolicy(policy)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setFocusProxy(first)
