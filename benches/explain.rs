//! What it costs to search a log for errors, as a multiple of counting one word in it.

use std::hint::black_box;
use std::io::{Write, stdout};
use std::time::Instant;

use lint_lambda::unstable::catalogue::Catalogue;
use lint_lambda::unstable::explain::Search;
use lint_lambda::unstable::source::SourceMap;

const MEGABYTES: usize = 50;

fn main() -> std::io::Result<()> {
    let (catalogue, _) = Catalogue::builtin(&mut SourceMap::default());
    let symptoms = catalogue.symptoms();
    let log = log();
    let counted = least(|| log.matches("AccessDenied").count());
    let searched = least(|| {
        let mut search = Search::new(symptoms);
        search.feed(&log);
        search.finish().0.len()
    });
    let mut out = stdout();
    writeln!(
        out,
        "{:>10} {:>9} {:>10} {:>6}",
        "bytes", "count ms", "search ms", "ratio"
    )?;
    let ratio = searched / counted;
    writeln!(
        out,
        "{:>10} {counted:>9.0} {searched:>10.0} {ratio:>6.1}",
        log.len()
    )
}

/// A log of a busy function with an error now and then.
fn log() -> String {
    let mut log = String::new();
    let mut at = 0_u64;
    while log.len() < MEGABYTES << 20 {
        at += 1;
        log.push_str(&format!(
            "2026-11-26T10:00:00.{:03}Z\t{at:032x}\tINFO\torder {at} of customer {} is done\n",
            at % 1_000,
            at % 777
        ));
        if at.is_multiple_of(2_000) {
            log.push_str(&format!(
                "[ERROR] AccessDeniedException: User: arn:aws:sts::123456789012:assumed-role/r/f is not authorized \
                 to perform: dynamodb:GetItem on resource: arn:aws:dynamodb:eu-west-1:123456789012:table/t{} because \
                 no identity-based policy allows the dynamodb:GetItem action\n",
                at % 9
            ));
        }
    }
    log
}

/// The least time of several runs, in milliseconds.
fn least(mut run: impl FnMut() -> usize) -> f64 {
    let times = (0..5).map(|_| {
        let start = Instant::now();
        black_box(run());
        start.elapsed().as_secs_f64() * 1_000.0
    });
    times.fold(f64::INFINITY, f64::min)
}
