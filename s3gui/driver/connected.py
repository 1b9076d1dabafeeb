"""What every call of the driver needs: a live store, and Libcloud's exceptions."""

# The arguments are Libcloud's.
# ruff: noqa: FBT001, FBT002, PLR0917

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from s3gui import bootstrap
from s3gui.core.errors import CredentialsMissing, S3guiError
from s3gui.core.profile import Credentials, Secret
from s3gui.driver.endpoint import profile_for
from s3gui.engine.browse import BrowsingStore
from s3gui.engine.stop import Stopped


class Connected:
    """Knows one service; connects to it at the first call. Thread-safe."""

    name = "Amazon S3"
    region_name: str | None = "us-east-1"

    def __init__(
        self,
        key: str,
        secret: str | None = None,
        secure: bool = True,
        host: str | None = None,
        port: int | None = None,
        region: str | None = None,
        token: str | None = None,
        *,
        ex_provider: str | None = None,
        ex_ca_file: str | None = None,
        ex_home: str | os.PathLike[str] | None = None,
        **kwargs: Any,
    ) -> None:
        unknown = [name for name in kwargs if name.startswith("ex_")]
        if unknown:
            raise TypeError(f"{type(self).__name__} has no argument {unknown[0]}")
        self._profile = profile_for(
            key,
            secure=secure,
            host=host,
            port=port,
            region=region,
            provider_id=ex_provider,
            ca_file=ex_ca_file,
        )
        self._home = None if ex_home is None else Path(ex_home)
        self.key = key
        self.secure = secure
        self.region = self.region_name = self._profile.region
        where = self.region if host is None else urlsplit(self._profile.endpoint_url or "").netloc
        self.name = f"{self._profile.provider.title} ({where})"
        self._credentials = Credentials(key, Secret(secret or ""), Secret(token) if token else None)
        self._known_store: BrowsingStore | None = None
        self._store_lock = threading.Lock()

    @property
    def _store(self) -> BrowsingStore:
        with self._store_lock:
            if self._known_store is None:
                if not (self.key and self._credentials.secret_access_key):
                    raise CredentialsMissing("The driver was given no key, or no secret to it.")
                opened = bootstrap.open_browsing_store(self._profile, self._credentials)
                self._known_store = opened
            return self._known_store

    @contextmanager
    def _speaking(self, container_name: str = "", object_name: str = "") -> Iterator[None]:
        """Let Libcloud's exceptions come out instead of s3gui's."""
        try:
            yield
        except S3guiError as error:
            from s3gui.driver.errors import libcloud_error

            raise libcloud_error(error, self, container_name, object_name) from error
        except Stopped:
            from s3gui.driver.errors import UploadCancelledError

            raise UploadCancelledError(
                f"The upload of “{object_name}” was cancelled.", self
            ) from None
