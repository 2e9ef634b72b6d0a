"""What notifications say, in the languages that readers can choose. Data: nothing here decides anything.

A reader's language is the Windows language code (LCID) of `usersettings.uilanguageid`; its lower ten bits are the
language, the others the country (source: [MS-LCID] §2.2). So French is French in Canada too, and whoever reads a
language that is not here reads English.

Texts that count come in two forms: for one, and for more. In these languages there are no others for whole numbers from
1 to 999,999 (source: Unicode CLDR, plural rules).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

_LANGUAGE = 0x3FF


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """All texts of a language, with the placeholders that each of them has."""

    texts: tuple[str, str]  # {sender} {count}
    whose: tuple[str, str]  # {sender} {count}
    matching: str  # {count}, more than one
    attached: tuple[str, str]  # {count}
    hidden: str
    empty: str
    cannot_title: str
    cannot_body: str  # {sender} {role}
    open: str
    choose: str
    pane: str


ENGLISH = Language(
    texts=("Text from {sender}", "{count} texts from {sender}"),
    whose=("Whose text is this? (from {sender})", "Whose {count} texts are these? (from {sender})"),
    matching="{count} records match this number.",
    attached=("({count} attached)", "({count} attached)"),
    hidden="Open it to read what it says.",
    empty="(empty)",
    cannot_title="You cannot receive text messages yet",
    cannot_body="A text from {sender} arrived for you. It is stored, but you lack the privileges to see it."
    " Ask your administrator for the security role {role}.",
    open="Open",
    choose="Choose",
    pane="Text messages",
)
FRENCH = Language(
    texts=("SMS de {sender}", "{count} SMS de {sender}"),
    whose=("De qui est ce SMS ? ({sender})", "De qui sont ces {count} SMS ? ({sender})"),
    matching="{count} enregistrements correspondent à ce numéro.",
    attached=("({count} pièce jointe)", "({count} pièces jointes)"),
    hidden="Ouvrez la conversation pour le lire.",
    empty="(vide)",
    cannot_title="Vous ne pouvez pas encore recevoir de SMS",
    cannot_body="Un SMS de {sender} est arrivé pour vous. Il est enregistré, mais vos privilèges sont insuffisants pour"
    " l’afficher. Demandez le rôle de sécurité {role} à votre administrateur.",
    open="Ouvrir",
    choose="Choisir",
    pane="SMS",
)
HINDI = Language(
    texts=("{sender} का पाठ संदेश", "{sender} के {count} पाठ संदेश"),
    whose=("यह पाठ संदेश किसका है? ({sender} से)", "ये {count} पाठ संदेश किसके हैं? ({sender} से)"),
    matching="{count} रिकॉर्ड इस नंबर से मेल खाते हैं।",
    attached=("({count} अनुलग्नक)", "({count} अनुलग्नक)"),
    hidden="इसे पढ़ने के लिए वार्तालाप खोलें।",
    empty="(खाली)",
    cannot_title="आप अभी पाठ संदेश प्राप्त नहीं कर सकते",
    cannot_body="{sender} का एक पाठ संदेश आपके लिए आया है। वह संग्रहीत है, लेकिन उसे देखने के लिए आपके विशेषाधिकार अपर्याप्त हैं।"
    " अपने व्यवस्थापक से सुरक्षा भूमिका {role} माँगें।",
    open="खोलें",
    choose="चुनें",
    pane="पाठ संदेश",
)
INDONESIAN = Language(
    texts=("Pesan teks dari {sender}", "{count} pesan teks dari {sender}"),
    whose=("Milik siapa pesan teks ini? (dari {sender})", "Milik siapa {count} pesan teks ini? (dari {sender})"),
    matching="{count} rekaman cocok dengan nomor ini.",
    attached=("({count} lampiran)", "({count} lampiran)"),
    hidden="Buka percakapan untuk membacanya.",
    empty="(kosong)",
    cannot_title="Anda belum dapat menerima pesan teks",
    cannot_body="Pesan teks dari {sender} masuk untuk Anda. Pesan itu disimpan, tetapi Anda tidak memiliki hak istimewa"
    " yang memadai untuk melihatnya. Minta peran keamanan {role} kepada administrator Anda.",
    open="Buka",
    choose="Pilih",
    pane="Pesan teks",
)
PORTUGUESE = Language(
    texts=("Mensagem de texto de {sender}", "{count} mensagens de texto de {sender}"),
    whose=(
        "De quem é esta mensagem de texto? (de {sender})",
        "De quem são estas {count} mensagens de texto? (de {sender})",
    ),
    matching="{count} registros correspondem a este número.",
    attached=("({count} anexo)", "({count} anexos)"),
    hidden="Abra a conversa para ler o que diz.",
    empty="(vazia)",
    cannot_title="Você ainda não pode receber mensagens de texto",
    cannot_body="Uma mensagem de texto de {sender} chegou para você. Ela está armazenada, mas você não tem privilégios"
    " suficientes para visualizá-la. Peça a função de segurança {role} ao administrador.",
    open="Abrir",
    choose="Escolher",
    pane="Mensagens de texto",
)
SWEDISH = Language(
    texts=("SMS från {sender}", "{count} SMS från {sender}"),
    whose=("Vems SMS är det här? (från {sender})", "Vems är de här {count} SMS:en? (från {sender})"),
    matching="{count} poster matchar det här numret.",
    attached=("({count} bilaga)", "({count} bilagor)"),
    hidden="Öppna konversationen för att läsa det.",
    empty="(tomt)",
    cannot_title="Du kan inte ta emot SMS än",
    cannot_body="Ett SMS från {sender} har kommit till dig. Det är sparat, men du har inte tillräckliga privilegier för"
    " att se det. Be din administratör om säkerhetsrollen {role}.",
    open="Öppna",
    choose="Välj",
    pane="SMS",
)

LANGUAGES: Mapping[int, Language] = MappingProxyType(
    {0x09: ENGLISH, 0x0C: FRENCH, 0x16: PORTUGUESE, 0x1D: SWEDISH, 0x21: INDONESIAN, 0x39: HINDI}
)


def language(lcid: int) -> Language:
    """The texts for a reader whose interface has this language code; English where there are none."""
    return LANGUAGES.get(lcid & _LANGUAGE, ENGLISH)
