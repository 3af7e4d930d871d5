//! Metrics as small plots, where people would rather look than read.

use std::fmt::Write;

use super::{Look, clean};
use crate::diagnostics::Series;

/// Columns of a plot.
const WIDTH: usize = 48;
/// Characters for heights, from empty to full.
const BLOCKS: [char; 9] = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const SIGNS: [char; 9] = [' ', '.', ':', '-', '=', '+', '*', '#', '@'];

/// A line for each series: its name, its plot, and its least and greatest value.
#[must_use]
pub fn plots(series: &[Series], look: Look) -> String {
    let width = series.iter().map(|one| shown(one).chars().count()).max();
    let width = width.unwrap_or(0);
    let mut text = String::new();
    for one in series {
        let name = shown(one);
        let _infallible = match one.values.is_empty() {
            true => writeln!(text, "  {name:<width$}  no values"),
            false => writeln!(text, "  {name:<width$}  {}  {}", plot(one, look), span(one)),
        };
    }
    text
}

/// The name of a series, shortened.
fn shown(series: &Series) -> String {
    let name = clean(&series.name);
    name.chars().take(40).collect()
}

/// The greatest value of each column, as heights.
fn plot(series: &Series, look: Look) -> String {
    let signs = if look.unicode { BLOCKS } else { SIGNS };
    let greatest = series.values.iter().copied().fold(0.0, f64::max);
    let each = series.values.len().div_ceil(WIDTH).max(1);
    let columns = series.values.chunks(each).map(|values| {
        let value = values.iter().copied().fold(0.0, f64::max);
        let height = match greatest > 0.0 && value > 0.0 {
            // What is there is seen, however small it is.
            true => ((value / greatest) * 8.0).ceil().clamp(1.0, 8.0) as usize,
            false => 0,
        };
        signs.get(height).copied().unwrap_or(' ')
    });
    format!("|{}|", columns.collect::<String>())
}

/// The least and greatest value.
fn span(series: &Series) -> String {
    let least = series.values.iter().copied().fold(f64::INFINITY, f64::min);
    let greatest = series
        .values
        .iter()
        .copied()
        .fold(f64::NEG_INFINITY, f64::max);
    match least == greatest {
        true => format!("always {}", number(least)),
        false => format!("{} to {}", number(least), number(greatest)),
    }
}

/// A number without needless decimals.
fn number(value: f64) -> String {
    match value.fract() == 0.0 && value.abs() < 1e15 {
        true => format!("{value:.0}"),
        false => format!("{value:.1}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plot_shows_what_is_there() {
        let series = [
            Series {
                name: "Invocations".to_owned(),
                values: vec![0.0, 0.0, 0.0],
            },
            Series {
                name: "Errors".to_owned(),
                values: vec![0.0, 1.0, 400.0, 800.0],
            },
            Series {
                name: "Throttles".to_owned(),
                values: Vec::new(),
            },
        ];
        let look = |unicode| Look {
            color: false,
            links: false,
            unicode,
        };
        assert_eq!(
            plots(&series, look(true)),
            "  Invocations  |   |  always 0\n  Errors       | ▁▄█|  0 to 800\n  Throttles    no values\n"
        );
        assert!(plots(&series, look(false)).contains("| .=@|"));
    }
}
