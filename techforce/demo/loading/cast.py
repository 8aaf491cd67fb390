"""Who did it: the people of the demonstration by their role, looked up once."""

from techforce.accounts.models import User
from techforce.demo.loading.agencies import specialist_emails
from techforce.demo.people import HOME_AGENCY, PEOPLE

ROLE_OF_ARROW = {
    "shortlist": "hiring-manager",
    "interview": "hiring-manager",
    "reject": "hiring-manager",
    "select": "approving-official",
    "revive": "approving-official",
    "block": "ethics-official",
    "unblock": "ethics-official",
    "sign": "ethics-official",
    "supervise": "supervisor",
    "record:security_officer": "security-officer",
    "record:ethics_official": "ethics-official",
    "record:hiring_manager": "hiring-manager",
    "record:supervisor": "supervisor",
    "record:appointing_official": "approving-official",
}
"""Everything else that an agency does is done by its HR specialist."""
BY_THE_PERSON = frozenset({"accept", "decline"})
BY_THE_SYSTEM = frozenset({"expire", "hold", "fill_elsewhere"})


class Cast:
    """Roles of the home agency are people of `/demo/`; in another agency its HR specialist does it all."""

    def __init__(self) -> None:
        self.system = User.objects.system()
        self._specialists = specialist_emails()
        wanted = [*self._specialists.values(), *(person.email for person in PEOPLE.values())]
        self._users = {user.email: user for user in User.objects.filter(email__in=wanted)}

    def at_opm(self, slug: str) -> User:
        return self._users[PEOPLE[slug].email]

    def at_agency(self, slug: str, agency_code: str) -> User:
        at_home = agency_code == HOME_AGENCY
        return self._users[PEOPLE[slug].email if at_home else self._specialists[agency_code]]

    def taking(self, arrow: str, *, person: User, agency_code: str) -> User:
        """Whoever takes this arrow on a row about `person` in this agency."""
        if arrow in BY_THE_PERSON:
            return person
        if arrow in BY_THE_SYSTEM:
            return self.system
        return self.at_agency(ROLE_OF_ARROW.get(arrow, "hr-specialist"), agency_code)
