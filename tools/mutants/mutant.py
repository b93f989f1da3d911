"""One deliberate change: of which definition, by which operator, and who must notice."""

from dataclasses import dataclass
from pathlib import Path

from tools.mutants import definitions, state_machine, template
from tools.mutants.operators import Operator


@dataclass(frozen=True)
class Mutant:
    """A change that must not go unnoticed.

    `target` is the qualified name of a function, a class or a constant, wherever it is defined:
    `validity`, `S3Access.targets`. Where several modules define the name, a part of the module's
    dotted name stands before it: `s3:_READ`. A resource of the template is
    `template.yaml:ConfigQueue`, a state of a workflow `grant_workflow.asl.json:FindGrants`.

    `tests` are those that must notice; without any it is up to the usual ones.
    """

    name: str
    target: str
    change: Operator | template.Edit | state_machine.FieldEdit
    tests: tuple[str, ...] = ()

    def mutated(self) -> tuple[Path, str]:
        """The file that changes, from the root of the repository, and its text with the change.

        Raises
        ------
        ValueError
            When there is no such definition, or the operator does not fit exactly one place in it.
        """
        try:
            if isinstance(self.change, template.Edit):
                return template.edited(self.target, self.change)
            if isinstance(self.change, state_machine.FieldEdit):
                return state_machine.edited(self.target, self.change)
            definition = definitions.find(self.target)
            self.change.apply(definition.node)
            return definition.path, definition.text()
        except ValueError as error:
            raise ValueError(f"{self.name} ({self.target}): {error}") from error
