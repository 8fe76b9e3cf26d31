"""To whom a weakness is told: /.well-known/security.txt (RFC 9116)."""

from datetime import datetime

import pytest

from config.errors import BadSetting
from config.settings import load
from webui.app import create_app, open_doors
from webui.security_contact import contact_of


@pytest.fixture
def told(app, office):
    """The file under a contact and an address of the site."""

    def ask(contact: str, site_url: str = ""):
        open_doors(app, office, {**load({}), "security_contact": contact, "site_url": site_url})
        return app.test_client().get("/.well-known/security.txt")

    return ask


@pytest.mark.parametrize(
    ("said", "uri"),
    [
        ("safe@panlong.gov.cn", "mailto:safe@panlong.gov.cn"),
        (" mailto:safe@panlong.gov.cn ", "mailto:safe@panlong.gov.cn"),
        ("https://panlong.gov.cn/safe", "https://panlong.gov.cn/safe"),
        ("tel:+86-876-1234567", "tel:+86-876-1234567"),
    ],
)
def test_contact_expiry_and_language_are_told(told, today, said, uri):
    answer = told(said)
    assert answer.content_type == "text/plain; charset=utf-8"
    fields = dict(line.split(": ", 1) for line in answer.text.splitlines())
    assert fields.pop("Contact") == uri
    until = datetime.fromisoformat(fields.pop("Expires"))
    assert 0 < (until - today()).days < 365
    assert fields == {"Preferred-Languages": "zh"}


def test_an_installation_with_an_address_says_where_the_file_belongs(told):
    assert (
        "Canonical: https://gk.example.cn/.well-known/security.txt\n"
        in told("safe@panlong.gov.cn", "https://gk.example.cn/").text
    )


def test_without_a_contact_there_is_no_file(told):
    assert told("").status_code == 404


def test_the_address_of_before_leads_there(visitor):
    answer = visitor.client.get("/security.txt")
    assert (answer.status_code, answer.headers["Location"]) == (301, "/.well-known/security.txt")


@pytest.mark.parametrize(
    "said", ["0876-1234567", "http://panlong.gov.cn", "tel:0876", "a@b\nExpires: never"]
)
def test_a_contact_that_nobody_could_use_stops_the_start(office, said):
    with pytest.raises(BadSetting, match="security_contact"):
        contact_of({"security_contact": said})
    with pytest.raises(BadSetting, match="security_contact"):
        create_app(office, {**load({}), "security_contact": said})
