"""The files of deployment: accepted by their own tools, and true to the settings."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from entrypoints.config import SettingsError, load_settings
from entrypoints.settings_source import SECRETS
from tests.architecture.test_settings import Overheard
from tests.deploy.tools import DEPLOY, ROOT, check, run, yaml_documents, yaml_file

KUBERNETES = DEPLOY / "kubernetes"
OVERLAYS = ("staging", "production")
COMPOSE = ("docker-compose.yml", "docker-compose.production.yml")
PORT = 8000
SCHEDULER_PORT = 8001
OF_THE_IMAGE = {"HOST", "PORT", "DATA_DIR"}
PINNED = re.compile(r"[^:@]+:v?\d+\.\d+[\w.-]*(@sha256:[0-9a-f]{64})?")
OURS = re.compile(r"companion(:|$)|[\w.]+/companion:")


@pytest.fixture(scope="module")
def settings() -> set[str]:
    """Every name that the settings know, and the names of files that secrets may stand in."""
    development, production = Overheard(), Overheard(ENVIRONMENT="production")
    load_settings(development)
    with pytest.raises(SettingsError):
        load_settings(production)
    return development.asked | production.asked | {f"{name}_FILE" for name in SECRETS}


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the files, made ready as an operator does."""
    folder = tmp_path_factory.mktemp("production")
    shutil.copytree(
        DEPLOY,
        folder / "deploy",
        ignore=shutil.ignore_patterns("secrets", "tls", "production.env"),
    )
    for name in COMPOSE:
        shutil.copy(ROOT / name, folder)
    check("sh", "deploy/compose/prepare.sh", "api.example.com", cwd=folder)
    return folder


def compose(folder: Path, name: str) -> Any:
    """What the composer makes of a file."""
    arguments = ("--profile", "*", "-f", name, "config", "--format", "json")
    return json.loads(check("docker-compose", *arguments, cwd=folder, env={}))


@pytest.fixture(scope="module")
def services(prepared: Path) -> dict[str, Any]:
    """The services of production."""
    found: dict[str, Any] = compose(prepared, "docker-compose.production.yml")["services"]
    return found


@pytest.fixture(scope="module", params=OVERLAYS)
def objects(request: pytest.FixtureRequest) -> list[Any]:
    """The objects of an overlay."""
    return yaml_documents(
        check("kubectl", "kustomize", str(KUBERNETES / "overlays" / request.param))
    )


def pods(objects: list[Any]) -> Iterator[tuple[str, Any]]:
    for one in objects:
        if one["kind"] in {"Deployment", "Job"}:
            yield one["metadata"]["name"], one["spec"]["template"]["spec"]


def containers(objects: list[Any]) -> Iterator[Any]:
    for _, pod in pods(objects):
        yield from (*pod.get("initContainers", ()), *pod["containers"])


def of_kind(objects: list[Any], kind: str) -> list[Any]:
    return [one for one in objects if one["kind"] == kind]


def test_the_image_is_built_as_it_should_be() -> None:
    assert check("hadolint", "--failure-threshold", "info", "Dockerfile") == ""


def test_the_image_runs_as_nobody_and_knows_its_port() -> None:
    text = (ROOT / "Dockerfile").read_text()
    assert re.findall(r"^USER (.+)$", text, re.MULTILINE) == ["10001"]
    assert re.findall(r"^EXPOSE (\d+)$", text, re.MULTILINE) == [str(PORT)]
    assert f"PORT={PORT}" in text
    assert "HEALTHCHECK" in text


@pytest.mark.parametrize("name", COMPOSE)
def test_the_composer_accepts_the_services(prepared: Path, name: str) -> None:
    assert compose(prepared, name)["services"]


@pytest.mark.parametrize("name", COMPOSE)
def test_services_name_only_settings_that_there_are(
    prepared: Path, settings: set[str], name: str
) -> None:
    for title, service in compose(prepared, name)["services"].items():
        if OURS.match(service["image"]):
            assert service["environment"].keys() - settings == set(), title


def test_the_example_of_production_names_only_settings_that_there_are(settings: set[str]) -> None:
    text = (DEPLOY / "compose" / "production.env.example").read_text()
    names = set(re.findall(r"^([A-Z_]+)=", text, re.MULTILINE))
    assert names
    assert names - settings == set()
    assert names & {*SECRETS, *(f"{name}_FILE" for name in SECRETS)} == set()


def test_production_has_every_secret_from_a_file(services: dict[str, Any]) -> None:
    for title, service in services.items():
        for name, value in (service.get("environment") or {}).items():
            assert name not in SECRETS, f"{title}: {name}"
            if name.endswith(("_FILE", "_CREDENTIALS_PATH")):
                mounted = [f"/run/secrets/{one['source']}" for one in service["secrets"]]
                assert value in mounted, f"{title}: {name}"


def test_production_needs_nothing_but_what_is_filled_in(
    prepared: Path, services: dict[str, Any]
) -> None:
    """The settings of a replica, once an operator has filled in what the script names."""
    secrets = prepared / "deploy" / "compose" / "secrets"
    for file in secrets.iterdir():
        assert file.stat().st_mode & 0o777 == 0o644, "its owner fills it in, a container reads it"
        if not file.read_text():
            file.write_text("filled-in")
    environ = {
        name: str(value).replace("/run/secrets", str(secrets))
        for name, value in services["api-1"]["environment"].items()
    }
    loaded = load_settings({**environ, "FIREBASE_PROJECT_ID": "companion-live"})
    assert loaded.is_production
    assert loaded.trusted_proxy_hops == 1
    assert not loaded.run_jobs
    assert len(loaded.secret_key) == 64


def test_nobody_else_on_the_machine_can_read_what_is_made_by_the_script(prepared: Path) -> None:
    assert (prepared / "deploy" / "compose").stat().st_mode & 0o777 == 0o700


def test_what_is_made_by_the_script_stays(prepared: Path) -> None:
    secrets = prepared / "deploy" / "compose" / "secrets"
    before = {file.name: file.read_bytes() for file in secrets.iterdir()}
    check("sh", "deploy/compose/prepare.sh", "api.example.com", cwd=prepared)
    assert {file.name: file.read_bytes() for file in secrets.iterdir()} == before


def test_services_of_production_cannot_harm_much(services: dict[str, Any]) -> None:
    for title, service in services.items():
        limits = service["deploy"]["resources"]["limits"]
        assert limits["memory"], title
        assert limits["cpus"], title
        assert service["restart"] == ("no" if title in {"migrate", "seed"} else "unless-stopped")
        assert "no-new-privileges:true" in service["security_opt"], title
        assert not service.get("privileged"), title
        if title != "postgres":
            assert service["read_only"], title
            assert service["cap_drop"] == ["ALL"], title


def test_only_nginx_can_be_reached_from_outside(services: dict[str, Any]) -> None:
    assert [title for title, service in services.items() if service.get("ports")] == ["nginx"]
    for title in ("postgres", "redis"):
        assert set(services[title]["networks"]) == {"inside"}


def test_a_service_is_given_the_time_that_its_turns_need(services: dict[str, Any]) -> None:
    environment = services["api-1"]["environment"]
    grace = services["api-1"]["stop_grace_period"]
    assert grace == "40s"
    assert float(environment["SHUTDOWN_SECONDS"]) + 10 < 40


def test_nginx_passes_on_to_the_services_that_there_are(services: dict[str, Any]) -> None:
    text = (DEPLOY / "nginx" / "upstream" / "upstream.conf").read_text()
    servers = re.findall(r"server ([\w-]+):(\d+) ", text)
    assert servers == [(title, str(PORT)) for title in services if title.startswith("api-")]
    listening = re.findall(r"listen (\d+) ", (DEPLOY / "nginx" / "listen.conf").read_text())
    assert listening == [str(port["target"]) for port in services["nginx"]["ports"]]


def test_a_rollout_takes_one_replica_out_at_a_time(prepared: Path, tmp_path: Path) -> None:
    """With a docker that only writes down what it is told, and what nginx would read then."""
    upstream = prepared / "deploy" / "compose" / "upstream" / "upstream.conf"
    before = upstream.read_text()
    log = tmp_path / "log"
    docker = tmp_path / "docker"
    docker.write_text(
        f'#!/bin/sh\nshift 3\necho "$@ : $(grep -c " down;" {upstream}) down:'
        f' $(grep " down;" {upstream} | cut -c12-16)" >>{log}\n'
    )
    docker.chmod(0o755)
    check("sh", "deploy/rollout.sh", cwd=prepared, env={"PATH": f"{tmp_path}:/usr/bin:/bin"})
    lines = log.read_text().splitlines()
    replaced = [line for line in lines if line.startswith("up") and "api-" in line]
    assert replaced == [
        "up --detach --no-deps --wait api-1 : 1 down: api-1",
        "up --detach --no-deps --wait api-2 : 1 down: api-2",
    ]
    assert lines[0].startswith("run --rm --no-deps migrate")
    assert upstream.read_text() == before


@pytest.mark.parametrize("version", ["1.30", "1.33"])
@pytest.mark.parametrize("overlay", OVERLAYS)
def test_the_objects_are_what_the_cluster_takes(overlay: str, version: str, tmp_path: Path) -> None:
    rendered = tmp_path / "objects.yaml"
    rendered.write_text(check("kubectl", "kustomize", str(KUBERNETES / "overlays" / overlay)))
    check("kubernetes-validate", "--strict", "-k", version, str(rendered))


def test_objects_name_only_settings_that_there_are(objects: list[Any], settings: set[str]) -> None:
    (config,) = of_kind(objects, "ConfigMap")
    assert config["data"].keys() - settings == set()
    assert config["data"].keys() & OF_THE_IMAGE == set()
    for container in containers(objects):
        assert container["envFrom"] == [{"configMapRef": {"name": config["metadata"]["name"]}}]
        assert container.get("env", []) == []


def test_objects_have_secrets_by_reference_only(objects: list[Any]) -> None:
    assert of_kind(objects, "Secret") == []
    (config,) = of_kind(objects, "ConfigMap")
    assert config["data"].keys() & set(SECRETS) == set()
    files = {name: value for name, value in config["data"].items() if name.endswith("_FILE")}
    assert files
    assert all(
        value == f"/run/secrets/companion/{name[:-5].lower()}" for name, value in files.items()
    )
    for _, pod in pods(objects):
        (volume,) = [one for one in pod["volumes"] if "secret" in one]
        assert volume["secret"]["secretName"] == "companion-secrets"


def test_containers_can_do_no_more_than_they_need(objects: list[Any]) -> None:
    for name, pod in pods(objects):
        assert pod["automountServiceAccountToken"] is False, name
        assert pod["securityContext"]["runAsNonRoot"], name
        assert pod["securityContext"]["runAsUser"] == 10001, name
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}, name
    for container in containers(objects):
        context = container["securityContext"]
        assert context["readOnlyRootFilesystem"]
        assert context["allowPrivilegeEscalation"] is False
        assert context["capabilities"] == {"drop": ["ALL"]}
        assert container["resources"]["limits"]["memory"]
        assert container["resources"]["requests"].keys() == {"cpu", "memory"}


def test_the_api_is_probed_replaced_and_scaled(objects: list[Any]) -> None:
    (api,) = [one for one in of_kind(objects, "Deployment") if "api" in one["metadata"]["name"]]
    pod = api["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    assert container["ports"] == [{"name": "http", "containerPort": PORT}]
    assert container["readinessProbe"]["httpGet"]["path"] == "/readyz"
    assert container["livenessProbe"]["httpGet"]["path"] == "/healthz"
    assert api["spec"]["strategy"]["rollingUpdate"]["maxUnavailable"] == 0
    pause = container["lifecycle"]["preStop"]["sleep"]["seconds"]
    (config,) = of_kind(objects, "ConfigMap")
    needed = pause + float(config["data"]["SHUTDOWN_SECONDS"]) + 10
    assert pod["terminationGracePeriodSeconds"] > needed
    for kind in ("HorizontalPodAutoscaler", "PodDisruptionBudget"):
        assert len(of_kind(objects, kind)) == 1
    (ingress,) = of_kind(objects, "Ingress")
    paths = [path["path"] for rule in ingress["spec"]["rules"] for path in rule["http"]["paths"]]
    assert "/v1" in paths
    assert {"/metrics", "/readyz", "/"} & set(paths) == set()


def test_the_scheduler_is_probed_and_scraped_where_it_answers(
    objects: list[Any], services: dict[str, Any]
) -> None:
    port = str(SCHEDULER_PORT)
    (config,) = of_kind(objects, "ConfigMap")
    assert config["data"]["SCHEDULER_PORT"] == port
    template = next(
        one["spec"]["template"]
        for one in of_kind(objects, "Deployment")
        if "scheduler" in one["metadata"]["name"]
    )
    assert template["metadata"]["annotations"]["prometheus.io/port"] == port
    (container,) = template["spec"]["containers"]
    assert container["ports"] == [{"name": "status", "containerPort": SCHEDULER_PORT}]
    probes = {name: one["httpGet"] for name, one in container.items() if name.endswith("Probe")}
    assert {name: one["path"] for name, one in probes.items()} == {
        "startupProbe": "/healthz", "livenessProbe": "/healthz", "readinessProbe": "/readyz",
    }  # fmt: skip
    assert services["scheduler"]["environment"]["SCHEDULER_PORT"] == port
    assert "/healthz" in " ".join(services["scheduler"]["healthcheck"]["test"])
    scraped = yaml_file(DEPLOY / "prometheus" / "prometheus.yml")["scrape_configs"][-1]
    assert scraped["dns_sd_configs"][0]["port"] == SCHEDULER_PORT
    assert scraped["dns_sd_configs"][0]["names"] == ["scheduler"]


def test_nothing_speaks_to_anybody_unless_it_is_listed(objects: list[Any]) -> None:
    policies = of_kind(objects, "NetworkPolicy")
    assert any(
        set(one["spec"]["policyTypes"]) == {"Ingress", "Egress"}
        and not one["spec"].keys() & {"ingress", "egress"}
        for one in policies
    )
    incoming = [rule for one in policies for rule in one["spec"].get("ingress", [])]
    ports = [port["port"] for rule in incoming for port in rule["ports"]]
    assert ports == [PORT, SCHEDULER_PORT]


def test_images_are_pinned(prepared: Path, objects: list[Any]) -> None:
    images = [one["image"] for one in containers(objects)]
    for name in COMPOSE:
        images += [one["image"] for one in compose(prepared, name)["services"].values()]
    images += re.findall(r"^ARG PYTHON=(.+)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert len(images) > 12
    assert [image for image in images if not PINNED.fullmatch(image)] == []


def test_scripts_are_what_a_shell_reads() -> None:
    for script in DEPLOY.rglob("*.sh"):
        check("sh", "-n", str(script))


@pytest.mark.parametrize("file", sorted((ROOT / ".github" / "workflows").glob("*.yml")))
def test_workflows_are_sound_and_call_make(file: Path) -> None:
    check("actionlint", "-shellcheck=", "-pyflakes=", str(file))
    for job in yaml_file(file)["jobs"].values():
        for step in job["steps"]:
            uses = step.get("uses", "x@v1")
            assert re.search(r"@(v\d+|[0-9a-f]{40})", uses), uses
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    called = set(re.findall(r"\bmake ([a-z-]+)", file.read_text()))
    assert called <= targets


def test_a_missing_tool_is_a_failure() -> None:
    assert run("sh", "-c", "exit 3").returncode == 3
