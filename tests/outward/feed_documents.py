"""What another platform says of its resources, and the files that it serves."""

import uuid
from urllib.parse import quote

from govplatform.audit.sm3 import sm3_hex


def document(**changed):
    made = {
        "format": "govplatform-resource",
        "format_version": 1,
        "uuid": str(uuid.uuid4()),
        "version": 1,
        "kind": "article",
        "status": "in_force",
        "organisation": "邻市人民政府",
        "updated_at": "2026-11-01T08:00:00+08:00",
        "metadata": {
            "title": "邻市信息",
            "published_at": "2026-11-01T08:00:00+08:00",
            "source": "邻市",
            "disclosure": "proactive",
        },
        "html": "<p>正文</p>",
        "text": "正文",
        "digest": "0" * 64,
        "files": [],
    }
    metadata = changed.pop("metadata", {})
    return {**made, **changed, "metadata": {**made["metadata"], **metadata}}


def change(made, **more):
    return {"uuid": made["uuid"], "status": made["status"], "at": made["updated_at"], "document": made, **more}


def gone(made):
    return {"uuid": made["uuid"], "status": "withdrawn", "at": "2026-11-02T08:00:00+08:00"}


def counts(made):
    return made.state, made.new, made.changed, made.withdrawn, made.refused


def paper(content, name="附件.txt", **changed):
    file = {"kind": "document", "name": name, "sm3": sm3_hex(content), "size": len(content)}
    return document(files=[{**file, "content_type": "text/plain", **changed}])


def serve_file(feed, made, content):
    (file,) = made["files"]
    feed.answers[f"/api/library/files/{file['sm3']}/{quote(file['name'])}"] = (200, {}, content)
