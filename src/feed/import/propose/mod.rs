//! From a file that nobody has described to the mapping that it probably needs: by the names of its columns and by what stands in them. What
//! could be two things is asked for and not guessed.

mod choices;
mod codes;
mod dates;
mod known;
mod look;
mod meaning;
mod names;
mod pinyin;
#[cfg(test)]
mod tests;
mod toml_text;
mod words;

pub use self::{
    choices::{ProposeChoices, ProposeLack, propose_title},
    codes::{ASKED, propose_options},
    dates::ProposeWritten,
    known::ProposeKnown,
    look::{ProposeColumn, ProposeTable, ProposeWish, look},
    meaning::{MEANINGS, ProposeKind, ProposeMeaning, propose_meaning},
    names::ProposeSure,
};

/// Of the values of a time, so many have to be times.
const TIMES_LEAST: f64 = 0.5;

/// What is proposed for a file.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// A mapping that is there already, and is better than any made of names.
    pub known: Option<ProposeKnown>,
    pub choices: ProposeChoices,
    /// Of each column, in order.
    pub lines: Vec<ProposeLine>,
    pub notes: Vec<ProposeNote>,
}

/// How a column was understood.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProposeLine {
    /// None: its name says nothing.
    pub sure: Option<ProposeSure>,
    /// What it could be; several are asked for.
    pub could_be: Vec<&'static str>,
}

/// What whoever looks has to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProposeNote {
    /// Several columns that could be the same.
    SameAs {
        meaning: &'static str,
        columns: Vec<String>,
    },
    /// One column that could be several things.
    Either {
        column: String,
        meanings: Vec<&'static str>,
    },
    /// Called like a time, and holds none.
    NotTimes {
        column: String,
        meaning: &'static str,
        read: u64,
        of: u64,
    },
    /// Day or month first cannot be told.
    Order {
        columns: Vec<String>,
    },
    /// Some day first and some month first.
    BothOrders {
        column: String,
        shape: String,
    },
    /// A number stands in several rows.
    Repeated {
        column: String,
        rows: u64,
    },
    Missing(ProposeMissing),
}

/// What a file does not have, and what follows from that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProposeMissing {
    /// Whatever has a time of closing is closed.
    Status,
    /// Nothing is ever closed.
    Close,
    Due,
    Unit,
    /// It is taken from another time.
    Acceptance,
}

/// What is said of a file beside what stands in it.
#[derive(Clone, Copy, Debug)]
pub struct ProposeFor<'a> {
    pub stream: &'a str,
    pub timezone: &'a str,
    pub sheet: Option<&'a str>,
}

pub fn propose(table: &ProposeTable, what_for: ProposeFor<'_>) -> Proposal {
    let known = known::known(&table.header(), table.delimiter, what_for.stream);
    let mut notes = Vec::new();
    let (mut lines, chosen) = by_name(table, &mut notes);
    let mut choices = ProposeChoices {
        stream: what_for.stream.to_owned(),
        source: format!("urn:upload:{}", what_for.stream),
        timezone: what_for.timezone.to_owned(),
        sheet: what_for.sheet.map(str::to_owned),
        delimiter: table.delimiter.filter(|delimiter| *delimiter != ','),
        ..ProposeChoices::default()
    };
    for ((column, line), meaning) in table.columns.iter().zip(&mut lines).zip(chosen) {
        choices.columns.push((column.name.clone(), meaning.to_owned()));
        if meaning.is_empty() {
            line.could_be.clear();
        }
    }
    notes.extend(complete(table, &mut choices));
    Proposal { known, choices, lines, notes }
}

/// What follows from the meanings of the columns, as they are chosen: how dates are written, which codes there are; and what whoever chose has to know.
pub fn complete(table: &ProposeTable, choices: &mut ProposeChoices) -> Vec<ProposeNote> {
    let mut notes = Vec::new();
    of_dates(table, choices, &mut notes);
    of_codes(table, choices);
    let numbers = table.columns.iter().zip(&choices.columns).filter(|(_, (_, id))| id == "case_id");
    let repeated = numbers.filter(|(column, _)| column.repeated > 0);
    notes.extend(
        repeated.map(|(column, _)| ProposeNote::Repeated { column: column.name.clone(), rows: column.repeated }),
    );
    missing(choices, &mut notes);
    notes
}

/// The meaning of each column; empty for none, and asked where it is not clear.
fn by_name(table: &ProposeTable, notes: &mut Vec<ProposeNote>) -> (Vec<ProposeLine>, Vec<&'static str>) {
    let mut lines: Vec<ProposeLine> = table.columns.iter().map(|column| line(column, notes)).collect();
    // A column that could be two things is the one that no other column is.
    let only: Vec<&str> = lines.iter().filter(|line| line.could_be.len() == 1).map(|line| line.could_be[0]).collect();
    for line in lines.iter_mut().filter(|line| line.could_be.len() > 1) {
        let left: Vec<&'static str> = line.could_be.iter().copied().filter(|id| !only.contains(id)).collect();
        if left.len() == 1 {
            line.could_be = left;
        }
    }
    let mut chosen = vec![""; lines.len()];
    for (at, line) in lines.iter().enumerate().filter(|(_, line)| line.could_be.len() > 1) {
        let column = table.columns[at].name.clone();
        notes.push(ProposeNote::Either { column, meanings: line.could_be.clone() });
        chosen[at] = ASKED;
    }
    for meaning in MEANINGS {
        let of_it: Vec<usize> = (0..lines.len()).filter(|at| lines[*at].could_be == [meaning.id]).collect();
        let surest = of_it.iter().filter_map(|at| lines[*at].sure).max();
        let best: Vec<usize> = of_it.into_iter().filter(|at| lines[*at].sure == surest).collect();
        match best.as_slice() {
            [] => {}
            [one] => chosen[*one] = meaning.id,
            several => {
                several.iter().for_each(|at| chosen[*at] = ASKED);
                let columns = several.iter().map(|at| table.columns[*at].name.clone()).collect();
                notes.push(ProposeNote::SameAs { meaning: meaning.id, columns });
            }
        }
    }
    (lines, chosen)
}

/// What its name says, if what stands in it does not speak against it.
fn line(column: &ProposeColumn, notes: &mut Vec<ProposeNote>) -> ProposeLine {
    let Some((sure, meanings)) = names::meanings(&column.name) else { return ProposeLine::default() };
    let written = column.dates.told();
    let holds_times = written.of == 0 || written.read as f64 >= written.of as f64 * TIMES_LEAST;
    let is_time = |meaning: &&ProposeMeaning| matches!(meaning.kind, ProposeKind::Time | ProposeKind::Due);
    if let Some(meaning) = meanings.iter().copied().find(|meaning| is_time(meaning) && !holds_times) {
        let ProposeWritten { read, of, .. } = written;
        notes.push(ProposeNote::NotTimes { column: column.name.clone(), meaning: meaning.id, read, of });
        return ProposeLine { sure: Some(sure), could_be: Vec::new() };
    }
    ProposeLine { sure: Some(sure), could_be: meanings.iter().map(|meaning| meaning.id).collect() }
}

/// Of the columns that are times, or may be.
fn of_dates(table: &ProposeTable, choices: &mut ProposeChoices, notes: &mut Vec<ProposeNote>) {
    let is_time = |id: &str| {
        id == ASKED || propose_meaning(id).is_some_and(|one| matches!(one.kind, ProposeKind::Time | ProposeKind::Due))
    };
    let times = table.columns.iter().zip(&choices.columns).filter(|(_, (_, id))| is_time(id));
    let told: Vec<(String, ProposeWritten)> =
        times.map(|(column, _)| (column.name.clone(), column.dates.told())).filter(|(_, told)| told.read > 0).collect();
    let (formats, either) = dates::settled(&told.iter().map(|(_, written)| written.clone()).collect::<Vec<_>>());
    for (column, written) in &told {
        let both = |shape: &String| ProposeNote::BothOrders { column: column.clone(), shape: shape.clone() };
        notes.extend(written.contradictory.iter().map(both));
        for null in &written.nulls {
            if !choices.null_values.iter().any(|known| known == null) {
                choices.null_values.push((*null).to_owned());
            }
        }
    }
    if !either.is_empty() && !["day", "month"].contains(&choices.order.as_str()) {
        let columns = told.iter().filter(|(_, written)| !written.either.is_empty()).map(|(name, _)| name.clone());
        notes.push(ProposeNote::Order { columns: columns.collect() });
        choices.order = ASKED.to_owned();
    }
    choices.formats = formats.into_iter().map(str::to_owned).collect();
    choices.either = either.into_iter().map(str::to_owned).collect();
}

/// Codes that become something, with what they probably mean. Of a column that is asked for nothing is known yet.
fn of_codes(table: &ProposeTable, choices: &mut ProposeChoices) {
    for (column, (_, id)) in table.columns.iter().zip(&choices.columns) {
        if propose_options(id).is_empty() {
            continue;
        }
        let codes = column.values.all();
        let guessed = codes.into_iter().filter(|(code, _)| !choices.null_values.iter().any(|null| null == code));
        let values = choices.values.entry(id.clone()).or_default();
        for (code, _) in guessed {
            values.entry(code.to_owned()).or_insert_with(|| codes::guess(id, code).to_owned());
        }
    }
}

fn missing(choices: &ProposeChoices, notes: &mut Vec<ProposeNote>) {
    let has = |id: &str| choices.columns.iter().any(|(_, meaning)| meaning == id);
    // What is asked for may be it.
    let of = [
        (!has("closed") && !has(ASKED), ProposeMissing::Close),
        (!has("status") && has("closed"), ProposeMissing::Status),
        (!has("due_at") && !has(ASKED), ProposeMissing::Due),
        (!has("unit") && !has(ASKED), ProposeMissing::Unit),
        (!has("accepted") && !has(ASKED) && (has("reported") || has("filed")), ProposeMissing::Acceptance),
    ];
    notes.extend(of.into_iter().filter_map(|(is, missing)| is.then_some(ProposeNote::Missing(missing))));
}
