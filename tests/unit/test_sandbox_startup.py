"""The start of the sandbox's process: what is read once, and what is not looked for."""

import subprocess
import sys

CODE = """
import gc
import sys

import sandbox.startup  # isort: skip
import boto3
import time_machine
from botocore.loaders import Loader

one, two = boto3.Session(), boto3.Session()
models = [each._loader.load_service_model("sts", "service-2") for each in (one, two)]
assert models[0] is models[1]
assert one.get_available_resources() == two.get_available_resources() != []
assert Loader().list_available_services("resources-1") == []
assert one.get_available_resources()
assert not gc.isenabled() and not sys.modules.get("pytest")
sandbox.startup.ready()
assert gc.isenabled() and gc.get_freeze_count()
"""


def test_sessions_share_models_and_nothing_else_is_read() -> None:
    subprocess.run([sys.executable, "-c", CODE], check=True)
