"""Alerts, their routes and the dashboard: sound, tried out, and about metrics that there are."""

import json
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.acceptance.product import Stack
from tests.deploy.tools import DEPLOY, check, run, yaml_file

RULES = DEPLOY / "prometheus" / "alerts.yml"
TRIED = DEPLOY / "prometheus" / "alerts_test.yml"
ROUTES = DEPLOY / "alertmanager" / "alertmanager.yml"
DASHBOARD = DEPLOY / "grafana" / "dashboards" / "companion.json"
OF_PROMETHEUS = {"up"}
_WORDS = {"and", "or", "unless", "offset", "ignoring", "on", "by", "without", "bool"}
_NOT_METRICS = re.compile(
    r'"(?:\\.|[^"\\])*"'  # strings
    r"|\{[^}]*\}|\[[^\]]*\]"  # labels and ranges
    r"|\b(?:by|on|without|ignoring)\s*\([^)]*\)"
    r"|\boffset\s+\d+\w"
)


def metrics_of(expression: str) -> set[str]:
    """The names of the metrics in a PromQL expression."""
    bare = _NOT_METRICS.sub(" ", expression.replace('"(.+)"', '""'))
    names = re.findall(r"\b([a-zA-Z_:][\w:]*)\b(?!\s*\()", bare)
    return {name for name in names if name not in _WORDS and not re.fullmatch(r"\d.*", name)}


def rules() -> list[Any]:
    return [rule for group in yaml_file(RULES)["groups"] for rule in group["rules"]]


def panels() -> Iterator[Any]:
    for panel in json.loads(DASHBOARD.read_text())["panels"]:
        if panel["type"] != "row":
            yield panel


@pytest.fixture(scope="module")
def exported(stack: Stack) -> set[str]:
    """What the product says at ``/metrics``, in every form that Prometheus stores."""
    server = stack.serve()
    text = httpx.get(f"{server.url}/metrics", timeout=30).text
    names: set[str] = set()
    for name, kind in re.findall(r"^# TYPE (\S+) (\w+)$", text, re.MULTILINE):
        names |= {name}
        if kind == "histogram":
            names |= {f"{name}_bucket", f"{name}_count", f"{name}_sum"}
    return names


def test_names_are_found_in_expressions() -> None:
    expression = (
        'histogram_quantile(0.95, sum by (le) (rate(a_bucket{b="c"}[5m]))) > 3 * max(d) '
        "unless e offset 1d and on (instance) f"
    )
    assert metrics_of(expression) == {"a_bucket", "d", "e", "f"}


def test_prometheus_accepts_its_configuration(tmp_path: Any) -> None:
    text = (DEPLOY / "prometheus" / "prometheus.yml").read_text()
    moved = tmp_path / "prometheus.yml"
    moved.write_text(text.replace("/etc/prometheus/alerts.yml", str(RULES)))
    check("promtool", "check", "config", str(moved))


def test_each_alert_fires_when_it_should_and_not_before() -> None:
    check("promtool", "test", "rules", str(TRIED), cwd=TRIED.parent)


def test_each_alert_is_tried_out() -> None:
    tried = {
        one["alertname"]
        for case in yaml_file(TRIED)["tests"]
        for one in case["alert_rule_test"]
        if one["exp_alerts"]
    }
    assert {rule["alert"] for rule in rules()} == tried


def test_each_alert_says_how_urgent_it_is_and_what_to_do() -> None:
    guide = (DEPLOY / "README.md").read_text()
    for rule in rules():
        assert rule["labels"]["severity"] in {"page", "ticket"}, rule["alert"]
        assert rule["annotations"]["summary"], rule["alert"]
        assert f"`{rule['alert']}`" in guide, rule["alert"]


def test_alerts_name_only_metrics_that_are_exported(exported: set[str]) -> None:
    named = {name for rule in rules() for name in metrics_of(rule["expr"])}
    assert len(named) > 15
    assert named - OF_PROMETHEUS - exported == set()


def test_the_dashboard_names_only_metrics_that_are_exported(exported: set[str]) -> None:
    named = {
        name
        for panel in panels()
        for target in panel["targets"]
        for name in metrics_of(target["expr"])
    }
    assert len(named) > 20
    assert named - OF_PROMETHEUS - exported == set()


def test_the_dashboards_expressions_can_be_read(tmp_path: Any) -> None:
    """As rules, since the tool reads those; Grafana fills in the interval."""
    lines = ["groups:", "  - name: dashboard", "    rules:"]
    count = 0
    for panel in panels():
        for target in panel["targets"]:
            expression = target["expr"].replace("$__rate_interval", "1m")
            lines += [f"      - record: panel:{count}", f"        expr: {json.dumps(expression)}"]
            count += 1
    file = tmp_path / "dashboard.yml"
    file.write_text("\n".join(lines) + "\n")
    check("promtool", "check", "rules", str(file))
    assert count > 30


def test_the_dashboard_asks_the_source_that_is_provisioned() -> None:
    (source,) = yaml_file(DEPLOY / "grafana" / "provisioning" / "datasources" / "prometheus.yml")[
        "datasources"
    ]
    assert {panel["datasource"]["uid"] for panel in panels()} == {source["uid"]}
    ids = [panel["id"] for panel in panels()]
    assert len(ids) == len(set(ids))


def test_the_routes_are_accepted() -> None:
    check("amtool", "check-config", str(ROUTES))


@pytest.mark.parametrize(
    ("labels", "receivers"),
    [
        (("alertname=CompanionDown", "severity=page"), "pager,mail"),
        (("alertname=CompanionSlow", "severity=ticket"), "mail"),
        (("alertname=Other",), "mail"),
    ],
)
def test_alerts_reach_whom_they_should(labels: tuple[str, ...], receivers: str) -> None:
    arguments = ("config", "routes", "test", f"--config.file={ROUTES}")
    assert run("amtool", *arguments, *labels).stdout.strip() == receivers


def test_inhibitions_name_alerts_that_there_are() -> None:
    known = {rule["alert"] for rule in rules()}
    text = ROUTES.read_text()
    named = set(re.findall(r"Companion\w+", text.partition("inhibit_rules:")[2]))
    assert named
    assert named - known == set()


def test_the_keys_of_receivers_are_files() -> None:
    text = ROUTES.read_text()
    assert re.findall(r"\b(?:smtp_auth_password|credentials|password|api_key):", text) == []
    assert len(re.findall(r"_file: /etc/alertmanager/secrets/", text)) == 2


def test_the_collector_takes_what_the_settings_name() -> None:
    config = yaml_file(DEPLOY / "otel" / "collector.yml")
    endpoint = config["receivers"]["otlp"]["protocols"]["http"]["endpoint"]
    assert endpoint.endswith(":4318")
    for pipeline in config["service"]["pipelines"].values():
        for kind in ("receivers", "processors", "exporters"):
            assert set(pipeline[kind]) <= config[kind].keys()
