"""The upload options together with what is kept of them: presets, a bucket's own, the types."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from s3gui.core.preferences import read_ending
from s3gui.core.provider import Provider
from s3gui.core.text import visible
from s3gui.core.transfer import UploadOptions
from s3gui.gui.form import check_box
from s3gui.gui.kept_preferences import KeptPreferences
from s3gui.gui.option_rules import read_content_type
from s3gui.gui.pair_list import PairList
from s3gui.gui.preset_row import PresetRow
from s3gui.gui.tab_order import come_before
from s3gui.gui.upload_options import UploadOptionsDialog
from s3gui.i18n import _


class KeptOptionsDialog(UploadOptionsDialog):
    """`place` is a profile's id and a bucket; while none is chosen nothing is kept for it."""

    def __init__(
        self,
        options: UploadOptions,
        provider: Provider,
        preferences: KeptPreferences,
        place: tuple[str, str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(options, provider, parent)
        self._preferences = preferences
        self._profile_id, self._bucket = profile_id, bucket = place
        self.presets = PresetRow(preferences, self._read, self)
        self.presets.chosen.connect(self._show)
        self.presets.show_options(options)
        self.column.insertWidget(0, self.presets)
        self._build_types()
        self.for_bucket = check_box(
            _("Begin with these each time in the &bucket “{bucket}”").format(
                bucket=visible(bucket).replace("&", "&&")
            )
        )
        kept = preferences.value.options_of(profile_id, bucket) is not None
        self.for_bucket.setChecked(kept)
        self.for_bucket.setVisible(bool(bucket))
        self.column.insertWidget(self.column.indexOf(self.message), self.for_bucket)
        presets = self.presets
        first_tab = self.pages.tabs.buttons()[0]
        come_before(first_tab, [presets.box, presets.save_button, presets.remove_button])
        come_before(self.reset_button, [self.for_bucket])
        self.presets.box.setFocus()

    def _build_types(self) -> None:
        page = self.pages.add(_("T&ypes"))
        *_others, before, tab = self.pages.tabs.buttons()
        QWidget.setTabOrder(before, tab)
        self.types = PairList(_("Content types"), placeholders=(".nef", "image/x-nikon-nef"))
        self.types.set_pairs(self._preferences.value.content_types)
        self._types_field = page.add_block(
            self.types,
            _("Content types by ending, before the built-in table. They hold for all buckets."),
        )

    def _keep(self, options: UploadOptions) -> bool:
        types = self._try(self._types_field, self._read_types)
        if types is None:
            self.pages.go_to(self._types_field)
            return False
        kept = self._preferences.value
        if self._bucket:
            own = options if self.for_bucket.isChecked() else None
            kept = kept.with_bucket_options(self._profile_id, self._bucket, own)
        self._preferences.change(kept.with_content_types(types))
        return True

    def _read_types(self) -> tuple[tuple[str, str], ...]:
        pairs = ((read_ending(name), read_content_type(kind)) for name, kind in self.types.pairs())
        return tuple((ending, kind) for ending, kind in pairs if kind)
