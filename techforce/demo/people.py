"""The people of the demonstration who can be tried out: one for each role (architecture §5), all invented."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from agencies.models import AgencyRole
from partners.models import PartnerRole
from techforce.accounts.models import OpmRole

PASSWORD = "seven lanterns by the harbor"  # noqa: S105  (printed on /demo/; these accounts exist only in a demo)
HOME_AGENCY = "VA"
HOME_OFFICE = "Office of Digital Services"
HOME_COMPANY = "docusign"


BEGINNINGS = {
    "my_application": _("Begins at their own application."),
    "partner": _("Begins at the people whom the company nominated."),
    "agency": _("Begins at the agency’s work page."),
    "admin:index": _("Begins at OPM’s work page."),
}
"""By the name of the page's address."""


@dataclass(frozen=True)
class DemoPerson:
    """Who it is, what they may do, and where they begin."""

    slug: str
    role: Any
    name: str
    email: str
    can: Any
    starts_at: str
    opm_role: str = ""
    agency_role: str = ""
    partner_role: str = ""

    @property
    def begins(self) -> Any:
        """The page that signing in leads to, in words."""
        return BEGINNINGS[self.starts_at]


@dataclass(frozen=True)
class Group:
    title: Any
    people: tuple[DemoPerson, ...]


APPLICANTS = Group(
    _("People who apply"),
    (
        DemoPerson(
            slug="early-career",
            role=_("Early-career applicant"),
            name="Maya Okonjo",
            email="maya.okonjo@mail.example",
            can=_("Reads openings, writes one application for all of them, and follows it to an answer."),
            starts_at="my_application",
        ),
        DemoPerson(
            slug="experienced",
            role=_("Experienced applicant"),
            name="Daniel Reyes-Whitlock",
            email="daniel.reyeswhitlock@mail.example",
            can=_(
                "Applied as an engineering manager, without a company behind him. An offer waits for his answer."
            ),
            starts_at="my_application",
        ),
        DemoPerson(
            slug="nominee",
            role=_("Nominee of a partner company"),
            name="Priya Castellan",
            email="priya.castellan@mail.example",
            can=_(
                "Was nominated by her company, agreed to it from her own account, and accepted an offer: her checks "
                "are under way."
            ),
            starts_at="my_application",
        ),
        DemoPerson(
            slug="accepted",
            role=_("Person who accepted an offer"),
            name="Imani Sandoval",
            email="imani.sandoval@mail.example",
            can=_(
                "Accepted a tentative offer, without a company behind her. The ethics office’s short questions wait."
            ),
            starts_at="my_application",
        ),
        DemoPerson(
            slug="serving",
            role=_("Person in service"),
            name="Chidinma Voss",
            email="chidinma.voss@mail.example",
            can=_(
                "Entered on duty a short while ago, and asked the ethics office for more time for a disclosure."
            ),
            starts_at="my_application",
        ),
    ),
)
PARTNERS = Group(
    _("A partner company: Docusign"),
    (
        DemoPerson(
            slug="coordinator",
            role=_("Partner coordinator"),
            name="Tomas Lindqvist",
            email="tomas.lindqvist@docusign.example",
            can=_("Nominates colleagues and sees in one word where each of them stands, never why."),
            starts_at="partner",
            partner_role=PartnerRole.COORDINATOR,
        ),
    ),
)
AGENCIES = Group(
    _("A federal agency: Department of Veterans Affairs"),
    (
        DemoPerson(
            slug="hr-specialist",
            role=_("HR specialist"),
            name="Renee Abernathy",
            email="renee.abernathy@va.example",
            can=_("Writes openings, submits them to OPM, and makes the offers of her agency."),
            starts_at="agency",
            agency_role=AgencyRole.HR_SPECIALIST,
        ),
        DemoPerson(
            slug="hiring-manager",
            role=_("Hiring manager"),
            name="Malcolm Teague",
            email="malcolm.teague@va.example",
            can=_("Considers the people on a certificate, interviews them and selects."),
            starts_at="agency",
            agency_role=AgencyRole.HIRING_MANAGER,
        ),
        DemoPerson(
            slug="approving-official",
            role=_("Approving official"),
            name="Theodora Vance",
            email="theodora.vance@va.example",
            can=_("Approves selections for her agency, and exceptions by name and reason."),
            starts_at="agency",
            agency_role=AgencyRole.APPROVING_OFFICIAL,
        ),
        DemoPerson(
            slug="security-officer",
            role=_("Security officer"),
            name="Joanna Pruitt",
            email="joanna.pruitt@va.example",
            can=_("Records the steps of each person’s vetting and says when a start is cleared."),
            starts_at="agency",
            agency_role=AgencyRole.SECURITY_OFFICER,
        ),
        DemoPerson(
            slug="ethics-official",
            role=_("Ethics official"),
            name="Samuel Oyelaran",
            email="samuel.oyelaran@va.example",
            can=_("Signs what a person’s ties to companies mean for a position, and grants waivers."),
            starts_at="agency",
            agency_role=AgencyRole.ETHICS_OFFICIAL,
        ),
        DemoPerson(
            slug="supervisor",
            role=_("Supervisor"),
            name="Grace Holloway",
            email="grace.holloway@va.example",
            can=_("Prepares the first day and leads the people who serve in her office."),
            starts_at="agency",
            agency_role=AgencyRole.SUPERVISOR,
        ),
    ),
)
OPM = Group(
    _("Office of Personnel Management"),
    (
        DemoPerson(
            slug="reviewer",
            role=_("Reviewer"),
            name="Wei-Lin Barrow",
            email="weilin.barrow@opm.example",
            can=_("Takes applications from the queue and rates them without seeing who wrote them."),
            starts_at="admin:index",
            opm_role=OpmRole.REVIEWER,
        ),
        DemoPerson(
            slug="hr-decider",
            role=_("HR decider"),
            name="Patrick Dunmore",
            email="patrick.dunmore@opm.example",
            can=_("Checks the reasons behind two ratings and decides who is qualified."),
            starts_at="admin:index",
            opm_role=OpmRole.HR_DECIDER,
        ),
        DemoPerson(
            slug="program-manager",
            role=_("Program manager"),
            name="Adaeze Fontaine",
            email="adaeze.fontaine@opm.example",
            can=_("Opens cohorts, approves openings, and issues certificates to agencies."),
            starts_at="admin:index",
            opm_role=OpmRole.PROGRAM_MANAGER,
        ),
        DemoPerson(
            slug="case-manager",
            role=_("Case manager"),
            name="Hector Villaseñor",
            email="hector.villasenor@opm.example",
            can=_("Answers applicants and follows late steps up with agencies."),
            starts_at="admin:index",
            opm_role=OpmRole.CASE_MANAGER,
        ),
        DemoPerson(
            slug="administrator",
            role=_("Administrator"),
            name="Ingrid Sorenson",
            email="ingrid.sorenson@opm.example",
            can=_("Gives people their roles and sets the program up, and rates nobody."),
            starts_at="admin:index",
            opm_role=OpmRole.ADMINISTRATOR,
        ),
        DemoPerson(
            slug="records-officer",
            role=_("Records officer"),
            name="Calvin Ashworth",
            email="calvin.ashworth@opm.example",
            can=_("Approves what is destroyed when, and stops it for a legal hold."),
            starts_at="admin:index",
            opm_role=OpmRole.RECORDS_OFFICER,
        ),
        DemoPerson(
            slug="auditor",
            role=_("Auditor"),
            name="Noor Hashemi",
            email="noor.hashemi@opm.example",
            can=_("Reads everything and changes nothing; each reading of a file is itself on record."),
            starts_at="admin:index",
            opm_role=OpmRole.AUDITOR,
        ),
    ),
)

GROUPS = (APPLICANTS, PARTNERS, AGENCIES, OPM)
PEOPLE = {person.slug: person for group in GROUPS for person in group.people}
