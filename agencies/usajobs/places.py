"""Places of work as the draft holds them: a city and a state of two letters."""

from typing import Any

from agencies.usajobs.text import word

STATE_NAMES = (
    "Alabama=AL|Alaska=AK|American Samoa=AS|Arizona=AZ|Arkansas=AR|California=CA|Colorado=CO|Connecticut=CT|"
    "Delaware=DE|District of Columbia=DC|Florida=FL|Georgia=GA|Guam=GU|Hawaii=HI|Idaho=ID|Illinois=IL|"
    "Indiana=IN|Iowa=IA|Kansas=KS|Kentucky=KY|Louisiana=LA|Maine=ME|Maryland=MD|Massachusetts=MA|Michigan=MI|"
    "Minnesota=MN|Mississippi=MS|Missouri=MO|Montana=MT|Nebraska=NE|Nevada=NV|New Hampshire=NH|New Jersey=NJ|"
    "New Mexico=NM|New York=NY|North Carolina=NC|North Dakota=ND|Northern Mariana Islands=MP|Ohio=OH|"
    "Oklahoma=OK|Oregon=OR|Pennsylvania=PA|Puerto Rico=PR|Rhode Island=RI|South Carolina=SC|South Dakota=SD|"
    "Tennessee=TN|Texas=TX|Utah=UT|Vermont=VT|Virgin Islands=VI|Virginia=VA|Washington=WA|West Virginia=WV|"
    "Wisconsin=WI|Wyoming=WY"
)
STATES = dict(entry.split("=") for entry in STATE_NAMES.split("|"))
CAPITAL_NAMES = frozenset({"washington dc", "washington, dc", "washington, d.c.", "district of columbia"})


def city_and_state(location: dict[str, Any], name: str) -> tuple[str, str] | None:
    """City and state; what is abroad or still open is no place of work that the draft can hold."""
    if word(location.get("CountryCode")).casefold() not in ("", "us", "united states"):
        return None
    city, _comma, tail = (part.strip() for part in name.rpartition(","))
    division = word(location.get("CountrySubDivisionCode")) or tail
    state = STATES.get(division, division)
    if not city or len(city) > 80 or state not in STATES.values():
        return None
    return ("Washington" if state == "DC" and city.casefold() in CAPITAL_NAMES else city), state
