//! Many figures in one reading, under many groupings, say what each says alone, whatever the cases, the period and the as-of.

use tongguan::{
    domain::{
        case::Case,
        kpi::{CATALOGUE, Figure},
    },
    store::kpi::{Cut, Dimension, Question, answers, cuts},
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
    let together = vec![
        vec![],
        vec![Dimension::Fate],
        vec![Dimension::Month],
        vec![Dimension::Weekday, Dimension::Hour],
        vec![Dimension::Satisfaction],
    ];
    for (is_assessed, groupings) in [
        (false, vec![vec![]]),
        (true, vec![vec![Dimension::Unit]]),
        (false, vec![vec![Dimension::Community, Dimension::Category]]),
        (true, vec![vec![Dimension::Stream], vec![Dimension::Unit]]),
        (false, together),
    ] {
        let period = sample(&mut runner, &periods());
        let of = |figure, group_by: &[Dimension]| Question {
            group_by: group_by.to_vec(),
            stream: is_assessed.then(|| drawn[0].stream.to_string()),
            is_assessed,
            ..Question::new(figure, period, "Asia/Shanghai")
        };
        let cut = |group_by: &Vec<Dimension>| Cut { figures: figures.clone(), group_by: group_by.clone() };
        let asked: Vec<Cut> = groupings.iter().map(cut).collect();
        let all = cuts(&scratch.store, &of(figures[0], &[]), &asked).await.unwrap();
        assert_eq!(all.len(), groupings.len());
        for (group_by, found) in groupings.iter().zip(&all) {
            assert_eq!(found.len(), figures.len());
            for (figure, found) in figures.iter().zip(found) {
                let alone = answers(&scratch.store, &of(figure, group_by)).await.unwrap();
                assert_eq!(found, &alone, "{} by {group_by:?} of {period:?}", figure.id);
                groups += alone.len();
            }
        }
    }
    assert!(groups > 9 * figures.len(), "too few groups to show anything: {groups}");
}
