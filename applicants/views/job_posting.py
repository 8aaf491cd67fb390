"""An opening as schema.org JobPosting, by which search engines list it."""

from typing import Any

from agencies.models import Opening

Data = dict[str, Any]


def job_posting(opening: Opening, address: str) -> Data:
    """Only what the page says in words too. Keys and codes are those of schema.org."""
    posting: Data = {
        "@context": "https://schema.org",
        "@type": "JobPosting",
        "title": opening.title,
        "description": "\n".join(filter(None, (opening.summary, opening.duties, opening.requirements))),
        "url": address,
        "identifier": {
            "@type": "PropertyValue",
            "name": str(opening.agency),
            "value": str(opening.public_id),
        },
        "datePosted": opening.published_at,
        "validThrough": opening.closes_at,
        "employmentType": ["FULL_TIME", "TEMPORARY"],
        "totalJobOpenings": opening.seats,
        "hiringOrganization": {"@type": "GovernmentOrganization", "name": str(opening.agency)},
        "jobLocation": [_place(place) for place in opening.places.all()],
        "baseSalary": _salary(opening),
        "directApply": True,
    }
    if opening.is_remote:
        posting["jobLocationType"] = "TELECOMMUTE"
        posting["applicantLocationRequirements"] = {"@type": "Country", "name": "USA"}
    return posting


def _place(place: Any) -> Data:
    address = {
        "@type": "PostalAddress",
        "addressLocality": place.city,
        "addressRegion": place.state,
        "addressCountry": "US",
    }
    return {"@type": "Place", "address": address}


def _salary(opening: Opening) -> Data:
    value = {
        "@type": "QuantitativeValue",
        "minValue": int(opening.pay_low or 0),
        "maxValue": int(opening.pay_high or 0),
        "unitText": "YEAR",
    }
    return {"@type": "MonetaryAmount", "currency": "USD", "value": value}
