"""How the parameters of an operation travel, and its answer's headers: by botocore's own data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from s3gui.adapters.s3_answers import Answer


class Wire:
    """One operation without a document in its body or its answer: PutObject, UploadPart."""

    def __init__(self, client: Any, operation: str) -> None:
        model = client.meta.service_model.operation_model(operation)
        self.operation = operation
        self.method: str = model.http["method"]
        self._headers: dict[str, str] = {}
        self._prefixes: dict[str, str] = {}
        self._query: dict[str, str] = {}
        for name, shape in model.input_shape.members.items():
            where = {"header": self._headers, "headers": self._prefixes, "querystring": self._query}
            location = shape.serialization.get("location")
            if location in where:
                where[location][name] = shape.serialization["name"]
        self._fields = {
            shape.serialization["name"].lower(): name
            for name, shape in model.output_shape.members.items()
            if shape.serialization.get("location") == "header" and shape.type_name == "string"
        }

    def headers(self, parameters: Mapping[str, Any]) -> dict[str, str]:
        """The values are texts and whole numbers, or maps of texts."""
        headers: dict[str, str] = {}
        for name, value in parameters.items():
            header = self._headers.get(name)
            if header is not None:
                headers[header] = str(value)
            elif name in self._prefixes:
                prefix = self._prefixes[name]
                headers.update({prefix + each: text for each, text in value.items()})
        return headers

    def query(self, parameters: Mapping[str, Any]) -> str:
        """Encoded, and sorted as the signature wants it."""
        if not self._query:
            return ""
        pairs = [
            (quote(self._query[name], safe="-_.~"), quote(str(value), safe="-_.~"))
            for name, value in parameters.items()
            if name in self._query
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
