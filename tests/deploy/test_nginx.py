"""deploy/nginx.conf in front of the real thing: HTTPS outside, and what it writes into its log."""

import http.client
import os
import shutil
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from deploy.build import HERE, ROOT

NAME = "gongkai.example.gov.cn"
NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin")
WAIT = 120
pytestmark = [
    pytest.mark.long(reason="starts a server and nginx in front of it"),
    pytest.mark.skipif(NGINX is None, reason="nginx is not installed here"),
]


@dataclass(frozen=True)
class Site:
    """nginx as it was started: its ports, the certificate that it shows, its folder."""

    https: int
    http: int
    folder: Path

    def get(self, path: str, *, plain: bool = False, **headers: str) -> http.client.HTTPResponse:
        """The answer to a browser that knows the certificate."""
        connection = http.client.HTTPConnection(NAME, timeout=60)
        sock = socket.create_connection(("127.0.0.1", self.http if plain else self.https), 60)
        known = ssl.create_default_context(cafile=str(self.folder / "gongkai.pem"))
        connection.sock = sock if plain else known.wrap_socket(sock, server_hostname=NAME)
        connection.request("GET", path, headers={"Host": NAME, **headers})
        answer = connection.getresponse()
        answer.text = answer.read().decode()  # type: ignore[attr-defined]
        connection.close()
        return answer

    def log(self) -> str:
        return (self.folder / "gongkai.log").read_text(encoding="utf-8")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as one:
        return int(one.getsockname()[1])


def certify(folder: Path) -> None:
    """A certificate that signs itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(1)).not_valid_after(now + timedelta(1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    (folder / "gongkai.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "gongkai.key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )  # fmt: skip


def configure(folder: Path, https: int, http: int, behind: int) -> Path:
    """The file as it is shipped, with the ports and folders of this run; a main file around it."""
    said = (HERE / "nginx.conf").read_text(encoding="utf-8")
    for shipped, here in (
        ("listen 443 ssl;", f"listen 127.0.0.1:{https} ssl;"), ("listen 80;", f"listen 127.0.0.1:{http};"),
        ("    listen [::]:443 ssl;\n", ""), ("    listen [::]:80;\n", ""),
        ("/etc/nginx/", f"{folder}/"), ("/var/log/nginx/", f"{folder}/"), ("127.0.0.1:8000", f"127.0.0.1:{behind}"),
    ):  # fmt: skip
        assert shipped in said, shipped
        said = said.replace(shipped, here)
    (folder / "site.conf").write_text(said, encoding="utf-8")
    places = "".join(
        f"{kind}_temp_path {folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;\n" if os.geteuid() == 0 else ""
    main = folder / "nginx.conf"
    main.write_text(
        f"{user}daemon off;\nworker_processes 1;\npid {folder}/pid;\nerror_log {folder}/error.log;\nevents {{}}\n"
        f"http {{\n{places}include {folder}/site.conf;\n}}\n",
        encoding="utf-8",
    )
    return main


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("nginx")
    site, behind = Site(free_port(), free_port(), folder), free_port()
    certify(folder)
    main = configure(folder, site.https, site.http, behind)
    checked = subprocess.run(
        [str(NGINX), "-t", "-c", main], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0 and "warn" not in checked.stderr, checked.stderr
    env = {
        **os.environ, "GONGKAI_DATA_DIR": str(folder / "data"), "GONGKAI_HTTPS": "true",
        "GONGKAI_TRUSTED_PROXIES": "127.0.0.1", "GONGKAI_PORT": str(behind), "GONGKAI_WORKER_IN_SERVE": "false",
    }  # fmt: skip
    gongkai = [sys.executable, str(ROOT / "gongkai.py")]
    first = [*gongkai, "init", "--agency", "panlong", "--name", "盘龙乡", "--level", "township"]
    subprocess.run(first, env=env, check=True, capture_output=True)
    with (folder / "told").open("wb") as told:
        started = [
            subprocess.Popen([*gongkai, "serve"], env=env, stdout=told, stderr=told),
            subprocess.Popen([str(NGINX), "-c", main], stdout=told, stderr=told),
        ]
        try:
            until = time.monotonic() + WAIT
            while True:
                try:
                    if site.get("/?looked=aQ3xSecret").status != 502:
                        break
                except OSError:
                    pass
                assert time.monotonic() < until and all(one.poll() is None for one in started), (
                    folder / "told"
                ).read_text(encoding="utf-8") + (folder / "error.log").read_text(encoding="utf-8")
                time.sleep(0.2)
            yield site
        finally:
            for one in reversed(started):
                one.terminate()
                one.wait(60)


def test_who_comes_by_http_is_led_to_https(site: Site) -> None:
    answer = site.get("/guide?a=1", plain=True)
    assert (answer.status, answer.headers["Location"]) == (301, f"https://{NAME}/guide?a=1")


def test_the_portal_answers_by_https_and_knows_its_address(site: Site) -> None:
    answer = site.get("/")
    assert answer.status == 200 and f"https://{NAME}/" in answer.text  # type: ignore[attr-defined]
    assert "max-age" in answer.headers["Strict-Transport-Security"]
    assert answer.headers["Server"] == "nginx"
    cookies = site.get("/desk/login").headers.get_all("Set-Cookie") or []
    assert cookies and all("; Secure" in one and "HttpOnly" in one for one in cookies)


def test_what_a_visitor_says_of_proxies_is_not_believed(site: Site) -> None:
    said = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http", "Forwarded": "host=evil.example"}  # fmt: skip
    answer = site.get("/", **said)
    assert answer.status == 200 and "evil.example" not in answer.text  # type: ignore[attr-defined]


def test_the_log_has_no_words_that_were_looked_for_and_no_secret_addresses(site: Site) -> None:
    for path in ("/feed/aQ3xSecret.ics", "/b/panlong/account/feed/aQ3xSecret.ics", "/refuse/aQ3xSecret",
                 "/query?number=2026-0001&code=aQ3xSecret"):  # fmt: skip
        site.get(path, Referer="https://elsewhere.example/aQ3xSecret")
    until = time.monotonic() + WAIT
    while site.log().count("/query") < 1:
        assert time.monotonic() < until
        time.sleep(0.05)
    assert " 502 " in site.log(), "nginx came before what is behind it"
    assert "aQ3xSecret" not in site.log()
    assert "aQ3xSecret" not in (site.folder / "gongkai-error.log").read_text(encoding="utf-8")
    assert "GET /" not in (site.folder / "error.log").read_text(encoding="utf-8")
    assert "GET /b/panlong/account/feed/..." in site.log() and "GET /refuse/..." in site.log()
