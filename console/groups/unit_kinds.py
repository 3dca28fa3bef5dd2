"""The names of the kinds of unit."""

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
