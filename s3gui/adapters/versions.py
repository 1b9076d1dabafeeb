"""What this copy of the program is made of, for reports and for its own test."""

from __future__ import annotations

import importlib
import platform
import sqlite3
import ssl
import sys

_KEYRING_MODULES = {
    "darwin": ("keyring.backends.macOS",),
    "win32": ("keyring.backends.Windows", "win32ctypes.pywin32.win32cred"),
}
_FREE_DESKTOP = ("keyring.backends.SecretService", "secretstorage", "keyring.backends.kwallet")


def versions() -> dict[str, str]:
    """Names and versions; that of the certificates says where trust comes from.

    Raises ImportError where this copy lacks what the system's own keyring needs.
    """
    for name in _KEYRING_MODULES.get(sys.platform, _FREE_DESKTOP):
        importlib.import_module(name)
    import awscrt
    import botocore

    return {
        "Python": platform.python_version(),
        "botocore": botocore.__version__,
        "AWS common runtime": awscrt.__version__,
        "SQLite": sqlite3.sqlite_version,
        "OpenSSL": ssl.OPENSSL_VERSION.removeprefix("OpenSSL "),
        "certificates": _certificates(),
        "system": platform.platform(),
    }


def _certificates() -> str:
    from botocore.httpsession import get_cert_path

    place = get_cert_path(True)
    loaded = ssl.create_default_context(cafile=place).cert_store_stats()["x509_ca"]
    return f"{loaded} authorities, botocore's own list"
