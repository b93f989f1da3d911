"""The safeguards of files: none comes or goes unseen, and a grant goes over as files ask for it."""

from tools.mutants.mutant import Mutant
from tools.mutants.operators import (
    always,
    drop_operand,
    never,
    replace_call,
    set_return,
    set_variable,
    swap_name,
)

_CHECK = ("tests/integration/test_file_check.py",)
_FILES = ("tests/integration/test_files_come_and_go.py",)
_INTAKE = ("tests/integration/test_intake.py",)
_ACCOUNT = ("tests/unit/test_account_entry.py", "tests/integration/test_account_access.py")

FILES = (
    Mutant(
        "a file is renewed only as it was read",
        "latchkey_cli.config_files.upload:upload",
        set_variable("condition", "{}"),
        tests=("tests/cli/test_renew.py",),
    ),
    Mutant(
        "credentials of another account reach no stack of the settings file",
        "latchkey_cli.aws.settings_file:Listing.check_account",
        never("account"),
        tests=("tests/cli/test_stacks.py",),
    ),
    Mutant(
        "a plan leaves policies out only where nothing but dates change",
        "latchkey_cli.output.plans:_in_brief",
        drop_operand("_DATE"),
        tests=("tests/unit/test_session.py",),
    ),
    Mutant(
        "a page for an auditor has no external ID",
        "PartnerAccess.redactor",
        set_return("Redactor(())"),
        tests=("tests/unit/test_partner_page.py",),
    ),
    Mutant(
        "a message that S3 did not write is not done with",
        "changed_files",
        never("_TEST"),
        tests=_INTAKE,
    ),
    Mutant(
        "files that are gone are found",
        "FileCheck.compare",
        replace_call("_granted_by", "()"),
        tests=_CHECK,
    ),
    Mutant(
        "a version uploaded within the second of a run is unread",
        "FileCheck._unread",
        replace_call("stamp", "stamp(file.modified)"),
        tests=_CHECK,
    ),
    Mutant(
        "each check begins where the one before ended",
        "file_check:_in_turn",
        never("most"),
        tests=_CHECK,
    ),
    Mutant(
        "a removed file's grant goes over to its copy",
        "Planner._planned",
        never("revoke"),
        tests=_FILES,
    ),
    Mutant(
        "a copy that cannot be granted keeps nothing alive",
        "Planner.plan",
        always("outcome"),
        tests=_FILES,
    ),
    Mutant(
        "what an order ends is not given again by itself",
        "WaitingFiles.asking",
        drop_operand("takes_away"),
        tests=_FILES,
    ),
    Mutant(
        "a file that asks for another grant holds none",
        "ConfigLoader._holds",
        set_return("True"),
        tests=_FILES,
    ),
    Mutant(
        "an invalid version of the first file keeps others out",
        "ConfigLoader._holds",
        drop_operand("problems"),
        tests=_FILES,
    ),
    Mutant(
        "access to the account never reads data",
        "AccountAccess.allow",
        swap_name("_without_data", "str"),
        tests=_ACCOUNT,
    ),
)
