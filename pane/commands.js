// What the buttons do. A classic script, because Dynamics loads it into its own page and calls `Textverse.…` with the
// form that the button stands on. The conversation page loads it too: moving is in one place.

// eslint-disable-next-line no-unused-vars, no-var -- it is for Dynamics, which looks for it among the globals
var Textverse = (() => {
  "use strict";

  const PANE = "textverse";
  const WIDTH_PX = 420;
  const SETS = { contact: "contacts", account: "accounts", lead: "leads", opportunity: "opportunities" };
  const PHONES = { telephone1: "business phone", mobilephone: "mobile phone" };

  /** Show the texts with the record's number in this column. */
  async function textNumber(form, column) {
    const { table, id } = rowOf(form);
    if (!id) return say("Save first", "Save the record first: then its texts can be shown.");
    const number = await numberOn(form, column);
    if (!number) return say("No number", `There is no ${PHONES[column]} on this record. Enter one first.`);
    return openPane({ table, id, number });
  }

  /** Show the texts of the record, whatever their numbers. */
  async function textMessages(form) {
    const { table, id } = rowOf(form);
    if (!id) return say("Save first", "Save the record first: then its texts can be shown.");
    return openPane({ table, id });
  }

  /** Let the seller choose another record for the conversation that the form shows, and move it there. */
  async function move(form) {
    const { table, id } = rowOf(form);
    if (!id) return say("Save first", "Save the conversation first: then it can be moved.");
    const chosen = await lookUp(Xrm.Utility);
    if (!chosen) return undefined;
    try {
      await moveTo(Xrm.WebApi, { table, id }, chosen);
    } catch (error) {
      const message = `The conversation was not moved to ${chosen.name}. ${error.message}`;
      return Xrm.Navigation.openErrorDialog({ message });
    }
    return form.data.refresh(false);
  }

  /** The record that the seller chooses in the dialog of Dynamics, as `{ entityType, id, name }`; undefined for none. */
  async function lookUp(dialogs) {
    const options = { allowMultiSelect: false, defaultEntityType: "contact", entityTypes: Object.keys(SETS) };
    return (await dialogs.lookupObjects(options))?.[0];
  }

  /**
   * Put the conversation on the record, and give it to the record's owner. `rows` reads and changes rows as Xrm.WebApi
   * does; what it throws is thrown on.
   */
  async function moveTo(rows, { table, id }, { entityType, id: record }) {
    const moved = { [`regardingobjectid_${entityType}_${table}@odata.bind`]: `/${SETS[entityType]}(${bare(record)})` };
    const owner = await ownerOf(rows, { entityType, id: record });
    try {
      await rows.updateRecord(table, id, { ...moved, "ownerid@odata.bind": owner });
    } catch (error) {
      // One who may not have texts cannot be given the conversation; it is moved all the same.
      if (error.isNoRefusal) throw error;
      await rows.updateRecord(table, id, moved);
    }
  }

  /** Who owns the record, and so is to own the conversation on it: as a path. */
  async function ownerOf(rows, { entityType, id }) {
    const row = await rows.retrieveRecord(entityType, bare(id), "?$select=_owninguser_value,_owningteam_value");
    return row._owninguser_value ? `/systemusers(${row._owninguser_value})` : `/teams(${row._owningteam_value})`;
  }

  /** The pane at the right: the one that is open already, or a new one. */
  async function openPane(about) {
    const panes = Xrm.App.sidePanes;
    const options = { paneId: PANE, title: "Text messages", imageSrc: "WebResources/txv_/text.svg", width: WIDTH_PX };
    const pane = panes.getPane(PANE) ?? (await panes.createPane({ ...options, canClose: true }));
    const data = encodeURIComponent(JSON.stringify(about)); // a plus sign would come out as a space
    await pane.navigate({ pageType: "webresource", webresourceName: "txv_/conversation.html", data });
    pane.select();
    panes.state = 1; // expanded
  }

  /** What stands in the column: on the form, saved or not; where the form does not have it, in the row. */
  async function numberOn(form, column) {
    const attribute = form.getAttribute(column);
    if (attribute) return attribute.getValue();
    const { table, id } = rowOf(form);
    return (await Xrm.WebApi.retrieveRecord(table, id, `?$select=${column}`))[column];
  }

  function rowOf(form) {
    const { entity } = form.data;
    return { table: entity.getEntityName(), id: bare(entity.getId()) };
  }

  function bare(id) {
    return (id ?? "").replace(/[{}]/g, "").toLowerCase();
  }

  function say(title, text) {
    return Xrm.Navigation.openAlertDialog({ title, text });
  }

  return {
    textBusinessPhone: (form) => textNumber(form, "telephone1"),
    textMobilePhone: (form) => textNumber(form, "mobilephone"),
    textMessages,
    move,
    lookUp,
    moveTo,
  };
})();
