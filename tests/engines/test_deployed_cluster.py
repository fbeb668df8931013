"""What deploy/search describes: a cluster of three by the shipped settings, its snapshot, and that its parts agree."""

import json
import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import yaml

from search.engine import Query
from search.engines.elasticsearch import ElasticsearchEngine
from search.engines.elasticsearch_index import Names, template_of
from tests.database import ROOT
from tests.ports import free_port

from .indexed import corpus
from .opensearch import Node, new_folder
from .test_cluster import eventually, raised_by

SHIPPED = ROOT / "deploy" / "search"
_NAMES = ("search-0", "search-1", "search-2")


def shipped_settings(snapshots: Path) -> dict[str, str]:
    """``opensearch.yml`` for nodes of this machine; the security plugin is not among what the tests' nodes have."""
    told = yaml.safe_load((SHIPPED / "opensearch.yml").read_text(encoding="utf-8"))
    told |= {"path.repo": [str(snapshots)], "network.host": "127.0.0.1"}
    return {name: _written(value) for name, value in told.items() if not name.startswith("plugins.security.")}


def _written(value: Any) -> str:
    """A value as it is written for one node on its command line."""
    return ",".join(value) if isinstance(value, list) else json.dumps(value).strip('"')


@pytest.fixture
def three(tmp_path: Path, settings: Any) -> Iterator[list[Node]]:
    """Three nodes, one cluster, with the shipped settings."""
    ports = {name: free_port() for name in _NAMES}
    shared = shipped_settings(tmp_path) | {
        "discovery.seed_hosts": ",".join(f"127.0.0.1:{port}" for port in ports.values()),
        # the machine of the tests may have a disk that is nearly full
        "cluster.routing.allocation.disk.threshold_enabled": "false",
    }
    with ExitStack() as stack:
        nodes = []
        for name, port in ports.items():
            node = Node(new_folder(), shared | {"node.name": name, "transport.port": str(port)}, cluster=True)
            stack.callback(node.remove)
            nodes.append(node)
            node.launch()
        for node in nodes:
            node.wait()
        settings.SEARCH_URL = ",".join(node.url for node in nodes)
        settings.SEARCH_REPLICAS = 1
        # Without a majority nodes wait as long as they are let.
        settings.SEARCH_ANSWER_SECONDS = 10.0
        yield nodes


@pytest.mark.soak
@pytest.mark.opensearch
def test_a_cluster_of_three_outlives_one_of_them(three: list[Node]):
    engine = ElasticsearchEngine()
    engine.finish_rebuild(engine.begin_rebuild())
    engine.index(corpus())
    eventually_green(three[0])
    before = engine.query(Query())
    versions = count(2)
    three[1].kill()
    assert eventually(lambda: engine.query(Query())) == before
    eventually(lambda: engine.index([newer(next(versions))]))
    three[2].kill()
    raised_by(lambda: engine.index([newer(next(versions))]))
    three[1].launch()
    three[2].launch()
    for node in three[1:]:
        node.wait()
    eventually(lambda: engine.index([newer(next(versions))]))
    assert eventually(engine.count) == len(corpus())
    assert eventually(lambda: engine.query(Query())).total == before.total


def newer(version: int) -> Any:
    return replace(corpus()[0], version=version)


def eventually_green(node: Node) -> None:
    node.ask("GET", "/_cluster/health?wait_for_status=green&wait_for_nodes=3&timeout=60s")


@pytest.mark.opensearch
def test_a_snapshot_brings_the_index_back(
    tmp_path: Path, opensearch: Node, cluster: ElasticsearchEngine, snapshots: Path
):
    script = tmp_path / "take-snapshot.sh"
    text = (SHIPPED / "take-snapshot.sh").read_text(encoding="utf-8")
    script.write_text(text.replace("/usr/share/opensearch/snapshots", str(snapshots)))
    cluster.index(corpus())
    for _turn in range(3):
        done = subprocess.run(
            ["bash", str(script)],
            env={**os.environ, "SEARCH_NODE": opensearch.url, "SNAPSHOTS_KEPT": "1"},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert (done.returncode, done.stderr) == (0, "")
    (taken,) = opensearch.ask("GET", "/_cat/snapshots/govplatform?format=json")
    assert (taken["id"], taken["status"]) == (done.stdout.strip(), "SUCCESS")
    index = Names.of_settings().index(1)
    opensearch.ask("DELETE", f"/{index}")
    restoring = f"/_snapshot/govplatform/{taken['id']}/_restore?wait_for_completion=true"
    opensearch.ask("POST", restoring, {"indices": index})
    assert eventually(cluster.count) == len(corpus())
    assert cluster.health().ok


@pytest.mark.unit
class TestPartsAgree:
    def test_every_file_is_read_and_named_files_are_there(self):
        for path in (*SHIPPED.rglob("*.yaml"), *SHIPPED.rglob("*.yml")):
            assert list(yaml.safe_load_all(path.read_text(encoding="utf-8"))), path
        kustomization = yaml.safe_load((SHIPPED / "kustomization.yaml").read_text())
        named = [
            *kustomization["resources"],
            *(name for one in kustomization["configMapGenerator"] for name in one["files"]),
        ]
        assert not [name for name in named if not (SHIPPED / name).is_file()]
        assert {f"k8s/{path.name}" for path in (SHIPPED / "k8s").iterdir()} == set(kustomization["resources"])

    def test_nodes_are_those_that_the_settings_name(self):
        settings = yaml.safe_load((SHIPPED / "opensearch.yml").read_text())
        compose = yaml.safe_load((SHIPPED / "compose.yaml").read_text())
        objects = self._objects()
        nodes = objects["StatefulSet", "search"]["spec"]
        assert settings["discovery.seed_hosts"] == settings["cluster.initial_cluster_manager_nodes"] == list(_NAMES)
        assert [service["environment"]["node.name"] for service in compose["services"].values()] == list(_NAMES)
        assert [f"search-{number}" for number in range(nodes["replicas"])] == list(_NAMES)
        namespace = yaml.safe_load((SHIPPED / "kustomization.yaml").read_text())["namespace"]
        (domain,) = nodes["template"]["spec"]["dnsConfig"]["searches"]
        assert domain == f"{nodes['serviceName']}.{namespace}.svc.cluster.local"
        assert ("Service", nodes["serviceName"]) in objects
        assert objects["PodDisruptionBudget", "search"]["spec"]["maxUnavailable"] == 1

    def test_both_mount_the_same_files_and_keep_data_and_secrets_outside(self):
        compose = yaml.safe_load((SHIPPED / "compose.yaml").read_text())
        pod = self._objects()["StatefulSet", "search"]["spec"]["template"]["spec"]
        mounted = {mount["mountPath"] for mount in pod["containers"][0]["volumeMounts"]}
        for service in compose["services"].values():
            assert {volume.split(":")[1] for volume in service["volumes"]} == mounted
        volumes = {volume["name"]: volume for volume in pod["volumes"]}
        assert "secret" in volumes["users"] and "secret" in volumes["certificates"]
        assert not [kind for kind, _name in self._objects() if kind == "Secret"]
        assert not list((SHIPPED / "security").glob("internal_users*"))

    def test_the_version_is_the_one_that_is_tried(self):
        pom = (ROOT / "tests/engines/opensearch_node/pom.xml").read_text()
        (version,) = re.findall(r"<opensearch.version>(.+)</opensearch.version>", pom)
        texts = [path.read_text() for path in SHIPPED.rglob("*.yaml")]
        assert {tag for text in texts for tag in re.findall(r"image: opensearchproject/opensearch:(\S+)", text)} == {
            version
        }

    def test_the_template_that_is_shown_is_the_one_that_is_given(self):
        shown = json.loads((SHIPPED / "index-template.json").read_text(encoding="utf-8"))
        assert shown == template_of(Names.of_settings())

    def test_half_of_the_memory_is_heap(self):
        compose = yaml.safe_load((SHIPPED / "compose.yaml").read_text())
        (container,) = self._objects()["StatefulSet", "search"]["spec"]["template"]["spec"]["containers"]
        options = {one["name"]: one.get("value") for one in container["env"]}
        assert container["resources"]["limits"]["memory"] == "8Gi"
        for service in compose["services"].values():
            assert service["mem_limit"] == "8g"
            assert service["environment"]["OPENSEARCH_JAVA_OPTS"] == options["OPENSEARCH_JAVA_OPTS"] == "-Xms4g -Xmx4g"

    def test_the_platform_may_do_what_it_does_to_its_own_indices(self, settings: Any):
        (permissions,) = yaml.safe_load((SHIPPED / "security/roles.yml").read_text())["govplatform"][
            "index_permissions"
        ]
        (pattern,) = permissions["index_patterns"]
        assert Names.of_settings().current.startswith(pattern.rstrip("*"))

    def _objects(self) -> dict[tuple[str, str], Any]:
        documents = [one for path in (SHIPPED / "k8s").iterdir() for one in yaml.safe_load_all(path.read_text())]
        return {(one["kind"], one["metadata"]["name"]): one for one in documents}
