//! Looks at the state of the contacts: duplicates, missing fields, contacts per organization.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use genesys_external_contacts::{Client, ContactExpand, ErrorKind, ExternalContact};
use indicatif::{ProgressBar, ProgressStyle};

use crate::shared::{Connection, Failure, NOT_ALL, Outcome};

/// How many characters a bar of 100 % has in the terminal, and names at most.
const BAR: usize = 32;
const NAME: usize = 30;
/// The parts of a character that a bar may end with.
const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

const AFTER_HELP: &str = "\
Duplicates are contacts that share a phone number (in international form), an
e-mail address or a first and last name (whatever the case).

The service gives out the first 1,000 contacts of a search. Where there are
more, all figures are of these 1,000, the report says so and ends with code 3.";

/// Reports duplicates, missing fields and contacts per organization.
#[derive(clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct Options {
    /// Only contacts that match these words, at most 256 characters; all contacts unless given
    #[arg(long, value_name = "WORDS")]
    q: Option<String>,
    /// How many lines each list has at most, 1 to 1000
    #[arg(long, value_name = "NUMBER", default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..=1000))]
    top: u16,
    /// Draw the charts into this SVG file, too, which is replaced
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
    #[command(flatten)]
    connection: Connection,
}

pub fn run(options: &Options) -> Outcome {
    let client = options.connection.client()?;
    let mut figures = Figures::default();
    figures.collect(&client, options.q.as_deref())?;
    let top = usize::from(options.top);
    let charts = figures.charts(top);
    if let Some(path) = &options.svg {
        let svg = svg(&figures.title(), &charts);
        fs::write(path, svg).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    report(&mut io::stdout().lock(), &figures, &charts, top)?;
    if let Some(path) = &options.svg {
        eprintln!("The charts are in {}.", path.display());
    }
    Ok(if figures.is_cut { ExitCode::from(NOT_ALL) } else { ExitCode::SUCCESS })
}

type Field = (&'static str, fn(&ExternalContact) -> bool);

/// The fields that may be missing, and what tells that they are there.
const FIELDS: [Field; 12] = [
    ("First name", |c| is_text(&c.first_name)),
    ("Last name", |c| is_text(&c.last_name)),
    ("Title", |c| is_text(&c.title)),
    ("Any phone number", |c| c.best_phone().is_some()),
    ("Work phone", |c| c.work_phone.is_some()),
    ("Cell phone", |c| c.cell_phone.is_some()),
    ("Any e-mail address", |c| c.best_email().is_some()),
    ("Work e-mail", |c| is_text(&c.work_email)),
    ("Personal e-mail", |c| is_text(&c.personal_email)),
    ("Address", |c| c.address.is_some()),
    ("City", |c| c.address.as_ref().is_some_and(|address| is_text(&address.city))),
    ("Organization", |c| c.external_organization.is_some()),
];

fn is_text(member: &Option<String>) -> bool {
    member.as_deref().is_some_and(|text| !text.trim().is_empty())
}

/// What is counted. It holds keys and names, not whole contacts.
#[derive(Default)]
struct Figures {
    /// What each contact is called, and where it is reached.
    contacts: Vec<(String, String)>,
    /// How many contacts match in all, as the service says.
    total: u64,
    is_cut: bool,
    /// Which contacts have a phone number, an e-mail address, a name.
    phones: Groups,
    emails: Groups,
    full_names: Groups,
    missing: [usize; FIELDS.len()],
    /// Name and number of contacts by the id of the organization.
    organizations: BTreeMap<String, (String, usize)>,
}

type Groups = BTreeMap<String, BTreeSet<usize>>;

impl Figures {
    fn collect(&mut self, client: &Client, q: Option<&str>) -> Result<(), Failure> {
        let mut search = client.contacts().search().expand([ContactExpand::ExternalOrganization]);
        if let Some(words) = q {
            search = search.q(words);
        }
        // Standard error that is no terminal shows no bar.
        let bar = ProgressBar::new(0);
        bar.set_style(ProgressStyle::with_template("{bar:40} {human_pos} of {human_len} contacts, {eta} left")?);
        let mut contacts = search.items().prefetch();
        while let Some(contact) = contacts.next() {
            self.total = contacts.total().unwrap_or_default();
            bar.set_length(self.total);
            match contact {
                Ok(contact) => self.add(&contact),
                Err(error) if matches!(error.kind(), ErrorKind::ResultWindow(_)) => self.is_cut = true,
                Err(error) => return Err(error.into()),
            }
            bar.inc(1);
        }
        bar.finish_and_clear();
        Ok(())
    }

    fn add(&mut self, contact: &ExternalContact) {
        let number = self.contacts.len();
        let phone = contact.best_phone().and_then(|phone| phone.display.as_deref());
        let reach = contact.best_email().or(phone).unwrap_or("(no phone, no e-mail)");
        self.contacts.push((clean(&contact.display_name()), clean(reach)));
        for phone in [&contact.work_phone, &contact.cell_phone, &contact.home_phone, &contact.other_phone] {
            if let Some(e164) = phone.as_ref().and_then(|phone| phone.e164.clone()) {
                self.phones.entry(e164).or_default().insert(number);
            }
        }
        for email in [&contact.work_email, &contact.personal_email, &contact.other_email].into_iter().flatten() {
            self.emails.entry(email.trim().to_lowercase()).or_default().insert(number);
        }
        if is_text(&contact.first_name) && is_text(&contact.last_name) {
            let names = [&contact.first_name, &contact.last_name].into_iter().flatten();
            let words: Vec<_> = names.flat_map(|name| name.split_whitespace()).map(str::to_lowercase).collect();
            self.full_names.entry(words.join(" ")).or_default().insert(number);
        }
        for (count, (_, is_there)) in self.missing.iter_mut().zip(FIELDS) {
            *count += usize::from(!is_there(contact));
        }
        if let Some(organization) = &contact.external_organization {
            let id = organization.id.clone().unwrap_or_default();
            let name = organization.name.clone().unwrap_or_else(|| id.clone());
            self.organizations.entry(id).or_insert((clean(&name), 0)).1 += 1;
        }
    }

    fn title(&self) -> String {
        match self.contacts.len() {
            count if self.is_cut => format!("Audit of the first {count} of {} contacts", self.total),
            1 => "Audit of 1 contact".to_owned(),
            count => format!("Audit of {count} contacts"),
        }
    }

    fn charts(&self, top: usize) -> [Chart; 2] {
        let all = self.contacts.len();
        let missing = FIELDS.iter().zip(self.missing).map(|((name, _), count)| ((*name).to_owned(), count)).collect();
        let mut organizations: Vec<_> = self.organizations.values().cloned().collect();
        organizations.sort_by(|(name, count), (other_name, other)| other.cmp(count).then(name.cmp(other_name)));
        let sum = |organizations: &[(String, usize)]| organizations.iter().map(|(_, count)| count).sum::<usize>();
        let mut remark = format!("In no organization: {}.", all - sum(&organizations));
        let rest = organizations.split_off(top.min(organizations.len()));
        if !rest.is_empty() {
            remark += &format!(" In other organizations ({}): {}.", rest.len(), sum(&rest));
        }
        [
            Chart { title: "Missing fields", bars: missing, all, remark: String::new() },
            Chart { title: "Contacts per organization", bars: organizations, all, remark },
        ]
    }
}

struct Chart {
    title: &'static str,
    bars: Vec<(String, usize)>,
    /// What 100 % is: the same in each chart, so that their bars can be compared.
    all: usize,
    remark: String,
}

impl Chart {
    fn percent(&self, count: usize) -> f64 {
        100.0 * count as f64 / self.all.max(1) as f64
    }

    fn bar(&self, count: usize) -> String {
        let eighths = (self.percent(count) / 100.0 * (8 * BAR) as f64).round() as usize;
        // A part that is not empty is never shown as nothing.
        let eighths = eighths.max(usize::from(count > 0));
        format!("{}{}", "█".repeat(eighths / 8), EIGHTHS[eighths % 8])
    }
}

fn report(out: &mut impl Write, figures: &Figures, charts: &[Chart], top: usize) -> io::Result<()> {
    writeln!(out, "{}", figures.title())?;
    if figures.is_cut {
        writeln!(out, "\nNOT ALL: the service gives out only so many of a search. All figures are of this part.")?;
        writeln!(out, "Look at parts that are small enough with --q.")?;
    }
    if figures.contacts.is_empty() {
        return Ok(());
    }
    writeln!(out, "\nDuplicates")?;
    type Shown = fn(&(String, String)) -> &str;
    let kinds: [(_, _, Shown); 3] = [
        ("phone number", &figures.phones, |(name, _)| name),
        ("e-mail address", &figures.emails, |(name, _)| name),
        ("first and last name", &figures.full_names, |(_, reach)| reach),
    ];
    for (kind, groups, shown_of) in kinds {
        let mut shared: Vec<_> = groups.iter().filter(|(_, contacts)| contacts.len() > 1).collect();
        shared.sort_by_key(|(_, contacts)| std::cmp::Reverse(contacts.len()));
        let contacts: BTreeSet<_> = shared.iter().flat_map(|(_, contacts)| contacts.iter()).collect();
        match shared.len() {
            0 => writeln!(out, "  Same {kind}: none")?,
            count => writeln!(out, "  Same {kind}: {count}, shared by {} contacts", contacts.len())?,
        }
        let shown = &shared[..shared.len().min(top)];
        let width = shown.iter().map(|(key, _)| shorten(key).chars().count()).max().unwrap_or_default();
        for (key, contacts) in shown {
            let some = contacts.iter().take(3).filter_map(|contact| figures.contacts.get(*contact));
            let names = some.map(|contact| shorten(shown_of(contact))).collect::<Vec<_>>().join(", ");
            let more = if contacts.len() > 3 { ", …" } else { "" };
            writeln!(out, "    {:<width$}  {:>4}  {names}{more}", shorten(&clean(key)), contacts.len())?;
        }
        if shared.len() > top {
            writeln!(out, "    … and {} more", shared.len() - top)?;
        }
    }
    let names = charts.iter().flat_map(|chart| &chart.bars).map(|(name, _)| shorten(name).chars().count());
    let width = names.max().unwrap_or_default();
    for chart in charts {
        writeln!(out, "\n{}", chart.title)?;
        for (name, count) in &chart.bars {
            let (name, percent, bar) = (shorten(name), chart.percent(*count), chart.bar(*count));
            let line = format!("  {name:<width$}  {count:>5}  {percent:>5.1} %  {bar}");
            writeln!(out, "{}", line.trim_end())?;
        }
        let quarter = "─".repeat(BAR / 4 - 1);
        writeln!(out, "  {:width$}  {:5}  {:7}  ├{quarter}┼{quarter}┼{quarter}┼{quarter}┤", "", "", "")?;
        let ticks: String = ["0", "25", "50", "75"].map(|tick| format!("{tick:<0$}", BAR / 4)).concat();
        writeln!(out, "  {:width$}  {:5}  {:7}  {ticks}100 %", "", "", "")?;
        if !chart.remark.is_empty() {
            writeln!(out, "  {}", chart.remark)?;
        }
    }
    Ok(())
}

/// The charts below each other, 800 wide.
fn svg(title: &str, charts: &[Chart]) -> String {
    const ROW: usize = 24;
    /// Where bars begin, and how long one of 100 % is.
    const LEFT: f64 = 296.0;
    const FULL: f64 = 360.0;
    let mut body = format!("<text x=\"24\" y=\"40\" font-size=\"22\">{}</text>\n", escape(title));
    let mut y = 84;
    for chart in charts {
        body += &format!("<text x=\"24\" y=\"{y}\" font-size=\"16\" font-weight=\"bold\">{}</text>\n", chart.title);
        y += 12;
        let bottom = y + ROW * chart.bars.len() + 4;
        for percent in [0, 25, 50, 75, 100] {
            let x = LEFT + FULL * f64::from(percent) / 100.0;
            body += &format!(
                "<path d=\"M{x} {y}V{bottom}\" stroke=\"#ddd\"/>\
                 <text x=\"{x}\" y=\"{}\" text-anchor=\"middle\" fill=\"#555\">{percent} %</text>\n",
                bottom + 16,
            );
        }
        for (name, count) in &chart.bars {
            let (percent, middle) = (chart.percent(*count), y + 16);
            let width = FULL * percent / 100.0;
            let (short, name, end) = (escape(&shorten(name)), escape(name), LEFT + width + 8.0);
            body += &format!(
                "<g><title>{name}: {count}</title>\
                 <text x=\"286\" y=\"{middle}\" text-anchor=\"end\">{short}</text>\
                 <rect x=\"{LEFT}\" y=\"{}\" width=\"{width:.1}\" height=\"16\" rx=\"2\" fill=\"#3b6ea5\"/>\
                 <text x=\"{end:.1}\" y=\"{middle}\" fill=\"#555\">{count} ({percent:.1} %)</text></g>\n",
                y + 4,
            );
            y += ROW;
        }
        body += &format!("<text x=\"{LEFT}\" y=\"{}\" fill=\"#555\">{}</text>\n", y + 44, chart.remark);
        y += 88;
    }
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 800 {y}\" width=\"800\" height=\"{y}\" \
         font-family=\"sans-serif\" font-size=\"13\" fill=\"#222\">\n\
         <rect width=\"800\" height=\"{y}\" fill=\"#fff\"/>\n{body}</svg>\n"
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn shorten(name: &str) -> String {
    let is_long = name.chars().count() > NAME;
    if is_long { name.chars().take(NAME - 1).chain(['…']).collect() } else { name.to_owned() }
}

/// Text that can do nothing to a terminal, and that XML allows.
fn clean(text: &str) -> String {
    text.chars().map(|c| if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') { ' ' } else { c }).collect()
}
