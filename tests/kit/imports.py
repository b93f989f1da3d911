"""What a module imports, by its source."""

import ast
from pathlib import Path


def run_time_imports(path: Path) -> list[str]:
    """The modules that a file imports when it is imported, without those for types only."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = []
    for node in tree.body:
        match node:
            case ast.Import(names=names):
                found += [name.name for name in names]
            case ast.ImportFrom(module=str() as module):
                found.append(module)
            case _:
                pass
    return found


def imports(path: Path) -> list[str]:
    """All modules that a file imports, wherever in it, for types too."""
    found: list[str] = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Import(names=names):
                found += [name.name for name in names]
            case ast.ImportFrom(module="latchkey", names=names):
                found += [f"latchkey.{name.name}" for name in names]
            case ast.ImportFrom(module=str() as module):
                found.append(module)
            case _:
                pass
    return found
