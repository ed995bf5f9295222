//! Charts that Excel draws: their values stand on a sheet of their own, and the chart beside what it shows.

use rust_xlsxwriter::{
    Chart as Drawing, ChartDataLabel, ChartFont, ChartFormat, ChartLegendPosition, ChartLine, ChartMarker,
    ChartMarkerType, ChartSolidFill, ChartType, Color, Worksheet, XlsxError,
};

use super::{
    fitting,
    formats::{Formats, Number},
};
use crate::report::{
    paper::{Chart, ChartKind, Language},
    table::width,
};

const COLOURS: [u32; 8] = [0x1f_4e79, 0xd9_822b, 0x4f_9d7e, 0x8a_6fb0, 0x5b_9bd5, 0xa6_5a5a, 0x8c_8c3c, 0x7a_8794];
const PIXELS_A_ROW: u32 = 20;

/// The values of all charts, under each other.
#[derive(Debug)]
pub struct Data {
    /// Its name.
    sheet: &'static str,
    charts: Vec<Chart>,
    next_row: u32,
}

/// Where the values of a chart stand.
#[derive(Clone, Copy, Debug)]
pub struct Drawn {
    sheet: &'static str,
    head: u32,
    last: u32,
}

impl Data {
    pub fn new(language: Language) -> Self {
        let sheet = if language == Language::En { "Values of charts" } else { "图表数据" };
        Self { sheet, charts: Vec::new(), next_row: 0 }
    }

    pub fn is_empty(&self) -> bool {
        self.charts.is_empty()
    }

    pub fn add(&mut self, chart: &Chart) -> Drawn {
        let head = self.next_row + 1;
        let last = head + chart.labels.len().max(1) as u32;
        self.next_row = last + 2;
        self.charts.push(chart.clone());
        Drawn { sheet: self.sheet, head, last }
    }

    pub fn write(&self, sheet: &mut Worksheet, formats: &Formats) -> Result<(), XlsxError> {
        sheet.set_name(self.sheet)?;
        let labels = self.charts.iter().flat_map(|chart| &chart.labels);
        let widest = labels.map(|label| width(&label.zh)).max().unwrap_or(8);
        sheet.set_column_width(0, (widest + 2).clamp(10, 60) as f64)?;
        for column in 1..=8 {
            sheet.set_column_width(column, 24)?;
        }
        let mut row = 0;
        for chart in &self.charts {
            sheet.write_string_with_format(row, 0, fitting(&chart.title.both(" ")), &formats.caption)?;
            for (column, series) in (1..).zip(&chart.series) {
                sheet.write_string_with_format(row + 1, column, fitting(&series.name.both(" ")), &formats.head)?;
            }
            for (index, label) in chart.labels.iter().enumerate() {
                let at = row + 2 + index as u32;
                sheet.write_string_with_format(at, 0, fitting(&label.zh), &formats.text(false))?;
                for (column, series) in (1..).zip(&chart.series) {
                    if let Some(value) = series.values.get(index).copied().flatten() {
                        sheet.write_number_with_format(
                            at,
                            column,
                            value as f64,
                            &formats.number(Number::Count, false),
                        )?;
                    }
                }
            }
            row += 2 + chart.labels.len().max(1) as u32 + 1;
        }
        sheet.set_freeze_panes(1, 0)?;
        sheet.set_paper_size(9).set_print_fit_to_pages(1, 0);
        Ok(())
    }
}

/// How many rows it covers, with some air.
pub fn rows(chart: &Chart) -> u32 {
    high(chart) / PIXELS_A_ROW + 2
}

fn high(chart: &Chart) -> u32 {
    match chart.kind {
        ChartKind::Bars => 110 + 24 * chart.labels.len() as u32 * chart.series.len().clamp(1, 2) as u32,
        // Two of them on a page that lies.
        ChartKind::Pie => 230,
        ChartKind::Columns | ChartKind::Line => 290,
    }
}

pub fn insert(sheet: &mut Worksheet, row: u32, chart: &Chart, drawn: &Drawn) -> Result<(), XlsxError> {
    let mut drawing = Drawing::new(match chart.kind {
        ChartKind::Bars => ChartType::Bar,
        ChartKind::Columns => ChartType::Column,
        ChartKind::Line => ChartType::Line,
        ChartKind::Pie => ChartType::Doughnut,
    });
    let title: String = fitting(&chart.title.both(" ")).chars().take(255).collect();
    drawing.title().set_name(&title).set_font(ChartFont::new().set_size(12));
    drawing.set_alt_text(&title);
    let is_pie = chart.kind == ChartKind::Pie;
    let shown = if is_pie { 1 } else { chart.series.len() };
    for (index, column) in (0..shown).zip(1_u16..) {
        let series = drawing.add_series();
        series
            .set_name((drawn.sheet, drawn.head, column))
            .set_categories((drawn.sheet, drawn.head + 1, 0, drawn.last, 0))
            .set_values((drawn.sheet, drawn.head + 1, column, drawn.last, column));
        let colour = Color::RGB(COLOURS[index % COLOURS.len()]);
        match chart.kind {
            ChartKind::Line => {
                series.set_format(ChartFormat::new().set_line(ChartLine::new().set_color(colour).set_width(2)));
                let kinds = [ChartMarkerType::Circle, ChartMarkerType::Square, ChartMarkerType::Triangle];
                let mut fill = ChartFormat::new();
                fill.set_solid_fill(ChartSolidFill::new().set_color(colour));
                series.set_marker(ChartMarker::new().set_type(kinds[index % 3]).set_size(5).set_format(&mut fill));
            }
            ChartKind::Pie => {
                series.set_point_colors(&COLOURS.map(Color::RGB));
                series.set_data_label(ChartDataLabel::new().show_percentage());
            }
            ChartKind::Bars | ChartKind::Columns => {
                series.set_format(ChartFormat::new().set_solid_fill(ChartSolidFill::new().set_color(colour)));
                series.set_data_label(ChartDataLabel::new().show_value());
                series.set_gap(50);
            }
        }
    }
    let mut pale = ChartLine::new();
    pale.set_color(Color::RGB(0xd9_e0e7));
    let values = if chart.kind == ChartKind::Bars { drawing.x_axis() } else { drawing.y_axis() };
    values.set_major_gridlines_line(&pale);
    if chart.kind == ChartKind::Bars {
        // The first one on top: of lying bars the axis of the names is the upright one.
        drawing.y_axis().set_reverse();
    }
    if is_pie {
        drawing.legend().set_position(ChartLegendPosition::Right);
    } else if shown < 2 {
        drawing.legend().set_hidden();
    } else {
        drawing.legend().set_position(ChartLegendPosition::Bottom);
    }
    drawing.set_width(760).set_height(high(chart));
    // A hair lower than the row, which may be the first of a page.
    sheet.insert_chart_with_offset(row, 0, &drawing, 0, 6)?;
    Ok(())
}
