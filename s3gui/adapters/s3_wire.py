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
_BODY_HEADERS = {
    "ChecksumAlgorithm": "x-amz-sdk-checksum-algorithm",
    "ContentLength": "Content-Length",
    "ContentMD5": "Content-MD5",
    **_CHECKSUM_HEADERS,
}
_CONDITION_HEADERS = {"IfMatch": "If-Match", "IfNoneMatch": "If-None-Match"}
_UPLOAD_QUERY = {"UploadId": "uploadId"}
_PREFIXES = {"Metadata": "x-amz-meta-"}
_IN_THE_PATH = frozenset({"Bucket", "Key"})
_ANSWER_HEADERS = {
    "ChecksumType": "x-amz-checksum-type",
    "ETag": "ETag",
    "SSECustomerAlgorithm": "x-amz-server-side-encryption-customer-algorithm",
    "VersionId": "x-amz-version-id",
    **_ENCRYPTION_HEADERS,
    **_CHECKSUM_HEADERS,
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
    ) -> None:
        self.operation = operation
        self.method = method
        self.header_names = headers
        self.query_names = query or {}
        self._fields = {header.lower(): name for name, header in _ANSWER_HEADERS.items()}

    def headers(self, parameters: Mapping[str, Any]) -> dict[str, str]:
        """The values are texts and whole numbers, or maps of texts. Raises ValueError."""
        headers: dict[str, str] = {}
        for name, value in parameters.items():
            header = self.header_names.get(name)
            if header is not None:
                headers[header] = str(value)
            elif name in _PREFIXES:
                prefix = _PREFIXES[name]
                headers.update({prefix + each: text for each, text in value.items()})
            elif name not in _IN_THE_PATH and name not in self.query_names:
                raise ValueError(f"{self.operation} has no parameter {name}")
        return headers

    def query(self, parameters: Mapping[str, Any]) -> str:
        """Encoded, and sorted as the signature wants it."""
        if not self.query_names:
            return ""
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


PUT_OBJECT = Wire("PutObject", "PUT", _OBJECT_HEADERS | _BODY_HEADERS | _CONDITION_HEADERS)
UPLOAD_PART = Wire(
    "UploadPart", "PUT", _BODY_HEADERS, query={"PartNumber": "partNumber", **_UPLOAD_QUERY}
)
WIRES = {each.operation: each for each in (PUT_OBJECT, UPLOAD_PART)}
