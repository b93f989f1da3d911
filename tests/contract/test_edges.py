"""One edge per medium makes text harmless; nothing prints, renders or sends around it."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.kit.imports import imports
from tests.kit.repository import ROOT

PACKAGE = ROOT / "layers/latchkey/latchkey"
CLI = ROOT / "cli/latchkey_cli"
FUNCTIONS = ROOT / "functions"


def _nodes(path: Path) -> Iterator[ast.AST]:
    return ast.walk(ast.parse(path.read_text(encoding="utf-8")))


def _called(path: Path) -> Iterator[str]:
    """The names of all that a file calls, with one name before a dot."""
    for node in _nodes(path):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func)


def _who(folders: tuple[Path, ...], does: Callable[[Path], bool]) -> set[str]:
    files = (path for folder in folders for path in sorted(folder.rglob("*.py")))
    return {str(path.relative_to(ROOT)) for path in files if does(path)}


_PRINTS = {"print", "click.echo", "click.secho", "click.confirm", "click.prompt", "click.style"}
_WRITES = ("sys.stdout", "sys.stderr", "sys.__stdout__")


def _prints(path: Path) -> bool:
    """Whether a file prints; that standard input and output are a terminal may be asked."""
    text = path.read_text(encoding="utf-8")
    return bool(_PRINTS & {*_called(path)}) or any(f"{name}.write" in text for name in _WRITES)


def test_only_the_terminal_prints() -> None:
    assert _who((CLI, PACKAGE, FUNCTIONS), _prints) == {"cli/latchkey_cli/output/terminal.py"}


def test_only_the_terminal_knows_rich() -> None:
    found = _who((CLI, PACKAGE, FUNCTIONS), lambda path: any("rich" in n for n in imports(path)))
    assert found == {
        "cli/latchkey_cli/output/progress.py",
        "cli/latchkey_cli/output/tables.py",
        "cli/latchkey_cli/output/terminal.py",
    }
    assert imports(CLI / "output/progress.py").count("rich.text") == 1, "for a text without markup"


def test_every_command_is_of_the_group_that_shows_errors() -> None:
    assert _who((CLI,), lambda path: "LazyGroup" in path.read_text()) == {
        "cli/latchkey_cli/command_group.py",
        "cli/latchkey_cli/main.py",
    }


@pytest.mark.parametrize(
    ("made", "by"),
    [
        ("Notice", {"layers/latchkey/latchkey/reports/mail.py"}),
        (
            "self._sns.publish",
            {f"layers/latchkey/latchkey/aws/{name}_topic.py" for name in ("chat", "notices")},
        ),
        ("escape", {"layers/latchkey/latchkey/reports/html_text.py"}),
        ("html.escape", set()),
    ],
)
def test_what_is_sent_and_rendered_is_made_in_one_place(made: str, by: set[str]) -> None:
    assert _who((PACKAGE, FUNCTIONS, CLI), lambda path: made in _called(path)) == by


def test_json_for_people_is_made_in_one_place() -> None:
    """`ensure_ascii=False` is for what goes to AWS as data, for counting bytes, for searching."""
    found = _who(
        (PACKAGE, FUNCTIONS, CLI), lambda path: "ensure_ascii=False" in path.read_text("utf-8")
    )
    assert found == {
        "cli/latchkey_cli/aws/workflow_runs.py",
        "layers/latchkey/latchkey/aws/event_bus.py",
        "layers/latchkey/latchkey/aws/leases.py",
        "layers/latchkey/latchkey/aws/run_documents.py",
        "layers/latchkey/latchkey/config/strict_json.py",
        "layers/latchkey/latchkey/grants/sizes.py",
        "layers/latchkey/latchkey/grants/state_digest.py",
        "layers/latchkey/latchkey/text.py",
        "layers/latchkey/latchkey/workflow/request.py",
    }


def test_logs_are_json_in_ascii() -> None:
    source = (PACKAGE / "runtime/observability.py").read_text(encoding="utf-8")
    assert "json_serializer=partial(json.dumps, default=str, separators=" in source


def test_media_of_markup_begin_with_the_one_rule() -> None:
    for edge in ("markdown_text", "html_text", "mail", "chat", "register/plain_text"):
        assert "latchkey.text" in imports(PACKAGE / f"reports/{edge}.py")
