// What the pages ask the Web API for, as paths. Pure.

export const PAGE = 50;
export const ANY_MESSAGE = "txv_textmessages?$select=txv_textmessageid&$top=1"; // may any be read at all?

const CONVERSATION =
  "activityid,subject,txv_customer,txv_customerdigits,txv_ourdigits,txv_unreadcount,txv_lastmessageon," +
  "_regardingobjectid_value,_ownerid_value,_modifiedby_value,_txv_phonenumberid_value";
const MESSAGE =
  "txv_textmessageid,txv_direction,txv_body,txv_from,txv_status,txv_failurereason,txv_statusdetail,txv_mediacount," +
  "txv_arrivedon,txv_arrivedms,txv_providertime,txv_scheduledfor,_txv_sentbyid_value,createdon";
const ATTACHMENT = "annotationid,subject,notetext,filename,mimetype,filesize,isdocument,_objectid_value";
const MOST_RELATED = 20;
const PROVIDER = "txv_name,txv_type,txv_inboundurl,txv_statusurl";

const NAMES = {
  __proto__: null,
  contact: ["contacts", "contactid", "fullname"],
  account: ["accounts", "accountid", "name"],
  lead: ["leads", "leadid", "fullname"],
  opportunity: ["opportunities", "opportunityid", "name"],
  systemuser: ["systemusers", "systemuserid", "fullname"],
};

// What tells records of the same name apart: whom a person works for, where a company is, whose an opportunity is.
const ABOUT = {
  __proto__: null,
  contact: "_parentcustomerid_value",
  account: "address1_city",
  lead: "companyname",
  opportunity: "_parentcontactid_value",
};

/** One conversation. */
export function conversationPath(id) {
  return `txv_textconversations(${id})?$select=${CONVERSATION}`;
}

/** The conversations of a record, the latest first. */
export function ofRecord(id) {
  return conversationsWhere([`_regardingobjectid_value eq ${id}`]);
}

/**
 * Conversations that go with one: those with the same customer, and those of the person it is about and of that
 * person's opportunities. `contact` and `digits` may be empty.
 */
export function relatedTo({ contact, digits }) {
  const person = [
    `_regardingobjectid_value eq ${contact}`,
    `regardingobjectid_opportunity_txv_textconversation/_parentcontactid_value eq ${contact}`,
  ];
  return conversationsWhere([...(digits ? [`txv_customerdigits eq '${quoted(digits)}'`] : []), ...(contact ? person : [])]);
}

/** The person whom an opportunity is about. */
export function personOf(opportunity) {
  return `opportunities(${opportunity})?$select=_parentcontactid_value`;
}

/** The texts of a conversation, the newest first, in pages of `PAGE`. */
export function messagesOf(conversation) {
  const where = `_txv_conversationid_value eq ${conversation}`;
  return `txv_textmessages?$select=${MESSAGE}&$filter=${encoded(where)}&$orderby=createdon%20desc,txv_textmessageid`;
}

/** Why a text is where it is. */
export function routingOf(message) {
  return `txv_textmessages(${message})?$select=txv_routing`;
}

/** What came with texts: their notes, without the files. */
export function attachmentsOf(messages) {
  const where = messages.map((id) => `_objectid_value eq ${id}`).join(" or ");
  return `annotations?$select=${ATTACHMENT}&$filter=${encoded(where)}&$orderby=annotationid`;
}

/** The file of a note, in base64. */
export function fileOf(note) {
  return `annotations(${note})?$select=documentbody`;
}

/** How to ask for the names of records and people `{ table, id }`: for each table that occurs its `ids`, and the columns of both. */
export function namesOf(records) {
  return byTable(records, () => "");
}

/** How to ask for what tells records apart: for each table that occurs the columns `id`, `name`, `about`. */
export function factsOf(records) {
  const found = byTable(records, (table) => `,${ABOUT[table]},statecode,modifiedon,_ownerid_value`);
  return found.map((each) => ({ ...each, about: ABOUT[each.table] }));
}

/** One row of a table that conversations can stand on, or a conversation. */
export function rowPath(table, id) {
  return `${table === "txv_textconversation" ? "txv_textconversations" : NAMES[table][0]}(${id})`;
}

/** The provider's account that a form shows, or that a number belongs to. */
export function providerOf({ table, id }) {
  if (table === "txv_phonenumber") return `txv_phonenumbers(${id})?$select=txv_name&$expand=txv_smsproviderid($select=${PROVIDER})`;
  return `txv_smsproviders(${id})?$select=${PROVIDER}`;
}

function byTable(records, more) {
  return Object.entries(NAMES).flatMap(([table, [set, id, name]]) => {
    const ids = [...new Set(records.filter((each) => each.table === table).map((each) => each.id))];
    const where = encoded(ids.map((each) => `${id} eq ${each}`).join(" or "));
    return ids.length ? [{ path: `${set}?$select=${id},${name}${more(table)}&$filter=${where}`, table, ids, id, name }] : [];
  });
}

function conversationsWhere(conditions) {
  const where = encoded(conditions.join(" or "));
  return `txv_textconversations?$select=${CONVERSATION}&$filter=${where}&$orderby=txv_lastmessageon%20desc,activityid&$top=${MOST_RELATED}`;
}

function quoted(text) {
  return text.replaceAll("'", "''");
}

function encoded(filter) {
  return encodeURIComponent(filter);
}
