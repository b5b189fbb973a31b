//! A QR code as one SVG path. Dark on light in both schemes, with the quiet zone that readers need (ISO/IEC 18004 §6.3.8).

use leptos::prelude::*;
use std::fmt::Write;

/// Modules of quiet zone on each side.
const QUIET: usize = 4;

/// The picture of the code.
#[component]
pub fn Qr(
    /// Rows of dark (true) and light modules.
    modules: Vec<Vec<bool>>,
    /// What it is, for those who cannot see it.
    label: &'static str,
) -> impl IntoView {
    let size = modules.len() + 2 * QUIET;
    view! {
        <svg class="qr" role="img" aria-label=label viewBox=format!("0 0 {size} {size}") shape-rendering="crispEdges">
            <rect width=size.to_string() height=size.to_string() fill="#fff" />
            <path fill="#000" d=path(&modules) />
        </svg>
    }
}

/// Each run of dark modules in a row is one rectangle.
fn path(modules: &[Vec<bool>]) -> String {
    let mut path = String::new();
    for (y, row) in modules.iter().enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|a, b| a == b) {
            if run.first() == Some(&true) {
                let (left, top, wide) = (x + QUIET, y + QUIET, run.len());
                let _ = write!(path, "M{left} {top}h{wide}v1h-{wide}z");
            }
            x += run.len();
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::path;

    #[test]
    fn dark_runs_become_rectangles_within_the_quiet_zone() {
        let modules = [vec![true, true, false, true], vec![false; 4], vec![false, true, false, false]];
        assert_eq!(path(&modules), "M4 4h2v1h-2zM7 4h1v1h-1zM5 6h1v1h-1z");
        assert_eq!(path(&[]), "");
    }
}
