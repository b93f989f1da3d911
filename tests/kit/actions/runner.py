"""A runner of composite actions: conditions, expressions, shells, outputs and workflow commands.

It plays what GitHub's runner does with `action.yml` (GitHub docs, "Metadata syntax reference",
"Workflow commands"; actions/runner, `ActionCommand`): an expression that it does not know fails.
"""

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.kit.repository import ROOT

_EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")
_TOKEN = re.compile(r"\s*(&&|\|\||==|!=|\(|\)|'(?:[^']|'')*'|[\w.-]+)")
_COMMAND = re.compile(r"\s*::([\w-]+)(?: [^:]*)?::(.*)")
_PYTHON = """#!/usr/bin/env bash
# What `python3` is here: it makes no environment and installs nothing, and notes what was asked.
printf '%s\\n' "$*" >> "$PLAYED/python"
case " $* " in
  *" -m venv "*) mkdir -p "${@: -1}/bin"; cp "$0" "${@: -1}/bin/python" ;;
  *" -m pip "*) ;;
  *) exec PYTHON "$@" ;;
esac
"""


@dataclass
class Played:
    """What a run of the action came to; `acted` are the workflow commands that the runner obeys."""

    status: int = 0
    log: str = ""
    acted: list[tuple[str, str]] = field(default_factory=list)
    outputs: dict[str, dict[str, str]] = field(default_factory=dict)
    summary: str = ""
    installed: list[str] = field(default_factory=list)

    def output(self, step: str, name: str) -> str:
        """An output of a step; empty where it has none, as in an expression."""
        return self.outputs.get(step, {}).get(name, "")


class Runner:
    """Plays the steps of `action.yml` in a workspace, for one event after the other."""

    def __init__(self, folder: Path, workspace: Path, **environment: str) -> None:
        self._folder = folder
        self._workspace = workspace
        self._environment = environment
        self.action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
        binaries = folder / "bin"
        binaries.mkdir(parents=True, exist_ok=True)
        python = binaries / "python3"
        python.write_text(_PYTHON.replace("PYTHON", sys.executable), encoding="utf-8")
        python.chmod(0o755)

    def __call__(self, name: str, event: dict[str, Any], ref: str, **inputs: str) -> Played:
        """Run the action for an event; later steps are left out after one that fails."""
        played = Played()
        given = {n: str(i.get("default", "")) for n, i in self.action["inputs"].items()}
        given |= {n.replace("_", "-"): value for n, value in inputs.items()}
        given["github-token"] = self._fill(given["github-token"], {"github.token": "run-token"})
        environment = self._of_run(name, event, ref)
        for step in self.action["runs"]["steps"]:
            known = {f"inputs.{n}": value for n, value in given.items()}
            known |= {
                f"steps.{step_id}.outputs.{n}": value
                for step_id, outputs in played.outputs.items()
                for n, value in outputs.items()
            }
            if played.status or not self._holds(step.get("if", ""), known):
                continue
            self._step(step, known, environment, played)
        played.summary = Path(environment["GITHUB_STEP_SUMMARY"]).read_text(encoding="utf-8")
        played.installed = (self._folder / "python").read_text(encoding="utf-8").splitlines()
        return played

    def _of_run(self, name: str, event: dict[str, Any], ref: str) -> dict[str, str]:
        (self._folder / "event.json").write_text(json.dumps(event), encoding="utf-8")
        for file in ("summary", "python"):
            (self._folder / file).write_text("", encoding="utf-8")
        head = subprocess.run(
            ["git", "rev-parse", "HEAD"], cwd=self._workspace, capture_output=True, check=True
        )
        temporary = self._folder / "temporary"
        temporary.mkdir(exist_ok=True)
        return {
            "PATH": f"{self._folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(self._folder),
            "LANG": "C.UTF-8",
            "PLAYED": str(self._folder),
            "RUNNER_TEMP": str(temporary),
            "GITHUB_ACTION_PATH": str(ROOT),
            "GITHUB_EVENT_NAME": name,
            "GITHUB_EVENT_PATH": str(self._folder / "event.json"),
            "GITHUB_REF": ref,
            "GITHUB_SHA": head.stdout.decode().strip(),
            "GITHUB_REPOSITORY": "northwind/partners",
            "GITHUB_RUN_ID": "4711",
            "GITHUB_SERVER_URL": "https://github.example",
            "GITHUB_STEP_SUMMARY": str(self._folder / "summary"),
            **self._environment,
        }

    def _step(
        self, step: dict[str, Any], known: dict[str, str], run: dict[str, str], played: Played
    ) -> None:
        assert step["shell"] == "bash" and "uses" not in step
        output, script = self._folder / "output", self._folder / "script.sh"
        output.write_text("", encoding="utf-8")
        script.write_text(self._fill(step["run"], known), encoding="utf-8")
        values = {n: self._fill(str(value), known) for n, value in step.get("env", {}).items()}
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
            cwd=self._workspace,
            env={**run, **values, "GITHUB_OUTPUT": str(output)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=100,
            check=False,
        )
        log = done.stdout.decode("utf-8", "replace")
        played.log += log
        played.acted += _obeyed(log)
        played.status = done.returncode
        if "id" in step:
            lines = output.read_text(encoding="utf-8").splitlines()
            played.outputs[step["id"]] = dict(line.split("=", 1) for line in lines)

    def _fill(self, text: str, known: dict[str, str]) -> str:
        return _EXPRESSION.sub(lambda found: _value(found[1], known), text)

    def _holds(self, condition: str, known: dict[str, str]) -> bool:
        if not condition:
            return True
        words = _TOKEN.findall(condition)
        assert "".join(words) == "".join(condition.split()), condition
        names = {"&&": "and", "||": "or"}
        keep = ("==", "!=", "(", ")")
        python = " ".join(
            names.get(word) or (word if word in keep else repr(_value(word, known)))
            for word in words
        )
        return bool(eval(python, {}))  # noqa: S307 (of words that are known)


def _value(word: str, known: dict[str, str]) -> str:
    if word.startswith("'"):
        return word[1:-1]
    if word.startswith("steps."):
        return known.get(word, "")
    return known[word]


def _obeyed(log: str) -> list[tuple[str, str]]:
    """The workflow commands in a log: none of those between `stop-commands` and its token."""
    found, stopped = [], ""
    for line in log.splitlines():
        if stopped:
            stopped = "" if line.strip() == f"::{stopped}::" else stopped
        elif command := _COMMAND.match(line):
            if command[1] == "stop-commands":
                stopped = command[2]
            else:
                found.append((command[1], command[2]))
        elif "##[" in line:
            found.append(("##", line))
    return found
