"""Who may do what with the program's shared tables. Everybody reads them; OPM's program office keeps them."""

import rules

from techforce.accounts.permissions import is_administrator, is_opm, is_program_manager
from techforce.core.permissions import is_system

keeps_the_program = is_program_manager | is_administrator

PUBLIC_MODELS = (
    "cohort",
    "cohortdiscipline",
    "company",
    "companyalias",
    "discipline",
    "occupationalseries",
    "questionnaire",
    "recruitingchannel",
    "sensitivity",
    "skill",
    "skilldiscipline",
    "skillsynonym",
    "vettingtier",
)
# Rows that belong to another row and leave with it; everything else is retired instead of deleted.
PART_MODELS = ("cohortdiscipline", "companyalias", "skilldiscipline", "skillsynonym")

for model in PUBLIC_MODELS:
    rules.add_perm(f"program.view_{model}", rules.always_allow)
    rules.add_perm(f"program.add_{model}", keeps_the_program)
    rules.add_perm(f"program.change_{model}", keeps_the_program)
for model in PART_MODELS:
    rules.add_perm(f"program.delete_{model}", keeps_the_program)

rules.add_perm("program.view_windowextension", is_opm)
rules.add_perm("program.view_trackdefinition", rules.always_allow)
rules.add_perm("program.add_trackdefinition", keeps_the_program)

rules.add_perm("program.open_cohort", keeps_the_program)
rules.add_perm("program.close_cohort", keeps_the_program | is_system)
rules.add_perm("program.extend_cohort", keeps_the_program)
rules.add_perm("program.advance_cohort", keeps_the_program)
