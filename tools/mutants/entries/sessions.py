"""The safeguards of sessions: nobody inherits, and repair gives back nothing that was taken."""

from tools.mutants.mutant import Mutant
from tools.mutants.operators import (
    always,
    drop_operand,
    never,
    replace_call,
    set_return,
    set_variable,
    swap_constant,
    swap_text,
)

_INHERITS = (
    "tests/integration/test_nobody_inherits.py",
    "tests/integration/test_cut_off_faults.py",
)
_GIVEN_BACK = ("tests/integration/test_given_back.py",)
_REPAIR = ("tests/integration/test_repair_never_widens.py",)
_PLAN = ("tests/unit/test_plan.py",)
_APPLY = ("tests/unit/test_apply_plan.py",)
_TAGS = ("tests/integration/test_tags_taken_off.py",)

SESSIONS = (
    Mutant(
        "sessions end when the trust narrows",
        "cut_off:_reasons",
        replace_call("narrows", "False"),
        tests=_INHERITS,
    ),
    Mutant(
        "sessions of a role that no run recorded end",
        "cut_off:_reasons",
        replace_call("_found_there", "False"),
        tests=_INHERITS,
    ),
    Mutant(
        "an attempt keeps the cut-off of the one before",
        "Executor._again",
        set_variable("ended", "None"),
        tests=_INHERITS,
    ),
    Mutant(
        "a cut-off that a run began is owed by the next one",
        "cut_off:_begun",
        set_return("None"),
        tests=_INHERITS,
    ),
    Mutant(
        "sessions of before a suspension end",
        "cut_off:_reasons",
        swap_text("suspended", "nothing"),
        tests=_INHERITS,
    ),
    Mutant(
        "a cut-off counts from its writing",
        "Executor._carry_out",
        never("_has_cut_off"),
        tests=_INHERITS,
    ),
    Mutant(
        "a cut-off lies ahead, as a trust policy takes a while",
        "SPREADING",
        swap_constant(60, 0),
        tests=("tests/unit/test_sessions.py",),
    ),
    Mutant(
        "a cut-off is kept by what follows",
        "cut_off_in_force",
        set_return("None"),
        tests=_INHERITS,
    ),
    Mutant(
        "the trust that narrows is written before the permissions",
        "role_changes:_policies",
        replace_call("narrows", "False"),
        tests=_PLAN,
    ),
    Mutant(
        "nothing is allowed while both policies are replaced",
        "_must_close",
        set_return("False", "within"),
        tests=_PLAN,
    ),
    Mutant(
        "the role is closed before a denial of others goes",
        "_closed_first",
        never("lifts_denials"),
        tests=("tests/unit/test_lifted_denials.py",),
    ),
    Mutant(
        "a boundary that nobody knows is replaced by one that denies",
        "_boundary_left",
        always("boundary_arn"),
        tests=_GIVEN_BACK,
    ),
    Mutant(
        "what a person gives back is given to new sessions only",
        "gives_back",
        set_return("False"),
        tests=_REPAIR,
    ),
    Mutant(
        "sessions end of a role that was made anew by hand",
        "cut_off:_reasons",
        set_variable("made", "True"),
        tests=_GIVEN_BACK,
    ),
    Mutant(
        "sessions end of a role that was there already",
        "Executor._again",
        set_variable("known", "True"),
        tests=_APPLY,
    ),
    Mutant(
        "what a dead attempt began to make is not what was there",
        "apply:_made",
        drop_operand("PutRolePolicy"),
        tests=("tests/integration/test_cut_off_faults.py",),
    ),
    Mutant(
        "only what Latchkey writes counts as its cut-off",
        "sessions:_cut_off",
        set_variable("everything", "True"),
        tests=("tests/unit/test_sessions.py",),
    ),
    Mutant(
        "a cut-off that somebody moved on is told",
        "moved_on",
        set_return("()"),
        tests=_GIVEN_BACK,
    ),
    Mutant(
        "a principal that was removed stays removed",
        "repair:_trust",
        set_return("desired", "found"),
        tests=_REPAIR,
    ),
    Mutant(
        "a denial of others stays",
        "repair:_stays",
        set_return("False"),
        tests=_REPAIR,
    ),
    Mutant(
        "the tags go back before anything else",
        "plan_role",
        set_variable("owning", "()"),
        tests=_PLAN,
    ),
    Mutant(
        "the recorded unique ID proves ownership",
        "ObservedRole.belongs_to",
        set_return("self.owned_by(stack, grant)"),
        tests=_TAGS,
    ),
)
