"""Known weaknesses of the pinned packages, held against the lock.

The gate has no network, so it reads what is kept: `advisories.json`, the answer that pip-audit got on a day (`make advisories` asks
anew), and `weaknesses.toml`, kept by hand from public documents for where no service can be asked.
"""

import json
import re
import subprocess
import sys
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

from packaging.specifiers import SpecifierSet
from packaging.version import Version

ROOT = Path(__file__).resolve().parent.parent
SNAPSHOT = ROOT / "deploy" / "advisories.json"
BY_HAND = ROOT / "deploy" / "weaknesses.toml"
LOCK = ROOT / "requirements-dev.lock"  # what runs, and what the checks run
OLD = 30  # days
ACCEPTED: dict[str, str] = {}  # advisory -> why it does not touch the portal
SERVICES = ("pypi", "osv")

Snapshot = dict[str, Any]
Documents = dict[str, Any]


def locked() -> dict[str, str]:
    """{package: version} of the lock."""
    return dict(re.findall(r"^([a-z0-9._-]+)==([^ ;\\]+)", LOCK.read_text(), re.MULTILINE))


def problems(pinned: dict[str, str], snapshot: Snapshot) -> list[str]:
    """Weaknesses of pinned versions that nobody accepted, a line each."""
    return [
        f"{name} {version}: {found['id']}, mended in {', '.join(found['fixed_in']) or 'no version yet'}"
        for name, version in pinned.items()
        if snapshot["asked"].get(name) == version
        for found in snapshot["found"].get(name, [])
        if found["id"] not in ACCEPTED
    ]


def warnings(pinned: dict[str, str], snapshot: Snapshot, day: date) -> list[str]:
    """What the snapshot cannot tell."""
    if not snapshot["asked_on"]:
        return ["no advisory service was ever asked: run `make advisories` where there is a network"]
    told = []
    age = (day - date.fromisoformat(snapshot["asked_on"])).days
    if age > OLD:
        told.append(f"the advisories are {age} days old: make advisories")
    if new := sorted(name for name, version in pinned.items() if snapshot["asked"].get(name) != version):
        told.append(f"not asked about as pinned: {', '.join(new)}: make advisories")
    return told


def documented_problems(pinned: dict[str, str], documents: Documents) -> list[str]:
    """Pinned versions within a range that a document names, a line each, less what was accepted."""
    return [
        f"{name} {version} is among {affected}, of which {package['document']} tells: {', '.join(unaccepted)}"
        for name, package in documents["packages"].items()
        if (version := pinned.get(name))
        for affected, found in package.get("known", {}).items()
        if SpecifierSet(affected).contains(version, prereleases=True)
        if (unaccepted := [one for one in found if one not in ACCEPTED])
    ]


def documented_warnings(pinned: dict[str, str], documents: Documents, day: date) -> list[str]:
    """What the documents cannot tell."""
    read, read_on = documents["packages"], documents["read_on"]
    told = [f"what is known is kept by hand in weaknesses.toml, from documents last read on {read_on}"]
    if (age := (day - read_on).days) > OLD:
        told.append(f"they were read {age} days ago: read them anew")
    if newer := sorted(name for name in pinned.keys() & read.keys() if Version(pinned[name]) > Version(read[name]["read_to"])):
        told.append(f"pinned newer than the documents reach: {', '.join(newer)}")
    if unread := sorted(pinned.keys() - read.keys()):
        told.append(f"no document was read of: {', '.join(unread)}")
    return told


def read_answer(answer: dict[str, Any], day: date) -> Snapshot:
    """A snapshot of pip-audit's answer; what the service did not know was not asked about."""
    known = [line for line in answer["dependencies"] if "skip_reason" not in line]
    return {
        "asked_on": day.isoformat() if known else None,
        "asked": {line["name"]: line["version"] for line in known},
        "found": {
            line["name"]: [{"id": one["id"], "fixed_in": one["fix_versions"]} for one in line["vulns"]]
            for line in known
            if line["vulns"]
        },
    }


def ask() -> Snapshot | None:
    """Ask the services in turn; None where none answers."""
    for service in SERVICES:
        command = [sys.executable, "-m", "pip_audit", "--requirement", str(LOCK), "--disable-pip", "--format", "json"]
        ran = subprocess.run([*command, "--vulnerability-service", service], capture_output=True, text=True, check=False)
        try:
            snapshot = read_answer(json.loads(ran.stdout), date.today())
        except ValueError:  # no answer: pip-audit says why on stderr
            print(f"{service}: {ran.stderr.strip().splitlines()[-1:]}")
            continue
        if snapshot["asked"]:
            return snapshot
        print(f"{service}: knows none of the packages")
    return None


def main() -> int:
    """Hold the lock against the snapshot; with `ask`, make the snapshot first."""
    if sys.argv[1:] == ["ask"]:
        snapshot = ask()
        if snapshot is None:
            print("no service answered; advisories.json stays as it was")
            return 1
        SNAPSHOT.write_text(json.dumps(snapshot, indent=1, sort_keys=True) + "\n")
    snapshot, pinned = json.loads(SNAPSHOT.read_text()), locked()
    documents = tomllib.loads(BY_HAND.read_text())
    told, wrong = warnings(pinned, snapshot, date.today()), problems(pinned, snapshot) + documented_problems(pinned, documents)
    if not snapshot["asked_on"]:
        told += documented_warnings(pinned, documents, date.today())
    for line in told:
        print(f"warning: {line}")
    known = pinned.keys() & (snapshot["asked"].keys() | documents["packages"].keys())
    print("\n".join(wrong) or f"nothing known against the pinned versions of {len(known)} packages of {len(pinned)}")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
