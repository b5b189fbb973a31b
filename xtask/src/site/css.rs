//! The styles: `main.css` lists its parts by `@import "part.css";` and becomes one file.

use anyhow::{Context, Result, bail};
use std::fs;
use std::path::Path;

/// Reads `main` and puts each imported part where its import stands.
pub fn bundle(main: &Path) -> Result<String> {
    let text = fs::read_to_string(main).with_context(|| format!("{} cannot be read", main.display()))?;
    let folder = main.parent().context("the styles have no folder")?;
    inline(&text, &|part| {
        let path = folder.join(part);
        fs::read_to_string(&path).with_context(|| format!("{} is imported by main.css but cannot be read", path.display()))
    })
}

fn inline(main: &str, read: &dyn Fn(&str) -> Result<String>) -> Result<String> {
    let mut bundled = String::new();
    for line in main.lines() {
        let Some(rest) = line.trim().strip_prefix("@import") else {
            bundled.push_str(line);
            bundled.push('\n');
            continue;
        };
        let part = rest.trim().trim_end_matches(';').trim_matches(['"', '\'']);
        let part_text = read(part)?;
        if part_text.lines().any(|line| line.trim_start().starts_with("@import")) {
            bail!("style/{part} imports further styles; list them in main.css, so that their order is seen in one place");
        }
        bundled.push_str(&part_text);
        bundled.push('\n');
    }
    Ok(bundled)
}

/// Drops comments and the white space that means nothing. Text in quotes stays as it is.
pub fn minify(css: &str) -> String {
    let mut out = String::with_capacity(css.len());
    let mut letters = css.chars().peekable();
    let mut space = false;
    while let Some(letter) = letters.next() {
        match letter {
            '/' if letters.peek() == Some(&'*') => {
                skip_comment(&mut letters);
                space = true;
            }
            '"' | '\'' => {
                put_space(&mut out, space, letter);
                space = false;
                copy_quoted(letter, &mut letters, &mut out);
            }
            _ if letter.is_whitespace() => space = true,
            _ => {
                put_space(&mut out, space, letter);
                space = false;
                if letter == '}' && out.ends_with(';') {
                    out.pop();
                }
                out.push(letter);
            }
        }
    }
    out
}

/// Only braces, semicolons and commas never need a space beside them: a space before `:` or `(`, or around `+`
/// and `>`, can carry meaning in selectors and in `calc()`.
fn put_space(out: &mut String, wanted: bool, next: char) {
    let tight = |letter: char| matches!(letter, '{' | '}' | ';' | ',');
    let after_tight = out.chars().last().is_none_or(tight);
    if wanted && !after_tight && !tight(next) {
        out.push(' ');
    }
}

fn skip_comment(letters: &mut std::iter::Peekable<std::str::Chars>) {
    letters.next();
    while let Some(letter) = letters.next() {
        if letter == '*' && letters.peek() == Some(&'/') {
            letters.next();
            return;
        }
    }
}

fn copy_quoted(quote: char, letters: &mut std::iter::Peekable<std::str::Chars>, out: &mut String) {
    out.push(quote);
    while let Some(letter) = letters.next() {
        out.push(letter);
        match letter {
            '\\' => out.extend(letters.next()),
            _ if letter == quote => return,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_stand_in_the_order_main_lists_them() {
        let read = |part: &str| Ok(format!("/* {part} */"));
        let bundled = inline("@import \"b.css\";\n@import 'a.css';\nbody {}", &read);
        assert_eq!(bundled.ok().as_deref(), Some("/* b.css */\n/* a.css */\nbody {}\n"));
    }

    #[test]
    fn a_part_may_not_hide_further_imports() {
        let read = |_: &str| Ok("@import \"c.css\";".to_owned());
        assert!(inline("@import \"b.css\";", &read).is_err());
    }

    #[test]
    fn comments_and_idle_space_go() {
        let css = "/* look */\n.a,\n.b {\n  color: red;\n  margin: 0 auto;\n}\n\n.c { }\n";
        assert_eq!(minify(css), ".a,.b{color: red;margin: 0 auto}.c{}");
    }

    #[test]
    fn spaces_with_a_meaning_stay() {
        let css = ".a :hover > b { width: calc(100% + 2px); } @media (width < 40rem) and (hover) { a { x: y } }";
        let wanted = ".a :hover > b{width: calc(100% + 2px)}@media (width < 40rem) and (hover){a{x: y}}";
        assert_eq!(minify(css), wanted);
    }

    #[test]
    fn quoted_text_is_left_alone() {
        let css = "a::after { content: \"/* no  comment */ \\\" ; }\"; }";
        assert_eq!(minify(css), "a::after{content: \"/* no  comment */ \\\" ; }\"}");
    }
}
