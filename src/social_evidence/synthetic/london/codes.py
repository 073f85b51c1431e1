"""The words behind the whole numbers of synthetic London: a number is a place in one of these.

Ids are those of the breakdowns of the London catalogue wherever there is one.
"""

from __future__ import annotations

from typing import Final

SEX: Final = ("female", "male")
ETHNIC: Final = (
    *("white", "mixed", "indian", "pakistani", "bangladeshi"),
    *("chinese", "other_asian", "black", "other"),
)
ETHNIC_FIVE: Final = ("asian", "black", "mixed", "white", "other")
FIVE_OF_NINE: Final = (3, 2, 0, 0, 0, 0, 0, 1, 4)
"""For each of the nine ethnic groups its place among the five."""
RELIGION: Final = (
    *("no_religion", "christian", "buddhist", "hindu"),
    *("jewish", "muslim", "sikh", "other"),
)
ORIENTATION: Final = ("straight", "gay_lesbian", "bisexual", "other")
QUALIFICATION: Final = ("degree", "a_level", "gcse", "other", "none")
SOCIAL_CLASS: Final = ("higher", "intermediate", "routine", "never_worked")
TENURE: Final = ("owns_outright", "mortgage", "social_rent", "private_rent")
ACTIVITY: Final = ("employed", "unemployed", "student", "retired", "other_inactive")
INCOME: Final = ("lowest", "middle", "highest")
DISABILITY: Final = ("not_disabled", "disabled")
BORN: Final = ("uk", "outside_uk")
LANGUAGE: Final = ("english", "other")
AGE_BANDS: Final = ("under_16", "16_24", "25_34", "35_44", "45_54", "55_64", "65_over")
AGE_STARTS: Final = (0, 16, 25, 35, 45, 55, 65)

REGIONS: Final = (
    *("North East", "North West", "Yorkshire and The Humber", "East Midlands", "West Midlands"),
    *("East of England", "London", "South East", "South West"),
    *("Wales", "Scotland", "Northern Ireland"),
)
"""Numbered from 1, as Understanding Society does."""
LONDON_REGION: Final = 7

AREA_NAMES: Final = {
    "E09000001": "City of London",
    "E09000002": "Barking and Dagenham",
    "E09000003": "Barnet",
    "E09000004": "Bexley",
    "E09000005": "Brent",
    "E09000006": "Bromley",
    "E09000007": "Camden",
    "E09000008": "Croydon",
    "E09000009": "Ealing",
    "E09000010": "Enfield",
    "E09000011": "Greenwich",
    "E09000012": "Hackney",
    "E09000013": "Hammersmith and Fulham",
    "E09000014": "Haringey",
    "E09000015": "Harrow",
    "E09000016": "Havering",
    "E09000017": "Hillingdon",
    "E09000018": "Hounslow",
    "E09000019": "Islington",
    "E09000020": "Kensington and Chelsea",
    "E09000021": "Kingston upon Thames",
    "E09000022": "Lambeth",
    "E09000023": "Lewisham",
    "E09000024": "Merton",
    "E09000025": "Newham",
    "E09000026": "Redbridge",
    "E09000027": "Richmond upon Thames",
    "E09000028": "Southwark",
    "E09000029": "Sutton",
    "E09000030": "Tower Hamlets",
    "E09000031": "Waltham Forest",
    "E09000032": "Wandsworth",
    "E09000033": "Westminster",
    "rest_of_england": "Rest of England",
    "rest_of_uk": "Rest of the United Kingdom",
}
AREAS: Final = tuple(AREA_NAMES)
REST_OF_ENGLAND: Final = AREAS.index("rest_of_england")
REST_OF_UK: Final = AREAS.index("rest_of_uk")
INNER: Final = frozenset(
    (
        *("E09000001", "E09000007", "E09000012", "E09000013", "E09000014", "E09000019"),
        *("E09000020", "E09000022", "E09000023", "E09000025", "E09000028", "E09000030"),
        *("E09000032", "E09000033"),
    )
)
"""Statistical inner London: with Haringey and Newham, without Greenwich."""
