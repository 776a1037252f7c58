"""The chart: it renders the objects of ``deploy/kubernetes``, and refuses what cannot be right."""

import json
from pathlib import Path
from typing import Any

import pytest

from entrypoints.settings_source import SECRETS
from tests.deploy.tools import DEPLOY, check, run, yaml_documents, yaml_file

CHART = DEPLOY / "helm" / "companion"
EXAMPLE = DEPLOY / "helm" / "production.yaml"
KUBERNETES = DEPLOY / "kubernetes"
HELMS_OWN = {"app.kubernetes.io/managed-by", "helm.sh/chart"}


def rendered(*arguments: str) -> str:
    return check("helm", "template", "companion", str(CHART), *arguments)


def refusal(*arguments: str) -> str:
    done = run("helm", "template", "companion", str(CHART), *arguments)
    assert done.returncode != 0, done.stdout
    return done.stderr


def named(objects: list[Any]) -> dict[str, Any]:
    found = {f"{one['kind']} {one['metadata']['name']}": one for one in objects}
    assert len(found) == len(objects)
    return found


def of_the_chart(*arguments: str) -> dict[str, Any]:
    """Its objects, without what only Helm adds: labels, the number of a release, a checksum."""
    text = rendered(*arguments).replace("companion-release-1", "companion-release")
    objects = named(yaml_documents(text))
    for name, one in objects.items():
        labels = one["metadata"]["labels"]
        one["metadata"]["labels"] = {k: v for k, v in labels.items() if k not in HELMS_OWN}
        if name.startswith("Deployment"):
            metadata = one["spec"]["template"]["metadata"]
            assert len(metadata["annotations"].pop("checksum/settings")) == 64
            if not metadata["annotations"]:
                del metadata["annotations"]
    return objects


def of_kustomize(folder: str) -> dict[str, Any]:
    """Its objects, without the namespace, which Helm is told apart from them."""
    objects = named(yaml_documents(check("kubectl", "kustomize", str(KUBERNETES / folder))))
    for one in objects.values():
        one["metadata"].pop("namespace", None)
        # Objects of an overlay alone have none; those of the chart are all labelled alike.
        one["metadata"].setdefault("labels", {})
    return {name: one for name, one in objects.items() if not name.startswith("Namespace")}


def test_the_chart_is_sound() -> None:
    for values in ([], ["--values", str(EXAMPLE)]):
        check("helm", "lint", "--strict", str(CHART), *values)


def test_it_renders_the_same_objects_as_the_base() -> None:
    assert of_the_chart() == of_kustomize("base")


def test_the_example_renders_the_same_objects_as_the_overlay() -> None:
    objects, expected = of_the_chart("--values", str(EXAMPLE)), of_kustomize("overlays/production")
    objects["Ingress companion-api"]["metadata"]["labels"] = {}
    assert objects == expected


@pytest.mark.parametrize("version", ["1.30", "1.33"])
@pytest.mark.parametrize(
    "values",
    [
        [],
        ["--values", str(EXAMPLE)],
        ["--set", "networkPolicies.enabled=false,imagePullSecrets[0].name=registry"],
        ["--set", "api.nodeSelector.disk=fast,scheduler.tolerations[0].key=spot"],
    ],
)
def test_the_objects_are_what_the_cluster_takes(
    values: list[str], version: str, tmp_path: Path
) -> None:
    file = tmp_path / "objects.yaml"
    file.write_text(rendered(*values))
    check("kubernetes-validate", "--strict", "-k", version, str(file))


def test_its_versions_are_the_products() -> None:
    chart = yaml_file(CHART / "Chart.yaml")
    base = yaml_file(KUBERNETES / "base" / "kustomization.yaml")
    assert chart["version"] == chart["appVersion"] == base["images"][0]["newTag"]


def test_new_settings_are_new_pods() -> None:
    def checksums(*arguments: str) -> set[str]:
        return {
            one["spec"]["template"]["metadata"]["annotations"]["checksum/settings"]
            for one in yaml_documents(rendered(*arguments))
            if one["kind"] == "Deployment"
        }

    before, after = checksums(), checksums("--set", "settings.LOG_LEVEL=DEBUG")
    assert len(before) == len(after) == 1
    assert before != after


def test_a_setting_is_removed_and_a_pod_is_given_the_time_that_it_needs() -> None:
    objects = of_the_chart("--set-json", 'settings={"LOG_LEVEL":null,"SHUTDOWN_SECONDS":"90.5"}')
    assert "LOG_LEVEL" not in objects["ConfigMap companion-settings"]["data"]
    pod = objects["Deployment companion-api"]["spec"]["template"]["spec"]
    assert pod["terminationGracePeriodSeconds"] == 8 + 91 + 27


def test_each_release_has_a_job_of_its_own() -> None:
    """Its name ends in the number of the release: a Job cannot be changed."""
    jobs = [one for one in yaml_documents(rendered()) if one["kind"] == "Job"]
    assert [one["metadata"]["name"] for one in jobs] == ["companion-release-1"]


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_is_refused_among_the_settings(name: str) -> None:
    assert f"invalid propertyName '{name}'" in refusal("--set", f"settings.{name}=abc")


@pytest.mark.parametrize(
    ("values", "because"),
    [
        ("api.replicas=3", "additional properties 'replicas' not allowed"),
        ("image.tag=latest", "/image/tag"),
        ("ingress.enabled=true", "/ingress/host"),
        ("settings.DATABASE_POOL_SIZE=10", "/settings/DATABASE_POOL_SIZE"),
        ("settings.ENVIRONMENT=development", "/settings/ENVIRONMENT"),
        ("api.minReplicas=0", "/api/minReplicas"),
        ("api.resources.limits.memory=much", "/api/resources/limits/memory"),
    ],
)
def test_what_cannot_be_right_is_refused(values: str, because: str) -> None:
    assert because in refusal("--set", values)


def test_the_schema_knows_every_value() -> None:
    schema = json.loads((CHART / "values.schema.json").read_text())
    values = yaml_file(CHART / "values.yaml")
    assert schema["properties"].keys() - {"global"} == values.keys()
