"""What stands in the head of a request cannot break the door at which it is made."""

import io

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from govplatform.serving.observed import ObservedHandler


class Inside(ObservedHandler):
    """The door with one answer behind it: what the request says its body is."""

    def get_response(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse(f"{request.content_type} {len(request.POST)}")


@pytest.mark.parametrize(
    ("content_type", "read_as"),
    [
        ("application/x-www-form-urlencoded", b"application/x-www-form-urlencoded 1"),
        ("application/x-www-form-urlencoded; charset*=bogus'x'y", b" 0"),
        ("text/plain; x*=a'b'c", b" 0"),
    ],
)
def test_a_type_that_cannot_be_read_is_no_fault_of_ours(db: None, content_type: str, read_as: bytes):
    # `db`: at the door connections of the request before are looked at, where this process has any
    environ = RequestFactory()._base_environ(
        PATH_INFO="/interaction/ask/", REQUEST_METHOD="POST", CONTENT_TYPE=content_type, CONTENT_LENGTH="3"
    )
    environ["wsgi.input"] = io.BytesIO(b"a=b")
    told = []
    body = b"".join(Inside()(environ, lambda status, _headers: told.append(status)))
    assert (told, body) == (["200 OK"], read_as)
