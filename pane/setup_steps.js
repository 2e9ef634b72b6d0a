// Generated from providers/*/setup.py: python -m local.pane.setup_steps

export const SETUP = {
  "acs": [
    {
      "title": "Incoming texts",
      "where": "Azure portal › the Communication Services resource › Events › Event Subscription",
      "what": "Begin an event subscription for SMS Received alone. Choose the endpoint type Web Hook and this URL as the endpoint; the schema may be Event Grid or CloudEvents. Go on to the next step before you create it.",
      "value": "{inbound_url}"
    },
    {
      "title": "Proof of origin",
      "where": "the same page › Delivery Properties",
      "what": "Add a header of this name and the type Static. Its value is one of the callback_secrets of the account in the setting PROVIDERS; mark it as a secret. Then create the subscription. If it cannot be validated, put the secret behind the URL instead, as the query parameter secret. An account with options.entra needs neither: there the subscription signs in with Microsoft Entra.",
      "value": "X-Callback-Secret"
    },
    {
      "title": "Delivery reports",
      "where": "Azure portal › the Communication Services resource › Events › Event Subscription",
      "what": "Create a second event subscription, for SMS Delivery Report Received alone, with this URL and the same header.",
      "value": "{status_url}"
    }
  ],
  "telesign": [
    {
      "title": "Incoming texts",
      "where": "an e-mail to support@telesign.com",
      "what": "Name your customer id and your numbers, and ask for this URL to be set for incoming texts (Inbound SMS).",
      "value": "{inbound_url}"
    },
    {
      "title": "Delivery reports",
      "where": "TeleSign portal › SMS Settings › Status Callback",
      "what": "Switch it to Enabled and paste this URL. For an Enterprise account TeleSign's support has to do it: ask in the same e-mail.",
      "value": "{status_url}"
    },
    {
      "title": "Proof of origin",
      "where": "TeleSign portal › Dashboard › API Key",
      "what": "TeleSign signs every call with the API key. It belongs to the callback_secrets of the account in the setting PROVIDERS, in base64 as the portal shows it.",
      "value": ""
    }
  ],
  "twilio": [
    {
      "title": "Incoming texts",
      "where": "Twilio Console › Phone Numbers › Manage › Active numbers › the number › Messaging Configuration › A message comes in",
      "what": "Choose Webhook and HTTP POST, paste this URL, and save. What stands behind the # has to stay: without it Twilio does not try again when a text cannot be taken at once. Do this for every number.",
      "value": "{inbound_url}#rc=5&rp=5xx,ct,rt"
    },
    {
      "title": "Numbers in a Messaging Service",
      "where": "Twilio Console › Messaging › Services › the service › Integration › Incoming Messages",
      "what": "Only if the number is in the sender pool of a Messaging Service, which then has the last word: leave it at Defer to sender's webhook, or choose Send a webhook and paste this URL as the request URL.",
      "value": "{inbound_url}#rc=5&rp=5xx,ct,rt"
    },
    {
      "title": "Delivery reports",
      "where": "Nowhere at Twilio",
      "what": "There is nothing to enter: every text that is sent tells Twilio where its delivery reports are to go.",
      "value": ""
    },
    {
      "title": "Proof of origin",
      "where": "Twilio Console › Account › API keys & tokens › Auth Token",
      "what": "Twilio signs every call with the auth token. It belongs to the callback_secrets of the account in the setting PROVIDERS; while it is being changed, put both the old one and the new one there.",
      "value": ""
    }
  ]
};
