"""Addresses of an object store that are good for one length: as AWS's own library signs them, which is asked."""

import json
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from core.presigning import bind_length
from core.settings import Settings
from core.stores import store_of
from tests.client import Person
from tests.parts.objects import KEY_ID, PYTHON, SECRET
from tests.shelves import shelved_house
from tests.uploads import place_for

house, make_house, shelves, shelf = shelved_house(is_crossed=False)
#: What a store works out for itself from what came: the signature that the address would have to have.
EXPECTED = """
import json, sys
from urllib.parse import parse_qs, urlsplit
from botocore.auth import S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

given = json.load(sys.stdin)
address, _, _ = given["url"].partition("&X-Amz-Signature=")
query = parse_qs(urlsplit(address).query)
key, _, region, service, _ = query["X-Amz-Credential"][0].rsplit("/", 4)
auth = S3SigV4QueryAuth(Credentials(key, given["secret"]), service, region)
request = AWSRequest("PUT", address, headers=given["headers"])
request.context["timestamp"] = query["X-Amz-Date"][0]
words = auth.string_to_sign(request, auth.canonical_request(request))
print(auth.signature(words, request))
"""


def expected(url: str, secret: str, **headers: str) -> str:
    """The signature that AWS's library makes of a PUT with these headers."""
    given = {"url": url, "secret": secret, "headers": {name.replace("_", "-"): text for name, text in headers.items()}}
    done = subprocess.run([PYTHON, "-c", EXPECTED], input=json.dumps(given), capture_output=True, text=True, check=True)
    return done.stdout.strip()


def words_of(url: str) -> dict[str, str]:
    """What stands behind the question mark."""
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"s3_endpoint": None, "s3_region": "eu-central-1"},
        {"s3_public_endpoint": "https://files.market.example:9000"},
        {"s3_key_id": "a/key with/slashes+%", "s3_secret": "a secret/+%"},
        {"files_url": "s3://bucket/a folder/ä"},
    ],
)
async def test_an_address_is_good_for_one_length(tmp_path: Path, changes: dict[str, Any]) -> None:
    fields = {"files_url": "s3://bucket", "s3_endpoint": "http://127.0.0.1:9", "s3_key_id": KEY_ID, "s3_secret": SECRET}
    settings = Settings(_env_file=None, **{**fields, **changes})
    url = await store_of(settings).place_for("0" * 32, 12_345, 60)
    assert url is not None
    words, host = words_of(url), urlsplit(url).netloc
    assert settings.s3_secret is not None
    secret = settings.s3_secret.get_secret_value()
    assert (words["X-Amz-SignedHeaders"], words["X-Amz-Expires"]) == ("content-length;host", "60")
    assert words["X-Amz-Signature"] == expected(url, secret, content_length="12345", host=host)
    for other in ("12346", "12344", "0"):
        assert words["X-Amz-Signature"] != expected(url, secret, content_length=other, host=host)


def test_what_else_was_signed_stays() -> None:
    """The token of a role, for instance."""
    url = (
        "https://s3.us-east-1.amazonaws.com/bucket/key?X-Amz-Algorithm=AWS4-HMAC-SHA256"
        "&X-Amz-Credential=key%2F20261128%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20261128T120000Z&X-Amz-Expires=60"
        "&X-Amz-SignedHeaders=host&X-Amz-Security-Token=token%2F%2B%3D&X-Amz-Signature=0000"
    )
    bound = bind_length(url, "secret", 5)
    assert words_of(bound) == {
        **words_of(url),
        "X-Amz-SignedHeaders": "content-length;host",
        "X-Amz-Signature": expected(bound, "secret", content_length="5", host="s3.us-east-1.amazonaws.com"),
    }


async def test_a_place_is_good_for_the_length_that_was_announced(ann: Person, shelf: str) -> None:
    url = (await place_for(ann, 54_321))["uploadUrl"]
    if shelf == "folder":  # The server itself counts what arrives: tests/test_uploads.py
        assert "X-Amz" not in url
        return
    host = urlsplit(url).netloc
    assert words_of(url)["X-Amz-Signature"] == expected(url, SECRET, content_length="54321", host=host)
