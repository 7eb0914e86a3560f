//! What is measured, once for the table and for criterion.

use std::hint::black_box;
use std::thread;
use std::time::Instant;

use genesys_external_contacts::operation::{Operation, RequestParts, Response, Route};
use genesys_external_contacts::{Client, Error, ExternalContact, Limits, Listing, Transport, TransportError};
use serde::Deserialize;
use serde_json::Value;

use super::by_hand::{self, dropping, keeping};
use super::helper;
use super::server::{self, Manner};

pub struct Case {
    pub name: String,
    /// How often one round of the table runs it.
    pub times: u32,
    /// This crate first, then what it is compared with.
    pub sides: Vec<Side>,
}

pub struct Side {
    pub name: &'static str,
    /// What this crate's rate should be, as a multiple of this side's.
    pub aim: Option<f64>,
    pub run: Box<dyn FnMut()>,
}

pub const THREADS: [usize; 4] = [1, 4, 16, 64];
const CALLS_PER_THREAD: usize = 20;
const ID: &str = "7c1c0d0e-0000-4000-8000-000000000001";

const KEEPING: &str = "by hand, keeping unknown";
const DROPPING: &str = "by hand, dropping unknown";
const KEEPING_AT_ONCE: &str = "by hand, keeping, from_slice";
const DROPPING_AT_ONCE: &str = "by hand, dropping, from_slice";

fn case<T>(name: impl Into<String>, times: u32, mut ours: impl FnMut() -> T + 'static) -> Case {
    let run = Box::new(move || {
        black_box(ours());
    });
    Case { name: name.into(), times, sides: vec![Side { name: "crate", aim: None, run }] }
}

impl Case {
    fn against<T>(
        mut self,
        name: &'static str,
        aim: impl Into<Option<f64>>,
        mut by_hand: impl FnMut() -> T + 'static,
    ) -> Self {
        let run = Box::new(move || {
            black_box(by_hand());
        });
        self.sides.push(Side { name, aim: aim.into(), run });
        self
    }
}

pub fn client(api: &str) -> Client {
    Client::builder().api_url(api).access_token("token").build().unwrap()
}

/// Hands out a body that is there already: what is left is reading it.
struct Ready(String);

impl Transport for Ready {
    fn send(&self, _: http::Request<Vec<u8>>, _: Limits) -> Result<http::Response<Vec<u8>>, TransportError> {
        Ok(http::Response::new(self.0.clone().into_bytes()))
    }

    fn sleep_until(&self, _: Instant) {}
}

struct Page;

impl Operation for Page {
    type Output = Listing<ExternalContact>;
    const ROUTE: Route = Route::get("/api/v2/externalcontacts/contacts");

    fn write(&self, _: &mut RequestParts) -> Result<(), Error> {
        Ok(())
    }

    fn read(&self, response: &Response) -> Result<Self::Output, Error> {
        response.json()
    }
}

fn decode(unknown: bool) -> Case {
    let body = server::page(1, unknown);
    let client = Client::builder().api_url("http://localhost").access_token("t").transport(Ready(body.clone()));
    let client = client.build().unwrap();
    let with = if unknown { "2 unknown members each" } else { "all members known" };
    fn parse<T: for<'de> Deserialize<'de>>(body: &str) -> by_hand::Listing<T> {
        let response = http::Response::new(body.to_owned().into_bytes());
        serde_json::from_slice(response.body()).unwrap()
    }
    let copy = body.clone();
    case(format!("decode 100, {with}"), 10, move || client.execute(&Page).unwrap())
        .against(KEEPING, None, move || parse::<keeping::Contact>(&body))
        .against(DROPPING, None, move || parse::<dropping::Contact>(&copy))
}

/// A contact to create, in the same words for any set of models.
fn written<T: for<'de> Deserialize<'de>>() -> T {
    let mut contact = server::contact(1, false);
    let set_by_the_service = ["id", "modifyDate", "createDate", "type", "mergeSet", "canonicalContact", "selfUri"];
    contact.as_object_mut().unwrap().retain(|name, _| !set_by_the_service.contains(&name.as_str()));
    serde_json::from_value(contact).unwrap()
}

fn encode() -> Case {
    let ours: ExternalContact = written();
    let (kept, dropped): (keeping::Contact, dropping::Contact) = (written(), written());
    let same: [Value; 2] = [serde_json::to_value(&ours).unwrap(), serde_json::to_value(&kept).unwrap()];
    assert_eq!(same[0], same[1], "both sides write the same");
    case("encode 1", 1000, move || serde_json::to_vec(&ours).unwrap())
        .against(KEEPING, None, move || serde_json::to_vec(&kept).unwrap())
        .against(DROPPING, None, move || serde_json::to_vec(&dropped).unwrap())
}

/// So many threads at once, each making its calls.
fn threads(count: usize, call: impl Fn() + Sync) {
    thread::scope(|scope| {
        for _ in 0..count {
            scope.spawn(|| helper(|| (0..CALLS_PER_THREAD).for_each(|_| call())));
        }
    });
}

pub fn all() -> Vec<Case> {
    let api = format!("http://{}", server::start(Manner::default()));
    let gzip = format!("http://{}", server::start(Manner { gzip: true, ..Manner::default() }));
    let mut cases = vec![decode(false), decode(true), encode()];
    cases.extend(blocking(&api, &gzip));
    #[cfg(feature = "reqwest")]
    cases.extend(nonblocking::all(&api, &gzip));
    cases
}

pub fn blocking(api: &str, gzip: &str) -> Vec<Case> {
    let agent = by_hand::agent();
    let contacts = format!("{api}/api/v2/externalcontacts/contacts");
    let one = format!("{contacts}/{ID}");
    let url = by_hand::page_url(api, 1);
    let zipped = by_hand::page_url(gzip, 1);
    // Each closure has a copy of what it needs.
    macro_rules! with {
        ($($name:ident),+; $body:expr) => {{ $(let $name = $name.clone();)+ move || $body }};
    }

    let ours = client(api);
    let mut cases = vec![
        case("get", 100, with!(ours; ours.contacts().get(ID).send().unwrap()))
            .against(KEEPING, 0.97, with!(agent, one; by_hand::get::<keeping::Contact>(&agent, &one)))
            .against(DROPPING, 0.97, with!(agent, one; by_hand::get::<dropping::Contact>(&agent, &one))),
    ];

    // Each call has a contact of its own, as it would have elsewhere.
    let (written, kept, dropped): (ExternalContact, keeping::Contact, dropping::Contact) =
        (written(), written(), written());
    cases.push(
        case("create", 100, with!(ours; ours.contacts().create(written.clone()).send().unwrap()))
            .against(
                KEEPING,
                0.97,
                with!(agent, contacts; by_hand::create::<keeping::Contact>(&agent, &contacts, &kept.clone())),
            )
            .against(
                DROPPING,
                0.97,
                with!(agent, contacts; by_hand::create::<dropping::Contact>(&agent, &contacts, &dropped.clone())),
            ),
    );

    let search = |client: &Client| {
        let client = client.clone();
        move || client.contacts().search().page_size(100).page_number(1).send().unwrap()
    };
    type Kept = by_hand::Listing<keeping::Contact>;
    type Dropped = by_hand::Listing<dropping::Contact>;
    cases.push(
        case("list of 100", 10, search(&ours))
            .against(KEEPING, 1.2, with!(agent, url; by_hand::get::<Kept>(&agent, &url)))
            .against(DROPPING, 1.2, with!(agent, url; by_hand::get::<Dropped>(&agent, &url))),
    );
    cases.push(
        case("list of 100, gzip", 4, search(&client(gzip)))
            .against(KEEPING, 1.2, with!(agent, zipped; by_hand::get::<Kept>(&agent, &zipped)))
            .against(DROPPING, 1.2, with!(agent, zipped; by_hand::get::<Dropped>(&agent, &zipped)))
            .against(KEEPING_AT_ONCE, None, with!(agent, zipped; by_hand::get_at_once::<Kept>(&agent, &zipped)))
            .against(DROPPING_AT_ONCE, None, with!(agent, zipped; by_hand::get_at_once::<Dropped>(&agent, &zipped))),
    );

    let api = api.to_owned();
    cases.push(
        case("10 pages of 100", 1, with!(ours; ours.contacts().search().items().map(Result::unwrap).count()))
            .against(KEEPING, None, with!(agent, api; by_hand::all::<keeping::Contact>(&agent, &api)))
            .against(DROPPING, None, with!(agent, api; by_hand::all::<dropping::Contact>(&agent, &api))),
    );

    for count in THREADS {
        let call = with!(ours; { ours.contacts().get(ID).send().unwrap(); });
        let by_hand = with!(agent, one; { by_hand::get::<dropping::Contact>(&agent, &one); });
        let name = format!("{count} threads, {CALLS_PER_THREAD} gets each");
        let times = if count < 16 { 2 } else { 1 };
        cases.push(
            case(name, times, move || threads(count, &call)).against(DROPPING, None, move || threads(count, &by_hand)),
        );
    }
    cases
}

#[cfg(feature = "reqwest")]
mod nonblocking {
    use std::rc::Rc;

    use genesys_external_contacts::AsyncClient;
    use tokio::runtime::{Builder, Runtime};
    use tokio::task::JoinSet;

    use super::by_hand::{page_url, with_reqwest as by_hand};
    use super::{
        CALLS_PER_THREAD, Case, DROPPING, ExternalContact, ID, KEEPING, THREADS, case, dropping, keeping, written,
    };

    async fn tasks<F: Future<Output = ()> + Send + 'static>(count: usize, calls: impl Fn() -> F) {
        let mut tasks = JoinSet::new();
        for _ in 0..count {
            tasks.spawn(calls());
        }
        tasks.join_all().await;
    }

    pub fn all(api: &str, gzip: &str) -> Vec<Case> {
        // On this thread, so that its clock counts all of it.
        let runtime: Rc<Runtime> = Rc::new(Builder::new_current_thread().enable_all().build().unwrap());
        let client = |api: &str| AsyncClient::builder().api_url(api).access_token("token").build().unwrap();
        let (ours, zipping) = (client(api), client(gzip));
        let other = by_hand::client();
        let contacts = format!("{api}/api/v2/externalcontacts/contacts");
        let one = format!("{contacts}/{ID}");
        let (url, zipped) = (page_url(api, 1), page_url(gzip, 1));
        macro_rules! with {
            ($($name:ident),+; $body:expr) => {{
                let runtime = Rc::clone(&runtime);
                $(let $name = $name.clone();)+
                move || runtime.block_on(async { $body })
            }};
        }

        let (written, kept, dropped): (ExternalContact, keeping::Contact, dropping::Contact) =
            (written(), written(), written());
        type Kept = super::by_hand::Listing<keeping::Contact>;
        type Dropped = super::by_hand::Listing<dropping::Contact>;
        let api = api.to_owned();
        let mut cases = vec![
            case("get, async", 100, with!(ours; ours.contacts().get(ID).send().await.unwrap()))
                .against(KEEPING, None, with!(other, one; by_hand::get::<keeping::Contact>(&other, &one).await))
                .against(DROPPING, None, with!(other, one; by_hand::get::<dropping::Contact>(&other, &one).await)),
            case("create, async", 100, with!(ours; ours.contacts().create(written.clone()).send().await.unwrap()))
                .against(
                    KEEPING,
                    None,
                    with!(other, contacts; by_hand::create::<keeping::Contact>(&other, &contacts, &kept.clone()).await),
                )
                .against(
                    DROPPING,
                    None,
                    with!(other, contacts; by_hand::create::<dropping::Contact>(&other, &contacts, &dropped.clone()).await),
                ),
            case(
                "list of 100, async",
                10,
                with!(ours; ours.contacts().search().page_size(100).page_number(1).send().await.unwrap()),
            )
            .against(KEEPING, None, with!(other, url; by_hand::get::<Kept>(&other, &url).await))
            .against(DROPPING, None, with!(other, url; by_hand::get::<Dropped>(&other, &url).await)),
            case(
                "list of 100, gzip, async",
                4,
                with!(zipping; zipping.contacts().search().page_size(100).page_number(1).send().await.unwrap()),
            )
            .against(KEEPING, None, with!(other, zipped; by_hand::get::<Kept>(&other, &zipped).await))
            .against(DROPPING, None, with!(other, zipped; by_hand::get::<Dropped>(&other, &zipped).await)),
            case(
                "10 pages of 100, async",
                1,
                with!(ours; {
                    let mut items = ours.contacts().search().items();
                    let mut records = 0;
                    while let Some(item) = items.next().await {
                        item.unwrap();
                        records += 1;
                    }
                    records
                }),
            )
            .against(KEEPING, None, with!(other, api; by_hand::all::<keeping::Contact>(&other, &api).await))
            .against(
                DROPPING,
                None,
                with!(other, api; by_hand::all::<dropping::Contact>(&other, &api).await),
            ),
        ];

        for count in THREADS {
            let calls = move |client: AsyncClient| async move {
                for _ in 0..CALLS_PER_THREAD {
                    client.contacts().get(ID).send().await.unwrap();
                }
            };
            let by_hand = move |client: reqwest::Client, one: String| async move {
                for _ in 0..CALLS_PER_THREAD {
                    by_hand::get::<dropping::Contact>(&client, &one).await;
                }
            };
            let name = format!("{count} tasks, {CALLS_PER_THREAD} gets each, async");
            let times = if count < 16 { 2 } else { 1 };
            cases.push(case(name, times, with!(ours; tasks(count, || calls(ours.clone())).await)).against(
                DROPPING,
                None,
                with!(other, one; tasks(count, || by_hand(other.clone(), one.clone())).await),
            ));
        }
        cases
    }
}
