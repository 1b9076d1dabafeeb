"""How the parameters of an operation travel, and what its answer's headers mean.

Source: the S3 API reference. Only what s3gui sends and reads; a test compares it with botocore's
description of S3, which would take longer to read than a small file to send.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from s3gui.adapters.s3_answers import Answer

_CHECKSUMS = ("CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256")
_CHECKSUM_HEADERS = {f"Checksum{each}": f"x-amz-checksum-{each.lower()}" for each in _CHECKSUMS}
_ENCRYPTION_HEADERS = {"ServerSideEncryption": "x-amz-server-side-encryption"}
_OBJECT_HEADERS = {
    "ACL": "x-amz-acl",
    "CacheControl": "Cache-Control",
    "ContentDisposition": "Content-Disposition",
    "ContentEncoding": "Content-Encoding",
    "ContentType": "Content-Type",
    "SSEKMSKeyId": "x-amz-server-side-encryption-aws-kms-key-id",
    "StorageClass": "x-amz-storage-class",
    "Tagging": "x-amz-tagging",
    **_ENCRYPTION_HEADERS,
}
_SIZE = "ContentLength"
_BODY_HEADERS = {
    "ChecksumAlgorithm": "x-amz-sdk-checksum-algorithm",
    _SIZE: "Content-Length",
    "ContentMD5": "Content-MD5",
    **_CHECKSUM_HEADERS,
}
_CONDITION_HEADERS = {"IfMatch": "If-Match", "IfNoneMatch": "If-None-Match"}
_MULTIPART_HEADERS = {"ChecksumType": "x-amz-checksum-type"}
_UPLOAD_QUERY = {"UploadId": "uploadId"}
_PREFIXES = {"Metadata": "x-amz-meta-"}
_IN_THE_PATH = frozenset({"Bucket", "Key"})
_VERSION_HEADERS = {"VersionId": "x-amz-version-id", **_ENCRYPTION_HEADERS}
_ANSWER_HEADERS = {
    "ContentType": "Content-Type",
    "ETag": "ETag",
    "SSECustomerAlgorithm": "x-amz-server-side-encryption-customer-algorithm",
    **_VERSION_HEADERS,
    **_CHECKSUM_HEADERS,
    **_MULTIPART_HEADERS,
}


class Wire:
    """One operation; its parameters have botocore's names."""

    def __init__(
        self,
        operation: str,
        method: str,
        headers: Mapping[str, str],
        *,
        query: Mapping[str, str] | None = None,
        named: str = "",
        answer_headers: Mapping[str, str] = _ANSWER_HEADERS,
    ) -> None:
        """`named` is what the query says whatever the parameters are."""
        self.operation = operation
        self.named = named
        self.method = method
        self.header_names = headers
        self.query_names = query or {}
        self._fields = {header.lower(): name for name, header in answer_headers.items()}

    def headers(self, parameters: Mapping[str, Any]) -> dict[str, str]:
        """The values are texts and whole numbers, or maps of texts. Raises ValueError."""
        headers: dict[str, str] = {}
        for name, value in parameters.items():
            header = "Content-Length" if name == _SIZE else self.header_names.get(name)
            if header is not None:
                headers[header] = str(value)
            elif name in _PREFIXES:
                prefix = _PREFIXES[name]
                headers.update({prefix + each: text for each, text in value.items()})
            elif name not in _IN_THE_PATH and name not in self.query_names:
                raise ValueError(f"{self.operation} has no parameter {name}")
        return headers

    def query(self, parameters: Mapping[str, Any]) -> str:
        """Encoded, and sorted as the signature wants it: a name alone has an empty value there."""
        if not self.query_names:
            return f"{self.named}=" if self.named else ""
        pairs = [
            (quote(self.query_names[name], safe="-_.~"), quote(str(value), safe="-_.~"))
            for name, value in parameters.items()
            if name in self.query_names
        ]
        return "&".join(f"{name}={value}" for name, value in sorted(pairs))

    def answer(self, status: int, headers: Mapping[str, str]) -> Answer:
        """As botocore would give it; `headers` by their names in lower case."""
        answer: dict[str, Any] = {
            self._fields[name]: value for name, value in headers.items() if name in self._fields
        }
        answer["ResponseMetadata"] = {
            "RequestId": headers.get("x-amz-request-id", ""),
            "HTTPStatusCode": status,
            "HTTPHeaders": headers,
        }
        return answer


_ALL = (
    Wire("PutObject", "PUT", _OBJECT_HEADERS | _BODY_HEADERS | _CONDITION_HEADERS),
    Wire("UploadPart", "PUT", _BODY_HEADERS, query={"PartNumber": "partNumber", **_UPLOAD_QUERY}),
    Wire(
        "HeadObject",
        "HEAD",
        {"ChecksumMode": "x-amz-checksum-mode"},
        query={"VersionId": "versionId"},
    ),
    Wire(
        "CreateMultipartUpload",
        "POST",
        _OBJECT_HEADERS | _MULTIPART_HEADERS | {"ChecksumAlgorithm": "x-amz-checksum-algorithm"},
        named="uploads",
        answer_headers=_VERSION_HEADERS,
    ),
    Wire(
        "CompleteMultipartUpload",
        "POST",
        _CHECKSUM_HEADERS
        | _CONDITION_HEADERS
        | _MULTIPART_HEADERS
        | {"MpuObjectSize": "x-amz-mp-object-size"},
        query=_UPLOAD_QUERY,
        answer_headers=_VERSION_HEADERS,
    ),
)
WIRES = {each.operation: each for each in _ALL}
