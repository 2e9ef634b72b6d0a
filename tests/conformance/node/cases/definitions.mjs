// Tables, columns, relationships and choices: read, made, changed, deleted.
import assert from "node:assert/strict"

const TYPE = "Microsoft.Dynamics.CRM."
const label = (text) => ({
  "@odata.type": `${TYPE}Label`,
  LocalizedLabels: [{ "@odata.type": `${TYPE}LocalizedLabel`, Label: text, LanguageCode: 1033 }],
})
const column = (SchemaName, more = {}) => ({
  "@odata.type": `${TYPE}StringAttributeMetadata`,
  SchemaName,
  MaxLength: 10,
  DisplayName: label(SchemaName),
  ...more,
})
const table = (word) => ({
  "@odata.type": `${TYPE}EntityMetadata`,
  SchemaName: `new_${word}`,
  DisplayName: label("Node"),
  DisplayCollectionName: label("Nodes"),
  OwnershipType: "UserOwned",
  HasNotes: false,
  HasActivities: false,
  IsActivity: false,
  Attributes: [column("new_Name", { IsPrimaryName: true })],
})
const shades = (word) => ({
  "@odata.type": `${TYPE}OptionSetMetadata`,
  Name: `new_${word}`,
  OptionSetType: "Picklist",
  DisplayName: label("Shade"),
  Options: [
    { Value: 1, Label: label("Light") },
    { Value: 2, Label: label("Dark") },
  ],
})

export default {
  "a table is read with its columns": async ({ api }) => {
    const byName = await api.retrieveEntity({
      key: "LogicalName='account'",
      select: ["LogicalName", "EntitySetName"],
      expand: [{ property: "Attributes", select: ["LogicalName"] }],
    })
    const byId = await api.retrieveEntity({ key: byName.MetadataId, select: ["LogicalName"] })

    assert.deepEqual([byName.EntitySetName, byId.LogicalName], ["accounts", "account"])
    assert.ok(byName.Attributes.some((each) => each.LogicalName === "telephone1"))
  },

  "tables are filtered by an enumeration": async ({ api }) => {
    const filter = `OwnershipType eq ${TYPE}OwnershipTypes'UserOwned'`
    const { value } = await api.retrieveEntities({ select: ["LogicalName", "OwnershipType"], filter })

    assert.ok(value.some((each) => each.LogicalName === "contact"))
    assert.deepEqual([...new Set(value.map((each) => each.OwnershipType))], ["UserOwned"])
  },

  "columns are read as what they are": async ({ api }) => {
    const entityKey = "LogicalName='contact'"
    const texts = await api.retrieveAttributes({
      entityKey,
      castType: `${TYPE}StringAttributeMetadata`,
      select: ["LogicalName", "MaxLength"],
    })
    const status = await api.retrieveAttribute({
      entityKey,
      attributeKey: "LogicalName='statuscode'",
      castType: `${TYPE}StatusAttributeMetadata`,
      select: ["LogicalName"],
      expand: [{ property: "OptionSet", select: ["Options"] }],
    })

    assert.equal(texts.value.find((each) => each.LogicalName === "lastname").MaxLength, 50)
    assert.deepEqual(status.OptionSet.Options.map((each) => [each.Value, each.State]), [[1, 0], [2, 1]])
  },

  "relationships are found": async ({ api }) => {
    const { value } = await api.retrieveRelationships({
      castType: `${TYPE}OneToManyRelationshipMetadata`,
      filter: "SchemaName eq 'contact_customer_accounts'",
    })

    const [{ ReferencedEntity, ReferencingEntity, ReferencingAttribute }] = value
    assert.deepEqual([ReferencedEntity, ReferencingEntity, ReferencingAttribute], ["account", "contact", "parentcustomerid"])
  },

  "a table is made, changed and used": async ({ api, web, word }) => {
    const key = await api.createEntity({ data: table(word) })
    const attribute = await api.createAttribute({ entityKey: key, data: column("new_Code") })
    const set = (await api.retrieveEntity({ key, select: ["EntitySetName"] })).EntitySetName
    const long = { new_name: "A", new_code: "x".repeat(20) }
    await assert.rejects(api.create({ collection: set, data: long }), { status: 400, code: "0x80044331" })

    const castType = `${TYPE}StringAttributeMetadata`
    const data = await api.retrieveAttribute({ entityKey: key, attributeKey: attribute, castType })
    await api.updateAttribute({ entityKey: key, data: { ...data, MaxLength: 20 }, castType, mergeLabels: true })
    const definition = await api.retrieveEntity({ key })
    await api.updateEntity({ data: { ...definition, DisplayName: label("Knot") }, mergeLabels: true })

    const row = await api.create({ collection: set, data: long })
    assert.equal((await web.row(`${set}(${row})`)).new_code, long.new_code)
    const shown = await web.row(`EntityDefinitions(LogicalName='new_${word}')`)
    assert.equal(shown.DisplayName.UserLocalizedLabel.Label, "Knot")
  },

  "a relationship is made, changed and deleted": async ({ api, web, word }) => {
    await api.createEntity({ data: table(word) })
    const castType = `${TYPE}OneToManyRelationshipMetadata`
    const key = await api.createRelationship({
      data: {
        "@odata.type": castType,
        SchemaName: `new_${word}_account`,
        ReferencedEntity: "account",
        ReferencingEntity: `new_${word}`,
        Lookup: { ...column("new_AccountId"), "@odata.type": `${TYPE}LookupAttributeMetadata`, MaxLength: undefined },
      },
    })

    const data = await api.retrieveRelationship({ key, castType })
    data.CascadeConfiguration.Delete = "Restrict"
    await api.updateRelationship({ data, castType, mergeLabels: true })
    const path = `RelationshipDefinitions(SchemaName='new_${word}_account')`
    assert.equal((await web.row(`${path}/${castType}`)).CascadeConfiguration.Delete, "Restrict")

    await api.deleteRelationship({ key })
    assert.equal(await web.status(path), 404)
  },

  "a choice is made, changed and deleted": async ({ api, web, word }) => {
    const key = await api.createGlobalOptionSet({ data: shades(word) })
    const castType = `${TYPE}OptionSetMetadata`
    const path = `GlobalOptionSetDefinitions(Name='new_${word}')`

    const found = await api.retrieveGlobalOptionSet({ key: `Name='new_${word}'`, castType, select: ["Options"] })
    assert.deepEqual(found.Options.map((each) => each.Value), [1, 2])
    const { value } = await api.retrieveGlobalOptionSets({ select: ["Name"] })
    assert.ok(value.some((each) => each.Name === `new_${word}`))

    const data = await api.retrieveGlobalOptionSet({ key, castType })
    await api.updateGlobalOptionSet({ data: { ...data, DisplayName: label("Tone") }, mergeLabels: true })
    assert.equal((await web.row(path)).DisplayName.UserLocalizedLabel.Label, "Tone")

    await api.deleteGlobalOptionSet({ key })
    assert.equal(await web.status(path), 404)
  },

  "the whole model is told as XML": async ({ api }) => {
    const model = await api.retrieveCsdlMetadata()

    assert.match(model, /<edmx:Edmx Version="4.0"/)
    assert.match(model, /<EntityType Name="contact"/)
    assert.match(model, /<EntitySet Name="contacts" EntityType="(Microsoft\.Dynamics\.CRM|mscrm)\.contact"/)
    assert.match(await api.retrieveCsdlMetadata({ addAnnotations: true }), /<EntityType Name="contact"/)
  },
}
