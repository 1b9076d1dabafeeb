"""Certificates of a throw-away authority, good ones and bad ones, and servers that show them."""

import ipaddress
import itertools
import ssl
import warnings
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

_DAY = timedelta(days=1)
_HERE = "127.0.0.1"
_SIGNS_CERTIFICATES = x509.KeyUsage(
    key_cert_sign=True,
    crl_sign=True,
    digital_signature=False,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    encipher_only=False,
    decipher_only=False,
)


class Authority:
    """`ca_file` is what a client must be given to trust what `server_context` makes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = itertools.count()
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _name("A throw-away authority")
        certificate = (
            _builder(self._name, self._name, self._key, self._key)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .add_extension(_SIGNS_CERTIFICATES, critical=True)
            .sign(self._key, hashes.SHA256())
        )
        self.ca_file = folder / f"authority-{id(self)}.pem"
        self.ca_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))

    def server_context(
        self,
        address: str = _HERE,
        *,
        names: Sequence[str] = (),
        common_name: str = "A server",
        valid_from: datetime | None = None,
        valid_until: datetime | None = None,
        is_self_signed: bool = False,
        is_for_clients: bool = False,
        is_signed_by_a_server: bool = False,
        key: Key | None = None,
        version: ssl.TLSVersion | None = None,
    ) -> ssl.SSLContext:
        """For a server at `address` (or, with "", only at the host `names`).

        `version` is the one version of TLS that it speaks, with ciphers of any age.
        """
        key = key or ec.generate_private_key(ec.SECP256R1())
        name = _name(common_name)
        issuer, issuers_key, chain = self._name, self._key, b""
        if is_self_signed:
            issuer, issuers_key = name, key
        if is_signed_by_a_server:
            issuer, issuers_key, chain = self._server()
        builder = _builder(name, issuer, key, issuers_key, valid_from, valid_until)
        alternatives: list[x509.GeneralName] = [x509.DNSName(name) for name in names]
        if address:
            alternatives.append(x509.IPAddress(ipaddress.ip_address(address)))
        if alternatives:
            builder = builder.add_extension(
                x509.SubjectAlternativeName(alternatives), critical=False
            )
        if is_for_clients:
            usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH])
            builder = builder.add_extension(usage, critical=False)
        certificate = builder.sign(issuers_key, hashes.SHA256())
        file = self._folder / f"server-{id(self)}-{next(self._numbers)}.pem"
        file.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
            + certificate.public_bytes(serialization.Encoding.PEM)
            + chain
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        if version is not None or isinstance(key, rsa.RSAPrivateKey):
            context.set_ciphers("ALL:@SECLEVEL=0")
        if version is not None:
            with warnings.catch_warnings():
                # That old versions are deprecated is why a test wants a server that speaks them.
                warnings.simplefilter("ignore", DeprecationWarning)
                context.minimum_version = context.maximum_version = version
        context.load_cert_chain(file)
        return context

    def _server(self) -> tuple[x509.Name, Key, bytes]:
        """A good server's name, key and certificate."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = _name("Another server")
        certificate = (
            _builder(name, self._name, key, self._key)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .sign(self._key, hashes.SHA256())
        )
        return name, key, certificate.public_bytes(serialization.Encoding.PEM)


def _unknown(authority: Authority) -> ssl.SSLContext:
    return Authority(authority.ca_file.parent).server_context()


BAD_SERVERS: dict[str, Callable[[Authority], ssl.SSLContext]] = {
    "expired": lambda ca: ca.server_context(valid_until=_soon(-1)),
    "not yet valid": lambda ca: ca.server_context(valid_from=_soon(1)),
    "for another address": lambda ca: ca.server_context("127.0.0.2"),
    "for another host": lambda ca: ca.server_context("", names=["s3.example.com"]),
    "without a name but the common one": lambda ca: ca.server_context("", common_name=_HERE),
    "signed by itself": lambda ca: ca.server_context(is_self_signed=True),
    "from an authority that is not trusted": _unknown,
    "from a server that is no authority": lambda ca: ca.server_context(is_signed_by_a_server=True),
    "for clients only": lambda ca: ca.server_context(is_for_clients=True),
    "with a key that is too short": lambda ca: ca.server_context(
        key=rsa.generate_private_key(65537, 1024)
    ),
}
"""Servers on 127.0.0.1 that no client should talk to, though it trusts the authority.

TLS 1.0 and 1.1 are among them where this Python's OpenSSL was built with them.
"""
if ssl.HAS_TLSv1:
    BAD_SERVERS["TLS 1.0"] = lambda ca: ca.server_context(version=ssl.TLSVersion.TLSv1)
if ssl.HAS_TLSv1_1:
    BAD_SERVERS["TLS 1.1"] = lambda ca: ca.server_context(version=ssl.TLSVersion.TLSv1_1)


def _soon(hours: int) -> datetime:
    return datetime.now(UTC) + timedelta(hours=hours)


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: Key,
    issuers_key: Key,
    valid_from: datetime | None = None,
    valid_until: datetime | None = None,
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(valid_from or now - 2 * _DAY)
        .not_valid_after(valid_until or now + _DAY)
        # From Python 3.13 on, certificates without these are not trusted.
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuers_key.public_key()),
            critical=False,
        )
    )
