//! Reading a CSV file of users (RFC 4180): every line becomes a checked profile or the problems of its fields.

use model::{
    forms::UserForm,
    problem::{Problem, Problems},
    text::user_key,
    user::Profile,
};

/// The fields of a line, in order; also the first line of the file.
pub(crate) const HEADER: [&str; 7] = ["user_id", "first_name", "last_name", "email", "mobile", "container", "language"];

/// The most bytes of a file: a hundred thousand lines of the longest fields that occur.
pub(crate) const MOST_BYTES: u64 = 50_000_000;

/// One line after the header.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Line {
    /// Its number in the file; the header is line 1.
    pub(crate) number: u64,
    /// The UserID as it is compared; empty where the line has no such field.
    pub(crate) user_key: String,
    /// The profile, or what is wrong with each field. The field `line` stands for the line as a whole.
    pub(crate) profile: Result<Profile, Vec<(String, Problem)>>,
}

/// Reads a file. A byte order mark, any line ends and spaces around the header's names are taken as they come.
pub(crate) fn parse(file: &[u8]) -> Result<Vec<Line>, Problems> {
    let refuse = |problem| Problems::one("file", problem);
    if file.len() as u64 > MOST_BYTES {
        return Err(refuse(Problem::FileTooLarge { most: MOST_BYTES }));
    }
    let text = std::str::from_utf8(file).map_err(|_| refuse(Problem::NotUtf8))?;
    // The reader counts lines by line feeds.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n").replace('\r', "\n");
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut records = reader.records();
    // A record cannot fail: the text is UTF-8, in memory, and lines may have any number of fields.
    let header = records.next().and_then(Result::ok).ok_or_else(|| refuse(Problem::EmptyFile))?;
    if !header.iter().map(str::trim).eq(HEADER) {
        return Err(refuse(Problem::WrongHeader));
    }
    let lines: Vec<Line> = records.filter_map(Result::ok).map(|record| line(&text, &record)).collect();
    if lines.is_empty() { Err(refuse(Problem::EmptyFile)) } else { Ok(lines) }
}

fn line(text: &str, record: &csv::StringRecord) -> Line {
    // A record's place is where the one before it ended: empty lines between them still have to be counted.
    let (line, byte) = record.position().map_or((0, 0), |place| (place.line(), place.byte()));
    let rest = usize::try_from(byte).ok().and_then(|byte| text.as_bytes().get(byte..)).unwrap_or_default();
    let number = line + rest.iter().take_while(|byte| **byte == b'\n').count() as u64;
    let field = |place: usize| record.get(place).unwrap_or_default().to_owned();
    let user_key = user_key(&field(0));
    if record.len() != HEADER.len() {
        return Line { number, user_key, profile: Err(vec![("line".to_owned(), Problem::WrongFieldCount)]) };
    }
    let form = UserForm {
        user_id: field(0),
        first_name: field(1),
        last_name: field(2),
        email: field(3),
        mobile: field(4),
        container: field(5),
        language: field(6),
        ..UserForm::default()
    };
    Line { number, user_key, profile: form.check().map_err(|problems| problems.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "user_id,first_name,last_name,email,mobile,container,language";

    fn whole_file(file: &[u8]) -> Problem {
        parse(file).expect_err("the file is refused").of("file").cloned().expect("a problem with the file")
    }

    #[test]
    fn marks_line_ends_quotes_and_scripts_are_read_as_meant() {
        let file =
            format!("\u{feff}{HEAD}\r\nann,Ann,\"O'Neil, Jr.\",ann@x.example,,,\r\n\r\n山田,太郎,山田,yamada@x.example,,Ost,en");
        let lines = parse(file.as_bytes()).expect("a good file");
        let first = lines[0].profile.as_ref().expect("a good line");
        assert_eq!((lines[0].number, first.last_name.as_str(), first.container.as_str()), (2, "O'Neil, Jr.", "Default"));
        assert_eq!((lines[1].number, lines[1].user_key.as_str()), (4, "山田"));
    }

    #[test]
    fn lines_are_counted_alike_whatever_ends_them() {
        for end in ["\n", "\r\n", "\r"] {
            let file = [HEAD, "a,,,a@x.example,,,", "b,,,b@x.example,,,", "", "c,,,c@x.example,,,", ""].join(end);
            let numbers: Vec<_> = parse(file.as_bytes()).expect("a good file").iter().map(|line| line.number).collect();
            assert_eq!(numbers, [2, 3, 5], "{end:?}");
        }
    }

    #[test]
    fn a_file_that_is_not_such_a_file_is_refused_as_a_whole() {
        assert_eq!(whole_file(b""), Problem::EmptyFile);
        assert_eq!(whole_file(HEAD.as_bytes()), Problem::EmptyFile);
        assert_eq!(whole_file(b"user_id;first_name\nann;Ann"), Problem::WrongHeader);
        assert_eq!(whole_file(b"ann,Ann,Abel,ann@x.example,,,"), Problem::WrongHeader);
        assert_eq!(
            whole_file(format!("{HEAD}\nm\u{fc}ller").encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>().as_slice()),
            Problem::NotUtf8
        );
        assert_eq!(whole_file(b"user_id\xfc"), Problem::NotUtf8);
    }

    #[test]
    fn each_bad_field_is_named_and_its_value_is_not_told() {
        let file = format!("{HEAD}\na/b,,,nobody,call,,xx\nann,Ann\n\"b\nc\",,,b@x.example,,,");
        let lines = parse(file.as_bytes()).expect("a file with bad lines");
        let problems: Vec<_> = lines.iter().map(|line| (line.number, line.profile.clone().expect_err("bad"))).collect();
        let fields: Vec<_> = problems[0].1.iter().map(|(field, _)| field.as_str()).collect();
        assert_eq!(fields, ["user_id", "email", "mobile", "language"]);
        assert_eq!(problems[1], (3, vec![("line".to_owned(), Problem::WrongFieldCount)]));
        assert_eq!(problems[2], (4, vec![("user_id".to_owned(), Problem::ControlCharacter)]));
    }

    #[test]
    fn bytes_from_anywhere_never_panic() {
        use proptest::prelude::*;
        proptest!(|(bytes in proptest::collection::vec(any::<u8>(), 0..400))| {
            let mut file = HEAD.as_bytes().to_vec();
            file.push(b'\n');
            file.extend(&bytes);
            let _ = parse(&file);
            let _ = parse(&bytes);
        });
    }
}
