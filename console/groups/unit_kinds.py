"""The names of the kinds of unit, and what there is of each."""

from console.language import N_

UNIT_KIND_NAMES = {
    "authority": N_("Authorities and representatives"),
    "auxiliary": N_("Auxiliary units"),
    "education": N_("Education and care"),
    "culture": N_("Culture and heritage"),
    "sport": N_("Sport and recreation"),
    "safety": N_("Safety"),
    "welfare": N_("Welfare"),
    "health": N_("Health"),
    "utilities": N_("Administration and utilities"),
    "ngo": N_("Community organisations"),
}

# In Polish, as rules are: what there is in a Polish municipality. Others may be typed.
UNIT_TYPES = {
    "authority": (
        "urząd gminy",
        "urząd miasta",
        "urząd miasta i gminy",
        "wójt",
        "burmistrz",
        "prezydent",
        "rada gminy",
        "rada miejska",
        "radny",
    ),
    "auxiliary": ("sołectwo", "sołtys"),
    "education": ("szkoła podstawowa", "liceum", "inna szkoła", "przedszkole", "żłobek"),
    "culture": ("biblioteka", "centrum kultury", "dom kultury", "muzeum", "izba pamięci"),
    "sport": ("ośrodek sportu i rekreacji", "centrum sportu", "klub sportowy"),
    "safety": ("OSP",),
    "welfare": ("ośrodek pomocy społecznej", "centrum usług społecznych"),
    "health": ("ośrodek zdrowia", "inna placówka"),
    "utilities": (
        "centrum usług wspólnych",
        "zakład gospodarki komunalnej",
        "spółka komunalna",
    ),
    "ngo": ("stowarzyszenie", "fundacja", "organizacja finansowana przez gminę"),
}
