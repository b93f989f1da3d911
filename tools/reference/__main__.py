"""`python -m tools.reference`: write the schemas and the reference anew (`make docs`)."""

from tests.kit.repository import ROOT
from tools.reference.generate import generated

for name, text in generated().items():
    (ROOT / name).write_text(text, encoding="utf-8")
    print(name)
