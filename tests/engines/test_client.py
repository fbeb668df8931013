"""How the platform meets a server: which it is, how it signs in, whom it trusts."""

import datetime
import http.server
import json
import ssl
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from search.engine import EngineBroken, EngineUnavailable, QuestionRefused
from search.engines.elasticsearch_client import connect, error_of

#: What each server answers to ``GET /``, and the headers with it.
_ELASTICSEARCH = ({"version": {"number": "8.19.3"}}, {"X-Elastic-Product": "Elasticsearch"})
_OPENSEARCH = ({"version": {"number": "2.19.1", "distribution": "opensearch"}}, {})
_SOMETHING = ({"version": {"number": "1"}}, {})


class _Server(http.server.ThreadingHTTPServer):
    """Answers every request with one answer, and keeps the headers that it was asked with."""

    def __init__(self, answer: tuple[dict[str, Any], dict[str, str]], status: int = 200) -> None:
        self.answer, self.status, self.asked = answer, status, list[dict[str, str]]()
        super().__init__(("127.0.0.1", 0), _Handler)


class _Handler(http.server.BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        self.server.asked.append({name.lower(): value for name, value in self.headers.items()})
        told, headers = self.server.answer
        body = json.dumps(told).encode()
        self.send_response(self.server.status)
        for name, value in {**headers, "Content-Type": "application/json", "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words: object) -> None:
        """Say nothing."""


@pytest.fixture
def server(settings: Any) -> Iterator[Callable[..., _Server]]:
    """``server(answer)``: one that is named in the settings. ``secure``: with this certificate and key, as a file."""
    running: list[_Server] = []

    def start(answer: tuple[dict[str, Any], dict[str, str]], status: int = 200, secure: Path | None = None) -> _Server:
        made = _Server(answer, status)
        if secure is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(secure)
            made.socket = context.wrap_socket(made.socket, server_side=True)
        threading.Thread(target=made.serve_forever, daemon=True).start()
        running.append(made)
        settings.SEARCH_URL = f"http{'s' if secure else ''}://localhost:{made.server_address[1]}"
        return made

    yield start
    for one in running:
        one.shutdown()
        one.server_close()


def test_elasticsearch_is_spoken_to_in_its_own_way(server: Callable[..., _Server]):
    there = server(_ELASTICSEARCH)
    client, what = connect()
    assert what == "Elasticsearch 8.19.3"
    client.info()
    assert there.asked[-1]["accept"] == "application/vnd.elasticsearch+json; compatible-with=8"


def test_opensearch_is_spoken_to_as_it_expects(server: Callable[..., _Server]):
    there = server(_OPENSEARCH)
    client, what = connect()
    assert what == "OpenSearch 2.19.1"
    client.info()
    assert {asked["accept"] for asked in there.asked} == {"application/json"}


def test_what_is_neither_is_refused(server: Callable[..., _Server]):
    server(_SOMETHING)
    with pytest.raises(EngineBroken):
        connect()


def test_it_signs_in_by_name_or_by_key(server: Callable[..., _Server], settings: Any):
    there = server(_OPENSEARCH)
    settings.SEARCH_USER, settings.SEARCH_PASSWORD = "govplatform", "geheim:密"
    connect()
    assert there.asked[-1]["authorization"].startswith("Basic ")
    settings.SEARCH_API_KEY = "c2NobHVlc3NlbA=="
    connect()
    assert there.asked[-1]["authorization"] == "ApiKey c2NobHVlc3NlbA=="
    settings.SEARCH_USER = settings.SEARCH_API_KEY = ""
    connect()
    assert "authorization" not in there.asked[-1]


@pytest.mark.parametrize("status", [401, 403])
def test_who_is_not_let_in_says_so(server: Callable[..., _Server], status: int):
    server(({"error": "security_exception"}, {}), status)
    with pytest.raises(EngineBroken, match="账号"):
        connect()


def test_a_server_that_starts_or_is_overloaded_is_asked_again_later(server: Callable[..., _Server]):
    server(({"error": "starting"}, {}), 503)
    with pytest.raises(EngineUnavailable):
        connect()


def test_a_question_that_is_too_large_is_no_reason_to_leave_the_cluster_alone():
    """It comes with the status of a broken server; taken for one, anybody could switch the cluster off by asking."""
    causes = [{"type": "too_many_nested_clauses", "reason": "maxClauseCount is set to 1024"}]
    told = {"error": {"type": "search_phase_execution_exception", "reason": "all failed", "root_cause": causes}}
    assert isinstance(error_of(500, told), QuestionRefused)
    assert isinstance(error_of(500, {"error": {"type": "search_phase_execution_exception"}}), EngineUnavailable)


def test_only_a_certificate_of_the_named_authority_is_trusted(
    server: Callable[..., _Server], settings: Any, tmp_path: Path
):
    authority, pair = _certificates(tmp_path)
    server(_OPENSEARCH, secure=pair)
    with pytest.raises(EngineBroken, match="证书"):
        connect()
    settings.SEARCH_CA_FILE = str(authority)
    assert connect()[1] == "OpenSearch 2.19.1"


@pytest.mark.parametrize("address", ["localhost:9200", "https://", "nothing at all", "http://localhost:port"])
def test_an_address_that_is_none_is_named(settings: Any, address: str):
    settings.SEARCH_URL = address
    with pytest.raises(EngineBroken, match="SEARCH_URL"):
        connect()


def test_an_authority_that_is_not_there_is_named(settings: Any, tmp_path: Path):
    settings.SEARCH_URL, settings.SEARCH_CA_FILE = "https://localhost:9200", str(tmp_path / "none.pem")
    with pytest.raises(EngineBroken, match="SEARCH_CA_FILE"):
        connect()


def _certificates(folder: Path) -> tuple[Path, Path]:
    """An authority's certificate, and a certificate of localhost by it together with its key."""
    keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(2)]
    names = [x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)]) for name in ("authority", "localhost")]
    now = datetime.datetime.now(datetime.UTC)
    written = []
    for number, key in enumerate(keys):
        builder = (
            x509.CertificateBuilder()
            .subject_name(names[number])
            .issuer_name(names[0])
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=number == 0, path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        )
        written.append(builder.sign(keys[0], hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    private = keys[1].private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    authority, pair = folder / "ca.pem", folder / "node.pem"
    authority.write_bytes(written[0])
    pair.write_bytes(written[1] + private)
    return authority, pair
