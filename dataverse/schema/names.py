"""Every name of ours in Dataverse, once.

Schema names are written in lower case and so equal the logical names; the navigation property of a lookup then is its
logical name too (`txv_conversationid@odata.bind`), which the Web API would otherwise spell as the schema name.
"""

from __future__ import annotations

from enum import StrEnum

PUBLISHER = "textverse"
SOLUTION = "Textverse"
PREFIX = "txv"
OPTION_PREFIX = 47110
FIRST_OPTION = OPTION_PREFIX * 10_000


class TableName(StrEnum):
    """Our tables, and those of Dataverse and Dynamics 365 Sales that ours point to."""

    SMS_PROVIDER = "txv_smsprovider"
    PHONE_NUMBER = "txv_phonenumber"
    TEXT_CONVERSATION = "txv_textconversation"
    TEXT_MESSAGE = "txv_textmessage"
    TEXT_TEMPLATE = "txv_texttemplate"
    PHONE_KEY = "txv_phonekey"
    CONSENT = "txv_consent"
    ACCOUNT = "account"
    CONTACT = "contact"
    LEAD = "lead"
    SYSTEM_USER = "systemuser"


class SetName(StrEnum):
    """The names of our tables in the paths of the Web API."""

    SMS_PROVIDERS = "txv_smsproviders"
    PHONE_NUMBERS = "txv_phonenumbers"
    TEXT_CONVERSATIONS = "txv_textconversations"
    TEXT_MESSAGES = "txv_textmessages"
    TEXT_TEMPLATES = "txv_texttemplates"
    PHONE_KEYS = "txv_phonekeys"
    CONSENTS = "txv_consents"


class ColumnName(StrEnum):
    """Our columns; several tables share one name where they mean the same."""

    ACCOUNT = "txv_accountid"
    ARRIVED_MS = "txv_arrivedms"
    ARRIVED_ON = "txv_arrivedon"
    BODY = "txv_body"
    CALLBACK_ID = "txv_callbackid"
    CHOICE = "txv_choice"
    COLUMN = "txv_column"
    CONTACT = "txv_contactid"
    CONVERSATION = "txv_conversationid"
    CUSTOMER = "txv_customer"
    CUSTOMER_DIGITS = "txv_customerdigits"
    DECIDED_ON = "txv_decidedon"
    DELIVERY_REPORTS = "txv_deliveryreports"
    DIGITS = "txv_digits"
    DIRECTION = "txv_direction"
    EVIDENCE = "txv_evidenceid"
    FAILED_ON = "txv_failedon"
    FAILURE_REASON = "txv_failurereason"
    FROM = "txv_from"
    INBOUND_URL = "txv_inboundurl"
    LANGUAGE = "txv_language"
    LAST_DIRECTION = "txv_lastdirection"
    LEAD_MADE_ON = "txv_leadmadeon"
    LAST_MESSAGE_ON = "txv_lastmessageon"
    LEAD = "txv_leadid"
    MEDIA = "txv_media"
    MEDIA_COUNT = "txv_mediacount"
    NAME = "txv_name"
    NEW_LEADS = "txv_newleads"
    NOTICES = "txv_notices"
    NOTIFIED_ON = "txv_notifiedon"
    NUMBER = "txv_number"
    NUMBER_TYPE = "txv_numbertype"
    OUR_DIGITS = "txv_ourdigits"
    PHONE_NUMBER = "txv_phonenumberid"
    PLACEHOLDERS = "txv_placeholders"
    PROVIDER_ACCOUNT = "txv_provideraccount"
    PROVIDER_MESSAGE_ID = "txv_providermessageid"
    PROVIDER_TIME = "txv_providertime"
    RAW = "txv_raw"
    ROUTING = "txv_routing"
    SCHEDULED_FOR = "txv_scheduledfor"
    SEGMENTS = "txv_segments"
    SENT_BY = "txv_sentbyid"
    SHARED = "txv_shared"
    SMS_PROVIDER = "txv_smsproviderid"
    SOURCE = "txv_source"
    STATUS = "txv_status"
    STATUS_DETAIL = "txv_statusdetail"
    STATUS_URL = "txv_statusurl"
    SUBJECT = "subject"
    TABLE = "txv_table"
    TEXT = "txv_text"
    TITLE = "txv_title"
    TO = "txv_to"
    TWO_WAY = "txv_twoway"
    TYPE = "txv_type"
    UNREAD_COUNT = "txv_unreadcount"


class ChoiceName(StrEnum):
    """Our global choices."""

    DIRECTION = "txv_direction"
    STATUS = "txv_status"


class KeyName(StrEnum):
    """Our alternate keys."""

    CALLBACK_ID = "txv_smsprovider_callbackid"
    PHONE_NUMBER_DIGITS = "txv_phonenumber_digits"
    PROVIDER_MESSAGE = "txv_textmessage_providermessage"
    CONSENT_DIGITS = "txv_consent_digits"
    PHONE_KEY_DIGITS = "txv_phonekey_digits"


class RelationshipName(StrEnum):
    """The relationships of our lookups; also the names of the collections on the other side."""

    PROVIDER_NUMBERS = "txv_smsprovider_phonenumbers"
    NUMBER_CONVERSATIONS = "txv_phonenumber_textconversations"
    CONVERSATION_MESSAGES = "txv_textconversation_textmessages"
    USER_MESSAGES = "txv_systemuser_textmessages"
    CONTACT_PHONE_KEYS = "txv_contact_phonekeys"
    ACCOUNT_PHONE_KEYS = "txv_account_phonekeys"
    LEAD_PHONE_KEYS = "txv_lead_phonekeys"
    EVIDENCE_CONSENTS = "txv_textmessage_consents"
