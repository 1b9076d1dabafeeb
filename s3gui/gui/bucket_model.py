"""The buckets of a connection, filtered, as the rows of a list."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from s3gui.core.frozen import frozen
from s3gui.core.text import visible
from s3gui.core.transfer import Destination
from s3gui.engine.ports import Bucket, BucketRules
from s3gui.gui.tooltip import plain_tooltip
from s3gui.i18n import _

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


@frozen
class BucketRow:
    """What a row shows; `region` is empty where it is the connection's own.

    A favourite's `name` is its bucket and prefix; it comes before the buckets. `is_opened` where
    only the user named it, no listing.
    """

    name: str
    destination: Destination
    region: str = ""
    acls_disabled: bool = False
    is_favourite: bool = False
    is_opened: bool = False


class BucketModel(QAbstractListModel):
    """Buckets opened by name stay, whatever a listing says: some keys may not list."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._listed: list[Bucket] = []
        self._opened: list[Bucket] = []
        self._rules: dict[str, BucketRules] = {}
        self._default_region = ""
        self._filter = ""
        self._favourites: tuple[Destination, ...] = ()
        self._shown: list[Bucket | Destination] = []

    @property
    def count(self) -> int:
        """How many buckets are known, shown or not."""
        return len(self._all())

    def start(self, default_region: str) -> None:
        """Forget everything: another connection."""
        self._listed, self._opened, self._rules = [], [], {}
        self._default_region = default_region
        self._refresh()

    def set_listed(self, buckets: Sequence[Bucket]) -> None:
        self._listed = sorted(buckets, key=lambda bucket: bucket.name)
        self._refresh()

    def add_opened(self, name: str) -> None:
        if all(bucket.name != name for bucket in self._all()):
            self._opened.append(Bucket(name))
            self._refresh()

    def forget_opened(self, name: str) -> None:
        """Nothing for a bucket that a listing named."""
        self._opened = [bucket for bucket in self._opened if bucket.name != name]
        self._refresh()

    def set_favourites(self, favourites: Sequence[Destination]) -> None:
        if tuple(favourites) != self._favourites:
            self._favourites = tuple(favourites)
            self._refresh()

    def set_rules(self, name: str, rules: BucketRules) -> None:
        self._rules[name] = rules
        index = self.index_of(name)
        if index.isValid():
            self.dataChanged.emit(index, index)

    def set_filter(self, text: str) -> None:
        self._filter = text.strip().lower()
        self._refresh()

    def row(self, index: Index) -> BucketRow | None:
        if not index.isValid():
            return None
        bucket = self._shown[index.row()]
        if isinstance(bucket, Destination):
            return BucketRow(favourite_name(bucket), bucket, is_favourite=True)
        rules = self._rules.get(bucket.name, BucketRules())
        region = bucket.region or rules.region or ""
        return BucketRow(
            bucket.name,
            Destination(bucket.name),
            "" if region == self._default_region else region,
            acls_disabled=rules.acls_enabled is False,
            is_opened=any(bucket is opened for opened in self._opened),
        )

    def index_of(self, name: str) -> QModelIndex:
        for number, bucket in enumerate(self._shown):
            if isinstance(bucket, Bucket) and bucket.name == name:
                return self.index(number)
        return QModelIndex()

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.row(index)
        if row is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return visible(row.name)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(_facts(row))
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tooltip("\n".join(_facts(row)))
        return None

    def _all(self) -> list[Bucket]:
        listed = {bucket.name for bucket in self._listed}
        return self._listed + [bucket for bucket in self._opened if bucket.name not in listed]

    def _refresh(self) -> None:
        self.beginResetModel()
        self._shown = [
            *(each for each in self._favourites if self._filter in str(each).lower()),
            *(bucket for bucket in self._all() if self._filter in bucket.name.lower()),
        ]
        self.endResetModel()


def favourite_name(place: Destination) -> str:
    """`photos/raw` for s3://photos/raw/."""
    return str(place).removeprefix("s3://").rstrip("/")


def _facts(row: BucketRow) -> list[str]:
    facts = [visible(row.name)]
    if row.is_favourite:
        facts.append(_("Favourite"))
    if row.region:
        facts.append(_("Region {region}").format(region=visible(row.region)))
    if row.acls_disabled:
        facts.append(_("ACLs are disabled: the bucket's own policy decides who may read"))
    return facts
