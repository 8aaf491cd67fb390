"""What an announcement says about vetting, as tier and sensitivity of the program."""

import re

# Designation to vetting tier and sensitivity (5 CFR 731, 5 CFR 1400): words of the announcement, tier, sensitivity.
# "Noncritical-Sensitive/High Risk" is not here: its tier is for the agency to say.
DESIGNATIONS = (
    (r"non-?sensitive\b.*\blow risk|^low risk", "L", "nonsensitive"),
    (r"(?:non-?sensitive\b.*)?\bmoderate risk", "M", "nonsensitive"),
    (r"(?:non-?sensitive\b.*)?\bhigh risk", "H", "nonsensitive"),
    (r"noncritical-sensitive\b.*\bmoderate risk", "NS-S", "noncritical"),
    (r"critical-sensitive\b.*\bhigh risk", "NS-TS", "critical"),
    (r"special-sensitive\b.*\bhigh risk", "NS-TS", "special"),
)
# The tiers whose investigation supports a clearance; "other" and an unknown word support none for certain.
SECRET, TOP_SECRET = frozenset({"NS-S", "NS-TS"}), frozenset({"NS-TS"})
ALL_TIERS = frozenset({"L", "M", "H", "NS-S", "NS-TS"})
CLEARANCE_TIERS = {
    "": ALL_TIERS,
    "not required": ALL_TIERS,
    "confidential": SECRET,
    "secret": SECRET,
    "l access authorization": SECRET,
    "top secret": TOP_SECRET,
    "sensitive compartmented information": TOP_SECRET,
    "q access authorization": TOP_SECRET,
}


def tier_and_sensitivity(designation: str, clearance: str) -> tuple[str, str] | None:
    """None if the words say nothing certain, or the clearance needs another tier."""
    words = re.sub(r"\s*\([A-Z]+\)", "", designation)
    for pattern, tier, sensitivity in DESIGNATIONS:
        if re.match(pattern, words, re.IGNORECASE):
            return (tier, sensitivity) if tier in CLEARANCE_TIERS.get(clearance.casefold(), ()) else None
    return None
