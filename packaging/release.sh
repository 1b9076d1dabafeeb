#!/bin/sh
# What the release workflow does on Linux, here as there: packaging/release.sh STEP...
#
#   prepare     what the other steps need of Debian or Ubuntu
#   tests       all tests
#   packages    build, check and list the Linux packages
#   appimage    the AppImage, where APPIMAGE_RUNTIME_URL and APPIMAGE_RUNTIME_SHA256 name its runtime
#   try         install, use and remove the packages on an empty Debian 12
#   papers      version file (signed where RELEASE_KEY holds a key) and checksums of all in dist/
#   draft       the draft of a release at GitHub, where GH_TOKEN and TAG are set
set -eu
cd "$(dirname "$0")/.."

prepare() {
    as_root apt-get update -qq
    # shellcheck disable=SC2046
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        $(cat packaging/linux/build-packages.txt)
}

tests() {
    ./dev test
}

packages() {
    python3 packaging/build.py frozen deb tarball rpm wheel bill check
}

appimage() {
    if [ -z "${APPIMAGE_RUNTIME_URL:-}" ]; then
        echo "NOT MADE: the AppImage (APPIMAGE_RUNTIME_URL is not set)"
        return
    fi
    mkdir -p build
    curl --fail --silent --show-error --location --output build/runtime "$APPIMAGE_RUNTIME_URL"
    echo "$APPIMAGE_RUNTIME_SHA256  build/runtime" | sha256sum --check
    S3GUI_APPIMAGE_RUNTIME=$PWD/build/runtime python3 packaging/build.py appimage
}

try() {
    ./dev test --version # makes .venv and installs what the tests drive, and runs none
    for package in dist/*.deb dist/*-linux-*.tar.gz dist/*.rpm; do
        as_root .venv/bin/python packaging/try_install.py "$package" \
            --screenshot "build/$(basename "$package").png"
    done
}

papers() {
    if [ -n "${RELEASE_KEY:-}" ]; then
        key=$(mktemp)
        trap 'rm -f "$key"' EXIT
        printf '%s\n' "$RELEASE_KEY" >"$key"
        export S3GUI_SIGN_RELEASE="$key"
    fi
    # The key is for the one step that signs, and for none of what it starts.
    unset RELEASE_KEY
    python3 packaging/build.py version-file sums
}

draft() {
    if [ -z "${GH_TOKEN:-}" ] || [ -z "${TAG:-}" ]; then
        echo "NOT DRAFTED: the release (GH_TOKEN or TAG is not set)"
        return
    fi
    gh release create "$TAG" --draft --verify-tag --title "s3gui $TAG" \
        --notes-file CHANGELOG.md dist/*
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

[ $# -gt 0 ] || set -- nothing
for step; do
    case $step in
    prepare | tests | packages | appimage | try | papers | draft) ;;
    *)
        sed -n '2,/^set/s/^# \{0,1\}//p' "$0" >&2
        exit 2
        ;;
    esac
done
for step; do
    echo "=== $step"
    "$step"
done
