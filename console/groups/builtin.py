"""The rules of a new group, {code: name} in the order of display, and their short names."""

BUILTIN_RULES = {
    "hate": "Hejt – atak na osobę",
    "hate-speech": "Mowa nienawiści",
    "threat": "Groźby",
    "offensive": "Treści obraźliwe i wulgarne",
    "defamation": "Zniesławienie",
    "misleading": "Wprowadzanie w błąd",
    "unlawful": "Naruszenie prawa",
    "politics": "Polityka krajowa",
    "off-topic": "Nie na temat / konfliktowe",
    "spam": "Spam i reklama",
    "personal-data": "Dane osobowe",
    "platform-terms": "Regulamin Facebooka",
}
SHORT_NAMES = {
    "hate": "Hejt",
    "hate-speech": "Nienawiść",
    "threat": "Groźby",
    "offensive": "Obraźliwe",
    "defamation": "Zniesławienie",
    "misleading": "Fałsz",
    "unlawful": "Prawo",
    "politics": "Polityka",
    "off-topic": "Nie na temat",
    "spam": "Spam",
    "personal-data": "Dane",
    "platform-terms": "Regulamin",
}
