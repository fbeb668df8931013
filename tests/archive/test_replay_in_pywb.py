"""Other people's replay software shows every address of an archive as it was."""

import hashlib
import json
from pathlib import Path
from typing import Any

from lxml import html as lxml_html

from govplatform.archive.package.layout import ADDRESSES, Names
from govplatform.archive.package.opening import json_lines
from govplatform.archive.package.written import stamp
from tests.archive.pywb_server import replayed, replaying


def test_every_address_is_replayed_as_it_was(whole: Path, tmp_path: Path, subtests: Any):
    names = Names(json.loads((whole / "data/certificate.json").read_bytes())["archive"])
    lines = list(json_lines(whole / ADDRESSES))
    assert any(line["revisit"] for line in lines) and len(lines) > 40
    with replaying(whole / names.warc, tmp_path) as port:
        for line in lines:
            with subtests.test(address=line["address"]):
                place = f"{stamp(line['date'])}id_/{line['address']}"
                status, body = replayed(port, f"/kept/{place}")
                assert status == line["status"]
                assert hashlib.sha256(body).hexdigest() == line["sha256"]
        for line in lines:
            if line["type"] != "text/html" or line["status"] != 200:
                continue
            with subtests.test(page=line["address"]):
                status, body = replayed(port, f"/kept/{stamp(line['date'])}mp_/{line['address']}")
                title = lxml_html.fromstring(body).findtext(".//title")
                assert status == 200 and title and (line["title"] in title)
