"""What stands in several files of `deploy/` says the same, and the same as the portal itself."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.urls import URLPattern, URLResolver, get_resolver
from pytest_django import Settings

from alliance.files.objects import PrivateObjects
from alliance.files.partial import MAX_PART
from alliance.files.sizes import MB
from alliance.files.uploads import most_bytes_taken
from alliance.files.views import append
from tests.portal import CHECKOUT

DEPLOY = CHECKOUT / "deploy"
# Where the volume of the copies is in a container.
COPIES = "/var/backups/alliance"
# Of which one stands for whatever an address may hold in its place.
PLACEHOLDERS = {
    "uuid": "0c7fae3e-2b5f-4f4a-9b0e-1f2e3d4c5b6a",
    "int": "7",
    "str": "word",
    "slug": "word",
    "path": "3",
}


def text_of(name: str) -> str:
    return (DEPLOY / name).read_text(encoding="utf-8")


def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(text_of("container/compose.yaml"))
    return found


def routes(resolver: Any = None, prefix: str = "/") -> Iterator[tuple[str, Any]]:
    """An example of each address that is no regular expression, with its view."""
    for entry in (resolver or get_resolver()).url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from routes(entry, route)
        elif isinstance(entry, URLPattern) and not set(route) & set("^$(\\"):
            yield (
                re.sub(r"<(?:(\w+):)?\w+>", lambda kind: PLACEHOLDERS.get(kind[1], "word"), route),
                entry.callback,
            )


def locations() -> list[tuple[str, str, str]]:
    """Sign, pattern and content of each location of the site, in the order in which they stand."""
    site = text_of("nginx/alliance.conf.template").partition("ssl_certificate ")[2]
    return re.findall(r"location (?:(=|~|\^~) )?(\S+) \{\n(.*?)\n    \}", site, re.DOTALL)


def location_of(address: str) -> str:
    """The content of the location that nginx takes for an address."""
    found = locations()
    for sign, pattern, content in found:
        if (sign == "=" and address == pattern) or (sign == "^~" and address.startswith(pattern)):
            return content
    for sign, pattern, content in found:
        if sign == "~" and re.search(pattern, address):
            return content
    return next(content for sign, pattern, content in found if (sign, pattern) == ("", "/"))


def test_nginx_takes_bodies_as_large_as_the_portal_does() -> None:
    wrong = []
    for address, view in routes():
        content = location_of(address)
        limit = re.search(r"client_max_body_size (\d+)m;", content)
        here = int(limit[1]) * MB if limit else 16 * MB
        most = MAX_PART if view is append else most_bytes_taken(view)
        is_passed_on = "nginx/sending.conf;" in content
        takes_files = view is append or most > 16 * MB
        if (here, is_passed_on) != (most, takes_files):
            wrong.append((address, here // MB, most // MB))
    assert wrong == []
    assert "client_max_body_size 16m;" in text_of("nginx/alliance.conf.template")


def test_headers_that_nginx_gives_by_itself_are_the_portals(client: Any) -> None:
    given = dict(
        re.findall(r'^add_header (\S+) "?(.*?)"? always;$', text_of("nginx/headers.conf"), re.M)
    )
    answer = client.get("/health/live")
    del given["Strict-Transport-Security"]  # in production alone
    assert given == {name: answer[name] for name in given}
    assert set(given) >= {"X-Content-Type-Options", "Permissions-Policy", "X-Frame-Options"}


def test_templates_hold_nothing_that_nobody_fills_in() -> None:
    filled = re.findall(
        r"\$([A-Z_]+)", text_of("steps/nginx.sh").partition("envsubst")[2].splitlines()[1]
    )
    in_container = re.findall(
        r"\$([A-Z_]+)", text_of("container/nginx.sh").partition("envsubst")[2]
    )
    site = set(re.findall(r"\$\{([A-Z_]+)\}", text_of("nginx/alliance.conf.template")))
    programs = set(re.findall(r"\$\{([A-Z_]+)\}", text_of("supervisor.conf.template")))
    assert site | programs == set(filled)
    assert site == set(in_container)


@pytest.mark.skipif(not Path("/proc/net/if_inet6").exists(), reason="no IPv6 here")
def test_who_comes_by_ipv6_is_let_in_where_no_address_is_named() -> None:
    lines = "    listen 443 ssl;\n    listen 127.0.0.1:9180;\n"
    command = f"source {DEPLOY}/steps/nginx.sh; both_families"
    said = subprocess.run(
        ["bash", "-c", command], input=lines, check=True, capture_output=True, text=True
    )
    assert said.stdout == lines.replace("443 ssl;", "443 ssl;\n    listen [::]:443 ssl;")


@pytest.mark.parametrize(
    ("files_url", "address"),
    [
        ("", "http://127.0.0.1:9"),
        ("s3://key:a%2Fb@s3.example.org/files?region=eu-central-1", "https://s3.example.org"),
        ("s3://o%3Ap:k@127.0.0.1:8080/files?tls=0", "http://127.0.0.1:8080"),
        ("s3://k:s@s3.example.org/files?style=virtual", "https://files.s3.example.org"),
    ],
)
def test_nginx_asks_the_store_where_the_portal_asks_it(
    files_url: str, address: str, tmp_path: Path, settings: Settings
) -> None:
    (tmp_path / "environment").write_text(f"FILES_URL='{files_url}'\n")
    command = f"source {DEPLOY}/steps/nginx.sh; CONFIG={tmp_path}; objects"
    said = subprocess.run(["bash", "-c", command], check=True, capture_output=True, text=True)
    assert said.stdout == f"{address}\n"
    if files_url:
        settings.FILES_URL = files_url
        what = {"Bucket": "files", "Key": "a"}
        client = PrivateObjects().connection.meta.client
        assert client.generate_presigned_url("get_object", Params=what).startswith(f"{address}/")


def run_by_the_script() -> set[str]:
    """What the script has a machine run, as words after that of Python."""
    ways = dict(
        re.findall(r"^    (\w+)\)\n(?: {8}.*\n)*? {8}run=\((.*)\)$", text_of("portal"), re.M)
    )
    asked = re.findall(r"^command=\$\{COMMAND\} (.*)$", text_of("supervisor.conf.template"), re.M)
    asked += re.findall(r'/deploy/portal" (manage .*)$', text_of("steps/version.sh"), re.M)
    found = set()
    for way, *words in map(str.split, asked):
        run = re.sub(r' --pid ".*?"', "", ways[way])
        found.add(run.replace('"${@:2}"', " ".join(words)).replace("${COPIES}", COPIES))
    return found


def test_containers_run_what_the_script_runs() -> None:
    services = compose()["services"]
    ours = [services[name]["command"] for name in ("web", "worker", "backup", "prepare")]
    assert {" ".join(command) for command in ours} == {
        f".venv/bin/python {words}" for words in run_by_the_script()
    }


def test_nginx_of_the_containers_looks_for_the_portal_again_when_it_is_made_anew() -> None:
    """It asks for the address once, when it begins."""
    assert compose()["services"]["nginx"]["depends_on"]["web"]["restart"] is True


def test_containers_have_the_environment_that_the_script_writes() -> None:
    """What is not said in the compose file is named in its head, to be filled in."""
    written = re.search(
        r"    lines (ALLIANCE_MODE.*?)\n    \[\[", text_of("steps/choices.sh"), re.DOTALL
    )
    assert written
    given = set(compose()["x-portal"]["environment"])
    head = text_of("container/compose.yaml").partition("name: alliance")[0]
    assert set(written[1].replace("\\", "").split()) <= given | set(re.findall(r"[A-Z_]{5,}", head))
    services = compose()["services"]
    assert "DATABASE_OWNER_URL" in services["prepare"]["environment"]
    for service in ("web", "worker"):
        assert "DATABASE_OWNER_URL" not in services[service]["environment"]
        assert "DATABASE_COPIES_URL" not in services[service]["environment"]
    assert "DATABASE_COPIES_URL" in services["backup"]["environment"]


def test_database_of_the_containers_has_the_roles_of_the_script() -> None:
    roles = re.search(r"for role in (.*); do", text_of("steps/database.sh"))
    assert roles
    made = dict(
        re.findall(
            r"CREATE ROLE (\w+) (LOGIN\w*(?: \w+)*?) PASSWORD", text_of("container/database.sh")
        )
    )
    assert set(made) == set(roles[1].split())
    assert made["alliance_copies"] == "LOGIN REPLICATION"
    limit = "ALTER SYSTEM SET max_slot_wal_keep_size = '4GB'"
    assert limit in text_of("steps/database.sh")
    assert limit in text_of("container/database.sh")


def test_containers_hold_what_the_script_puts_on_a_machine() -> None:
    recipe = text_of("container/Containerfile")
    parts = re.search(r"PARTS=\((.*?)\)", text_of("steps/version.sh"))
    packages = re.search(r"PACKAGES=\((.*?)\)", text_of("steps/machine.sh"), re.DOTALL)
    assert parts
    assert packages
    copied = {line.split()[1] for line in recipe.splitlines() if line.startswith("COPY")}
    assert set(parts[1].split()) <= copied
    installed = set(
        re.findall(
            r"(?<=[ \n])((?:lib)?nginx[\w-]*|python3[\w-]*|gettext-base|ca-certificates|postgresql-client)"
            r"(?=[ \n])",
            recipe,
        )
    )
    assert set(packages[1].split()) - {"supervisor", "curl", "openssl"} <= installed
    assert "pip install --no-cache-dir --require-hashes --only-binary :all:" in recipe
    assert recipe.count("FROM debian:12-slim") == 2


def test_scanners_limits_are_the_same_everywhere() -> None:
    wanted = re.search(r"SCANNER_LINES=\((.*?)\n\)", text_of("steps/machine.sh"), re.DOTALL)
    assert wanted
    lines = re.findall(r'"(.*?)"', wanted[1])
    assert len(lines) == 4
    assert set(lines) <= set(text_of("container/clamd.conf").splitlines())
    operations = (CHECKOUT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert "\n".join(lines) in operations
