"""Which country a record's address names: free text → ISO 3166.

Only what names one country is here. `Georgia`, `Korea`, `Congo`, `Guinea` and `America` are left out: a number that is
read in the wrong country is worse than one whose country is not known.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

import phonenumbers

_NAMES = """
AE ARE united arab emirates|uae|emirates
AR ARG argentina|argentinien|argentine
AT AUT austria|osterreich|oesterreich|autriche
AU AUS australia|australien|australie
BE BEL belgium|belgie|belgique|belgien|belgica|belgio
BG BGR bulgaria|bulgarien|bulgarie|българия
BJ BEN benin
BR BRA brazil|brasil|brasilien|bresil|brasile
CA CAN canada|kanada
CH CHE switzerland|schweiz|suisse|svizzera|suiza
CL CHL chile|chili
CN CHN china|prc|people s republic of china|中国
CO COL colombia|kolumbien|colombie
CR CRI costa rica
CY CYP cyprus|zypern|chypre
CZ CZE czechia|czech republic|cesko|ceska republika|tschechien
DE DEU germany|deutschland|allemagne|alemania|germania|duitsland|alemanha|brd
DK DNK denmark|danmark|danemark|dinamarca
EC ECU ecuador
EE EST estonia|eesti|estland
EG EGY egypt|agypten|egypte|مصر
ES ESP spain|espana|spanien|espagne|spagna|spanje|espanha
FI FIN finland|suomi|finnland|finlande
FR FRA france|frankreich|francia|frankrijk|franca
GB GBR united kingdom|uk|great britain|england|scotland|wales|northern ireland|grossbritannien|royaume uni|reino unido
GR GRC greece|griechenland|grece|hellas|ελλαδα|ελλας
HK HKG hong kong
HR HRV croatia|hrvatska|kroatien|croatie
HU HUN hungary|magyarorszag|ungarn|hongrie
ID IDN indonesia|indonesien
IE IRL ireland|eire|irland|irlande|republic of ireland
IL ISR israel
IN IND india|indien|bharat
IS ISL iceland|island
IT ITA italy|italia|italien|italie
JP JPN japan|nippon|japon|日本
KE KEN kenya|kenia
KR KOR south korea|republic of korea|sudkorea|대한민국
LT LTU lithuania|lietuva|litauen
LU LUX luxembourg|luxemburg|letzebuerg
LV LVA latvia|latvija|lettland
MA MAR morocco|maroc|marokko|marruecos
MT MLT malta
MX MEX mexico|mexiko|mexique
MY MYS malaysia
NG NGA nigeria
NL NLD netherlands|the netherlands|nederland|niederlande|pays bas|holland|paises bajos
NO NOR norway|norge|norwegen|norvege
NZ NZL new zealand|neuseeland|aotearoa
PE PER peru
PH PHL philippines|philippinen|pilipinas
PK PAK pakistan
PL POL poland|polska|polen|pologne
PT PRT portugal
RO ROU romania|rumanien|roumanie
RS SRB serbia|srbija|serbien|србија
RU RUS russia|russian federation|russland|россия
SA SAU saudi arabia|ksa|saudi arabien
SE SWE sweden|sverige|schweden|suede
SG SGP singapore|singapur
SI SVN slovenia|slovenija|slowenien
SK SVK slovakia|slovensko|slowakei
TH THA thailand
TN TUN tunisia|tunisie|tunesien
TR TUR turkey|turkiye|turkei|turquie
TW TWN taiwan
UA UKR ukraine|ukraina|україна
US USA united states|united states of america|u s a|u s|vereinigte staaten|etats unis|estados unidos
UY URY uruguay
VN VNM vietnam|viet nam
ZA ZAF south africa|sudafrika|suid afrika
"""


@lru_cache(maxsize=1024)
def country_region(text: str | None) -> str | None:
    """The country that a free text names (`Deutschland`, `DE`, `deu`); None if it names no country for certain."""
    name = _plain(text or "")
    code = name.upper()
    return code if (text or "").isascii() and code in phonenumbers.SUPPORTED_REGIONS else _REGIONS.get(name)


def _plain(text: str) -> str:
    """Lower case, no accents, words with one blank between them."""
    bare = "".join(each for each in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(each))
    return unicodedata.normalize("NFC", " ".join(re.findall(r"\w+", bare)))


def _read(table: str) -> Mapping[str, str]:
    regions: dict[str, str] = {}
    for line in table.strip().splitlines():
        region, code, names = line.split(" ", 2)
        regions |= dict.fromkeys((_plain(code), *map(_plain, names.split("|"))), region)
    return MappingProxyType(regions)


_REGIONS = _read(_NAMES)
