"""docker-compose.yml starts what the launcher starts, and holds no secret."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from techforce.demo import commands
from techforce.demo.__main__ import services as services_of_the_launcher

ROOT = Path(__file__).resolve().parents[2]
# They make an installation a demonstration or a test bed, so no example invites to set them.
FOR_DEVELOPERS = {"DEBUG", "DEMO", "TESTING"}
PARTS = [commands.WEB, commands.WORKER, commands.BEAT]


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return document


def test_the_deployment_has_every_service_of_the_launcher(compose: dict[str, Any]) -> None:
    launched = {service.name for service in services_of_the_launcher({"SINK_PORT": "1025"})}

    assert launched <= compose["services"].keys()
    assert compose["services"].keys() - launched == {"migrate", "proxy", "postgres", "redis", "clamav"}


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
def test_a_service_runs_the_same_command(compose: dict[str, Any], part: commands.Service) -> None:
    assert tuple(compose["services"][part.name]["command"]) == part.command


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
def test_a_service_is_asked_for_its_health_as_the_launcher_asks(
    compose: dict[str, Any], part: commands.Service
) -> None:
    assert part.name in commands.PARTS
    test = compose["services"][part.name]["healthcheck"]["test"]
    assert test == ["CMD", "python", "-m", "techforce.probe", part.name]
    assert compose["services"][part.name]["environment"]["PROBE_URL"].endswith(commands.HEALTH_PATH)


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
def test_a_service_is_told_what_the_launcher_tells(compose: dict[str, Any], part: commands.Service) -> None:
    assert compose["services"][part.name]["environment"].keys() >= commands.VARIABLES


def test_the_one_shot_service_prepares_the_database_as_the_launcher_does(compose: dict[str, Any]) -> None:
    script = compose["services"]["migrate"]["command"][-1]

    lines = [line.removeprefix("python manage.py ") for line in script.strip().split("\n")]

    assert lines == [" ".join(step) for step in commands.PREPARATION]


def test_every_service_that_stays_has_a_health_check(compose: dict[str, Any]) -> None:
    unwatched = [name for name, service in compose["services"].items() if "healthcheck" not in service]

    assert unwatched == ["migrate"]


def test_no_secret_has_a_default(compose: dict[str, Any]) -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    secrets = re.findall(r"\$\{(\w*(?:SECRET|PASSWORD)\w*)(.?.?)", text)

    assert len({name for name, _ in secrets}) == 3
    assert all(marker == ":?" for _, marker in secrets)


def test_web_and_worker_can_be_scaled_and_do_not_use_the_role_of_the_owner(compose: dict[str, Any]) -> None:
    for name in ("web", "worker"):
        service = compose["services"][name]
        assert "ports" not in service
        assert "container_name" not in service
        assert service["environment"]["DATABASE_URL"].startswith("postgres://techforce_app:")


@pytest.mark.parametrize(
    ("reader", "pattern"),
    [("docker-compose.yml", r"\$\{(\w+)"), ("techforce/settings.py", r"env[.\w]*\(\"(\w+)\"")],
)
def test_the_example_shows_every_variable_that_is_read(reader: str, pattern: str) -> None:
    read = set(re.findall(pattern, (ROOT / reader).read_text())) - FOR_DEVELOPERS
    shown = set(re.findall(r"^(?:# )?(\w+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))

    assert len(read) > 10
    assert read - shown == set()


def test_sign_in_attempts_are_counted_by_the_address_before_the_proxy(compose: dict[str, Any]) -> None:
    proxy = (ROOT / "deploy" / "nginx.conf").read_text()

    assert "proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;" in proxy
    assert compose["services"]["web"]["environment"]["TRUSTED_PROXY_COUNT"] == "${TRUSTED_PROXY_COUNT:-1}"
