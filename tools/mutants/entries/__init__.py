"""The lists of mutants, by what they break."""

from tools.mutants.entries.applying import APPLYING
from tools.mutants.entries.approvals import APPROVALS
from tools.mutants.entries.askers import ASKERS
from tools.mutants.entries.configs import CONFIGS
from tools.mutants.entries.confined import CONFINED
from tools.mutants.entries.custom import CUSTOM
from tools.mutants.entries.files import FILES
from tools.mutants.entries.history import HISTORY
from tools.mutants.entries.live_accounts import LIVE_ACCOUNTS
from tools.mutants.entries.not_done import NOT_DONE
from tools.mutants.entries.on_record import ON_RECORD
from tools.mutants.entries.orphans import ORPHANS
from tools.mutants.entries.passed_by import PASSED_BY
from tools.mutants.entries.permissions import PERMISSIONS
from tools.mutants.entries.policies import POLICIES
from tools.mutants.entries.reach import REACH
from tools.mutants.entries.roles import ROLES
from tools.mutants.entries.safeguards import LOSS
from tools.mutants.entries.services import SERVICES
from tools.mutants.entries.spoke_commands import SPOKE_COMMANDS
from tools.mutants.entries.spokes import SPOKES
from tools.mutants.entries.starters import STARTERS
from tools.mutants.entries.summary import SUMMARY
from tools.mutants.entries.waiting import WAITING
from tools.mutants.entries.web_identities import WEB_IDENTITIES

MUTANTS = (*POLICIES, *SERVICES, *CUSTOM, *CONFIGS, *ROLES, *SUMMARY)
"""What policies and rules say."""

SAFEGUARDS = (
    *(*LOSS, *ON_RECORD, *HISTORY, *PERMISSIONS, *REACH, *FILES),
    *(*WEB_IDENTITIES, *SPOKES, *APPLYING, *LIVE_ACCOUNTS, *SPOKE_COMMANDS),
    *(*CONFINED, *NOT_DONE, *ORPHANS),
    *(*ASKERS, *STARTERS, *APPROVALS, *PASSED_BY, *WAITING),
)
"""What keeps work and answers about the past from being lost, and our own resources ours."""
