"""The shape of a grant in the 360Giving Data Standard, with the titles of its spreadsheet.

The publisher's own schema is not in this repository; a test holds this table against it.
"""

from __future__ import annotations

from typing import Final

from social_evidence.model.codes import COUNTRIES, CURRENCIES
from social_evidence.model.shape import Kind, Shape, ShapeField

VERSION: Final = "1.4"
"""Of the standard, as a package of grants states it."""


def _needed(title: str, kind: Kind = "text") -> ShapeField:
    return ShapeField(title=title, kind=kind, is_required=True)


def _may(title: str, kind: Kind = "text", *, null: bool = False) -> ShapeField:
    return ShapeField(title=title, kind=kind, may_be_null=null)


def _many(title: str, shape: Shape) -> ShapeField:
    return ShapeField(title=title, kind="object", is_list=True, shape=shape)


_CURRENCY: Final = ShapeField(title="Currency", among=CURRENCIES)
_MODIFIED: Final = {"dateModified": _may("Last Modified", "instant")}

LOCATION: Final = Shape(
    fields={
        "id": _may("Identifier"),
        "name": _may("Name", null=True),
        "countryCode": ShapeField(title="Country Code", among=COUNTRIES),
        "latitude": _may("Latitude", "number", null=True),
        "longitude": _may("Longitude", "number", null=True),
        "description": _may("Description", null=True),
        "geoCode": _may("Geographic Code", null=True),
        "geoCodeType": _may("Geographic Code Type", null=True),
        **_MODIFIED,
    }
)
ORGANISATION: Final = Shape(
    fields={
        "id": _needed("Identifier"),
        "name": _needed("Name"),
        "department": _may("Department"),
        "contactName": _may("Contact Name"),
        "charityNumber": _may("Charity Number"),
        "companyNumber": _may("Company Number"),
        "streetAddress": _may("Street Address"),
        "addressLocality": _may("City"),
        "addressRegion": _may("County"),
        "addressCountry": _may("Country"),
        "postalCode": _may("Postal Code"),
        "telephone": _may("Phone Number"),
        "alternateName": _may("Alternate Name"),
        "email": _may("Email"),
        "description": _may("Description"),
        "organisationType": _may("Organisation Type", null=True),
        "url": _may("Web Address", "address"),
        "location": _many("Location", LOCATION),
        **_MODIFIED,
    }
)
_EVENT: Final = Shape(
    fields={
        "title": _may("Title"),
        "startDate": _may("Start Date", "part_day"),
        "endDate": _may("End Date", "part_day"),
        "duration": ShapeField(title="Duration (months)", kind="number", minimum=0),
        "description": _may("Description"),
        **_MODIFIED,
    }
)
_PROGRAMME: Final = Shape(
    fields={
        "code": _may("Code"),
        "title": _may("Title", null=True),
        "description": _may("Description", null=True),
        "url": _may("URL", "address", null=True),
        **_MODIFIED,
    }
)
_CLASSIFICATION: Final = Shape(
    fields={
        "vocabulary": _may("Vocabulary"),
        "code": _may("Code"),
        "title": _may("Title", null=True),
        "description": _may("Description", null=True),
        "url": _may("URL", "address", null=True),
        **_MODIFIED,
    }
)
_DOCUMENT: Final = Shape(
    fields={
        "id": _may("Identifier"),
        "title": _may("Title", null=True),
        "url": _may("Web Address", "address", null=True),
        "description": _may("Description", null=True),
        "documentType": _may("Document Type", null=True),
        **_MODIFIED,
    }
)
_TRANSACTION: Final = Shape(
    fields={
        "id": _may("Identifier"),
        "transactionDate": _may("Transaction Date", "day"),
        "currency": _CURRENCY,
        "value": _may("Value", "number"),
        "valueDate": _may("Value Date", "day"),
        "description": _may("Description", null=True),
        "provider": _may("Provider", null=True),
        "recipient": _may("Recipient", null=True),
        **_MODIFIED,
    }
)
_REASONS: Final = Shape(
    fields={
        "primaryGrantReason": _may("Primary Grant Reason"),
        "secondaryGrantReason": _may("Secondary Grant Reason"),
        "grantPurpose": _may("Grant Purpose", "texts"),
    }
)
INDIVIDUAL: Final = Shape(fields={"id": _needed("Identifier"), "name": _needed("Name")})
LINK: Final = "socialEvidence"
"""Our namespace in a grant: an object that holds our initiative's id."""
_OURS: Final = Shape(fields={"initiative": _may("Initiative")})

_PUBLISHER: Final = Shape(
    fields={
        "identifier": _may("Identifier"),
        "name": _needed("Name"),
        "website": _may("Website", "address"),
        "logo": _may("Logo", "address"),
    }
)
PACKAGE: Final = Shape(
    fields={
        "version": _may("Version"),
        "extensions": _may("Extensions", "texts"),
        "title": _may("Title"),
        "description": _may("Description"),
        "issued": _may("Issued", "day"),
        "modified": _may("Modified", "day"),
        "identifier": _may("Identifier"),
        "publisher": ShapeField(title="Publisher", kind="object", shape=_PUBLISHER),
        "downloadURL": _may("Download URL", "address"),
        "accessURL": _may("Access URL", "address"),
        "license": _may("License", "address"),
    }
)
"""What a file says of itself, beside its grants."""

GRANT: Final = Shape(
    fields={
        "id": _needed("Identifier"),
        "title": _needed("Title"),
        "description": _needed("Description"),
        "currency": ShapeField(title="Currency", is_required=True, among=CURRENCIES),
        "amountAppliedFor": ShapeField(title="Amount Applied For", kind="number", minimum=0),
        "amountAwarded": ShapeField(
            title="Amount Awarded", kind="number", is_required=True, minimum=0
        ),
        "amountDisbursed": ShapeField(title="Amount Disbursed", kind="number", minimum=0),
        "awardDate": _needed("Award Date", "day"),
        "url": _may("URL", "address"),
        "plannedDates": _many("Planned Dates", _EVENT),
        "actualDates": _many("Actual Dates", _EVENT),
        "recipientIndividual": ShapeField(title="Recipient Ind", kind="object", shape=INDIVIDUAL),
        "toIndividualsDetails": ShapeField(
            title="To Individuals Details", kind="object", shape=_REASONS
        ),
        "recipientOrganization": ShapeField(
            title="Recipient Org", kind="object", is_list=True, minimum=1, shape=ORGANISATION
        ),
        "beneficiaryLocation": _many("Beneficiary Location", LOCATION),
        "fundingOrganization": ShapeField(
            title="Funding Org",
            kind="object",
            is_list=True,
            minimum=1,
            is_required=True,
            shape=ORGANISATION,
        ),
        "grantProgramme": _many("Grant Programme", _PROGRAMME),
        "fromOpenCall": ShapeField(title="From An Open Call?", among=frozenset({"Yes", "No"})),
        "fundingType": _many("Funding Type", _CLASSIFICATION),
        "classifications": _many("Classifications", _CLASSIFICATION),
        "relatedDocument": _many("Related Document", _DOCUMENT),
        "applicationTransaction": _many("applicationTransaction", _TRANSACTION),
        "commitmentTransaction": _many("commitmentTransaction", _TRANSACTION),
        "disbursementTransaction": _many("disbursementTransaction", _TRANSACTION),
        "relatedActivity": _may("Related Activity", "texts"),
        "dateModified": _may("Last Modified", "instant"),
        "dataSource": _may("Data Source", "address", null=True),
        "regrantType": _may("For Regrant Type"),
        "locationScope": _may("Location Scope"),
        LINK: ShapeField(title="Social Evidence", kind="object", shape=_OURS),
    }
)
