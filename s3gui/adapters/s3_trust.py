"""Which servers are trusted over TLS: as botocore has it, without botocore."""

from __future__ import annotations

import ssl
from importlib.util import find_spec
from pathlib import Path
from ssl import SSLContext
from typing import Literal

_OPTIONS = ssl.OP_NO_COMPRESSION | ssl.OP_NO_TICKET
"""As urllib3 has them: compression tells secrets, and tickets last longer than they should."""


def trusting(verify: str | Literal[True]) -> SSLContext:
    """`verify`: a file of certificates, or True for those that botocore trusts by itself.

    Raises OSError where the file cannot be used.
    """
    context = SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    # Some systems' Python leaves this to the settings of OpenSSL.
    context.minimum_version = max(context.minimum_version, ssl.TLSVersion.TLSv1_2)
    context.options |= _OPTIONS
    context.hostname_checks_common_name = False
    context.post_handshake_auth = True
    context.set_alpn_protocols(["http/1.1"])
    context.load_verify_locations(cafile=certificates_file() if verify is True else verify)
    return context


def certificates_file() -> str:
    """Mozilla's list of authorities: certifi's where that is installed, else botocore's copy."""
    if find_spec("certifi") is not None:
        from certifi import where

        return str(where())
    botocore = find_spec("botocore")
    assert botocore is not None
    assert botocore.submodule_search_locations is not None
    return str(Path(botocore.submodule_search_locations[0], "cacert.pem"))
