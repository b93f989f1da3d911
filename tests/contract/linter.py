"""Parliament, a public linter of IAM policies, made quiet about itself."""

import importlib
import json
import warnings
from functools import cache
from typing import Any


@cache
def _parliament() -> Any:
    with warnings.catch_warnings():  # it leaves files open, and asks for what is deprecated
        warnings.simplefilter("ignore")
        return importlib.import_module("parliament")


def findings(document: dict[str, Any]) -> list[str]:
    """What it finds wrong with a policy, as text that begins with the kind of fault."""
    analyzed = _parliament().analyze_policy_string(json.dumps(document))
    return [f"{found.issue}: {found.detail}" for found in analyzed.findings]
