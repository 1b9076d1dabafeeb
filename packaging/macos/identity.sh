#!/bin/sh
# Puts the identity of the project into a keychain of this job's own, and names it to the later steps.
#
# CERTIFICATE holds a “Developer ID Application” certificate with its key (.p12, in base64), and
# NOTARY_APPLE_ID, NOTARY_PASSWORD (one for this use only) and NOTARY_TEAM what Apple's notary asks for.
set -eu

if [ -z "${CERTIFICATE:-}" ]; then
    echo "NOT SIGNED: there is no certificate"
    exit 0
fi
keychain=$RUNNER_TEMP/signing.keychain-db
password=$(openssl rand -hex 16)
printf '%s' "$CERTIFICATE" | base64 --decode >"$RUNNER_TEMP/certificate.p12"
security create-keychain -p "$password" "$keychain"
security set-keychain-settings -lut 21600 "$keychain"
security unlock-keychain -p "$password" "$keychain"
security import "$RUNNER_TEMP/certificate.p12" -P "$CERTIFICATE_PASSWORD" -k "$keychain" \
    -T /usr/bin/codesign
rm "$RUNNER_TEMP/certificate.p12"
# Without this, codesign would ask a person.
security set-key-partition-list -S apple-tool:,apple: -s -k "$password" "$keychain" >/dev/null
security list-keychains -d user -s "$keychain" login.keychain-db
identity=$(security find-identity -v -p codesigning "$keychain" | sed -n 's/.*"\(.*\)"/\1/p' | head -1)
echo "S3GUI_SIGN_MACOS=$identity" >>"$GITHUB_ENV"

if [ -z "${NOTARY_APPLE_ID:-}" ]; then
    echo "NOT NOTARISED: there is no account of Apple's"
    exit 0
fi
xcrun notarytool store-credentials s3gui --apple-id "$NOTARY_APPLE_ID" \
    --password "$NOTARY_PASSWORD" --team-id "$NOTARY_TEAM"
echo "S3GUI_NOTARY_PROFILE=s3gui" >>"$GITHUB_ENV"
