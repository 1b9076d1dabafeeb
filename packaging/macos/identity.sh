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

# Every process sees the arguments of all others: what holds a password is read from the standard input.
with_password() {
    printf '%s\n' "$1" | security -i
}

# As that input has it: in quotes, of which a backslash takes the meaning.
quoted() {
    printf '"%s"' "$(printf '%s' "$1" | sed 's/[\\"]/\\&/g')"
}

umask 077
keychain=$RUNNER_TEMP/signing.keychain-db
certificate=$RUNNER_TEMP/certificate.p12
password=$(openssl rand -hex 16)
trap 'rm -f "$certificate"' EXIT
printf '%s' "$CERTIFICATE" | base64 --decode >"$certificate"
with_password "create-keychain -p $password $(quoted "$keychain")"
security set-keychain-settings -lut 21600 "$keychain"
with_password "unlock-keychain -p $password $(quoted "$keychain")"
with_password "import $(quoted "$certificate") -P $(quoted "$CERTIFICATE_PASSWORD") -k $(quoted "$keychain") \
-T /usr/bin/codesign"
# Without this, codesign would ask a person.
with_password "set-key-partition-list -S apple-tool:,apple: -s -k $password $(quoted "$keychain")" >/dev/null
security list-keychains -d user -s "$keychain" login.keychain-db
identity=$(security find-identity -v -p codesigning "$keychain" | sed -n 's/.*"\(.*\)"/\1/p' | head -1)
echo "S3GUI_SIGN_MACOS=$identity" >>"$GITHUB_ENV"

if [ -z "${NOTARY_APPLE_ID:-}" ]; then
    echo "NOT NOTARISED: there is no account of Apple's"
    exit 0
fi
# This password is an argument: otherwise notarytool asks for it at a terminal, and a job has none.
xcrun notarytool store-credentials s3gui --apple-id "$NOTARY_APPLE_ID" \
    --password "$NOTARY_PASSWORD" --team-id "$NOTARY_TEAM"
echo "S3GUI_NOTARY_PROFILE=s3gui" >>"$GITHUB_ENV"
