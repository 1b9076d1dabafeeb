"""Which of the files that the analysis found go into the frozen program."""

from __future__ import annotations

import re

_SERVICES = frozenset({"account", "s3", "s3control", "signin", "sso", "sso-oidc", "sts"})
"""What botocore is asked for: S3 itself, and every way to sign in."""

_LANGUAGES = ("de", "es", "fr", "ja", "zh_CN")

_PLUGINS = "PySide6/(Qt/)?plugins/"  # the shorter one is that of Windows
_DROPPED = tuple(
    re.compile(pattern)
    for pattern in (
        # Qt: what the window never loads. GTK's theme would bring the host's whole GTK.
        rf"{_PLUGINS}(egldeviceintegrations|generic|iconengines|networkinformation)/",
        rf"{_PLUGINS}(platformthemes/libqgtk3|position|qmltooling|sqldrivers|tls|virtual)",
        rf"{_PLUGINS}(wayland-graphics-integration-client|xcbglintegrations)/",
        rf"{_PLUGINS}imageformats/(lib)?q(gif|icns|ico|jpeg|macjp2|macheif|pdf|tga|tiff|wbmp|webp)",
        rf"{_PLUGINS}platforms/(lib)?q(direct2d|eglfs|linuxfb|minimal|vkkhrdisplay|vnc|webgl)",
        rf"{_PLUGINS}platforminputcontexts/(lib)?qtvirtualkeyboard",
        r"PySide6/Qt/lib/libQt6(EglF[Ss]|OpenGL|Pdf|Qml|Quick|ShaderTools|VirtualKeyboard|WaylandEgl)",
        r"PySide6/Qt/lib/Qt(OpenGL|Pdf|Qml|Quick|ShaderTools|VirtualKeyboard)\w*\.framework",
        r"PySide6/(opengl32sw|Qt6(OpenGL|Pdf|Qml|Quick|ShaderTools|VirtualKeyboard))",
        r"boto3/(data|examples)/",
        r"botocore/data/[^/]+/[^/]+/(examples|paginators|waiters)-?1?",
        r"cryptography/hazmat/bindings/_openssl",
        # What pip noted while it filled the build's own folder, and from where.
        r"\.dist-info/(INSTALLER|RECORD|REQUESTED|direct_url\.json)$",
        # What Python brings for terminals and its own tests.
        r"lib-dynload/(_curses|_ctypes_test|_test|_xx|ossaudiodev|readline|xx)",
    )
)
_LIBRARY = re.compile(r"lib[^/]*\.so[^/]*")
_BUNDLED_LIBRARY = re.compile(
    r"lib(bz2|crypto|expat|ffi|lzma|mpdec|python3|sqlite3|ssl|z)[-.\d]"
    r"|libxcb-(cursor|icccm|image|keysyms|render-util|util)\.so"
)
"""Of the build machine's own libraries. All others (C, C++, X11, Wayland, fonts, D-Bus) are the
desktop's: a copy of another system's would not fit its screen, its fonts or its bus."""

_TRANSLATION = re.compile(r"PySide6/(Qt/)?translations/")
_SERVICE = re.compile(r"botocore/data/([^/]+)/")


def is_needed(name: str) -> bool:
    """`name` is a path inside the bundle, of either system's form."""
    name = name.replace("\\", "/")
    if _TRANSLATION.search(name):
        return any(name.endswith(f"/qtbase_{language}.qm") for language in _LANGUAGES)
    service = _SERVICE.search(name)
    if service is not None and service[1] not in _SERVICES:
        return False
    if _LIBRARY.fullmatch(name) and not _BUNDLED_LIBRARY.match(name):
        return False
    return not any(pattern.search(name) for pattern in _DROPPED)
