//! `external-contacts sandbox`: a client can't tell whether the sandbox is in its memory or behind HTTP.

pub(crate) mod program;
mod protocol;

use std::io::{BufRead as _, BufReader, ErrorKind, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use genesys_external_contacts::model::User;
use genesys_external_contacts::sandbox::Sandbox;
use genesys_external_contacts::{
    Client, ContactSort, ConversationAssociation, ConversationMediaType, DataSchema, Error, ErrorKind as Kind,
    ExternalContact, ExternalOrganization, JsonSchemaDocument, LookupExpand, Note, NoteExpand, Relationship,
    SchemaField,
};

use crate::server::Server;

const USER: &str = "00000000-0000-4000-8000-000000000000";

fn over_http(sandbox: &Sandbox) -> (Client, Server) {
    let server = Server::start(sandbox.clone());
    let url = format!("http://{}", server.address());
    let client = Client::builder()
        .api_url(&url)
        .login_url(&url)
        .client_credentials(Sandbox::CLIENT_ID, Sandbox::CLIENT_SECRET)
        .build();
    (client.unwrap(), server)
}

/// What a client sees, without what differs each time.
fn scenario(client: &Client) -> Result<Vec<String>, Error> {
    let mut seen = Vec::new();
    let contacts = client.contacts();
    let search = contacts.search().q("smith").sort(ContactSort::FirstName.asc()).page_size(3);
    for contact in search.items() {
        seen.push(format!("{:?}", contact?.work_email));
    }
    let answer = contacts.create(ExternalContact::default().with_last_name("Løvelace & Söhne")).send_with_meta()?;
    seen.push(format!("{} {:?}", answer.meta.status(), answer.output.last_name));
    seen.push(format!("{:?}", answer.meta.headers().get("cache-control")));
    let id = answer.output.id.clone().unwrap_or_default();
    let found = contacts.search().q("\"løvelace &\"").send()?;
    seen.push(format!("{:?}", found.total));
    let organization = client.organizations().create(ExternalOrganization::default().with_name("Acme")).send()?;
    let organization_id = organization.id.unwrap_or_default();
    contacts
        .update(&id, answer.output.with_external_organization(ExternalOrganization::reference(&organization_id)))
        .send()?;
    seen.push(format!("{:?}", client.organizations().contacts(&organization_id).search().send()?.total));
    let link = client.organizations().link_trustor(&organization_id, "3d5f2c1e-0000-4000-8000-000000000001").send()?;
    seen.push(format!("{}", link.trustor_org_id.is_some()));
    client.organizations().unlink_trustor(&organization_id).send()?;

    let owner = client.organizations().notes(&organization_id);
    for notes in [contacts.notes(&id).list().send()?.total, owner.list().send()?.total] {
        seen.push(format!("{notes:?}"));
    }
    let note = contacts.notes(&id).create(Note::by(USER, "called")).send()?;
    let note_id = note.id.clone().unwrap_or_default();
    contacts.notes(&id).update(&note_id, note.with_note_text("wrote")).send()?;
    let note = contacts.notes(&id).get(&note_id).expand([NoteExpand::Author]).send()?;
    seen.push(format!("{:?} {:?}", note.note_text, note.created_by.map(|author| author.name)));
    contacts.notes(&id).delete(&note_id).send()?;

    let relationship = Relationship::default()
        .with_user(User::reference(USER))
        .with_external_organization(ExternalOrganization::reference(&organization_id))
        .with_relationship("Manager");
    let relationship = client.relationships().create(relationship).send()?;
    for one in client.organizations().relationships(&organization_id).list().items() {
        let one = one?;
        seen.push(format!("{:?} {}", one.relationship, one.id == relationship.id));
    }
    client.relationships().delete(relationship.id.unwrap_or_default()).send()?;

    let document = JsonSchemaDocument::of_fields("Rank", [SchemaField::text("rank", "Rank")])?;
    let schema = DataSchema::default().with_name("Rank").with_version(0).with_json_schema(document);
    let schema = contacts.schemas().create(schema).send()?;
    let with_rank = |rank: &str| {
        let reference = DataSchema::default().with_id(schema.id.clone().unwrap_or_default()).with_version(1);
        ExternalContact::default().with_schema(reference).with_custom_field("rank_text", rank.to_owned())
    };
    let ranked = contacts.create(with_rank("high")?).send()?;
    seen.push(format!("{:?}", ranked.custom_fields));
    seen.push(format!("{:?}", contacts.search().q("high").send()?.total));
    let association = ConversationAssociation::default()
        .with_external_contact_id(&*id)
        .with_communication_id("k1")
        .with_media_type(ConversationMediaType::Call);
    client.conversations().associate("c1", association).send()?;
    let found = client
        .reverse_white_pages_lookup("alan.smith.135@example.com")
        .expand([LookupExpand::ContactsExternalOrganization])
        .send()?;
    for contact in found.contacts.into_iter().flatten() {
        let organization = contact.external_organization.map(|organization| organization.name);
        seen.push(format!("{:?} {organization:?}", contact.cell_phone.map(|phone| phone.display)));
    }

    contacts.delete(&id).send()?;
    let refused = ExternalContact::default().with_title("x".repeat(1001));
    for error in [
        contacts.get(&id).send().unwrap_err(),
        contacts.get("a/b ?").send().unwrap_err(),
        contacts.create(refused).send().unwrap_err(),
        contacts.create(with_rank(&"x".repeat(101))?).send().unwrap_err(),
        contacts
            .schemas()
            .update(schema.id.clone().unwrap_or_default(), schema.clone().with_version(7))
            .send()
            .unwrap_err(),
        contacts.notes(&id).list().send().unwrap_err(),
        contacts.create(ExternalContact::default().with_title("x".repeat(600_000))).send().unwrap_err(),
        contacts.create(ExternalContact::default().with_title("x".repeat(2_000_000))).send().unwrap_err(),
    ] {
        // The id of the answer is in its body and in its head.
        let Kind::Api(error) = error.kind() else { return Err(error) };
        let in_head = error.meta.correlation_id().map(str::to_owned);
        let in_body = error.body.context_id.clone();
        assert!(in_head.is_some() && in_head == in_body, "{in_head:?} {in_body:?}");
        let fields: Vec<_> = error.body.details.iter().flatten().map(|detail| &detail.field_name).collect();
        seen.push(format!("{} {:?} {fields:?}", error.status(), error.body.code));
    }
    client.sign_out()?;
    seen.push(format!("{:?}", contacts.search().send()?.total));
    Ok(seen)
}

#[test]
fn a_client_sees_the_same_in_memory_and_over_http() {
    let in_memory = Sandbox::new();
    let behind_http = Sandbox::new();
    in_memory.generate_contacts(200);
    behind_http.generate_contacts(200);
    let (client, _server) = over_http(&behind_http);
    let expected = scenario(&in_memory.client()).unwrap();
    assert!(expected.len() > 22, "{expected:?}");
    assert_eq!(scenario(&client).unwrap(), expected);

    // Connections break over HTTP too, and the client gets over it.
    behind_http.next_calls(2).matching("GET", "/contacts").reset();
    assert_eq!(client.contacts().search().send().unwrap().total, Some(201));
}

/// What comes for this until the server ends the connection.
fn raw(server: &Server, request: &str) -> String {
    let mut stream = TcpStream::connect(server.address()).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    // What was not read when the connection ended may reset it.
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

/// A connection that stays open from one request to the next.
struct Connection(BufReader<TcpStream>);

impl Connection {
    fn to(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        // Where the server does what a test says it doesn't, the test fails and doesn't hang.
        stream.set_read_timeout(Some(HANGS)).unwrap();
        stream.set_write_timeout(Some(HANGS)).unwrap();
        Self(BufReader::new(stream))
    }

    fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.0.get_mut().write_all(bytes.as_ref()).unwrap();
    }

    /// The head of an answer and its body.
    fn receive(&mut self) -> (String, String) {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            assert_ne!(self.0.read_line(&mut head).unwrap(), 0, "{head}");
        }
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        let mut body = vec![0; length.map_or(0, |length| length.parse().unwrap())];
        self.0.read_exact(&mut body).unwrap();
        (head, String::from_utf8(body).unwrap())
    }

    fn exchange(&mut self, request: &str) -> (String, String) {
        self.send(request);
        self.receive()
    }

    /// Waits until the server ends the connection, whatever comes before.
    fn is_closed(&mut self) -> bool {
        let mut rest = Vec::new();
        match self.0.read_to_end(&mut rest) {
            Ok(_) => true,
            Err(error) => error.kind() == ErrorKind::ConnectionReset,
        }
    }
}

const HANGS: Duration = Duration::from_secs(30);
const REQUEST: &str = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

/// The head of a sign-in without the length of its body.
fn sign_in_head() -> String {
    let credentials = format!("{}:{}", Sandbox::CLIENT_ID, Sandbox::CLIENT_SECRET);
    let basic = base64::Engine::encode(&base64::prelude::BASE64_STANDARD, credentials);
    format!(
        "POST /oauth/token HTTP/1.1\r\nHost: x\r\nAuthorization: Basic {basic}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\n"
    )
}

const FORM: &str = "grant_type=client_credentials";

/// The head of a create, for somebody who is signed in, without the length of its body.
fn create_head(connection: &mut Connection) -> String {
    let request = format!("{}Content-Length: {}\r\n\r\n{FORM}", sign_in_head(), FORM.len());
    let (_, token) = connection.exchange(&request);
    let token: serde_json::Value = serde_json::from_str(&token).unwrap();
    let token = token["access_token"].as_str().unwrap();
    format!(
        "POST /api/v2/externalcontacts/contacts HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/json\r\n"
    )
}
