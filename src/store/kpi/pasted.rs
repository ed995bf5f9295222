//! The SQL of a figure as a text that anybody can run as it stands, in `clickhouse-client` or over HTTP, against the mart.

use super::{
    Question,
    query::{Parameter, assessed, parameters, sql},
};
use crate::{
    domain::kpi::{Figure, Shape},
    store::{client::Store, literal::quoted, relation},
};

/// What `answers` asks, with every value written out. It names only the mart.
pub fn pasted(store: &Store, question: &Question) -> String {
    if question.figure.shape == Shape::Net {
        return net(store, question);
    }
    // What the comments say of the template is not about what it becomes.
    let text = assessed(question, &sql(question, include_str!("../queries/kpi_answers.sql")));
    let text = text.replace("{{flags}}", &relation::view_call(question.figure));
    let text = text.replace("{{made}}", "").replace("{{also}}", "");
    let lines = text.lines().map(|line| line.split("--").next().unwrap_or_default().trim_end());
    let text = lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n").replace("true AND ", "");
    store.sql(&parameters(question).into_iter().fold(text, |text, parameter| filled(&text, &parameter)))
}

fn filled(text: &str, Parameter { name, kind, value }: &Parameter) -> String {
    let literal = quoted(value);
    let literal =
        if kind.starts_with("DateTime64") { format!("toDateTime64({literal}, 3, 'Asia/Shanghai')") } else { literal };
    text.replace(&format!("{{{name}:{kind}}}"), &literal)
}

/// One count minus the other, group by group.
fn net(store: &Store, question: &Question) -> String {
    let part = |id: &str, sign: &str| {
        let figure = Figure::by_id(id)?;
        let text = pasted(store, &Question { figure, ..question.clone() });
        Some(format!("SELECT labels, {sign}numerator AS part FROM\n(\n{text}\n)"))
    };
    let parts: Vec<String> = [("K17a", ""), ("K17b", "-")].iter().filter_map(|(id, sign)| part(id, sign)).collect();
    format!(
        "SELECT labels, sum(part) AS numerator FROM\n(\n{}\n)\nGROUP BY labels\nORDER BY labels",
        parts.join("\nUNION ALL\n")
    )
}
