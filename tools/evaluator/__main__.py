"""`python -m tools.evaluator`: all roles over all actions, by an evaluator that is not ours.

It needs node and npm; what npm installs is pinned by `package-lock.json` and stays in `.cache`.
With `PART`, as in CI, the kinds of partners' roles take turns.
Exits with 0 when every role may call exactly what it names, and each question is answered as it
has to be.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.kit.repository import ROOT
from tools.evaluator.bucket import WRITES, policy
from tools.evaluator.questions import QUESTIONS
from tools.evaluator.subjects import ACCOUNT, of_this_part

_HERE = Path(__file__).parent
_SCRATCH = ROOT / ".cache" / "evaluator"
_LOCKED = ("package.json", "package-lock.json")
_INSTALL = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]


def main() -> int:
    """Judge, and print what differs; answers the exit status."""
    if not shutil.which("npm"):
        print("npm is not on the path: nothing was judged", file=sys.stderr)
        return 2
    judged, faults = of_this_part(), 0
    questions = [question for question in QUESTIONS if question.role in judged]
    asked = [question.document() for question in questions]
    roles = {name: subject.document() for name, subject in judged.items()}
    bucket = {"policy": policy(), "asked": [write.document() for write in WRITES]}
    found = _judge({"account": ACCOUNT, "roles": roles, "asked": asked, "bucket": bucket})
    for name, subject in judged.items():
        allowed = frozenset(found["allowed"][name])
        more, less = subject.faults(allowed)
        faults += bool(more or less or not allowed)
        print(f"{name}: {len(subject.meant or allowed)} actions" + _told(more, less))
    for question, may in zip(questions, found["answers"], strict=True):
        if may is not question.may:
            faults += 1
            print(f"{question.role}: {question.action} on {question.resource}: allowed is {may}")
    for write, may in zip(WRITES, found["writes"], strict=True):
        if may is not write.may:
            faults += 1
            print(f"{write.user_id}: {write.action} of {write.key}: allowed is {may}")
    asked_for = len(questions) + len(WRITES)
    counted = f"{len(judged)} roles, {found['judged']} judgements, {asked_for} questions"
    print(f"{counted}: {faults} faults")
    return 1 if faults else 0


def _told(more: frozenset[str], less: frozenset[str]) -> str:
    return "".join(
        f"; {what}: {', '.join(sorted(actions))}"
        for what, actions in (("allowed besides", more), ("not allowed", less))
        if actions
    )


def _judge(given: object) -> dict[str, Any]:
    _SCRATCH.mkdir(parents=True, exist_ok=True)
    if any(_text(_SCRATCH / name) != _text(_HERE / name) for name in _LOCKED):
        for name in _LOCKED:
            shutil.copyfile(_HERE / name, _SCRATCH / name)
        subprocess.run(_INSTALL, cwd=_SCRATCH, check=True)  # noqa: S603
    command = ["node", str(_HERE / "judge.mjs")]
    ended = subprocess.run(  # noqa: S603
        command, cwd=_SCRATCH, input=json.dumps(given), capture_output=True, text=True, check=True
    )
    found: dict[str, Any] = json.loads(ended.stdout)
    return found


def _text(path: Path) -> str:
    return path.read_text() if path.exists() else ""


if __name__ == "__main__":
    sys.exit(main())
