"""What a module of the package imports, by its source."""

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
