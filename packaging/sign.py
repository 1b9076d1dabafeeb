"""Signs what was made. Identities come from the environment; where there is none it is said aloud.

Windows   S3GUI_SIGN_WINDOWS       the SHA-1 thumbprint of a certificate in the user's store
macOS     S3GUI_SIGN_MACOS         the name of a “Developer ID Application” identity
          S3GUI_NOTARY_PROFILE     the keychain profile that `xcrun notarytool` is to use
Releases  S3GUI_SIGN_RELEASE       the path of the RSA key that signs the version file (PEM)
          S3GUI_RELEASE_PAGE       the https address that the version file sends people to
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

_TIME_STAMPS = "http://timestamp.digicert.com"


def sign_windows(*programs: Path) -> None:
    thumbprint = _identity("S3GUI_SIGN_WINDOWS", programs)
    if thumbprint:
        for program in programs:
            subprocess.run(
                [
                    *("signtool", "sign", "/sha1", thumbprint, "/fd", "SHA256"),
                    *("/tr", _TIME_STAMPS, "/td", "SHA256", program),
                ],
                check=True,
            )


def prove_macos(bundle: Path) -> None:
    """PyInstaller has signed what is in the bundle; without an identity, for this machine only."""
    _identity("S3GUI_SIGN_MACOS", [bundle])
    subprocess.run(["codesign", "--verify", "--deep", "--strict", bundle], check=True)


def notarise(image: Path) -> None:
    """Let Apple look at the .dmg, and fasten its word to it."""
    profile = _identity("S3GUI_NOTARY_PROFILE", [image])
    if profile:
        submit = ["xcrun", "notarytool", "submit", image, "--keychain-profile", profile, "--wait"]
        subprocess.run(submit, check=True)
        subprocess.run(["xcrun", "stapler", "staple", image], check=True)


def _identity(variable: str, what: tuple[Path, ...] | list[Path]) -> str:
    identity = os.environ.get(variable, "")
    if not identity:
        names = ", ".join(path.name for path in what)
        print(f"NOT SIGNED: {names} ({variable} is not set)")
    return identity
