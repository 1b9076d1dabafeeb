#!/bin/sh
# Makes the AppImage out of a staged tree: appimage.sh STAGED-USR RUNTIME OUTPUT
#
# RUNTIME is the type-2 runtime of the AppImage project: no package registry has it, so the release
# workflow fetches it and checks its SHA-256 first. mksquashfs (squashfs-tools) takes the time of what
# is newer than $SOURCE_DATE_EPOCH from there.
set -eu
staged=$1 runtime=$2 output=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/AppDir"
cp -a "$staged" "$work/AppDir/usr"
cp "$staged/share/applications/s3gui.desktop" "$work/AppDir/"
cp "$staged/share/icons/hicolor/256x256/apps/s3gui.png" "$work/AppDir/"
ln -s s3gui.png "$work/AppDir/.DirIcon"
ln -s usr/lib/s3gui/s3gui "$work/AppDir/AppRun"
mksquashfs "$work/AppDir" "$work/image" -root-owned -noappend -quiet -no-progress -comp zstd
cat "$runtime" "$work/image" >"$output"
chmod 755 "$output"
