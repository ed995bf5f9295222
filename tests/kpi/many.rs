//! Many figures in one reading say what each says alone, whatever the cases, the period, the as-of and the grouping.

use tongguan::{
    domain::{
        case::Case,
        kpi::{CATALOGUE, Figure},
    },
    store::kpi::{Dimension, Question, answers, many},
};

use crate::{
    histories::{cases, periods, runner, sample},
    scratch::Scratch,
};

const CASES: usize = 1500;

#[tokio::test]
async fn many_figures_say_what_each_says_alone() {
    let scratch = Scratch::new("many").await;
    let mut runner = runner();
    let strategy = cases();
    let numbered = |index| Case { case_id: format!("C{index:05}").into(), ..sample(&mut runner, &strategy) };
    let drawn: Vec<Case> = (0..CASES).map(numbered).collect();
    scratch.insert(drawn.iter(), 0).await;
    let figures: Vec<&'static Figure> = CATALOGUE.iter().collect();
    let mut groups = 0;
    for (is_assessed, group_by) in
        [(false, vec![]), (true, vec![Dimension::Unit]), (false, vec![Dimension::Community, Dimension::Category])]
    {
        let period = sample(&mut runner, &periods());
        let of = |figure| Question {
            group_by: group_by.clone(),
            stream: is_assessed.then(|| drawn[0].stream.to_string()),
            is_assessed,
            ..Question::new(figure, period, "Asia/Shanghai")
        };
        let all = many(&scratch.store, &of(figures[0]), &figures).await.unwrap();
        assert_eq!(all.len(), figures.len());
        for (figure, found) in figures.iter().zip(&all) {
            let alone = answers(&scratch.store, &of(figure)).await.unwrap();
            assert_eq!(found, &alone, "{} by {group_by:?} of {period:?}", figure.id);
            groups += alone.len();
        }
    }
    assert!(groups > 3 * figures.len(), "too few groups to show anything: {groups}");
}
