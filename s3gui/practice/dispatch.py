"""One request from its head to its answer: faults, signature, region, access, handler, ledger."""

import base64
import secrets
import time
import traceback

from s3gui.practice import access, routes, signature
from s3gui.practice.call import ACCOUNT_ID, HOME_REGION, Call, Service
from s3gui.practice.clock import http_date
from s3gui.practice.documents import error_document
from s3gui.practice.errors import ConnectionLost, S3Error
from s3gui.practice.faults import (
    AFTER_BODY,
    AFTER_STORING,
    BEFORE_BODY,
    FaultInside200,
    Script,
    Spoil,
)
from s3gui.practice.objects import check_key
from s3gui.practice.request import Request, parse
from s3gui.practice.wire import Body, Head, Response

_SIGN_IN_PAGE = (
    b"<!DOCTYPE html>\n<html><head><title>Welcome</title></head><body>"
    b"<form action='/login'>Room <input name='room'></form></body></html>"
)


def answer(service: Service, head: Head, body: Body) -> Response:
    """The answer, with its standard headers. Raises ConnectionLost when there shall be none."""
    started = time.monotonic()
    try:
        request = parse(head, body)
    except S3Error as error:
        service.ledger.append(
            time=service.clock.now(),
            operation="Unknown",
            bucket=None,
            key=None,
            part_number=None,
            upload_id=None,
            version_id=None,
            access_key_id=None,
            bytes_accepted=0,
            status=error.status,
            error_code=error.code,
            seconds=0.0,
        )
        return refuse(service, error, head.target)
    operation = routes.operation_of(request)
    part_number = _part_number(request)
    script = Script(
        service.faults.meet(operation, request.bucket, request.key, part_number), service.stopping
    )
    call = Call(service, request, operation, script)
    error_code = unexpected = None
    response = Response(0)
    try:
        response = _handled(call)
    except S3Error as error:
        error_code = error.code
        response = refuse(service, error, request.path)
    except ConnectionLost:
        error_code = "ConnectionLost"
        raise
    except Exception:  # noqa: BLE001 - a mistake of the server's is one client's 500, no crash
        unexpected = traceback.format_exc()
        error_code = "InternalError"
        response = refuse(service, S3Error("InternalError"), request.path)
    finally:
        service.ledger.append(
            time=service.clock.now(),
            operation=operation,
            bucket=request.bucket,
            key=request.key,
            part_number=part_number,
            upload_id=request.argument("uploadId"),
            version_id=call.version_id,
            access_key_id=None if call.identity is None else call.identity.access_key_id,
            bytes_accepted=call.bytes_accepted,
            status=response.status,
            error_code=error_code,
            seconds=time.monotonic() - started,
            fault=str(script) or None,
            unexpected=unexpected,
        )
    response.whitespace_seconds = script.whitespace_seconds
    if script.spoil is not None and response.status < 300 and error_code is None:
        return _spoiled(response, script.spoil)
    return response


def _spoiled(response: Response, spoil: Spoil) -> Response:
    """What arrives instead of the answer."""
    if spoil in {Spoil.EMPTY, Spoil.GARBLED} and not response.body:
        return response  # it has no document
    if response.content is not None:
        response.content.close()
    match spoil:
        case Spoil.SIGN_IN_PAGE:
            return Response(200, {"Content-Type": "text/html; charset=utf-8"}, _SIGN_IN_PAGE)
        case Spoil.BARE:
            headers = {"Date": response.headers["Date"]}
            return Response(200, headers, b"<Answer/>" if response.body else b"")
        case Spoil.EMPTY:
            return Response(response.status, response.headers)
        case Spoil.GARBLED:
            return Response(response.status, response.headers, response.body[::-1])
        case Spoil.CUT_SHORT:
            return Response(response.status, response.headers, response.body, is_cut_short=True)


def _handled(call: Call) -> Response:
    call.script.reach(BEFORE_BODY)
    service, request = call.service, call.request
    call.identity = signature.authenticate(
        request, service.key_ring, service.clock.now(), service.limits.clock_skew_seconds
    )
    if request.key is not None:
        check_key(call, request.key)
    if call.operation == "Unknown":
        raise routes.refusal(request)
    if request.bucket is not None:
        call.found_bucket = service.index.bucket(request.bucket)
        if call.operation != "CreateBucket":
            _check_bucket(call)
    access.require(call)
    if request.body.finished:
        call.script.reach(AFTER_BODY)
    response = routes.HANDLERS[call.operation](call)
    try:
        call.script.reach(AFTER_STORING)
    except (S3Error, ConnectionLost):
        if response.content is not None:
            response.content.close()
        raise
    response.headers = {**_standard_headers(service), **response.headers}
    if response.body:
        response.headers.setdefault("Content-Type", "application/xml")
    return response


def _check_bucket(call: Call) -> None:
    """It exists, belongs to whom the client thinks, and was signed for its region."""
    bucket = call.bucket
    owner = call.request.header("x-amz-expected-bucket-owner")
    if owner not in {None, ACCOUNT_ID}:
        raise S3Error("AccessDenied")
    region = {"x-amz-bucket-region": bucket.region}
    if call.identity is None or call.identity.region == bucket.region:
        return
    if call.identity.region == HOME_REGION:
        # As the us-east-1 endpoint answers for a bucket that lives elsewhere.
        raise S3Error(
            "PermanentRedirect",
            headers=region,
            Endpoint=call.request.header("host"),
            Bucket=bucket.name,
        )
    raise S3Error(
        "AuthorizationHeaderMalformed",
        f"The authorization header is malformed; the region '{call.identity.region}' is wrong; "
        f"expecting '{bucket.region}'",
        headers=region,
        Region=bucket.region,
    )


def refuse(service: Service, error: S3Error, resource: str) -> Response:
    standard = _standard_headers(service)
    body = error_document(
        error,
        resource=resource,
        request_id=standard["x-amz-request-id"],
        host_id=standard["x-amz-id-2"],
    )
    headers = {**standard, "Content-Type": "application/xml", **error.headers}
    return Response(200 if isinstance(error, FaultInside200) else error.status, headers, body)


def _standard_headers(service: Service) -> dict[str, str]:
    return {
        "x-amz-id-2": base64.b64encode(secrets.token_bytes(48)).decode(),
        "x-amz-request-id": secrets.token_hex(8).upper(),
        "Date": http_date(service.clock.now()),
        "Server": "AmazonS3",
    }


def _part_number(request: Request) -> int | None:
    text = request.argument("partNumber") or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
