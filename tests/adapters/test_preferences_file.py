from __future__ import annotations

import json

from s3gui.adapters.settings_file import PreferencesFile
from s3gui.core.acl import CannedAcl
from s3gui.core.preferences import BucketOptions, Favourite, Preferences, Preset
from s3gui.core.transfer import ConflictRule, Destination, UploadOptions

OPTIONS = UploadOptions(
    storage_class="GLACIER",
    metadata=(("shoot", "3"),),
    tags=(("project", "x"),),
    on_conflict=ConflictRule.SKIP,
    part_size=2**24,
)
KEPT = Preferences(
    (Favourite("1", Destination("photos", "raw/ä/")),),
    (Preset("Cold", OPTIONS),),
    (BucketOptions("1", "photos", OPTIONS),),
    ((".nef", "image/x-nikon-nef"),),
)


def test_what_is_saved_is_read_again(tmp_path):
    file = PreferencesFile(tmp_path / "preferences.json")
    assert file.load() == Preferences()
    file.save(KEPT)
    assert PreferencesFile(tmp_path / "preferences.json").load() == KEPT


def test_a_public_access_is_never_kept(tmp_path):
    file = PreferencesFile(tmp_path / "preferences.json")
    public = UploadOptions(acl=CannedAcl.PUBLIC_READ, storage_class="GLACIER")
    file.save(Preferences(presets=(Preset("Open", public),)))
    (preset,) = file.load().presets
    assert preset.options == UploadOptions(storage_class="GLACIER")
    assert "public" not in (tmp_path / "preferences.json").read_text()


def test_a_bad_entry_takes_no_other_with_it(tmp_path):
    path = tmp_path / "preferences.json"
    PreferencesFile(path).save(KEPT)
    document = json.loads(path.read_text())
    kept = document["preferences"]
    kept["favourites"].append({"profile_id": 7, "destination": "http://x"})
    kept["presets"].append({"name": "Bad", "options": {"part_size": "many"}})
    kept["content_types"]["no ending"] = "x"
    path.write_text(json.dumps(document))
    assert PreferencesFile(path).load() == KEPT


def test_a_damaged_file_is_set_aside(tmp_path):
    path = tmp_path / "preferences.json"
    path.write_text("{")
    file = PreferencesFile(path)
    assert file.load() == Preferences()
    assert file.set_aside is not None
