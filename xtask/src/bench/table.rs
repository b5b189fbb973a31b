//! A table of figures, for people and for programs.

use serde_json::{Value, json};

/// One bench's figures.
pub struct Table {
    /// What was measured, and the goal it serves.
    pub title: String,
    /// The names of the columns.
    pub columns: Vec<String>,
    /// The rows; each has as many cells as there are columns.
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// An empty table.
    pub fn new(title: &str, columns: &[&str]) -> Table {
        let columns = columns.iter().map(|name| (*name).to_owned()).collect();
        Table { title: title.to_owned(), columns, rows: Vec::new() }
    }

    /// Adds a row.
    pub fn row<const N: usize>(&mut self, cells: [String; N]) {
        self.rows.push(cells.into());
    }

    /// Prints it: Markdown, as `docs/performance.md` keeps it, or one line of JSON.
    pub fn print(&self, json: bool) {
        println!("\n{}", if json { self.json().to_string() } else { self.markdown() });
    }

    fn json(&self) -> Value {
        let object =
            |row: &Vec<String>| Value::Object(self.columns.iter().cloned().zip(row.iter().map(|cell| json!(cell))).collect());
        json!({ "title": self.title, "rows": self.rows.iter().map(object).collect::<Vec<_>>() })
    }

    fn markdown(&self) -> String {
        let line = |cells: &[String]| format!("| {} |", cells.join(" | "));
        let rule = vec!["---".to_owned(); self.columns.len()];
        let mut lines = vec![self.title.clone(), String::new(), line(&self.columns), line(&rule)];
        lines.extend(self.rows.iter().map(|row| line(row)));
        lines.join("\n")
    }
}

/// The middle one of some measurements; for an even number the lower of the two.
pub fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len().saturating_sub(1) / 2).copied().unwrap_or_default()
}

/// The figure that so many in a hundred do not exceed.
pub fn percentile(figures: &[f64], part: usize) -> f64 {
    let mut figures = figures.to_vec();
    figures.sort_by(f64::total_cmp);
    figures.get((figures.len() * part).div_ceil(100).saturating_sub(1)).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_figures_read_as_markdown_and_as_json() {
        let mut table = Table::new("Sizes", &["file", "kB"]);
        table.row(["app".to_owned(), "12".to_owned()]);
        assert_eq!(table.markdown(), "Sizes\n\n| file | kB |\n| --- | --- |\n| app | 12 |");
        assert_eq!(table.json().to_string(), r#"{"rows":[{"file":"app","kB":"12"}],"title":"Sizes"}"#);
    }

    #[test]
    fn the_median_does_not_care_for_the_order() {
        assert_eq!(median(vec![9.0, 1.0, 2.0]), 2.0);
        assert_eq!([50, 99].map(|part| percentile(&[9.0, 1.0, 2.0], part)), [2.0, 9.0]);
    }
}
