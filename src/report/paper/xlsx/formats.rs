//! How cells look. One of each, because Excel counts them.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder};

use crate::report::paper::Language;

const BLUE: Color = Color::RGB(0x1f_4e79);
const PALE: Color = Color::RGB(0xf2_f6fa);
const LINE: Color = Color::RGB(0xd9_e0e7);
const SOFT: Color = Color::RGB(0x5b_6b7b);

#[derive(Debug)]
pub struct Formats {
    pub title: Format,
    pub heading: Format,
    pub signed: Format,
    hours: &'static str,
    pub twin: Format,
    pub caption: Format,
    pub head: Format,
    pub said: Format,
    pub note: Format,
    plain: Format,
    bold: Format,
}

/// What a number is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Number {
    Count,
    /// Points of a weighted rate.
    Decimal,
    Percent,
    Growth,
    Points,
    /// As a part of a day.
    Hours,
}

impl Formats {
    pub fn new(language: Language) -> Self {
        let font = || Format::new().set_font_name("宋体").set_font_size(10.5);
        let wrapped = || font().set_text_wrap().set_align(FormatAlign::Top);
        let cell = || wrapped().set_border_bottom(FormatBorder::Thin).set_border_bottom_color(LINE);
        Self {
            title: font().set_font_size(16).set_bold().set_font_color(BLUE),
            heading: font().set_font_size(13).set_bold().set_font_color(BLUE),
            signed: wrapped().set_align(FormatAlign::Right),
            hours: match language {
                Language::Zh => "[h]\"小时\"mm\"分\"",
                Language::En | Language::Both => "[h]\" h \"mm\" min\"",
            },
            twin: font().set_font_color(SOFT),
            caption: font().set_font_size(11.5).set_bold(),
            head: wrapped()
                .set_bold()
                .set_font_color(Color::White)
                .set_background_color(BLUE)
                .set_align(FormatAlign::Center),
            said: wrapped(),
            note: wrapped().set_font_size(9.5).set_font_color(SOFT),
            plain: cell(),
            bold: cell().set_bold().set_background_color(PALE),
        }
    }

    pub fn text(&self, is_total: bool) -> Format {
        if is_total { self.bold.clone() } else { self.plain.clone() }
    }

    pub fn number(&self, number: Number, is_total: bool) -> Format {
        let format = match number {
            Number::Count => "#,##0",
            Number::Decimal => "#,##0.00",
            Number::Percent => "0.00%",
            Number::Growth => "+0.00%;-0.00%;0.00%",
            Number::Points => "+0.00\" pp\";-0.00\" pp\";0.00\" pp\"",
            Number::Hours => self.hours,
        };
        self.text(is_total).set_num_format(format).set_align(FormatAlign::Right)
    }
}
