//! What a person sees while they wait: numbered steps, notes and, at the end, the time each step took.

use std::time::{Duration, Instant};

/// The steps of one command.
pub struct Progress {
    total: usize,
    done: Vec<(String, Duration)>,
    current: Option<(String, Instant)>,
    left_out: Vec<String>,
}

impl Progress {
    /// `total` is the number of steps that will be announced.
    pub fn new(total: usize) -> Progress {
        Progress { total, done: Vec::new(), current: None, left_out: Vec::new() }
    }

    /// Ends the step before and announces the next, such as `[2/6] site: compiling the browser half…`.
    pub fn step(&mut self, topic: &str, what: &str) {
        self.end();
        println!("[{}/{}] {topic}: {what}…", self.done.len() + 1, self.total);
        self.current = Some((topic.to_owned(), Instant::now()));
    }

    /// A further line about the step that runs.
    pub fn note(&self, sentence: &str) {
        println!("      {sentence}");
    }

    /// Says that a part is not done, now and again at the end.
    pub fn leave_out(&mut self, sentence: &str) {
        println!("      left out: {sentence}");
        self.left_out.push(sentence.to_owned());
    }

    /// Ends the last step and returns every step with the time it took, and what was left out.
    pub fn finish(mut self) -> (Vec<(String, Duration)>, Vec<String>) {
        self.end();
        (self.done, self.left_out)
    }

    fn end(&mut self) {
        if let Some((topic, started)) = self.current.take() {
            self.done.push((topic, started.elapsed()));
        }
    }
}

/// A length of time as people say it: `0.4 s`, `12 s`, `3 min 20 s`.
pub fn spoken(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..10 => format!("{:.1} s", time.as_secs_f64()),
        10..120 => format!("{seconds} s"),
        _ => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_as_people_say_them() {
        assert_eq!(spoken(Duration::from_millis(400)), "0.4 s");
        assert_eq!(spoken(Duration::from_secs(12)), "12 s");
        assert_eq!(spoken(Duration::from_secs(200)), "3 min 20 s");
    }

    #[test]
    fn every_step_that_began_is_in_the_summary() {
        let mut progress = Progress::new(2);
        progress.step("site", "compiling");
        progress.step("server", "compiling");
        let topics: Vec<String> = progress.finish().0.into_iter().map(|(name, _)| name).collect();
        assert_eq!(topics, ["site", "server"]);
    }
}
