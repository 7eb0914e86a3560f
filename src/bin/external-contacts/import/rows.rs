//! The rows of the input, and what contacts they are.

use std::collections::BTreeMap;

use genesys_external_contacts::ExternalContact;
use serde_json::{Map, Value, json};

use super::{CUSTOM, Options, URL, about, refuse};
use crate::shared::{Failure, wrong};

const FIELDS: &str = "firstName middleName lastName salutation title workPhone cellPhone homePhone otherPhone \
    workEmail personalEmail otherEmail address.address1 address.address2 address.city address.state address.postalCode \
    address.countryCode externalOrganization division surveyOptOut externalSystemUrl";

pub struct Row {
    /// Where it begins in the input: what it is known by.
    pub line: u64,
    /// The contact, or what is wrong with the row.
    pub contact: Result<ExternalContact, String>,
}

fn is_field(name: &str) -> bool {
    is_custom(name) || FIELDS.split(' ').any(|known| known == name)
}

fn is_custom(field: &str) -> bool {
    field.strip_prefix(CUSTOM).is_some_and(|name| !name.is_empty())
}

pub struct Input {
    pub rows: Vec<Row>,
    pub delimiter: u8,
    /// Tells apart what makes other contacts of the same rows.
    pub settings: String,
}

pub fn read_rows(options: &Options, input: &[u8]) -> Result<Input, Failure> {
    let in_custom_field = is_custom(&options.marker);
    let can_be_searched = ["_identifier", "_text"].iter().any(|end| options.marker.ends_with(end));
    if options.marker != URL && !(in_custom_field && can_be_searched) {
        return Err(wrong("--marker takes externalSystemUrl, customFields.NAME_identifier or customFields.NAME_text"));
    }
    let delimiter = match options.delimiter {
        Some(given) => u8::try_from(given).ok().filter(u8::is_ascii),
        None => Some(delimiter_of(options, input)),
    };
    let delimiter = delimiter.ok_or_else(|| wrong("--delimiter takes one ASCII character, such as ;"))?;
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(input);
    let header = reader.byte_headers().map_err(|error| about(&options.input, "can't be read", &error))?;
    let names = header.iter().map(|name| std::str::from_utf8(name).map(|name| name.trim().to_owned()));
    let header: Vec<String> =
        names.collect::<Result<_, _>>().map_err(|_| "the first row is not in UTF-8; save it so")?;
    if header.is_empty() {
        return refuse(format!("{} is empty; its first row must name the columns", options.input.display()));
    }
    let fields = fields_of(options, &header)?;
    let needs_schema = in_custom_field || fields.iter().flatten().any(|field| is_custom(field));
    if needs_schema && options.schema.is_none() {
        return Err(wrong("custom fields need --schema, the id of the schema that they follow"));
    }
    let mut rows = Vec::new();
    for record in reader.byte_records() {
        let record = record.map_err(|error| about(&options.input, "can't be read", &error))?;
        let Some(position) = record.position() else { continue };
        // The reader counts empty lines to the row that follows them.
        let before = input.iter().skip(position.byte() as usize).take_while(|byte| b"\r\n".contains(byte));
        let line = position.line() + before.filter(|byte| **byte == b'\n').count() as u64;
        rows.push(Row { line, contact: contact_of(&record, &fields, in_custom_field) });
    }
    let settings = format!("{:?}", (fields, delimiter, &options.marker, &options.schema));
    Ok(Input { rows, delimiter, settings })
}

/// The delimiter by which the most headers make sense, or else the one that makes the most headers.
fn delimiter_of(options: &Options, input: &[u8]) -> u8 {
    let is_named = |name: &str| {
        let mapped = options.map.iter().filter_map(|pair| pair.rsplit_once('=')).map(|(column, _)| column);
        let named = options.ignore.iter().map(String::as_str).chain(mapped);
        is_field(name) || named.map(str::trim).any(|column| column == name)
    };
    let sense = |delimiter: &u8| {
        let mut reader = csv::ReaderBuilder::new().delimiter(*delimiter).from_reader(input);
        let header = reader.byte_headers().cloned().unwrap_or_default();
        let names = header.iter().filter_map(|name| std::str::from_utf8(name).ok());
        (names.filter(|name| is_named(name.trim())).count(), header.len())
    };
    // Of equal ones the last is taken.
    b"\t;,".iter().copied().max_by_key(sense).unwrap_or(b',')
}

/// The field of each column; nothing where the column is ignored.
fn fields_of(options: &Options, header: &[String]) -> Result<Vec<Option<String>>, Failure> {
    let mut map: BTreeMap<&str, Option<&str>> = options.ignore.iter().map(|column| (column.trim(), None)).collect();
    for pair in &options.map {
        let parts = pair.rsplit_once('=');
        let (column, field) = parts.ok_or_else(|| wrong(format!("--map {pair}: write it as COLUMN=FIELD")))?;
        map.insert(column.trim(), Some(field.trim()));
    }
    if let Some(column) = map.keys().find(|column| !header.iter().any(|name| name == *column)) {
        return Err(wrong(format!("there is no column {column:?}; the columns are {}", header.join(", "))));
    }
    let mut fields: Vec<Option<String>> = Vec::new();
    for column in header {
        let field = map.get(&**column).copied().unwrap_or(Some(column));
        if let Some(field) = field {
            if !is_field(field) {
                let hint = if header.len() == 1 { "\n  if there are several columns: see --delimiter" } else { "" };
                return Err(wrong(format!(
                    "column {column:?}: {field:?} is no field of a contact\n  fields: {}, customFields.NAME\n  to put \
                     the column into one of them: --map '{column}=FIELD'\n  to leave it out: --ignore '{column}'{hint}",
                    FIELDS.replace(' ', ", ")
                )));
            }
            if field == options.marker {
                return Err(wrong(format!("column {column:?}: the import puts its marker into {field}; see --marker")));
            }
            if fields.iter().flatten().any(|earlier| earlier == field) {
                let problem = format!("column {column:?}: another one goes to {field}, too; use --ignore or --map");
                return Err(wrong(problem));
            }
        }
        fields.push(field.map(str::to_owned));
    }
    Ok(fields)
}

fn contact_of(
    record: &csv::ByteRecord,
    fields: &[Option<String>],
    any_can_be_found: bool,
) -> Result<ExternalContact, String> {
    if record.len() != fields.len() {
        return Err(format!("number of cells: {}, but the header has {}", record.len(), fields.len()));
    }
    let mut body = Map::new();
    for (cell, field) in record.iter().zip(fields) {
        let Some(field) = field else { continue };
        let text = std::str::from_utf8(cell).map_err(|_| format!("{field} is not in UTF-8"))?.trim();
        if text.is_empty() {
            continue;
        }
        let value = value_of(field, text).map_err(|problem| format!("{field} {problem}"))?;
        match field.split_once('.') {
            Some((outer, inner)) => body.entry(outer).or_insert_with(|| json!({}))[inner] = value,
            None => drop(body.insert(field.clone(), value)),
        }
    }
    if body.is_empty() {
        return Err("is empty".to_owned());
    }
    let contact: ExternalContact = serde_json::from_value(body.into()).map_err(|_| "can't be read".to_owned())?;
    if !any_can_be_found && searches_for(&contact).is_empty() {
        return Err("has no name and no e-mail address, by which it could be found after a crash; see --marker".into());
    }
    Ok(contact)
}

/// What a cell is on the wire.
fn value_of(field: &str, text: &str) -> Result<Value, &'static str> {
    let kind = if field.starts_with(CUSTOM) { field.rsplit('_').next().unwrap_or_default() } else { field };
    Ok(match kind {
        "surveyOptOut" | "checkbox" => text.parse::<bool>().map_err(|_| "is neither true nor false")?.into(),
        "integer" => text.parse::<i64>().map_err(|_| "is no whole number")?.into(),
        "number" => Value::Number(text.parse().map_err(|_| "is no number")?),
        "tag" => text.split('|').map(str::trim).collect(),
        "workPhone" | "cellPhone" | "homePhone" | "otherPhone" => json!({ "display": text }),
        "externalOrganization" | "division" => json!({ "id": text }),
        _ => text.into(),
    })
}

/// What to search for to find the contact, the most telling first.
pub fn searches_for(contact: &ExternalContact) -> Vec<String> {
    let text = |member: &Option<String>| member.clone().map(|text| text.replace('"', " "));
    let emails = [&contact.work_email, &contact.personal_email, &contact.other_email];
    let email = emails.into_iter().find_map(text);
    // In quotes: a name is no phone number, whatever it looks like.
    let names = [&contact.first_name, &contact.middle_name, &contact.last_name];
    let names: Vec<_> = names.into_iter().filter_map(text).map(|name| format!("\"{name}\"")).collect();
    let names = (!names.is_empty()).then(|| names.join(" "));
    // The service takes 256 characters. What is left out makes it find more, not less.
    email.into_iter().chain(names).map(|q| q.chars().take(256).collect()).collect()
}
