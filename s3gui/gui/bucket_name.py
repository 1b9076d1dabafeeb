"""S3's rules for the names of buckets, one sentence for each that is broken.

Source: S3 User Guide, "General purpose bucket naming rules". The compatible services take over
these rules or allow more.
"""

from __future__ import annotations

import re
from ipaddress import AddressValueError, IPv4Address

from s3gui.i18n import _

_RESERVED_PREFIXES = ("xn--", "sthree-", "amzn-s3-demo-")
_RESERVED_SUFFIXES = ("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3")


def new_bucket_name_problem(name: str) -> str:
    """What is wrong with `name` for a new bucket; the empty text if nothing is."""
    if not 3 <= len(name) <= 63:
        return _("A bucket's name has 3 to 63 characters.")
    if re.search(r"[A-Z]", name):
        return _("A bucket's name has no capital letters.")
    if re.search(r"[^a-z0-9.-]", name):
        return _("A bucket's name is made of a to z, 0 to 9, dots and hyphens.")
    if not (name[0].isalnum() and name[-1].isalnum()):
        return _("A bucket's name begins and ends with a letter or a digit.")
    if ".." in name:
        return _("A bucket's name has no two dots in a row.")
    return _reserved_name_problem(name)


def _reserved_name_problem(name: str) -> str:
    if _is_ip_address(name):
        return _("A bucket's name must not look like an IP address.")
    for prefix in _RESERVED_PREFIXES:
        if name.startswith(prefix):
            return _("Names that begin with “{text}” are reserved.").format(text=prefix)
    for suffix in _RESERVED_SUFFIXES:
        if name.endswith(suffix):
            return _("Names that end in “{text}” are reserved.").format(text=suffix)
    return ""


def existing_bucket_name_problem(name: str) -> str:
    """Less strict: old buckets and other services have names that are no longer given."""
    if not name:
        return _("Type the bucket's name.")
    if len(name) > 255 or re.search(r"[\s/\\?#:]", name) or not name.isprintable():
        return _("“{name}” cannot be a bucket's name.").format(name=name[:80])
    return ""


def _is_ip_address(name: str) -> bool:
    try:
        IPv4Address(name)
    except AddressValueError:
        return False
    return True
