"""A text that is no JSON: what its author reads, by what people write instead."""

import json

import pytest

from latchkey.config.reader import read_config
from tests.kit.examples import NOW, STACK_CONTEXT, config_document

TEXT = json.dumps(config_document(), indent=2)
DOCUMENTS: list[tuple[str, str, str]] = [
    ("comment to the end", TEXT.replace("{", "{ // ours", 1), "JSON has no comments"),
    ("comment behind a value", TEXT.replace('"acme",', '"acme", // ours'), "JSON has no comments"),
    ("comment before a comma", TEXT.replace('"acme",', '"acme" /* ours */,'), "has no comments"),
    ("comment first", f"// ours\n{TEXT}", "JSON has no comments"),
    ("comment of a shell", f"# ours\n{TEXT}", "JSON has no comments"),
    ("comment last", f"{TEXT}\n// ours", "JSON has no comments"),
    ("YAML", "version: 1\npartner: acme\n", "this is YAML; write a JSON object"),
    ("YAML with a head", "---\nversion: 1\n", '{"version": …}'),
    ("YAML with a comment", "# ours\nversion: 1\n", "this is YAML"),
    ("TOML", 'version = 1\npartner = "acme"\n', "this is TOML or HCL"),
    ("XML", "<config/>", "this is XML"),
    ("single quotes", TEXT.replace('"', "'"), "write \" instead of '"),
    ("single quotes around a value", TEXT.replace('"acme"', "'acme'"), "write \" instead of '"),
    ("curly quotes", TEXT.replace('"acme"', "“acme”"), 'write " instead of “'),
    ("trailing comma in an object", TEXT.replace("\n}", ",\n}"), "take it out"),
    ("trailing comma in a list", TEXT.replace('666"', '666",'), "take it out"),
    ("two commas", TEXT.replace('"acme",', '"acme",,'), "a comma too many"),
    ("no comma", TEXT.replace('"acme",', '"acme"'), "a comma is missing here"),
    ("no colon", TEXT.replace('"partner":', '"partner"'), "a colon is missing here"),
    ("name without quotes", TEXT.replace('"partner"', "partner"), 'write "partner"'),
    ("text without quotes", TEXT.replace('"acme"', "acme"), "double quotes; write them around it"),
    ("True", TEXT.replace('"acme"', "True"), "write true"),
    ("None", TEXT.replace('"acme"', "None"), "write null"),
    ("account ID without quotes", TEXT.replace('"444455556666"', "012345678901"), "account ID in"),
    ("number with a sign", TEXT.replace("1,", "+1,", 1), "write digits only"),
    ("line break in a text", TEXT.replace("Nightly ", "Nightly\n"), "a text is one line"),
    ("backslash", TEXT.replace("Nightly ", r"C:\Users "), r"written \\"),
    ("cut off", TEXT[:-1], "the file ends too early"),
    ("cut off in a text", TEXT[: TEXT.index("acme") + 2], "does not end"),
    ("two documents", f"{TEXT}\n{TEXT}", "one file holds one config"),
]


@pytest.mark.parametrize(
    ("text", "written"), [d[1:] for d in DOCUMENTS], ids=[d[0] for d in DOCUMENTS]
)
def test_a_text_that_is_no_json_says_what_to_write(text: str, written: str) -> None:
    (problem,) = read_config(text.encode(), STACK_CONTEXT, NOW).problems
    assert problem.path == ""
    assert problem.message.startswith("not JSON: ")
    assert written in problem.message
    assert "7f3b2c91" not in problem.message
