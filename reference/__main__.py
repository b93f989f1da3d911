"""`python -m reference`: write the schemas and the reference anew (`make docs`)."""

from reference.generate import ROOT, generated

for name, text in generated().items():
    (ROOT / name).write_text(text, encoding="utf-8")
    print(name)
