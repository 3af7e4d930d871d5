//! What a person sees on a terminal while a run takes long.
//!
//! Standard error only, and only if it is a terminal: a log would keep each of the lines.

use std::io::{self, IsTerminal, Write};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// How long a run must take before there is something to see.
const PATIENCE: Duration = Duration::from_millis(500);
/// How often it changes.
const STEP: Duration = Duration::from_millis(100);
/// What shows that the program is at work.
const FRAMES: [char; 4] = ['|', '/', '-', '\\'];
/// Returns to the start of the line and clears it.
const CLEAR: &str = "\r\x1b[K";

/// A line on the terminal until this is dropped.
#[derive(Debug)]
pub(super) struct Progress {
    running: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Progress {
    /// Shows on standard error what is being done; nothing where nobody looks.
    pub(super) fn on_terminal(what: &'static str, is_quiet: bool) -> Self {
        let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let is_dumb = std::env::var_os("TERM").is_none_or(|term| term == "dumb");
        let is_seen = io::stderr().is_terminal() && !is_quiet && !is_set("CI") && !is_dumb;
        match is_seen {
            true => Self::start(what, PATIENCE, io::stderr()),
            false => Progress { running: None },
        }
    }

    fn start(what: &'static str, patience: Duration, out: impl Write + Send + 'static) -> Self {
        let (done, is_done) = mpsc::channel();
        let wait = move |time| is_done.recv_timeout(time) == Err(RecvTimeoutError::Timeout);
        let thread = thread::Builder::new().spawn(move || show(what, patience, wait, out));
        Progress {
            running: thread.ok().map(|thread| (done, thread)),
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((done, thread)) = self.running.take() {
            // The thread hears that the channel is closed.
            drop(done);
            let _ended = thread.join();
        }
    }
}

/// Shows the line and changes it while the run goes on, which waiting for a time tells; clears it at the end. A
/// terminal that cannot be written to is left alone.
fn show(
    what: &str,
    patience: Duration,
    mut goes_on: impl FnMut(Duration) -> bool,
    mut out: impl Write,
) {
    if !goes_on(patience) {
        return;
    }
    for frame in FRAMES.iter().cycle() {
        let written = write!(out, "{CLEAR}{frame} {what}").and_then(|()| out.flush());
        if written.is_err() || !goes_on(STEP) {
            break;
        }
    }
    let _gone = write!(out, "{CLEAR}").and_then(|()| out.flush());
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is seen of a run that goes on for so many steps.
    fn seen(steps: usize) -> String {
        let mut left = steps;
        let mut out = Vec::new();
        let goes_on = |_| {
            let goes_on = left > 0;
            left = left.saturating_sub(1);
            goes_on
        };
        show("checking", PATIENCE, goes_on, &mut out);
        String::from_utf8(out).unwrap_or_default()
    }

    #[test]
    fn a_short_run_shows_nothing() {
        assert_eq!(seen(0), "");
    }

    #[test]
    fn a_long_run_shows_that_it_goes_on_and_clears_the_line_at_its_end() {
        let shown = seen(3);
        assert!(shown.contains("| checking") && shown.contains("- checking"));
        assert!(shown.ends_with(CLEAR), "{shown:?}");
    }

    #[test]
    fn the_line_is_gone_when_the_run_ends() {
        let progress = Progress::start("checking", Duration::ZERO, io::sink());
        drop(progress);
    }
}
